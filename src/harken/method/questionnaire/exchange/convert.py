"""One door for every format: bytes in, source and findings out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil

from harken.method.errors import Finding, Place, refuse
from harken.method.questionnaire.document import Questionnaire
from harken.method.questionnaire.exchange import faults
from harken.method.questionnaire.exchange.carried import MALFORMED, Report
from harken.method.questionnaire.exchange.eq import read_eq
from harken.method.questionnaire.exchange.hardness import hardest
from harken.method.questionnaire.exchange.limesurvey import read_limesurvey
from harken.method.questionnaire.exchange.mend import read_back
from harken.method.questionnaire.exchange.ordering import in_order
from harken.method.questionnaire.exchange.shorten import shortened
from harken.method.questionnaire.exchange.tree import Form
from harken.method.questionnaire.exchange.xlsform import read_xlsform

HARD = 16
"""Words that ask for more are judged by their own measure: they are another house's, and
the check then tells of what is made harder."""

_WORKBOOKS = ("xlsx", "xlsm", "xls", "csv")


@dataclass(frozen=True, slots=True)
class Imported:
    """Source files by path, what the reader made of them, and what did not cross."""

    format: str
    files: Mapping[str, str]
    questionnaire: Questionnaire
    findings: tuple[Finding, ...]


def import_file(
    data: bytes, name: str, *, beside: Mapping[str, bytes] | None = None
) -> Imported:
    """Read a questionnaire of another program.

    Args:
        data: the whole file.
        name: its name; the ending tells the format.
        beside: further files by name, such as lists a form draws its options from.

    Raises HarkenError (EXC-001 to EXC-005).
    """
    try:
        kind, form, report = _read(data, name, beside or {})
    except MALFORMED as error:
        problem = f"it is not built as the format says ({type(error).__name__})"
        raise refuse(
            faults.NOT_READABLE, Place(name), format="a questionnaire", problem=problem
        ) from None
    if kind == "XLSForm":
        in_order(form, report)
    shortened(form)
    age = hardest(form)
    if age > HARD:
        form.reading_age = ceil(age)
    files, questionnaire = read_back(form, report)
    return Imported(kind, files, questionnaire, tuple(report.findings))


def _read(
    data: bytes, name: str, beside: Mapping[str, bytes]
) -> tuple[str, Form, Report]:
    ending = name.rsplit(".", 1)[-1].lower()
    if ending in _WORKBOOKS:
        return ("XLSForm", *read_xlsform(data, name, beside))
    if ending == "json":
        return ("ONS eQ", *read_eq(data, name))
    if ending == "lss":
        return ("LimeSurvey", *read_limesurvey(data, name))
    raise refuse(faults.UNKNOWN_FORMAT, Place(name), name=name)
