"""One question as written, to one or several questions as asked.

A yes/no, a scale and each row of a matrix become single choices; an option that asks to
say more brings a question of its own. What stands in a roster is unrolled later.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from harken.method.errors import Finding, closest
from harken.method.questionnaire import faults
from harken.method.questionnaire.document import (
    CALENDAR,
    UNITS,
    Check,
    Mark,
    Purpose,
    Question,
    QuestionType,
)
from harken.method.questionnaire.draft import Draft, mappings
from harken.method.questionnaire.expression import Expression
from harken.method.questionnaire.options import CHOICES, options_of, said, too_many
from harken.method.questionnaire.syntax import (
    Call,
    Compare,
    Literal,
    Name,
    Operator,
    Tree,
)
from harken.method.source import WRONG_KIND, Reader
from harken.method.terms import REFUSALS, Missing, Mode

LONGEST_TEXT = 10_000
MOST_CHECKS = 20
MOST_ROWS = 50
SUGAR = ("yes_no", "scale", "matrix")

_T = QuestionType
_NUMBERS = (_T.NUMBER, _T.CURRENCY, _T.DURATION)
_CODED = (*CHOICES, _T.LOOKUP)
_ONLY_FOR: dict[str, tuple[str, ...]] = {
    "options": (*CHOICES, _T.CONSENT, "yes_no", "matrix"),
    "options_order": (*CHOICES, "matrix"),
    "list": (*_CODED, "matrix"),
    "filter": (*_CODED, "matrix"),
    "rows": ("matrix",),
    "from": ("scale", "matrix"),
    "to": ("scale", "matrix"),
    "labels": ("scale", "matrix"),
    "purpose": (_T.CONSENT,),
    "minimum": _NUMBERS,
    "maximum": _NUMBERS,
    "decimals": (_T.NUMBER, _T.CURRENCY),
    "unit": (_T.NUMBER,),
    "units": (_T.DURATION,),
    "currency": (_T.CURRENCY,),
    "max_length": (_T.LINE, _T.TEXT),
    "value": (_T.COMPUTED,),
    "refusals": (),
}
_WITHOUT_REFUSALS = (_T.CONSENT, _T.INFORMATION, _T.COMPUTED)
_LENGTHS = {_T.LINE: 200, _T.TEXT: 2000}


def read_question(
    draft: Draft, reader: Reader, section: str, sensitive: bool
) -> list[Question]:
    """The questions that one entry below ``questions`` stands for."""
    identity = draft.id(reader, "")
    kind, written = _type(reader)
    shown = kind is not _T.COMPUTED
    for key in ("text", "telephone", "print", "hint", "note", "unit"):
        draft.text(reader, key, f"{identity}.{key}", required=shown and key == "text")
    scaled = written == "matrix" and reader.has("from")
    own = draft.expression(reader, "if")
    refusals, parted = _refusals(reader, identity, kind)
    question = Question(
        id=identity,
        type=kind,
        section=section,
        options=options_of(
            draft, reader, identity, kind, "scale" if scaled else written
        ),
        refusals=refusals,
        parted=parted,
        own=own,
        value=draft.expression(reader, "value"),
        checks=tuple(_checks(draft, reader, identity)),
        required=reader.flag("required", False),
        purpose=_purpose(reader, kind),
        unit=draft.texts.get(f"{identity}.unit", ""),
        identifying=reader.flag("identifying", False),
        sensitive=sensitive,
        shuffled=_random(reader, "options_order"),
        indicators=reader.words("indicators", ()),
        entitlements=reader.words("entitlements", ()),
        concept=reader.optional("concept") or "",
        taken_from=reader.optional("source") or "",
        written=written,
        source=identity,
        words=_prefixes(reader, kind, written),
        place=reader.place,
    )
    question = _limits(draft, reader, question)
    _misplaced(reader, kind, written)
    if kind is _T.COMPUTED and not reader.has("value"):
        reader.find(faults.NO_VALUE, id=identity)
    made = [question]
    if written == "matrix":
        made = list(_rows(draft, reader, question))
    followed = [one for row in made for one in (row, *_say(draft, reader, row))]
    reader.done()
    return followed


def _type(reader: Reader) -> tuple[QuestionType, str]:
    """The type that is asked, and the type as written when it is another."""
    raw = reader.text("type")
    if raw in SUGAR:
        return _T.SINGLE, raw
    known = [*(kind.value for kind in _T), *SUGAR]
    if raw in known:
        return QuestionType(raw), ""
    if raw:
        detail = {"key": "type", "wanted": "one of " + ", ".join(known)}
        place = reader.at("type")
        reader.findings.append(Finding(WRONG_KIND, place, detail, closest(raw, known)))
    return _T.SINGLE, ""


def _random(reader: Reader, key: str) -> bool:
    """Whether an order is written as random; the written order is the other one."""
    word = reader.text(key, "written")
    if word not in {"random", "written"}:
        reader.wrong(reader.at(key), key, "random or written")
    return word == "random"


def _prefixes(reader: Reader, kind: QuestionType, written: str) -> tuple[str, ...]:
    """Where words may stand that several questions share."""
    if reader.has("list"):
        return (f"list.{reader.text('list')}",)
    if kind is _T.CONSENT:
        return ("consent",)
    return ("yes_no",) if written == "yes_no" else ()


def _refusals(
    reader: Reader, identity: str, kind: QuestionType
) -> tuple[tuple[Missing, ...], tuple[tuple[Mode, tuple[Missing, ...]], ...]]:
    """The refusals of all modes together, and of each where they are told apart."""
    written = reader.get("refusals")
    if kind in _WITHOUT_REFUSALS:
        if written and written.value:
            detail = {"id": identity, "type": kind.value}
            reader.find(faults.NO_REFUSALS, written.place, **detail)
        return (), ()
    if written is None or not isinstance(written.value, dict):
        return _kinds(reader, "refusals"), ()
    modes = Reader(written, reader.findings)
    parted = tuple((mode, _kinds(modes, mode.value)) for mode in Mode)
    modes.done()
    every = {missing for _, offered in parted for missing in offered}
    return tuple(missing for missing in REFUSALS if missing in every), parted


def _kinds(reader: Reader, key: str) -> tuple[Missing, ...]:
    """A list of refusals, always with 'prefer not to say' (SAF-30)."""
    known = {missing.word: missing for missing in REFUSALS}
    offered = {Missing.PREFER_NOT_TO_SAY}
    for word in reader.words(key, ()):
        if word in known:
            offered.add(known[word])
            continue
        near, detail = closest(word, sorted(known)), {"word": word}
        place = reader.at(key)
        reader.findings.append(Finding(faults.UNKNOWN_REFUSAL, place, detail, near))
    return tuple(missing for missing in REFUSALS if missing in offered)


def _checks(draft: Draft, reader: Reader, identity: str) -> Iterator[Check]:
    """Hard and soft checks, each with the words that say what is wrong."""
    children = list(mappings(reader, "checks", required=False))
    if len(children) > MOST_CHECKS:
        too_many(reader, "checks", len(children), MOST_CHECKS)
    for number, child in enumerate(children, start=1):
        if not child.has("if"):
            child.find(faults.NO_CONDITION, id=identity)
        condition = draft.expression(child, "if")
        key = f"{identity}.check.{number}"
        draft.text(child, "say", key, required=True)
        soft = child.flag("soft", False)
        child.done()
        if condition is not None:
            yield Check(condition, key, soft, child.place)


def _purpose(reader: Reader, kind: QuestionType) -> Purpose | None:
    """What a consent is for; other types have none."""
    if kind is _T.CONSENT:
        return reader.choice("purpose", Purpose)
    reader.get("purpose")
    return None


def _limits(draft: Draft, reader: Reader, question: Question) -> Question:
    """The question with its smallest, largest and longest answer, and its units."""
    low = draft.decimal(reader, "minimum", question.id)
    high = draft.decimal(reader, "maximum", question.id)
    longest = reader.number("max_length", _LENGTHS.get(question.type, 2000))
    decimals = reader.number("decimals", -1) if reader.has("decimals") else None
    if question.type is _T.CURRENCY and decimals is None:
        decimals = 2
    below = low is not None and high is not None and low > high
    wide = decimals is not None and not 0 <= decimals <= 6
    if below or wide or not 1 <= longest <= LONGEST_TEXT:
        reader.find(faults.BAD_RANGE, id=question.id)
    return replace(
        question,
        minimum=low,
        maximum=high,
        decimals=decimals,
        max_length=longest if question.type in _LENGTHS else 0,
        units=_units(reader, question),
        currency=reader.text("currency", "GBP") if question.type is _T.CURRENCY else "",
    )


def _units(reader: Reader, question: Question) -> tuple[str, ...]:
    """The units of a duration, the largest first."""
    words = reader.words("units", ())
    if question.type is not _T.DURATION:
        return ()
    for scale in (UNITS, CALENDAR):
        if words and set(words) <= scale.keys():
            return tuple(unit for unit in scale if unit in words)
    known = f"{', '.join(UNITS)}; or {', '.join(CALENDAR)}"
    reader.find(faults.BAD_UNITS, reader.at("units"), id=question.id, known=known)
    return ("minutes",)


def _misplaced(reader: Reader, kind: QuestionType, written: str) -> None:
    """Keys that have no meaning for a question of this type."""
    for key, types in _ONLY_FOR.items():
        if types and reader.has(key) and (written or kind.value) not in types:
            names = ", ".join(types)
            detail = {"key": key, "type": written or kind.value, "types": names}
            reader.find(faults.NOT_THIS_TYPE, reader.at(key), **detail)
            reader.get(key)


def _rows(draft: Draft, reader: Reader, matrix: Question) -> Iterator[Question]:
    """One single choice for each row of a matrix, all under the matrix's words."""
    children = list(mappings(reader, "rows"))
    if not 1 <= len(children) <= MOST_ROWS:
        too_many(reader, "rows", len(children), MOST_ROWS)
    for child in children:
        row = child.text("id")
        identity = f"{matrix.id}_{row}"
        draft.claim(identity, child.at("id"))
        key = f"{matrix.id}.row.{row}"
        draft.text(child, "text", key, required=True)
        for part in ("telephone", "hint", "note"):
            draft.text(child, part, f"{identity}.{part}")
        own = Expression.both(matrix.own, draft.expression(child, "if"))
        child.done()
        yield replace(
            matrix,
            id=identity,
            own=own,
            source=identity,
            words=(matrix.id, *matrix.words),
            marks=(Mark("row", key=key),),
            place=child.place,
        )


def _say(draft: Draft, reader: Reader, question: Question) -> Iterator[Question]:
    """For each option that asks to say more, the question that does so."""
    for code, words, place in said(reader):
        if question.type not in {_T.SINGLE, _T.MULTIPLE}:
            detail = {"key": "say", "type": question.type.value}
            detail["types"] = "single, multiple"
            reader.find(faults.NOT_THIS_TYPE, place, **detail)
            return
        identity = f"{question.id}_{code.lower().replace('-', '_')}_said"
        draft.claim(identity, place)
        if words:
            draft.texts[f"{identity}.text"] = words
        yield Question(
            id=identity,
            type=_T.LINE,
            section=question.section,
            refusals=(Missing.PREFER_NOT_TO_SAY,),
            own=Expression.of(_chosen(question, code), place),
            max_length=200,
            identifying=question.identifying,
            sensitive=question.sensitive,
            source=identity,
            words=("say",),
            marks=question.marks,
            place=place,
        )


def _chosen(question: Question, code: str) -> Tree:
    if question.type is _T.MULTIPLE:
        return Call("has", (Name(question.id), Literal(code)))
    return Compare(Name(question.id), Operator.IS, Literal(code))
