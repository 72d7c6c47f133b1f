"""Harken source from an instrument: questionnaire.yaml and a file for each translation.

Every text is written in double quotes, so that no word is taken for another thing and
each line can be edited by hand afterwards.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from harken.method.questionnaire.exchange.tree import Choice, Form, Item, Part, Words
from harken.method.questionnaire.exchange.wording import clean

LISTED = 200
"""More options than this are kept in a list file of their own and searched."""


def files(form: Form) -> dict[str, str]:
    """The text of each file by its path below a study folder."""
    written = {"questionnaire.yaml": "\n".join(_questionnaire(form)) + "\n"}
    for language in form.languages:
        if language != form.language:
            path = f"translations/{language}.yaml"
            written[path] = "\n".join(_translation(form, language)) + "\n"
    for item in _items(form):
        if _listed(item):
            written[_list_path(item)] = _list_file(form, item)
    return written


def _questionnaire(form: Form) -> Iterator[str]:
    if form.made_from:
        yield f"# Made from {form.made_from}; mend it here, not there."
    yield f"questionnaire: {quoted(form.id)}"
    yield f"version: {quoted(form.version)}"
    if form.reading_age:
        yield f"reading_age: {form.reading_age}  # what its words ask for as they are"
    lists = [item for item in _items(form) if _listed(item)]
    if lists:
        yield "lists:"
        for item in lists:
            yield f"  {item.id}: {{file: {_list_path(item)}}}"
    yield "sections:"
    for part in form.parts:
        yield ""
        yield from _part(part, form.language)


def _part(part: Part, language: str) -> Iterator[str]:
    yield f"  - id: {part.id}"
    yield f"    title: {quoted(said(part.words, language) or part.id)}"
    if part.condition:
        yield f"    if: {quoted(part.condition)}"
    if part.roster is not None:
        roster = part.roster
        if roster.over:
            yield f"    roster: {{over: {roster.over}}}"
        elif roster.count:
            yield f"    roster: {{count: {roster.count}, maximum: {roster.maximum}}}"
        elif roster.fixed:
            yield f"    roster: {{fixed: {roster.fixed}}}"
        else:
            more = quoted(said(roster.more, language))
            yield f"    roster: {{more: {more}, maximum: {roster.maximum}}}"
    if part.within:
        yield f"    within: {part.within}"
    if part.order:
        yield f"    order: {part.order}"
    yield "    questions:"
    for item in part.items:
        yield from _item(item, language)


def _item(item: Item, language: str) -> Iterator[str]:
    yield f"      - id: {item.id}"
    yield f"        type: {'lookup' if _listed(item) else item.type}"
    for key, words in _spoken(item):
        if said(words, language):
            yield f"        {key}: {quoted(said(words, language))}"
    if item.value:
        yield f"        value: {quoted(item.value)}"
    for key, value in item.settings.items():
        yield f"        {key}: {value}"
    if item.rows:
        yield "        rows:"
        for row in item.rows:
            told = quoted(said(row.words, language) or row.code)
            own = f", if: {quoted(row.condition)}" if row.condition else ""
            yield f"          - {{id: {row.code}, text: {told}{own}}}"
    if _listed(item):
        yield f"        list: {item.id}"
    elif item.options:
        yield "        options:"
        for choice in item.options:
            yield f"          - {{{', '.join(_choice(choice, language))}}}"
    if item.order:
        yield f"        options_order: {item.order}"
    if item.condition:
        yield f"        if: {quoted(item.condition)}"
    if item.required:
        yield "        required: yes"
    if item.checks:
        yield "        checks:"
        for check in item.checks:
            soft = ", soft: yes" if check.soft else ""
            told = quoted(said(check.words, language))
            yield f"          - {{if: {quoted(check.wrong)}, say: {told}{soft}}}"


def _spoken(item: Item) -> tuple[tuple[str, Words], ...]:
    return (("text", item.words), ("hint", item.hint), ("note", item.note))


def _choice(choice: Choice, language: str) -> Iterator[str]:
    yield f"code: {quoted(choice.code)}"
    yield f"text: {quoted(said(choice.words, language) or choice.code)}"
    if choice.exclusive:
        yield "exclusive: yes"
    if choice.say:
        yield "say: yes"
    if choice.condition:
        yield f"if: {quoted(choice.condition)}"


def _translation(form: Form, language: str) -> Iterator[str]:
    yield f"language: {language}"
    yield f"version: {quoted(form.version)}"
    texts = dict(_texts(form, language))
    yield "texts:" if texts else "texts: {}"
    for key, text in texts.items():
        yield f"  {key}: {quoted(text)}"


def _texts(form: Form, language: str) -> Iterator[tuple[str, str]]:
    """The words of one language by the keys a translation file has."""
    for part in form.parts:
        yield from _own(f"section.{part.id}.title", part.words, language)
        for item in part.items:
            for key, words in _spoken(item):
                if said(words, form.language):
                    yield from _own(f"{item.id}.{key}", words, language)
            if not _listed(item):
                for choice in item.options:
                    yield from _own(f"{item.id}.{choice.code}", choice.words, language)
            for row in item.rows:
                yield from _own(f"{item.id}.row.{row.code}", row.words, language)
            for place, check in enumerate(item.checks, start=1):
                yield from _own(f"{item.id}.check.{place}", check.words, language)


def _own(key: str, words: Words, language: str) -> Iterator[tuple[str, str]]:
    text = words.get(language, "").strip()
    if text:
        yield key, text


def _items(form: Form) -> Iterator[Item]:
    for part in form.parts:
        yield from part.items


def _listed(item: Item) -> bool:
    filtered = any(option.condition for option in item.options)
    return len(item.options) > LISTED and item.type == "single" and not filtered


def _list_path(item: Item) -> str:
    return f"lists/{item.id}.csv"


def _list_file(form: Form, item: Item) -> str:
    lines = ["code,text"]
    for choice in item.options:
        text = said(choice.words, form.language) or choice.code
        lines.append(f"{_cell(choice.code)},{_cell(text)}")
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    flat = " ".join(text.split())
    return '"' + flat.replace('"', '""') + '"' if set(flat) & set(',"') else flat


def said(words: Words, language: str) -> str:
    """The words in a language, or in the first that has any."""
    own = words.get(language, "").strip()
    return own or next((text.strip() for text in words.values() if text.strip()), "")


def quoted(text: str) -> str:
    """A text as YAML writes it between double quotes."""
    return json.dumps(clean(text), ensure_ascii=False)
