"""The recordings of this house: files named by what they say, and where each is served.

A recording is named by what it says, so that a text that changed has none until it is
made anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.urls import reverse

from harken.method.terms import Language

NAME = "sound"
FORMATS = {
    "opus": "audio/ogg",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "wav": "audio/wav",
}
"""The endings of recordings, the ones preferred first, and their kinds."""

Sources = tuple[tuple[str, str], ...]
"""Addresses of one recording, each with its kind; a player takes the first it can."""


def folder() -> Path:
    """Where recordings lie."""
    return Path(settings.DATA) / NAME


def stamp() -> int:
    """Changes whenever a recording comes or goes."""
    try:
        return folder().stat().st_mtime_ns
    except FileNotFoundError:
        return 0


def name_of(text: str, language: str) -> str:
    """The name of the recording of a text, without its ending."""
    said = " ".join(text.split())
    return hashlib.sha256(f"{language}|{said}".encode()).hexdigest()[:24]


def sources(text: str, language: str) -> Sources:
    """Where a page's recording is served; empty when there is none."""
    return served(name_of(text, language)) if text and recorded() else ()


def offered(read: Callable[[], str], language: Language) -> Sources:
    """The same for a text that is put together only where anything is recorded."""
    return sources(read(), language) if recorded() else ()


def served(name: str) -> Sources:
    """The addresses of a recording of this name."""
    return tuple(
        (reverse("interview:sound", args=[name, ending]), FORMATS[ending])
        for ending in recorded().get(name, ())
    )


def recorded() -> dict[str, list[str]]:
    """The endings of each recording's files, the preferred one first."""
    return _found(folder(), stamp())


@lru_cache(maxsize=1)
def _found(where: Path, stamp: int) -> dict[str, list[str]]:
    """What lies there since it last changed: the folder is read once until it does."""
    found: dict[str, list[str]] = {}
    for ending in FORMATS:
        for file in where.glob(f"[!.]*.{ending}"):
            found.setdefault(file.stem, []).append(ending)
    return found
