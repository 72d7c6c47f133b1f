"""What the house knows of a person, found again in what that person wrote.

The cheapest large gain, and possible only while the link lives. A ``Known`` never shows
what it holds.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from harken.method.redaction.kinds import Mark, MarkKind, MarkSource
from harken.method.redaction.names import COMMON

_DIGITS = re.compile(r"\+?\d(?:[\s().-]?\d)+")
_WORDS = re.compile(r"\w+")
SHORTEST_NUMBER = 6


@dataclass(frozen=True, slots=True, repr=False)
class Known:
    """Facts about one person; absent ones are empty."""

    names: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    postcode: str = ""
    telephone: str = ""
    email: str = ""
    reference: str = ""
    born: dt.date | None = None

    def __repr__(self) -> str:
        return "Known(...)"


def recognised(text: str, known: Known) -> Iterator[Mark]:
    """Every place of the text that holds something known of its writer."""
    plain = folded(text)
    for kind, pattern in _forms(known):
        for found in re.finditer(pattern, plain):
            yield Mark(*found.span(), kind, MarkSource.VAULT)
    wanted = re.sub(r"\D", "", known.telephone)[-9:]
    if len(wanted) >= SHORTEST_NUMBER:
        for found in _DIGITS.finditer(text):
            if re.sub(r"\D", "", found[0]).endswith(wanted):
                yield Mark(*found.span(), MarkKind.PHONE, MarkSource.VAULT)


def folded(text: str) -> str:
    """The text without capitals and accents, each letter in its place."""
    return "".join(
        unicodedata.normalize("NFD", letter)[0].lower()[:1] or letter for letter in text
    )


def _forms(known: Known) -> Iterator[tuple[MarkKind, str]]:
    for name in known.names:
        for part in _WORDS.findall(folded(name)):
            if len(part) > 1 and part not in COMMON:
                yield MarkKind.NAME, rf"\b{re.escape(part)}\b"
    for line in known.lines:
        words = _WORDS.findall(folded(line))
        if any(len(word) > 2 for word in words):
            yield MarkKind.PLACE, r"\b" + r"\W+".join(map(re.escape, words)) + r"\b"
        named = [word for word in words if not word[0].isdigit()]
        if len(named) > 1 and len(named) < len(words):
            yield MarkKind.PLACE, r"\b" + r"\W+".join(map(re.escape, named)) + r"\b"
    code = re.sub(r"\W", "", folded(known.postcode))
    if len(code) > len("e1"):
        yield MarkKind.POSTCODE, rf"\b{re.escape(code[:-3])}\s*{re.escape(code[-3:])}\b"
        yield MarkKind.POSTCODE, rf"\b{re.escape(code[:-3])}\b"
    if known.email:
        whole = folded(known.email)
        yield MarkKind.EMAIL, re.escape(whole)
        yield MarkKind.EMAIL, rf"\b{re.escape(whole.partition('@')[0])}\b"
    parts = _WORDS.findall(folded(known.reference))
    if parts and len("".join(parts)) >= SHORTEST_NUMBER:
        yield (
            MarkKind.REFERENCE,
            r"\b" + r"\W*".join(map(re.escape, "".join(parts))) + r"\b",
        )
    if known.born:
        yield MarkKind.DATE, rf"\b{known.born.year}\b"
