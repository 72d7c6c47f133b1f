"""The launch gate (SAF-50): what must be present and dated before a study may open."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence

from harken.method.errors import Fault, Finding, Place
from harken.method.study import faults
from harken.method.study.folder import (
    CHARTER,
    LETTERS,
    MESSAGES,
    PLAN,
    POPULATION,
    QUESTIONS,
    SUPPORT,
    Folder,
)
from harken.method.study.promised import kept_long
from harken.method.terms import Arm

EMERGENCY = "999"

REFERENCES: Mapping[str, str] = {
    "ethics": "A study of victims starts only with an ethics approval.",
    "dpia": "The law asks for an impact assessment before such data are processed.",
    "contract": "The processor acts only on a written contract (UK GDPR, Article 28).",
    "privacy_notice": "Respondents are bound to the dated notice they were shown.",
    "safeguarding_lead": "Somebody must decide when a person may be in danger.",
    "distress_protocol": "Interviewers must know what to do when a person is upset.",
}
"""The references a launch needs, each with the reason shown when it is missing."""

_FILES: Mapping[str, str] = {
    QUESTIONS: "Without questions there is no interview.",
    PLAN: "What will be made of the answers is settled before they are given.",
    POPULATION: "The sampled interviews are weighted to it.",
}
_REVEALING = re.compile(
    r"\b(victims?|crimes?|police|offen[cd]\w*|abuse|assault\w*|rape|court|justice)\b",
    re.IGNORECASE,
)


def gate(
    folder: Folder, *, today: dt.date, instrument: Sequence[Finding]
) -> tuple[Finding, ...]:
    """Everything that stands against opening the study today.

    Args:
        folder: the study as read.
        today: the day it is to open.
        instrument: what the questionnaire's own check found.

    Errors among the findings refuse the opening; warnings are for a person to weigh.
    """
    return (
        *_references(folder, today),
        *_help(folder, today),
        *_texts(folder),
        *_data(folder),
        *_calendar(folder, today),
        *_title(folder),
        *folder.warnings,
        *instrument,
    )


def _find(fault: Fault, path: str, /, **detail: object) -> Finding:
    return Finding(fault, Place(path), detail)


def _references(folder: Folder, today: dt.date) -> Iterator[Finding]:
    for kind, why in REFERENCES.items():
        reference = folder.charter.reference(kind)
        if reference is None or not reference.value:
            yield _find(faults.NO_REFERENCE, CHARTER, kind=kind, why=why)
        elif reference.date > today:
            detail = {"kind": reference.spoken, "date": reference.date}
            yield _find(faults.REFERENCE_AHEAD, CHARTER, **detail)


def _help(folder: Folder, today: dt.date) -> Iterator[Finding]:
    if not folder.help_list:
        yield _find(faults.NO_HELP, SUPPORT)
        return
    for service in folder.help_list:
        if service.review_by < today:
            detail = {"name": service.name, "date": service.review_by}
            yield _find(faults.HELP_OVERDUE, SUPPORT, **detail)
    if all(service.phone != EMERGENCY for service in folder.help_list):
        yield _find(faults.NO_EMERGENCY, SUPPORT, number=EMERGENCY)


def _texts(folder: Folder) -> Iterator[Finding]:
    charter = folder.charter
    letters = LETTERS if Arm.SAMPLE in charter.arms else ()
    unused = {
        "privacy-notice": Arm.SAMPLE,
        "privacy-notice-open": Arm.OPEN,
    }
    wanted = [f"letters/{name}" for name in letters]
    for name in MESSAGES:
        if name not in unused or unused[name] in charter.arms:
            wanted.append(f"messages/{name}")
    for language in charter.languages:
        paths = [f"{name}.{language}.md" for name in wanted]
        if language != charter.source_language:
            paths.append(f"translations/{language}.yaml")
        for path in paths:
            if not folder.files.get(path, "").strip():
                yield _find(faults.NO_TEXTS, path, file=path, language=language)


def _data(folder: Folder) -> Iterator[Finding]:
    files = dict(_FILES)
    edition = f"code/{folder.charter.code_edition}.yaml"
    files[edition] = "The charter measures against that edition of the Code."
    for path, why in files.items():
        if path not in folder.files:
            yield _find(faults.NO_DATA_FILE, path, file=path, why=why)


def _calendar(folder: Folder, today: dt.date) -> Iterator[Finding]:
    days = folder.charter.calendar
    if today > days.destroy_by:
        yield _find(faults.DESTROY_PAST, CHARTER, date=days.destroy_by)
    if today > days.telephone_closes:
        yield _find(faults.FIELDWORK_OVER, CHARTER, date=days.telephone_closes)
    if today < days.web_opens:
        yield _find(faults.EARLY, CHARTER, date=days.web_opens)
    kept = kept_long(days.telephone_closes, days.destroy_by)
    if kept:
        yield _find(faults.LONG_KEEPING, CHARTER, days=kept)


def _title(folder: Folder) -> Iterator[Finding]:
    found = _REVEALING.search(folder.charter.neutral_title)
    if found:
        yield _find(faults.REVEALING_TITLE, CHARTER, word=found[0])
