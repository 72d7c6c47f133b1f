"""The instrument on paper: rows for a page of HTML, and Typst markup for a tagged PDF.

One form shows one mode and language. Every word reaches the markup as a quoted string,
so an author's text is never read as markup. It is a blank form: no answer is in it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import assert_never

from harken.method.questionnaire.document import (
    Question,
    Questionnaire,
    QuestionType,
    Section,
)
from harken.method.questionnaire.expression import Expression
from harken.method.questionnaire.syntax import (
    All,
    Arithmetic,
    Call,
    Compare,
    Constant,
    Either,
    Literal,
    Name,
    Not,
    Operator,
    Tree,
    Within,
    write,
)
from harken.method.questionnaire.wording.fills import Fill, pieces
from harken.method.questionnaire.wording.markup import Block, blocks
from harken.method.terms import Language, Mode

_SIGNS = {
    Operator.IS: "is",
    Operator.IS_NOT: "is_not",
    Operator.BELOW: "below",
    Operator.AT_MOST: "at_most",
    Operator.ABOVE: "above",
    Operator.AT_LEAST: "at_least",
}


MOST_PRINTED = 60
"""Longer lists of options are left out of the printed form."""


@dataclass(frozen=True, slots=True)
class Row:
    """One question of the form; ``when`` is its own condition in words, or empty."""

    number: int
    id: str
    type: QuestionType
    text: str
    hint: str
    note: str
    when: str
    several: bool
    options: tuple[str, ...]
    refusals: tuple[str, ...]
    unit: str
    indicators: tuple[str, ...]
    entitlements: tuple[str, ...]

    @property
    def written(self) -> bool:
        """Whether the answer is written down, not ticked."""
        return self.type not in _NOT_WRITTEN and not self.options


_NOT_WRITTEN = frozenset({QuestionType.INFORMATION, QuestionType.CONSENT})


@dataclass(frozen=True, slots=True)
class Part:
    """One section of the form."""

    title: str
    when: str
    sensitive: bool
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """A blank form in one mode and language."""

    id: str
    version: str
    digest: str
    mode: Mode
    language: Language
    parts: tuple[Part, ...]

    def typst(self, *, title: str) -> str:
        """The form as Typst source; compile it with the standard PDF/UA-1."""
        region = f"lang: {_quote(self.language.partition('-')[0])}"
        lines = [_HEAD.replace("LANG", region).replace("TITLE", _quote(title))]
        edition = f"{self.id} {self.version}, {self.mode.value}, {self.language}"
        lines.append(
            f"#opening({_quote(title)}, {_quote(edition)}, {_quote(self.digest)})"
        )
        for part in self.parts:
            lines.append(f"#part({_marked(part.title)}, {_quote(part.when)})")
            lines += [_row(row) for row in part.rows]
        return "\n".join(lines) + "\n"


def printed_form(
    questionnaire: Questionnaire,
    *,
    mode: Mode = Mode.WEB,
    language: Language | None = None,
    paper: bool = False,
) -> Form:
    """The whole instrument as rows, with the wording of one mode and language.

    On ``paper`` the wording for print stands where there is one. A roster is shown once.
    """
    tongue = language or questionnaire.source_language
    writer = _Writer(questionnaire, mode, tongue, paper=paper)
    return Form(
        id=questionnaire.id,
        version=questionnaire.version,
        digest=questionnaire.digest,
        mode=mode,
        language=tongue,
        parts=tuple(writer.part(section) for section in questionnaire.sections),
    )


class _Writer:
    """Puts questions and conditions into the words of one mode and language."""

    def __init__(
        self,
        questionnaire: Questionnaire,
        mode: Mode,
        language: Language,
        *,
        paper: bool,
    ) -> None:
        self.questionnaire = questionnaire
        self.mode = mode
        self.language = language
        self.paper = paper
        shown = dict.fromkeys(
            question.source
            for question in questionnaire.questions
            if not question.computed
        )
        self.numbers = {one: number for number, one in enumerate(shown, start=1)}

    def text(self, key: str) -> str:
        found = self.questionnaire.text(
            key, mode=self.mode, language=self.language, paper=self.paper
        )
        return found.value

    def part(self, section: Section) -> Part:
        asked = [self.questionnaire.question(one) for one in section.questions]
        rows = [one for one in asked if not one.computed and set(one.line) <= {1}]
        return Part(
            title=self.filled(f"section.{section.id}.title", asked[0]),
            when=self.asked(section),
            sensitive=section.sensitive,
            rows=tuple(self.row(question) for question in rows),
        )

    def asked(self, section: Section) -> str:
        """When a section is asked, and that it is asked once for each line."""
        words = [self.when(section.condition)]
        if section.roster is not None:
            lines = {self.questionnaire.question(one).line for one in section.questions}
            most = max(line[-1] for line in lines if line)
            words.append(self.phrase("each", number=str(most)))
        return " ".join(word for word in words if word)

    def row(self, question: Question) -> Row:
        key = question.id
        spoken = self.mode is Mode.TELEPHONE
        return Row(
            number=self.numbers[question.source],
            id=key,
            type=question.type,
            text=self.filled(f"{key}.text", question),
            hint=self.filled(f"{key}.hint", question),
            note=self.filled(f"{key}.note", question) if spoken else "",
            when=self.when(question.own),
            several=question.type is QuestionType.MULTIPLE,
            options=self.options(question),
            refusals=tuple(
                self.text(f"refusal.{kind.word}")
                for kind in question.refusals_in(self.mode)
            ),
            unit=self.unit(question),
            indicators=question.indicators,
            entitlements=question.entitlements,
        )

    def filled(self, key: str, question: Question) -> str:
        """Words with what is filled in named: on paper nobody has answered yet."""
        return "".join(
            piece if isinstance(piece, str) else self.gap(piece, question)
            for piece in pieces(self.text(key))
        )

    def gap(self, fill: Fill, question: Question) -> str:
        """What stands for a fill: the words of a matrix row, the questions it comes
        from, or a gap for the line of a roster."""
        for mark in question.marks:
            if mark.name == "row" and fill.tree == Name("row"):
                return self.text(mark.key)
        names = (self.name(one) for one in fill.names)
        return f"[{', '.join(names)}]" if fill.names else "[...]"

    def options(self, question: Question) -> tuple[str, ...]:
        """The words of the options; those of a long list are not printed."""
        if len(question.codes) > MOST_PRINTED:
            return ()
        words = (
            self.filled(f"{question.id}.{code}", question) for code in question.codes
        )
        return tuple(
            word or code for word, code in zip(words, question.codes, strict=True)
        )

    def unit(self, question: Question) -> str:
        """What stands behind the box: a unit, a currency, the units of a duration."""
        if question.units:
            return ", ".join(self.text(f"unit.{unit}") for unit in question.units)
        return self.text(f"{question.id}.unit") or question.currency

    def when(self, condition: Expression | None) -> str:
        if condition is None:
            return ""
        return self.phrase("if", condition=self.words(condition.tree))

    def phrase(self, key: str, **words: str) -> str:
        """A phrase of the routing words; only the given marks are filled in."""
        text = self.text(f"routing.{key}")
        for mark, word in words.items():
            text = text.replace(f"{{{mark}}}", word)
        return text

    def words(self, tree: Tree) -> str:
        match tree:
            case All(parts):
                return self.joined("and", parts, lambda part: isinstance(part, Either))
            case Either(parts):
                return self.joined("or", parts, lambda part: isinstance(part, All))
            case Not(part):
                return self.phrase("not", part=self.words(part))
            case Call("answered" | "refused" as test, (part,)):
                return self.phrase(test, name=self.side(part))
            case Call("has", (part, Literal(code))):
                value = self.value(part, code)
                return self.phrase("has", name=self.side(part), value=value)
            case Within(part, values, outside):
                key = "outside" if outside else "within"
                listed = ", ".join(self.value(part, value) for value in values)
                return self.phrase(key, name=self.side(part), values=listed)
            case Compare(left, sign, Literal(value)):
                shown = self.value(left, value)
                return self.phrase(_SIGNS[sign], name=self.side(left), value=shown)
            case Compare(left, sign, right):
                shown = self.side(right)
                return self.phrase(_SIGNS[sign], name=self.side(left), value=shown)
            case Literal() | Name() | Arithmetic() | Call():
                return self.side(tree)
            case _:
                assert_never(tree)

    def side(self, tree: Tree) -> str:
        """A name or a sum in words: question numbers instead of ids."""
        match tree:
            case Name(name):
                return self.name(name)
            case Arithmetic(left, sign, right):
                return f"{self.term(left)} {sign.value} {self.term(right)}"
            case Call(function, arguments):
                inside = ", ".join(self.side(part) for part in arguments)
                return f"{function}({inside})"
            case _:
                return write(tree)

    def joined(
        self, word: str, parts: tuple[Tree, ...], bracket: Callable[[Tree], bool]
    ) -> str:
        words = [
            f"({self.words(part)})" if bracket(part) else self.words(part)
            for part in parts
        ]
        return f" {self.phrase(word)} ".join(words)

    def name(self, name: str) -> str:
        source, _, line = name.partition("#")
        number = self.numbers.get(source)
        if number is None:
            return name
        shown = str(number) if line in {"", "1", "1.1"} else f"{number} ({line})"
        return self.phrase("question", number=shown)

    def term(self, tree: Tree) -> str:
        """A part of a sum, in brackets when it is a sum itself."""
        words = self.side(tree)
        return f"({words})" if isinstance(tree, Arithmetic) else words

    def value(self, part: Tree, value: Constant) -> str:
        if not isinstance(value, str):
            return write(Literal(value))
        name = part.id if isinstance(part, Name) else ""
        known = name in self.questionnaire.ids
        shown = self.text(f"{name}.{value}") if known else ""
        return f"“{shown or value}”"


_HEAD = """\
#set document(title: TITLE, date: none)
#set page(paper: "a4", margin: (x: 20mm, top: 18mm, bottom: 20mm), numbering: "1 / 1")
#set text(LANG, size: 10.5pt, hyphenate: false)
#set par(leading: 0.6em)
#show heading.where(level: 1): set text(size: 18pt)
#show heading.where(level: 2): set text(size: 13pt)
#let tick(round) = box(
  width: 3.2mm, height: 3.2mm, stroke: 0.6pt, baseline: 0.4mm,
  radius: if round { 1.6mm } else { 0mm },
)
#let boxed = (
  number: 30mm, currency: 30mm, duration: 50mm, date: 50mm, month: 30mm, year: 20mm,
  about: 50mm, time: 30mm, line: 120mm, lookup: 120mm,
)
#let small(body) = text(size: 9pt, fill: luma(80), body)
#let opening(title, edition, digest) = {
  heading(level: 1, title)
  small(edition)
  linebreak()
  small(raw(digest))
}
#let loud(words) = strong(underline(words))
#let part(title, when) = block(sticky: true, above: 9mm, {
  heading(level: 2, title)
  if when != "" { emph(small(when)) }
})
#let question(number, id, body, rest, hint, note, when, kind, options, refusals, unit) = block(
  breakable: false, above: 5mm, width: 100%, {
    if when != "" { emph(small(when)); linebreak() }
    strong([#number. #body]); h(2mm); small(raw(id))
    if rest != "" { parbreak(); rest; parbreak() }
    if hint != "" { if rest == "" { linebreak() }; small(hint) }
    if note != "" { linebreak(); small(emph(note)) }
    v(1mm)
    if kind == "text" {
      block(width: 100%, height: 22mm, stroke: 0.6pt)
    }
    if kind in boxed {
      box(width: boxed.at(kind), height: 7mm, stroke: 0.6pt); h(2mm); unit
    }
    for option in options {
      block(above: 2mm, inset: (left: 4mm), {
        if kind == "ranking" { box(width: 7mm, height: 5mm, stroke: 0.6pt) }
        else { tick(kind != "multiple") }
        h(2mm); option
      })
    }
    for refusal in refusals {
      block(above: 2mm, inset: (left: 4mm), {
        tick(true); h(2mm); emph(refusal)
      })
    }
  })
"""


def _row(row: Row) -> str:
    first, *more = blocks(row.text) if row.text else [Block()]
    words = (_block(first), _typst(more), _marked(row.hint), _marked(row.note))
    told = ", ".join((_quote(row.id), *words, _quote(row.when), _quote(row.type.value)))
    lists = f"{_array(row.options)}, {_array(row.refusals)}, {_quote(row.unit)}"
    return f"#question({row.number}, {told}, {lists})"


def _array(words: tuple[str, ...]) -> str:
    return "(" + "".join(f"{_marked(word)}, " for word in words) + ")"


def _marked(text: str) -> str:
    """Typst code for a text with plain markup: paragraphs, lists and strong words."""
    return _typst(list(blocks(text)))


def _typst(parts: Sequence[Block]) -> str:
    return " + parbreak() + ".join(_block(part) for part in parts) or _quote("")


def _block(block: Block) -> str:
    if block.items:
        return f"list({', '.join(_run(item) for item in block.items)})"
    return _run(block.runs)


def _run(runs: tuple[tuple[str, bool], ...]) -> str:
    return " + ".join(
        f"loud({_quote(words)})" if strong else _quote(words) for words, strong in runs
    ) or _quote("")


def _quote(text: str) -> str:
    """A Typst string: backslash and quote escaped, control characters left out."""
    plain = "".join(sign for sign in text if sign >= " " or sign == "\n")
    escaped = plain.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
