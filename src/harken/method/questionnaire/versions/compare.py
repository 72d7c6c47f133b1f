"""Compares two versions question by question, as they are asked and not as they are
written: spaces, quotes and the order of parts joined by *and* make no difference.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from harken.method.questionnaire.document import Question, Questionnaire
from harken.method.questionnaire.expression import Expression
from harken.method.questionnaire.syntax import All, Either, Tree, rewrite, write


class Change(StrEnum):
    """What kind of difference there is between two versions."""

    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"
    TYPE = "type"
    OPTIONS = "options"
    ROUTING = "routing"
    CHECKS = "checks"
    VALUE = "value"
    LIMITS = "limits"
    LINES = "lines"
    DUTIES = "duties"
    WORDING = "wording"

    @property
    def of_meaning(self) -> bool:
        """Whether answers before and after may no longer mean the same."""
        return self is not Change.WORDING


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference: of which question (or text key), what was and what is."""

    change: Change
    id: str
    before: str = ""
    after: str = ""


def difference(old: Questionnaire, new: Questionnaire) -> tuple[Difference, ...]:
    """What changed from one version to the next: first in meaning, then in words."""
    return (*_asked(old, new), *_worded(old, new))


def _asked(old: Questionnaire, new: Questionnaire) -> Iterator[Difference]:
    before, after = _by_source(old), _by_source(new)
    for source, questions in after.items():
        if source not in before:
            yield Difference(Change.ADDED, source, after=questions[0].type.value)
    for source, questions in before.items():
        if source not in after:
            yield Difference(Change.REMOVED, source, before=questions[0].type.value)
    kept = [source for source in after if source in before]
    yield from _moved([source for source in before if source in after], kept)
    for source in kept:
        yield from _changed(source, before[source], after[source])


def _by_source(questionnaire: Questionnaire) -> dict[str, list[Question]]:
    """The questions by their ids as written, all lines of a roster together."""
    found: dict[str, list[Question]] = {}
    for question in questionnaire.questions:
        found.setdefault(question.source, []).append(question)
    return found


def _moved(before: Sequence[str], after: Sequence[str]) -> Iterator[Difference]:
    """Questions that stand behind another one now: as few as explain the order."""
    place = {source: number for number, source in enumerate(before)}
    kept = _longest_rising([place[source] for source in after])
    for number, source in enumerate(after):
        if place[source] not in kept:
            behind = after[number - 1] if number else ""
            was = before[place[source] - 1] if place[source] else ""
            yield Difference(Change.MOVED, source, f"after {was}", f"after {behind}")


def _longest_rising(numbers: Sequence[int]) -> set[int]:
    """The numbers of a longest rising run, found by patience sorting."""
    tails: list[int] = []
    before: dict[int, int | None] = {}
    for number in numbers:
        place = sum(tail < number for tail in tails)
        before[number] = tails[place - 1] if place else None
        tails[place : place + 1] = [number]
    found: set[int] = set()
    last: int | None = tails[-1] if tails else None
    while last is not None:
        found.add(last)
        last = before[last]
    return found


def _changed(
    source: str, before: Sequence[Question], after: Sequence[Question]
) -> Iterator[Difference]:
    if len(before) != len(after):
        was, now = str(len(before)), str(len(after))
        yield Difference(Change.LINES, source, was, now)
    for change, told in _FACETS.items():
        for one, other in zip(before, after, strict=False):
            was, now = told(one), told(other)
            if was != now:
                yield Difference(change, source, was, now)
                break


def _options(question: Question) -> str:
    return ", ".join(
        option.code
        + (" (alone)" if option.exclusive else "")
        + (f" if {_plain(option.condition)}" if option.condition else "")
        for option in question.options
    )


def _checks(question: Question) -> str:
    return "; ".join(
        f"{'soft' if check.soft else 'hard'}: {_plain(check.condition)}"
        for check in question.checks
    )


def _limits(question: Question) -> str:
    parts: dict[str, object] = {
        "minimum": question.minimum,
        "maximum": question.maximum,
        "decimals": question.decimals,
        "unit": " ".join(question.units) or question.currency,
        "characters": question.max_length or None,
    }
    return ", ".join(f"{name} {part}" for name, part in parts.items() if part)


def _duties(question: Question) -> str:
    offered = question.parted or ((None, question.refusals),)
    parts = [
        f"{mode}: {kind.word}" if mode else kind.word
        for mode, kinds in offered
        for kind in kinds
    ]
    flags: Mapping[str, object] = {
        "required": question.required,
        "identifying": question.identifying,
        "sensitive": question.sensitive,
        "random order": question.shuffled,
    }
    parts += [name for name, held in flags.items() if held]
    parts += [question.purpose.value] if question.purpose else []
    return ", ".join((*parts, *question.indicators, *question.entitlements))


_FACETS: Mapping[Change, Callable[[Question], str]] = {
    Change.TYPE: lambda question: question.written or question.type.value,
    Change.OPTIONS: _options,
    Change.ROUTING: lambda question: _plain(question.condition),
    Change.CHECKS: _checks,
    Change.VALUE: lambda question: _plain(question.value),
    Change.LIMITS: _limits,
    Change.DUTIES: _duties,
}


def _plain(expression: Expression | None) -> str:
    """An expression in one spelling, whatever the order of its joined parts."""
    return write(rewrite(expression.tree, _sorted)) if expression else ""


def _sorted(tree: Tree) -> Tree | None:
    match tree:
        case All(parts):
            return All(tuple(sorted(_each(parts), key=write)))
        case Either(parts):
            return Either(tuple(sorted(_each(parts), key=write)))
        case _:
            return None


def _each(parts: Sequence[Tree]) -> list[Tree]:
    return [rewrite(part, _sorted) for part in parts]


def _worded(old: Questionnaire, new: Questionnaire) -> Iterator[Difference]:
    """Texts that differ, in every language; the words of what came or went are left
    out, since that is said already."""
    came = set(_by_source(old)) ^ set(_by_source(new))
    for language in dict.fromkeys((*new.languages, *old.languages)):
        before, after = _words(old, language), _words(new, language)
        for key in dict.fromkeys((*after, *before)):
            was, now = before.get(key, ""), after.get(key, "")
            if was != now and key.partition(".")[0] not in came:
                name = key if language == new.source_language else f"{language} {key}"
                yield Difference(Change.WORDING, name, was, now)


def _words(questionnaire: Questionnaire, language: str) -> Mapping[str, str]:
    if language == questionnaire.source_language:
        return questionnaire.texts
    return {
        str(tongue): words for tongue, words in questionnaire.translations.items()
    }.get(language, {})
