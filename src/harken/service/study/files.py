"""From a folder or a ZIP archive to texts by relative path, in memory, within limits.

Nothing is written anywhere; what is not UTF-8 becomes a finding with its line.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from harken.method.errors import Finding, HarkenError, Place, refuse
from harken.service.study import faults

_KNOWN = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
FILE_LIMIT = 10_000_000
TOTAL_LIMIT = 30_000_000
FILES_LIMIT = 300


def read_directory(path: Path) -> dict[str, str]:
    """Every text below a folder. Raises HarkenError (STU-046 to STU-052).

    Hidden files are left out, and links are not followed.
    """
    if not path.is_dir():
        raise refuse(faults.NO_FOLDER, name=path.name)
    return _texts(_walk(path))


def read_file(path: Path) -> str:
    """One text. Raises HarkenError (STU-046 to STU-052)."""
    try:
        with path.open("rb") as stream:
            data = stream.read(FILE_LIMIT + 1)
    except OSError:
        raise refuse(faults.NO_FOLDER, Place(path.name), name=path.name) from None
    return _texts([(path.name, data)])[path.name]


def read_zip(stream: BinaryIO) -> dict[str, str]:
    """Every text in a ZIP archive; one enclosing folder is taken off.

    Raises HarkenError (STU-047 to STU-052).
    """
    try:
        with zipfile.ZipFile(stream) as archive:
            names = [name for name in archive.namelist() if _wanted(name)]
            if any(archive.getinfo(name).compress_type not in _KNOWN for name in names):
                raise refuse(faults.NOT_A_ZIP, problem="an unusual compression")
            prefix = _prefix(names)
            return _texts(
                (name.removeprefix(prefix), _unpack(archive, name)) for name in names
            )
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        ValueError,
        NotImplementedError,
        RuntimeError,
    ) as error:
        kind = type(error).__name__
        raise refuse(faults.NOT_A_ZIP, problem=kind) from None


def _walk(path: Path) -> Iterator[tuple[str, bytes]]:
    for file in sorted(path.rglob("*")):
        name = file.relative_to(path).as_posix()
        if not _wanted(name) or file.is_symlink() or not file.is_file():
            continue
        try:
            with file.open("rb") as stream:
                yield name, stream.read(FILE_LIMIT + 1)
        except OSError:
            raise refuse(faults.NO_FOLDER, Place(name), name=name) from None


def _wanted(name: str) -> bool:
    """Whether a name is a file of ours: no folder, nothing hidden, no path upward."""
    parts = PurePosixPath(name).parts
    if name.startswith("/") or ".." in parts or "\\" in name:
        raise refuse(faults.BAD_PATH)
    hidden = any(part.startswith((".", "__")) for part in parts)
    return bool(parts) and not name.endswith("/") and not hidden


def _prefix(names: list[str]) -> str:
    """The enclosing folder, when every file lies in the same one."""
    tops = {name.partition("/")[0] for name in names}
    inside = all("/" in name for name in names)
    return f"{tops.pop()}/" if len(tops) == 1 and inside else ""


def _unpack(archive: zipfile.ZipFile, name: str) -> bytes:
    """At most one byte more than the limit, whatever the archive claims."""
    with archive.open(name) as stream:
        return stream.read(FILE_LIMIT + 1)


def _texts(files: Iterable[tuple[str, bytes]]) -> dict[str, str]:
    texts: dict[str, str] = {}
    findings: list[Finding] = []
    total = 0
    for name, data in files:
        total += len(data)
        if len(texts) >= FILES_LIMIT:
            raise refuse(faults.TOO_MANY_FILES, limit=FILES_LIMIT)
        if total > TOTAL_LIMIT:
            raise refuse(faults.TOO_BIG, what="The folder", limit=TOTAL_LIMIT)
        if len(data) > FILE_LIMIT:
            detail = {"what": "The file", "limit": FILE_LIMIT}
            findings.append(Finding(faults.TOO_BIG, Place(name), detail))
            continue
        try:
            texts[name] = _decode(name, data)
        except HarkenError as error:
            findings.extend(error.findings)
    if findings:
        raise HarkenError(*findings)
    return texts


def _decode(name: str, data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise refuse(
            faults.NOT_UTF8,
            _spot(name, data, error.start),
            byte=f"0x{data[error.start]:02x}",
        ) from None
    if "\0" in text:
        raise refuse(faults.CONTROL, _spot(name, data, data.index(b"\0")))
    return text


def _spot(name: str, data: bytes, position: int) -> Place:
    start = data.rfind(b"\n", 0, position) + 1
    return Place(name, data.count(b"\n", 0, position) + 1, position - start + 1)
