"""The controller's public key, as the house was told it. The private half is never here."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from harken.method.errors import refuse
from harken.method.ledger.faults import BAD_KEY
from harken.service.vault import durable
from harken.service.vault.faults import CONTROLLER_NAMED
from harken.service.vault.keyholder.places import CONTROLLER

PARTS = 3
"""Name, number and key, with plus signs between."""


def name(key: str) -> None:
    """Keep it; another one is refused, the same once more does no harm."""
    if len(key.split("+", 2)) != PARTS:
        raise refuse(BAD_KEY)
    known = named()
    if known and known != key:
        raise refuse(CONTROLLER_NAMED)
    folder = Path(settings.DATA) / "keys"
    durable.make_folder(folder)
    durable.replace(folder / CONTROLLER, f"{key}\n".encode())


def named() -> str:
    """The key, empty when none was named."""
    try:
        text = (Path(settings.DATA) / "keys" / CONTROLLER).read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
    return text.strip()
