"""Foreign names to ids and codes that Harken accepts, each once and as near as can be."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

from harken.method.questionnaire.shared import (
    CODE,
    DATE_LIKE,
    ID,
    NOT_CODES,
    NOT_IDS,
)

LONGEST = 40


def plain(text: str) -> str:
    """A name in the letters of the language: small, ASCII, words joined by ``_``."""
    folded = unicodedata.normalize("NFKD", text)
    ascii_only = "".join(char for char in folded if ord(char) < 128)
    return re.sub(r"[^a-z0-9]+", "_", ascii_only.lower()).strip("_")


@dataclass(slots=True)
class Names:
    """Ids already given, so that each is given once."""

    given: set[str] = field(default_factory=set)

    def id(self, wanted: str, otherwise: str = "q") -> str:
        """An id for a name; a number is added when it is taken."""
        stem = plain(wanted) or otherwise
        if not stem[0].isalpha():
            stem = f"{otherwise}_{stem}"
        stem = stem[: LONGEST - 8].strip("_") or otherwise
        if stem in NOT_IDS or not ID.fullmatch(stem):
            stem = f"{stem}_asked"
        return self.once(stem)

    def once(self, stem: str) -> str:
        """The id itself, or with the first number that is free."""
        found, number = stem, 2
        while found in self.given:
            found, number = f"{stem}_{number}", number + 1
        self.given.add(found)
        return found


def code(wanted: str, given: set[str]) -> str:
    """A code for an option, not among those ``given``."""
    stem = re.sub(r"[^A-Za-z0-9_-]+", "_", _ascii(wanted.strip())).strip("_-")
    stem = stem[: LONGEST - 8] or "option"
    if wanted.strip().startswith("-") and stem[0].isdigit():
        stem = f"minus_{stem}"
    if stem in NOT_CODES or DATE_LIKE.fullmatch(stem) or not CODE.fullmatch(stem):
        stem = f"c_{stem}"
    found, number = stem, 2
    while found in given:
        found, number = f"{stem}_{number}", number + 1
    given.add(found)
    return found


def _ascii(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text)
    return "".join(char for char in folded if ord(char) < 128)
