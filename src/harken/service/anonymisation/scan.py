"""Searches every file under DATA for texts that must not be there, archives included.

Needles come from the operator and are forgotten; counts and file names remain.
"""

from __future__ import annotations

import gzip
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from harken.method.anonymisation import Finder

PIECE = 1 << 22


class Readable(Protocol):
    """Anything that gives bytes piece by piece."""

    def read(self, size: int, /) -> bytes:
        """At most ``size`` bytes; none at the end."""


@dataclass(frozen=True, slots=True)
class Scan:
    """What a scan looked at and found; ``places`` are file names below the folder."""

    files: int
    bytes: int
    needles: int
    found: int
    places: tuple[str, ...]


def scan(
    folder: Path,
    needles: Iterable[str],
    *,
    progress: Callable[[int, int], None] | None = None,
) -> Scan:
    """Search each file; ``found`` counts pairs of a needle and a file that holds it.

    A file that vanishes meanwhile is passed over; one that cannot be read raises
    OSError, because it might hold anything.
    """
    finder = Finder(needles)
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    size = found = looked = 0
    places: list[str] = []
    for number, path in enumerate(files, 1):
        try:
            size += path.stat().st_size
            hits = finder.find_in([path.name.encode()]) | _find(finder, path)
        except FileNotFoundError:
            continue
        looked += 1
        if hits:
            found += len(hits)
            places.append(path.relative_to(folder).as_posix())
        if progress:
            progress(number, len(files))
    return Scan(looked, size, finder.count, found, tuple(places))


def _find(finder: Finder, path: Path) -> set[int]:
    with path.open("rb") as stream:
        hits = finder.find_in(_pieces(stream))
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                with archive.open(name) as member:
                    hits |= finder.find_in(_pieces(member))
    elif path.suffix == ".gz":
        with gzip.open(path) as member:
            hits |= finder.find_in(_pieces(member))
    return hits


def _pieces(stream: Readable) -> Iterator[bytes]:
    while piece := stream.read(PIECE):
        yield piece
