"""What the proof finds and what it leaves alone, as tables: ``faulty.yaml``, ``sound.yaml``.

Each faulty instrument has one defect, written by hand; the finding stands on its line and
is the only one. Proves: issue 3, the proof.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml

from harken.method.errors import Finding, HarkenError
from harken.method.questionnaire import check, read_questionnaire
from harken.method.questionnaire.proof import prove
from harken.method.terms import Language

HERE = Path(__file__).parent
Row = Mapping[str, str]
MARK = "#!"


def rows(name: str) -> list[Row]:
    read: list[Row] = yaml.safe_load((HERE / name).read_text(encoding="utf-8"))
    return read


def text_of(row: Row) -> str:
    """The whole instrument of a row: consent, its questions and sections, recontact."""
    lines = [
        f"questionnaire: trial\nversion: '1'\n{row.get('top', '')}sections:",
        "  - id: start\n    title: Start\n    questions:",
        f"      - {{id: agree, type: consent, purpose: take_part, text: Part?, "
        f"{row['consent']}}} {MARK}"
        if "consent" in row
        else "      - {id: agree, type: consent, purpose: take_part, text: Part?}",
        "  - id: main\n    title: Main\n    questions:",
        *(f"      {line}" for line in row["asks"].splitlines()),
        *(f"  {line}" for line in row.get("more", "").splitlines()),
        "  - id: end\n    title: End\n    questions:",
        "      - {id: recontact, type: consent, purpose: recontact, text: Again?}",
    ]
    return "\n".join(lines) + "\n"


def polish(row: Row) -> dict[Language, str]:
    """The translation of a row, what every instrument has translated as well."""
    if "pl" not in row:
        return {}
    words = {
        "agree.text": "Czy?", "recontact.text": "Czy znowu?", "section.start.title": "A",
        "section.main.title": "B", "section.end.title": "C",
    } | dict.fromkeys(COMMON, "Tak")  # fmt: skip
    words |= yaml.safe_load(row["pl"])
    return {Language("pl"): yaml.safe_dump({"language": "pl", "texts": words})}


COMMON = (
    "consent.yes",
    "consent.no",
    "refusal.prefer_not_to_say",
    "yes_no.yes",
    "yes_no.no",
)


def found(row: Row) -> list[Finding]:
    try:
        read = read_questionnaire(text_of(row), translations=polish(row))
    except HarkenError as error:
        return list(error.findings)
    findings = check(read, languages=read.languages)
    return [*findings, *prove(read).findings]


@pytest.mark.parametrize("row", rows("faulty.yaml"), ids=lambda row: row["what"])
def test_a_defect_is_found_at_its_place(row: Row) -> None:
    told = {
        (one.fault.code, one.place.source, one.place.line)
        for one in found(row)
        if one.place
    }
    lines = enumerate(text_of(row).splitlines(), start=1)
    marked = [number for number, line in lines if line.endswith(MARK)]
    codes = row["finds"].split()
    assert {code for code, _, _ in told} == set(codes)
    if "at" in row:
        assert {source for _, source, _ in told} == {row["at"]}
    else:
        assert {line for _, _, line in told} == set(marked)


@pytest.mark.parametrize("row", rows("sound.yaml"), ids=lambda row: row["what"])
def test_nothing_is_found_where_nothing_is_wrong(row: Row) -> None:
    assert [f"{one.place} {one}" for one in found(row)] == []
