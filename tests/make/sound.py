"""A sound instrument that uses the whole language, and faults to plant in it.

Rosters within rosters, a bank, a list, a split, computed values, fills, checks hard and
soft, a sensitive part, a translation: it stands as files in the folder ``rich``. Nothing
is wrong with it, so the checker must say nothing; each fault of ``faults.yaml`` must be
reported at its place.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from harken.method.errors import Finding, HarkenError
from harken.method.questionnaire import Questionnaire, check, read_questionnaire
from harken.method.questionnaire.proof import prove
from harken.method.questionnaire.translations import needed_texts
from harken.method.terms import Language, Mode

FOLDER = Path(__file__).parent / "rich"
POLISH = Language("pl")
MINUTES = 120.0
SOURCE, BANK, AREAS = "questionnaire.yaml", "banks/about-you.yaml", "lists/areas.csv"


@cache
def rich_texts() -> dict[str, str]:
    """The files of the rich instrument, by their path."""
    names = (SOURCE, BANK, AREAS)
    return {name: (FOLDER / name).read_text(encoding="utf-8") for name in names}


def read_rich(
    texts: Mapping[str, str] | None = None, translation: str = ""
) -> Questionnaire:
    """The rich instrument, or one of changed files."""
    given = dict(texts or rich_texts())
    languages = {POLISH: translation} if translation else {}
    return read_questionnaire(given.pop(SOURCE), files=given, translations=languages)


def in_polish(change: Mapping[str, str | None]) -> str:
    """A translation file with every text, some changed, or left out where None."""
    book = read_rich()
    words: dict[str, str | None] = {key: book.texts[key] for key in needed_texts(book)}
    words |= {"yes_no.yes": "Tak", "yes_no.no": "Nie"}
    kept = {key: text for key, text in (words | dict(change)).items() if text}
    lines = [f"  {json.dumps(key)}: {json.dumps(text)}" for key, text in kept.items()]
    return "\n".join(("language: pl", "texts:", *lines)) + "\n"


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of the file, and what the checker says of the instrument that has it."""

    name: str
    kind: str
    codes: tuple[str, ...]
    at: tuple[str, ...] = ()
    after: str = ""
    add: tuple[str, ...] = ()
    end: tuple[str, ...] = ()
    instead: tuple[Mapping[str, str], ...] = ()
    file: str = SOURCE
    minutes: float = MINUTES
    untranslated: str = ""
    translated: Mapping[str, str] = field(default_factory=dict)

    def texts(self) -> dict[str, str]:
        """The files with the fault in them."""
        texts = dict(rich_texts())
        text = texts[self.file]
        for swap in self.instead:
            assert swap["was"] in text, self.name
            text = text.replace(swap["was"], swap["is"], 1)
        lines = text.splitlines()
        if self.after:
            at = next(n for n, line in enumerate(lines) if f"id: {self.after}," in line)
            lines[at + 1 : at + 1] = [f"      - {line}" for line in self.add]
        if self.end:
            at = lines.index("  - id: end")
            new = ["  - id: extra", "    title: Extra", "    questions:"]
            lines[at:at] = new + [f"      - {line}" for line in self.end]
        texts[self.file] = "\n".join(lines) + "\n"
        return texts

    def translation(self) -> str:
        """The Polish texts, when the fault is in them."""
        if self.untranslated:
            return in_polish({self.untranslated: None})
        if self.translated:
            key, more = self.translated["key"], self.translated["more"]
            return in_polish({key: f"{read_rich().texts.get(key, '')} {more}"})
        return ""

    def findings(self) -> tuple[Finding, ...]:
        """Everything the checker says."""
        translation = self.translation()
        languages = [POLISH] if translation else []
        try:
            read = read_rich(self.texts(), translation)
        except HarkenError as error:
            return error.findings
        found = check(read, languages=languages, modes=tuple(Mode))
        return (*found, *prove(read, minutes=self.minutes).findings)

    def found(self) -> bool:
        """Whether it is reported, with one of its codes, at its place."""
        return any(
            one.fault.code in self.codes and self.here(one) for one in self.findings()
        )

    def here(self, finding: Finding) -> bool:
        """Whether a finding names the place, or stands on a line of it."""
        named = {str(finding.detail.get("id")), str(finding.detail.get("name"))}
        key = str(finding.detail.get("key", ""))
        if not self.at or named & set(self.at) or any(one in key for one in self.at):
            return True
        place = finding.place
        if place is None or not place.line or place.source not in self.texts():
            return False
        lines = self.texts()[place.source].splitlines()
        near = lines[max(0, place.line - 5) : place.line]
        return any(f"id: {one}" in line for line in near for one in self.at)


@cache
def rich_faults() -> tuple[Fault, ...]:
    """Every fault of the file."""
    text = (FOLDER / "faults.yaml").read_text(encoding="utf-8")
    rows: list[dict[str, Any]] = yaml.safe_load(text)["faults"]
    lists = ("codes", "at", "add", "end", "instead")
    made = []
    for row in rows:
        given: dict[str, Any] = {
            key: tuple(value) if key in lists else value for key, value in row.items()
        }
        made.append(Fault(**given))
    return tuple(made)
