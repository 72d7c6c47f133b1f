"""Runs the drive in a folder and searches everything it left, packed streams unpacked.

The allow-list has no entries: a hit is a leak.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from harken.method.anonymisation import Finder
from tests.forensic.drive import marker

REPOSITORY = Path(__file__).resolve().parents[2]
PACKED = re.compile(rb"\x78[\x01\x5e\x9c\xda]|\x1f\x8b\x08")
PLANTED = -2
INSIDE = ("data", "temp", "log", "exports", "backup")
"""What must be clean. ``outside`` is the print house, which is given names to print."""


@dataclass
class Found:
    """What a search saw: files, bytes, streams unpacked; hits by person and file."""

    files: int = 0
    bytes: int = 0
    streams: int = 0
    people: dict[int, set[str]] = field(default_factory=dict)
    planted: set[str] = field(default_factory=set)


def drive(
    root: Path, *, people: int, sabotages: Iterable[str] = (), **environment: str
) -> None:
    """The whole fieldwork in a process of its own."""
    run(root, "drive", str(people), *sabotages, **environment)


def upload(root: Path, *, megabytes: int) -> dict[str, object]:
    """One large file through its page, in a process of its own; what it says it saw."""
    run(root, "upload", str(megabytes))
    told: dict[str, object] = json.loads((root / "made.json").read_text())
    return told


def run(root: Path, program: str, *words: str, **environment: str) -> None:
    """A program of this folder over a house in ``root``; its output is a log file."""
    for name in ("data", "temp", "log"):
        (root / name).mkdir(parents=True, exist_ok=True)
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("HARKEN_")}
    path = os.pathsep.join([str(REPOSITORY / "src"), str(REPOSITORY)])
    settings = {
        "HARKEN_DATA": str(root / "data"),
        "HARKEN_CLOCK": "stated",
        "HARKEN_HOSTS": "testserver",
        "DJANGO_SETTINGS_MODULE": "harken.service.settings",
        "TMPDIR": str(root / "temp"),
        "PYTHONPATH": path,
    }
    command = [sys.executable, "-m", f"tests.forensic.{program}", str(root), *words]
    with (root / "log" / "house.log").open("wb") as log:
        done = subprocess.run(
            command,
            env=inherited | settings | environment,
            cwd=REPOSITORY,
            stdout=log,
            stderr=subprocess.STDOUT,
            check=False,
        )
    end_holder(root / "data")
    if done.returncode:
        tail = (root / "log" / "house.log").read_text("utf-8", "replace")[-3000:]
        raise RuntimeError(tail)


def end_holder(data: Path) -> None:
    """End the key holder that the house started for this folder, and no other; until then
    it holds the disk that the folder lies on."""
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if str(data / "keys").encode() in words:
            os.kill(int(process.name), signal.SIGTERM)
            ends = time.monotonic() + 10
            while process.exists() and time.monotonic() < ends:
                time.sleep(0.02)


def plant(root: Path) -> str:
    """A marker of nobody, for a leak made on purpose: a search that misses it is broken."""
    path, word = root / "markers.json", marker(16)
    said = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(said | {"planted": [word]}), encoding="utf-8")
    return word


def caught(found: Found) -> set[str]:
    """Where the leak made on purpose was found; it is no hit of the house."""
    files = found.people.pop(PLANTED, set())
    if not files:
        raise RuntimeError("The search is broken: it missed what was planted.")
    return files


def markers(root: Path) -> tuple[Finder, list[int]]:
    """A finder over all needles, and for each needle's number the person.

    -1 are words in somebody's own text, ``PLANTED`` is what ``plant`` gave.
    """
    said = json.loads((root / "markers.json").read_text(encoding="utf-8"))
    owner = {needle: n for n, one in enumerate(said["people"]) for needle in one}
    owner |= dict.fromkeys(said["words"], -1)
    owner |= dict.fromkeys(said.get("planted", []), PLANTED)
    return Finder(owner), [owner[needle] for needle in sorted(owner)]


def look(root: Path, files: Iterable[Path]) -> Found:
    """Search files as they are, and every zlib or gzip stream inside them."""
    finder, owners = markers(root)
    found = Found()
    for file in files:
        data = file.read_bytes()
        found.files += 1
        found.bytes += len(data)
        hits = finder.find(data) | finder.find(file.name.encode())
        for stream in unpacked(data):
            found.streams += 1
            hits |= finder.find(stream)
        for number in hits:
            found.people.setdefault(owners[number], set()).add(file.name)
    return found


def inside(root: Path) -> list[Path]:
    """Every file of the house."""
    return [
        path
        for name in INSIDE
        for path in sorted((root / name).rglob("*"))
        if path.is_file()
    ]


def unpacked(data: bytes) -> Iterator[bytes]:
    """What every place that looks like a packed stream unpacks to."""
    for place in PACKED.finditer(data):
        reader = zlib.decompressobj(wbits=47)
        try:
            text = reader.decompress(data[place.start() : place.start() + (1 << 22)])
        except zlib.error:
            continue
        if len(text) > 16:
            yield text
