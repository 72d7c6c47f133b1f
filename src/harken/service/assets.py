"""Styles, scripts and icons: kept by browsers for good, under an address of their content.

The address of every file begins with a digest of all of them, so that a new version is a
new address, modules still find each other by relative names, and nothing is asked for a
second time. Read by the settings, so it may use nothing of Django's that needs them.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

from whitenoise.storage import CompressedStaticFilesStorage

SERVICE = Path(__file__).resolve().parent
OTHERS = ("django", "django-htmx", "django-allauth")


def digest() -> str:
    """Ten figures that change whenever one of our files or another's release does."""
    told = hashlib.sha256("|".join(version(name) for name in OTHERS).encode())
    for file in sorted(SERVICE.glob("*/static/**/*")):
        if file.is_file():
            told.update(file.relative_to(SERVICE).as_posix().encode())
            told.update(file.read_bytes())
    return told.hexdigest()[:10]


class Assets(CompressedStaticFilesStorage):  # type: ignore[misc] # whitenoise has no types
    """Where the files are gathered; remembers each address it gave."""

    def url(self, name: str) -> str:
        """The address of a file, worked out once."""
        return _address(self, name)


@cache
def _address(storage: Assets, name: str) -> str:
    found: str = super(Assets, storage).url(name)
    return found
