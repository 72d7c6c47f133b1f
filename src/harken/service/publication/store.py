"""Keeps releases on disk: written whole or not at all, read only as listed.

A path from outside is looked up in the manifest and never joined to a folder unseen.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from django.conf import settings

from harken.method.errors import refuse
from harken.method.publication import release
from harken.method.publication.faults import FOLDER_IN_USE, NOT_FOUND, NOT_THE_RELEASE


def folder_of(study: str, version: int) -> Path:
    """Where a published version is kept."""
    return _root("releases") / study / f"v{version}"


def preview_of(study: str) -> Path:
    """Where the preview of a study is kept; it is never served to the public."""
    return _root("previews") / study


def _root(name: str) -> Path:
    return Path(settings.DATA) / name


def write(folder: Path, files: Mapping[str, bytes]) -> None:
    """Put the files in a folder, replacing an earlier release there.

    They are written beside it and moved in one step. Raises HarkenError PUB-011 when
    the folder holds something that is not a release.
    """
    if folder.exists() and any(folder.iterdir()):
        if not (folder / release.MANIFEST).is_file():
            raise refuse(FOLDER_IN_USE)
        _only_a_release(folder)
    making = folder.with_name(f".{folder.name}.making")
    shutil.rmtree(making, ignore_errors=True)
    for path, content in files.items():
        target = making / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    shutil.rmtree(folder, ignore_errors=True)
    os.replace(making, folder)


def _only_a_release(folder: Path) -> None:
    """Refuse to replace a folder in which somebody keeps other files too."""
    listed = {path for path, _ in _listed(folder)} | {release.MANIFEST}
    if set(_paths(folder)) - listed:
        raise refuse(FOLDER_IN_USE)


def read_all(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, by relative path; symbolic links are not followed."""
    return {path: (folder / path).read_bytes() for path in _paths(folder)}


def _paths(folder: Path) -> list[str]:
    return sorted(
        found.relative_to(folder).as_posix()
        for found in folder.rglob("*")
        if found.is_file() and not found.is_symlink()
    )


def read_one(folder: Path, path: str) -> bytes:
    """One file of a release, as listed and unchanged.

    Raises HarkenError PUB-010 for a path that the manifest does not list, PUB-006 for
    a file that is not what was published.
    """
    if path == release.MANIFEST and (folder / path).is_file():
        return (folder / path).read_bytes()
    wanted = dict(_listed(folder)).get(path)
    if wanted is None:
        raise refuse(NOT_FOUND, release="a file of that name")
    content = (folder / path).read_bytes()
    if hashlib.sha256(content).hexdigest() != wanted:
        raise refuse(NOT_THE_RELEASE, problem=f"{path} was changed")
    return content


def _listed(folder: Path) -> list[tuple[str, str]]:
    try:
        document = json.loads((folder / release.MANIFEST).read_bytes())
        return [(str(item["path"]), str(item["sha256"])) for item in document["files"]]
    except (OSError, ValueError, KeyError, TypeError):
        raise refuse(NOT_FOUND, release="of that name") from None
