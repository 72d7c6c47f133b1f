"""The survey's own words in each language, and the sentence for each finding.

Words live in words/<language>.yaml; a language without a file is shown in English.
Nothing here knows a study or an answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from harken.method.errors import Finding, HarkenError
from harken.method.source import Reader, read
from harken.method.terms import Language
from harken.service.interview import faults

FOLDER = Path(__file__).parent / "words"
FIRST = Language("en")
MISTAKE = 422
"""The status of a page that comes back because of what was sent."""
OVER = {faults.ENDED.code, "INT-012"}
"""Codes of findings on an interview that has ended; a stranger learns nothing of it."""
RIGHT_TO_LEFT = {"ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"}

_SENTENCES = {
    "VAU-001": "error_code_shape",
    "VAU-002": "error_code_symbol",
    "VAU-003": "error_code_check",
    "CON-010": "error_code_refused",
    "CON-011": "error_busy",
}


@cache
def words(language: Language) -> Mapping[str, str]:
    """Every word by key, in the language or else in English."""
    file = FOLDER / f"{language}.yaml"
    if language not in spoken():
        file = FOLDER / f"{FIRST}.yaml"
    findings: list[Finding] = []
    reader = Reader(read(file.read_text(encoding="utf-8"), file.name), findings)
    found = {key: reader.text(key) for key in reader.node.keys}
    if findings:
        raise HarkenError(*findings)
    return found


@cache
def spoken() -> frozenset[Language]:
    """The languages that have a file of words."""
    return frozenset(Language(file.stem) for file in FOLDER.glob("*.yaml"))


def sentence(finding: Finding, language: Language) -> str:
    """What a respondent is told about a finding: never a code, never what they wrote."""
    known = words(language)
    code = finding.fault.code
    key = _SENTENCES.get(code, f"error_{code}")
    if "minimum" in finding.detail:
        one_sided = {"minimum": "most", "maximum": "least"}
        absent = [side for side in one_sided if finding.detail.get(side) is None]
        key = "_".join([key, *(one_sided[side] for side in absent)])
    return known.get(key, known["error_other"]).format_map(finding.detail)


def told(error: HarkenError, language: Language) -> str:
    """One sentence for the person; an ended interview looks like any bad code."""
    finding = error.findings[0]
    if finding.fault.code in OVER:
        return words(language)["error_code_refused"]
    return sentence(finding, language)


def direction(language: str) -> str:
    """The way a language is written: ``ltr`` or ``rtl``."""
    return "rtl" if language.split("-")[0] in RIGHT_TO_LEFT else "ltr"
