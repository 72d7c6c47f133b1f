"""What an author should know before anybody is asked: numbered findings, place and cure.

A questionnaire that was read is sound in names and types. Here the whole is looked at:
order, consent, what may be required, translations, links to plan and Code.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator, Sequence

from harken.method.errors import Fault, Finding, Place, closest
from harken.method.questionnaire import faults
from harken.method.questionnaire.document import (
    Purpose,
    Question,
    Questionnaire,
    QuestionType,
)
from harken.method.questionnaire.expression import Expression
from harken.method.questionnaire.syntax import names_of
from harken.method.questionnaire.translations import needed_texts
from harken.method.questionnaire.wording.fills import fills, on_line
from harken.method.questionnaire.wording.shown import shown_fills
from harken.method.terms import Language, Mode

_LOOKALIKES = str.maketrans({"0": "o", "1": "l", "i": "l", "_": None})
_ELIGIBILITY = (
    QuestionType.SINGLE,
    QuestionType.NUMBER,
    QuestionType.MONTH,
    QuestionType.YEAR,
    QuestionType.DATE,
    QuestionType.ABOUT,
)


def check(
    questionnaire: Questionnaire,
    *,
    languages: Sequence[Language] = (),
    modes: Collection[Mode] = (),
    indicators: Collection[str] | None = None,
    entitlements: Collection[str] | None = None,
    design_variables: Collection[str] = (),
) -> tuple[Finding, ...]:
    """Everything worth telling the author, in the order of the file.

    Args:
        languages: those the charter offers; the source may be among them.
        modes: those the charter offers.
        indicators: ids of the analysis plan; None leaves those names unchecked.
        entitlements: ids of the Code edition measured; None leaves them unchecked.
        design_variables: names the sampling frame brings into the analysis.
    """
    findings = [
        *_confusable(questionnaire),
        *_order(questionnaire),
        *_required(questionnaire),
        *_consent(questionnaire),
        *_links(questionnaire, indicators, entitlements),
        *_design(questionnaire, design_variables),
        *_rows(questionnaire),
        *_spoken(questionnaire, modes),
        *_translated(questionnaire, languages),
    ]
    once = {(one.fault.code, one.place, one.message): one for one in findings}
    return tuple(sorted(once.values(), key=_by_place))


def _by_place(finding: Finding) -> tuple[str, int, int]:
    place = finding.place or Place("")
    return (place.source, place.line or 0, place.column or 0)


def _find(fault: Fault, question: Question, /, **detail: object) -> Finding:
    return Finding(fault, question.place, {"id": question.id, **detail})


def _confusable(questionnaire: Questionnaire) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for question in questionnaire.questions:
        folded = question.source.translate(_LOOKALIKES)
        other = seen.setdefault(folded, question.source)
        if other != question.source:
            detail = {"id": question.source, "other": other}
            yield Finding(faults.CONFUSABLE, question.place, detail)


def _order(questionnaire: Questionnaire) -> Iterator[Finding]:
    """Names that stand after what uses them, in conditions and in words."""
    position = {q.id: n for n, q in enumerate(questionnaire.questions)}
    for question in questionnaire.questions:
        yield from _later(question, question.gate, position, question.section)
        yield from _later(question, question.own, position)
        yield from _later(question, question.value, position)
        for check in question.checks:
            yield from _later(question, check.condition, position, itself=True)
        for option in question.options:
            yield from _later(question, option.condition, position)
        yield from _shown_early(questionnaire, question, position)


def _later(
    question: Question,
    condition: Expression | None,
    position: dict[str, int],
    owner: str = "",
    *,
    itself: bool = False,
) -> Iterator[Finding]:
    """Names that are asked after a question; its own name only in a check."""
    if condition is None:
        return
    for name in condition.names:
        if position.get(name, -1) >= position[question.id] + itself:
            detail = {"id": owner or question.source, "name": name}
            yield Finding(faults.LATER_NAME, condition.place, detail)


def _shown_early(
    questionnaire: Questionnaire, question: Question, position: dict[str, int]
) -> Iterator[Finding]:
    """Words that would show an answer which is given only later."""
    here = position[question.id]
    for shown in shown_fills(questionnaire, question):
        tree = on_line(shown.fill.tree, question.line, questionnaire.ids)
        own = shown.only_if is not None
        for name in names_of(tree):
            if position.get(name, -1) >= here + own:
                detail = {"id": question.source, "name": name}
                yield Finding(faults.SHOWN_EARLY, shown.place, detail)


def _required(questionnaire: Questionnaire) -> Iterator[Finding]:
    """Only consents, and choices of eligibility before the first ordinary question."""
    opening = True
    for question in questionnaire.questions:
        if not question.answerable or question.type is QuestionType.CONSENT:
            if question.required and not question.answerable:
                yield _find(faults.MAY_NOT_REQUIRE, question)
            continue
        if not question.required:
            opening = False
        elif not opening or question.sensitive or question.type not in _ELIGIBILITY:
            yield _find(faults.MAY_NOT_REQUIRE, question)


def _consent(questionnaire: Questionnaire) -> Iterator[Finding]:
    given: dict[Purpose, Question] = {}
    before: Question | None = None
    for question in questionnaire.questions:
        if question.purpose is not None:
            if question.purpose in given:
                purpose = question.purpose.value
                yield _find(faults.TWO_CONSENTS, question, purpose=purpose)
            given.setdefault(question.purpose, question)
        elif question.answerable and Purpose.TAKE_PART not in given:
            before = before or question
    consent = given.get(Purpose.TAKE_PART)
    if consent is None:
        yield Finding(faults.NO_CONSENT, Place("questionnaire.yaml"))
    elif before is not None:
        yield _find(faults.LATE_CONSENT, before)
    elif consent.condition is not None:
        yield _find(faults.CONDITIONAL_CONSENT, consent)
    if Purpose.RECONTACT not in given:
        yield Finding(faults.NO_RECONTACT, Place("questionnaire.yaml"))


def _links(
    questionnaire: Questionnaire,
    indicators: Collection[str] | None,
    entitlements: Collection[str] | None,
) -> Iterator[Finding]:
    for question in questionnaire.questions:
        for fault, names, known in (
            (faults.UNKNOWN_INDICATOR, question.indicators, indicators),
            (faults.UNKNOWN_ENTITLEMENT, question.entitlements, entitlements),
        ):
            for name in names:
                if known is not None and name not in known:
                    detail = {"id": question.id, "name": name}
                    near = closest(name, sorted(known))
                    yield Finding(fault, question.place, detail, near)


def _design(
    questionnaire: Questionnaire, design_variables: Collection[str]
) -> Iterator[Finding]:
    for question in questionnaire.questions:
        if question.id in design_variables:
            yield _find(faults.DESIGN_NAME, question)


def _rows(questionnaire: Questionnaire) -> Iterator[Finding]:
    """A matrix whose words say on no page which of its rows is asked about."""
    seen: dict[tuple[object, ...], Question] = {}
    rows = ((q, m.key) for q in questionnaire.questions for m in q.marks if m.key)
    for (question, key), mode, language in itertools.product(
        rows, Mode, questionnaire.languages
    ):
        matrix, _, of_row = key.partition(".row.")
        words = questionnaire.text(f"{question.id}.text", mode=mode, language=language)
        if not of_row or _says_row(words.value):
            continue
        first = seen.setdefault((matrix, question.line, mode, words), question)
        if first is not question:
            place = first.place
            if words.language != questionnaire.source_language:
                place = Place(f"translations/{words.language}.yaml")
            detail = {"id": matrix, "language": words.language}
            yield Finding(faults.SAME_HEADING, place, detail)


def _says_row(words: str) -> bool:
    """Whether the words of a row stand in these, or in a form of a plural in them."""
    return any(
        "row" in names_of(one.tree) or any(map(_says_row, one.forms()))
        for one in fills(words)
    )


def _spoken(questionnaire: Questionnaire, modes: Collection[Mode]) -> Iterator[Finding]:
    if Mode.TELEPHONE not in modes:
        return
    for question in questionnaire.questions:
        asks = question.sensitive and question.answerable and not question.announces
        keys = [f"{one}.telephone" for one in (question.source, *question.words)]
        if asks and not any(key in questionnaire.texts for key in keys):
            detail = {"id": question.source}
            yield Finding(faults.NOT_SPOKEN, question.place, detail)


def _translated(
    questionnaire: Questionnaire, languages: Sequence[Language]
) -> Iterator[Finding]:
    needed = needed_texts(questionnaire)
    for language in languages:
        if language == questionnaire.source_language:
            continue
        place = Place(f"translations/{language}.yaml")
        if language not in questionnaire.translations:
            yield Finding(faults.NO_LANGUAGE, place, {"language": language})
            continue
        texts = questionnaire.translations[language]
        for key in needed:
            if key not in texts:
                fault = faults.NO_TRANSLATION
                if key.endswith((".telephone", "_telephone", ".note")):
                    fault = faults.NO_SPOKEN_TRANSLATION
                yield Finding(fault, place, {"key": key, "language": language})
        for key in questionnaire.stale.get(language, ()):
            detail = {"key": key, "language": language}
            yield Finding(faults.OLD_TRANSLATION, place, detail)
        made_for = questionnaire.made_for.get(language, questionnaire.version)
        if made_for != questionnaire.version:
            detail = {"language": language, "found": made_for}
            detail["version"] = questionnaire.version
            yield Finding(faults.STALE_TRANSLATION, place, detail)
