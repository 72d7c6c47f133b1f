"""Seals and opens what lies on the desk. Nothing it opens is logged, cached or in an address."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from harken.method.redaction import Mark, MarkKind, MarkSource, tidy
from harken.method.terms import CaseRef
from harken.method.vault import KeyName
from harken.service.interview.models import FreeText
from harken.service.redaction.models import Reading
from harken.service.vault import sealing


@dataclass(frozen=True, slots=True, repr=False)
class Work:
    """What people made of a text so far: redacted words, chosen codes."""

    words: str = ""
    codes: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return "Work(...)"


def open_text(text: FreeText) -> str:
    """The raw text, tidied. Raises the vault's HarkenError when the key is gone."""
    return tidy(_open(text, bytes(text.sealed), f"text|{text.question}").decode())


def seal_marks(reading: Reading, marks: Sequence[Mark]) -> bytes:
    """The marks, while somebody reads."""
    rows = [[one.start, one.end, one.kind.value, one.source.value] for one in marks]
    return _seal(reading, json.dumps(rows), "marks")


def open_marks(reading: Reading) -> tuple[Mark, ...]:
    """The marks that were made when the text was first taken."""
    if not reading.marks:
        return ()
    rows = json.loads(
        _open(reading.text, bytes(reading.marks), _context(reading, "marks"))
    )
    return tuple(
        Mark(start, end, MarkKind(kind), MarkSource(source))
        for start, end, kind, source in rows
    )


def seal_work(reading: Reading, work: Work) -> bytes:
    """What was made of the text."""
    body = json.dumps({"words": work.words, "codes": work.codes}, ensure_ascii=False)
    return _seal(reading, body, "work")


def open_work(reading: Reading) -> Work:
    """What was made of the text; empty before anybody confirmed it."""
    if not reading.work:
        return Work()
    body = json.loads(
        _open(reading.text, bytes(reading.work), _context(reading, "work"))
    )
    return Work(body["words"], tuple(body["codes"]))


def _context(reading: Reading, what: str) -> str:
    return f"{what}|{reading.text.question}"


def _seal(reading: Reading, body: str, what: str) -> bytes:
    text = reading.text
    return sealing.seal(
        text.study,
        CaseRef(text.case),
        KeyName.TEXT,
        body.encode(),
        context=_context(reading, what),
    )


def _open(text: FreeText, blob: bytes, context: str) -> bytes:
    return sealing.open_sealed(
        text.study, CaseRef(text.case), KeyName.TEXT, blob, context=context
    )
