"""The written source read back by the house's own reader, and mended where it refuses.

An import is checked like anything an author writes. What the reader refuses is taken
out and becomes a finding, so that one odd expression never costs the whole form.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from harken.method.errors import Finding, HarkenError, Place, errors_in, refuse
from harken.method.questionnaire.document import Questionnaire
from harken.method.questionnaire.exchange import faults
from harken.method.questionnaire.exchange.carried import Report
from harken.method.questionnaire.exchange.emit import files, quoted
from harken.method.questionnaire.exchange.tree import Form, Item, Part, Roster
from harken.method.questionnaire.reader import read_questionnaire
from harken.method.terms import Language

ROUNDS = 12
LINES = 5
"""A roster whose number of lines cannot be followed has so many."""

_PART = re.compile(r"  - id: (\S+)")
_ITEM = re.compile(r"      - id: (\S+)")
_KEY = re.compile(r"\s*(?:- )?\{?(\w+):")
_TEXTS = re.compile(r"  (\S+): ")


def read_back(form: Form, report: Report) -> tuple[dict[str, str], Questionnaire]:
    """The source files of an instrument and what the reader makes of them.

    Raises HarkenError (EXC-005) when it can be mended no further.
    """
    found: tuple[Finding, ...] = ()
    for _ in range(ROUNDS):
        form.parts = [part for part in form.parts if part.items]
        if not form.parts:
            raise refuse(faults.NO_QUESTIONS, Place(report.source))
        written = files(form)
        try:
            return written, _read(written, form.language)
        except HarkenError as error:
            found = errors_in(error.findings)
            if not sum(_mended(one, written, form, report) for one in found):
                raise _not_sound(report.source, found) from None
    raise _not_sound(report.source, found)


def _read(written: Mapping[str, str], language: str) -> Questionnaire:
    translations = {
        Language(path.removeprefix("translations/").removesuffix(".yaml")): text
        for path, text in written.items()
        if path.startswith("translations/")
    }
    return read_questionnaire(
        written["questionnaire.yaml"],
        translations=translations,
        source_language=language,
        files={path: text for path, text in written.items() if path.endswith(".csv")},
    )


def _not_sound(source: str, found: tuple[Finding, ...]) -> HarkenError:
    return refuse(faults.NOT_SOUND, Place(source), problem=found[0].message)


def _mended(
    finding: Finding, written: Mapping[str, str], form: Form, report: Report
) -> bool:
    """Take out what a finding is about; whether there was something to take out."""
    place = finding.place
    if place is None or place.source not in written:
        return False
    if place.line is None:
        return _unfilled(finding, form, report, place.source)
    lines = written[place.source].splitlines()
    line = lines[place.line - 1] if place.line <= len(lines) else ""
    if place.source.startswith("translations/"):
        language = place.source.removeprefix("translations/").removesuffix(".yaml")
        return _untranslated(form, language, _TEXTS.match(line))
    owner = _owner(lines, place.line)
    key = _KEY.match(line)
    if owner is None or key is None:
        return False
    part, item = _find(form, owner)
    detail = {"name": owner, "problem": finding.message}
    column, text = _taken(part, item, key[1], line)
    if column:
        report.add(faults.REFUSED, column=column, expression=text, **detail)
    return bool(column)


def _owner(lines: list[str], number: int) -> str | None:
    """The id of the section or question that a line belongs to."""
    for line in reversed(lines[:number]):
        found = _ITEM.match(line) or _PART.match(line)
        if found is not None:
            return found[1]
    return None


def _find(form: Form, owner: str) -> tuple[Part | None, Item | None]:
    for part in form.parts:
        if part.id == owner:
            return part, None
        for item in part.items:
            if item.id == owner:
                return part, item
    return None, None


def _taken(
    part: Part | None, item: Item | None, key: str, line: str
) -> tuple[str, str]:
    """Take one thing out; what it was, and its text. Nothing when nothing was there."""
    if part is None:
        return "", ""
    if item is None:
        if key == "if" and part.condition:
            text, part.condition = part.condition, ""
            return "condition", text
        if key == "within" and part.within:
            text, part.within = part.within, ""
            return "repeat within a repeat", text
        if part.roster is not None:
            part.roster = None if part.roster.fixed else Roster(fixed=LINES)
            return "repeat", line.strip()
        part.items.clear()
        return "section", line.strip()
    if key == "if" and "- {if:" in line:
        return _check_taken(item, line)
    if key == "if" and item.condition:
        text, item.condition = item.condition, ""
        return "condition", text
    if key == "code":
        return _option_taken(item, line)
    if key in item.settings:
        return key, item.settings.pop(key)
    part.items.remove(item)
    return "question", item.value or line.strip()


def _check_taken(item: Item, line: str) -> tuple[str, str]:
    for check in item.checks:
        if quoted(check.wrong) in line:
            item.checks.remove(check)
            return "check", check.wrong
    return "", ""


def _option_taken(item: Item, line: str) -> tuple[str, str]:
    for choice in item.options:
        if f"code: {quoted(choice.code)}," in line:
            if choice.condition:
                text, choice.condition = choice.condition, ""
                return "condition of an option", text
            item.options.remove(choice)
            return "option", choice.code
    return "", ""


def _untranslated(form: Form, language: str, key: re.Match[str] | None) -> bool:
    """A text of a translation that no key of the source takes is left out."""
    if key is None:
        return False
    return any(words.pop(language, None) is not None for words in _words(form, key[1]))


def _unfilled(finding: Finding, form: Form, report: Report, source: str) -> bool:
    """Texts of a translation that show what is not there are left out."""
    language = source.removeprefix("translations/").removesuffix(".yaml")
    name = str(finding.detail.get("name"))
    shows = re.compile(r"\{[^{}|]*\b" + re.escape(name) + r"\b")
    found = [one for one in _all_words(form) if shows.search(one.get(language, ""))]
    for words in found:
        text = words.pop(language)
        detail = {"name": name, "problem": finding.message, "expression": text}
        report.add(faults.REFUSED, column="translation", **detail)
    return bool(found)


def _all_words(form: Form) -> Iterator[dict[str, str]]:
    for part in form.parts:
        yield part.words
        for item in part.items:
            yield from (item.words, item.hint, item.note)
            yield from (choice.words for choice in (*item.options, *item.rows))
            yield from (check.words for check in item.checks)


def _words(form: Form, key: str) -> Iterator[dict[str, str]]:
    for part in form.parts:
        if key == f"section.{part.id}.title":
            yield part.words
        for item in part.items:
            stem, _, rest = key.partition(".")
            if stem != item.id:
                continue
            yield from (
                {"text": item.words, "hint": item.hint, "note": item.note}.get(
                    rest, {}
                ),
            )
            yield from (choice.words for choice in item.options if choice.code == rest)
            yield from (check.words for check in item.checks)
