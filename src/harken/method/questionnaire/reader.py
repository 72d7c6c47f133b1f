"""questionnaire.yaml and translations to a Questionnaire, or every finding.

Whatever the text holds, the outcome is a document or a HarkenError, nothing else.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from harken.method.errors import Finding, HarkenError, errors_in
from harken.method.questionnaire.document import (
    Option,
    Promise,
    Question,
    Questionnaire,
    variables,
)
from harken.method.questionnaire.draft import Draft
from harken.method.questionnaire.expression import Expression
from harken.method.questionnaire.faults import LATER_NAME, UNKNOWN_NAME
from harken.method.questionnaire.options import read_lists
from harken.method.questionnaire.sections import read_sections
from harken.method.questionnaire.translations import file_of, read_translations
from harken.method.questionnaire.unroll import unroll
from harken.method.questionnaire.values import Kind, NameType
from harken.method.questionnaire.wording.fills import check_texts
from harken.method.source import Reader, read
from harken.method.terms import Language

_LINE = re.compile(r"#[0-9.]+")


def read_questionnaire(
    text: str,
    *,
    translations: Mapping[Language, str] | None = None,
    source_language: str = "en",
    source: str = "questionnaire.yaml",
    files: Mapping[str, str] | None = None,
) -> Questionnaire:
    """Read an instrument and the texts of its other languages.

    Args:
        text: the whole of questionnaire.yaml.
        translations: the whole of each translations/<language>.yaml or .po.
        source_language: the language questionnaire.yaml is written in.
        source: how findings name the file.
        files: the lists and banks it names, by their path in the study's folder.

    Raises HarkenError with every finding (SRC-..., QUE-001 to QUE-029, QUE-070 on).
    """
    given, beside = dict(translations or {}), dict(files or {})
    findings: list[Finding] = []
    draft = Draft(findings)
    reader = Reader(read(text, source), findings)
    identity, version = reader.text("questionnaire"), reader.text("version")
    promise = _promise(reader)
    draft.words(reader)
    read_lists(draft, reader, beside)
    parts = read_sections(draft, reader, beside)
    reader.done()
    sections, flat, conditions = unroll(parts, findings)
    if not flat and errors_in(findings):
        raise HarkenError(*_once(findings))
    languages = (Language(source_language), *given)
    questions = _typed(flat, conditions, languages, findings)
    translated = read_translations(given, draft.texts, findings)
    names = {one.id: one.name_type for one in questions} | variables(languages)
    findings += check_texts(draft.texts, questions, names)
    for language, texts in translated.texts.items():
        file = file_of(language, given[language])
        findings += check_texts(texts, questions, names, file)
    if errors_in(findings):
        raise HarkenError(*_once(findings))
    return Questionnaire(
        id=identity,
        version=version,
        sections=tuple(sections),
        questions=tuple(questions),
        source_language=Language(source_language),
        texts=draft.texts,
        translations=translated.texts,
        digest=_digest(text, dict(given), beside),
        made_for=translated.made_for,
        stale=translated.stale,
        untranslated=frozenset(draft.untranslated),
        promise=promise,
    )


def _promise(reader: Reader) -> Promise:
    """The most minutes and the highest reading age, where they are written."""

    def most(key: str) -> float | None:
        found = reader.decimal(key, 0.0) if reader.has(key) else None
        if found is not None and found <= 0:
            reader.wrong(reader.at(key), key, "a number above nought")
        return found

    return Promise(most("minutes"), most("reading_age"), reader.at("minutes"))


def _typed(
    flat: list[Question],
    conditions: list[Expression],
    languages: tuple[Language, ...],
    findings: list[Finding],
) -> list[Question]:
    """The questions with the kinds of computed values; every expression checked."""
    names = {one.id: one.name_type for one in flat if not one.computed}
    names |= variables(languages)
    closed = {one.id for one in flat if one.identifying}
    typed: list[Question] = []
    later = {one.id for one in flat if one.computed}
    for question in flat:
        if question.value is not None and question.computed:
            held, wrong = question.value.type(names)
            findings.extend(_ordered(question, wrong, later))
            later.discard(question.id)
            question = _holding(question, held, closed)
            names[question.id] = question.name_type
        typed.append(question)
    every = [*conditions, *(one for each in typed for one in _conditions(each))]
    for expression in {id(one): one for one in every}.values():
        findings.extend(expression.mistakes(names))
    return typed


def _ordered(
    question: Question, wrong: Iterable[Finding], later: set[str]
) -> Iterator[Finding]:
    """What is wrong with a computed value; a name that is only worked out later, as in
    a cycle, is not unknown."""
    for finding in wrong:
        name = finding.detail.get("name")
        if finding.fault is UNKNOWN_NAME and name in later:
            detail = {"id": question.source, "name": name}
            yield Finding(LATER_NAME, finding.place, detail)
        else:
            yield finding


def _holding(question: Question, held: NameType | None, closed: set[str]) -> Question:
    """A computed question with what it holds; true and false are kept as yes and no."""
    held = held or NameType(Kind.NUMBER)
    if held.kind is Kind.BOOLEAN:
        held = NameType(Kind.CODE, ("yes", "no"))
        question = replace(question, words=(*question.words, "yes_no"))
    used = question.value.names if question.value else ()
    if any(name in closed for name in used):
        closed.add(question.id)
    return replace(
        question,
        holds=held,
        options=tuple(Option(code) for code in held.codes or ()),
        identifying=question.id in closed,
    )


def _conditions(question: Question) -> list[Expression]:
    """Every condition that is a question's own."""
    found = [question.own, *(check.condition for check in question.checks)]
    found += [option.condition for option in question.options]
    return [one for one in found if one is not None]


def _once(findings: list[Finding]) -> list[Finding]:
    """Findings without those that differ only in the line of a roster."""
    kept = {
        (one.fault.code, one.place, _LINE.sub("", one.message)): one
        for one in reversed(findings)
    }
    return list(reversed(kept.values()))


def _digest(
    text: str,
    translations: Mapping[Language, str],
    files: Mapping[str, str],
) -> str:
    """The SHA-256 of every text, in a fixed order."""
    digest = hashlib.sha256(b"harken questionnaire 1\0" + _bytes(text))
    for name, words in (*sorted(translations.items()), *sorted(files.items())):
        digest.update(b"\0" + _bytes(name) + b"\0" + _bytes(words))
    return digest.hexdigest()


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
