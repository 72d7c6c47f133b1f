"""The list of a release's files with their hashes, and the check against it.

A release is a mapping of relative paths to bytes; where it is stored is not known here.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from harken.method.errors import refuse
from harken.method.publication.faults import NO_MANIFEST, NOT_THE_RELEASE

MANIFEST = "release.json"
FORMAT = "harken-release/1"


@dataclass(frozen=True, slots=True)
class About:
    """What a manifest says of its release besides the files.

    ``results`` and ``study_digest`` are SHA-256 digests of the run's canonical JSON and
    of the study folder; ``corrects`` is the earlier version's number, or None.
    """

    study: str
    title: str
    language: str
    publisher: str
    issued: str
    version: int
    results: str
    plan: str
    study_digest: str
    software: str
    corrects: int | None = None
    reason: str = ""


def manifest(about: About, files: Mapping[str, bytes]) -> bytes:
    """The text of release.json: sorted, indented, one line end at the close."""
    document = {
        "format": FORMAT,
        "study": about.study,
        "title": about.title,
        "language": about.language,
        "publisher": about.publisher,
        "issued": about.issued,
        "version": about.version,
        "corrects": about.corrects,
        "reason": about.reason,
        "results_sha256": about.results,
        "plan_sha256": about.plan,
        "study_sha256": about.study_digest,
        "software": about.software,
        "files": [
            {"path": path, "bytes": len(files[path]), "sha256": _hash(files[path])}
            for path in sorted(files)
            if path != MANIFEST
        ],
    }
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def digest(files: Mapping[str, bytes]) -> str:
    """The release's own digest: the SHA-256 of its manifest."""
    return _hash(files[MANIFEST])


def verify(files: Mapping[str, bytes]) -> str:
    """Check every file against the manifest and return the release's digest.

    Raises HarkenError PUB-005 without a readable manifest, PUB-006 when a file was
    changed, lost or added.
    """
    listed = _listed(files.get(MANIFEST, b""))
    present = set(files) - {MANIFEST}
    for path in sorted(set(listed) | present):
        if path not in present:
            raise refuse(NOT_THE_RELEASE, problem=f"{path} is missing")
        if path not in listed:
            raise refuse(NOT_THE_RELEASE, problem=f"{path} is not listed")
        if _hash(files[path]) != listed[path]:
            raise refuse(NOT_THE_RELEASE, problem=f"{path} was changed")
    return digest(files)


def _listed(text: bytes) -> dict[str, str]:
    try:
        document = json.loads(text)
        if document["format"] != FORMAT:
            raise ValueError("another format")
        listed = {str(item["path"]): str(item["sha256"]) for item in document["files"]}
    except (ValueError, KeyError, TypeError, RecursionError):
        raise refuse(NO_MANIFEST) from None
    if len(listed) != len(document["files"]):
        raise refuse(NOT_THE_RELEASE, problem="a path is listed twice")
    return listed


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
