"""Seals and opens what this room stores. Nothing it opens is ever logged, or kept longer
than the row it belongs to, which lives for one request."""

from __future__ import annotations

from harken.method.interview import Interview
from harken.method.terms import CaseRef, ResponseRef
from harken.method.vault import KeyName
from harken.service.interview import models
from harken.service.vault import sealing


def seal_document(row: models.Interview, interview: Interview) -> bytes:
    """The interview under its person's text key, bound to this row."""
    return _seal(row, KeyName.TEXT, interview.to_bytes(), "interview")


def open_document(row: models.Interview) -> Interview:
    """The interview as stored. Raises the vault's HarkenError when keys are gone.

    A row is opened once: asked again, the same bytes are not sent to the vault again.
    """
    if row.opened is not None and row.opened[0] is row.document:
        return row.opened[1]
    opened = sealing.open_sealed(
        row.study,
        CaseRef(row.case),
        KeyName.TEXT,
        bytes(row.document),
        context=f"interview|{row.handle}",
    )
    found = Interview.from_bytes(opened)
    row.opened = (row.document, found)
    return found


def seal_receipt(row: models.Interview, code: str) -> bytes:
    """The receipt code, kept so that the last page can show it again for a while."""
    return _seal(row, KeyName.TEXT, code.encode(), "receipt")


def open_receipt(row: models.Interview) -> str:
    """The receipt code, empty when none was made or it was cleared away."""
    if not row.receipt:
        return ""
    opened = sealing.open_sealed(
        row.study,
        CaseRef(row.case),
        KeyName.TEXT,
        bytes(row.receipt),
        context=f"receipt|{row.handle}",
    )
    return opened.decode()


def seal_link(row: models.Interview, ref: ResponseRef) -> bytes:
    """The response's reference under the link key: the only bridge over the wall."""
    return _seal(row, KeyName.LINK, ref.encode(), "response")


def open_link(row: models.Interview) -> ResponseRef:
    """The reference of the response this interview became."""
    opened = sealing.open_sealed(
        row.study,
        CaseRef(row.case),
        KeyName.LINK,
        bytes(row.response_ref),
        context=f"response|{row.handle}",
    )
    return ResponseRef(opened.decode())


def seal_text(row: models.Interview, question: str, text: str) -> bytes:
    """One free-text answer, bound to its case and question."""
    return sealing.seal(
        row.study,
        CaseRef(row.case),
        KeyName.TEXT,
        text.encode(),
        context=f"text|{question}",
    )


def _seal(row: models.Interview, key: KeyName, plaintext: bytes, what: str) -> bytes:
    return sealing.seal(
        row.study, CaseRef(row.case), key, plaintext, context=f"{what}|{row.handle}"
    )
