"""Typed, fail-loud reading of the environment. Only settings.py calls it."""

from __future__ import annotations

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def text(name: str, default: str) -> str:
    """A text value, or the default."""
    return os.environ.get(name, default)


def folder(name: str, default: Path) -> Path:
    """An absolute folder; it need not exist yet."""
    return Path(os.environ.get(name) or default).expanduser().resolve()


def file(name: str) -> Path | None:
    """A file that must be there when it is named; None when it is not named."""
    raw = os.environ.get(name)
    if not raw:
        return None
    path = Path(raw).expanduser().resolve()
    if not path.is_file():
        raise ImproperlyConfigured(f"{name} names no file; unset it to do without.")
    return path


def made(folder: Path) -> Path:
    """The folder itself, made for its owner alone when it is absent."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def flag(name: str, *, default: bool) -> bool:
    """``yes`` or ``no``; anything else stops the start with instructions."""
    raw = os.environ.get(name)
    if raw is None or raw == "":
        return default
    if raw.lower() in {"yes", "no"}:
        return raw.lower() == "yes"
    raise ImproperlyConfigured(f"{name} must be yes or no; unset it for the default.")


def words(name: str, default: str) -> list[str]:
    """A list of words separated by commas."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def secret(name: str, file: Path) -> str:
    """A secret from the environment, else from a file of mode 600, made when absent."""
    value = os.environ.get(name)
    if value:
        return value
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return file.read_text(encoding="ascii")
        with os.fdopen(handle, "w", encoding="ascii") as out:
            out.write(os.urandom(48).hex())
    return file.read_text(encoding="ascii")
