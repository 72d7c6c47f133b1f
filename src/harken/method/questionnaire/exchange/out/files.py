"""One door out: a questionnaire and the name of a format to the bytes of a file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from harken.method.errors import Finding
from harken.method.questionnaire.document import Questionnaire
from harken.method.questionnaire.exchange.carried import Report
from harken.method.questionnaire.exchange.out.ddi import ddi
from harken.method.questionnaire.exchange.out.quexml import quexml
from harken.method.questionnaire.exchange.out.triple_s import triple_s
from harken.method.questionnaire.exchange.out.xlsform import xlsform

_WRITERS: dict[str, Callable[[Questionnaire], tuple[bytes, Report]]] = {
    "xlsform": xlsform,
    "triple-s": triple_s,
    "ddi": ddi,
    "quexml": quexml,
}
FORMATS = tuple(_WRITERS)
"""The formats that a questionnaire can be written in."""


@dataclass(frozen=True, slots=True)
class Exported:
    """A file, and what of the questionnaire it does not keep."""

    data: bytes
    findings: tuple[Finding, ...]


def export(book: Questionnaire, format: str) -> Exported:  # noqa: A002 - the field's word
    """Write a questionnaire in one of ``FORMATS``."""
    data, report = _WRITERS[format](book)
    return Exported(data, tuple(report.findings))
