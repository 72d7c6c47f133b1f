"""An XLSForm workbook to an instrument: lists, languages, sections, rosters, order."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from harken.method.errors import Place, refuse
from harken.method.questionnaire.exchange import faults, say
from harken.method.questionnaire.exchange.carried import Report
from harken.method.questionnaire.exchange.names import Names, plain
from harken.method.questionnaire.exchange.say import CannotSay, Piece
from harken.method.questionnaire.exchange.tree import Form, Item, Part, Roster
from harken.method.questionnaire.exchange.wording import clean, unbraced, unmarked
from harken.method.questionnaire.exchange.xlsform.columns import heading
from harken.method.questionnaire.exchange.xlsform.dates import DATES
from harken.method.questionnaire.exchange.xlsform.elements import (
    SHEET,
    Element,
    Option,
    Scope,
    tree,
)
from harken.method.questionnaire.exchange.xlsform.functions import FUNCTIONS
from harken.method.questionnaire.exchange.xlsform.items import Maker
from harken.method.questionnaire.exchange.xlsform.lists import Beside
from harken.method.questionnaire.exchange.xlsform.meaning import Meanings
from harken.method.questionnaire.exchange.xlsform.naming import name_all
from harken.method.questionnaire.exchange.xlsform.numbers import NUMBERS
from harken.method.questionnaire.exchange.xlsform.repeats import REPEATS
from harken.method.questionnaire.exchange.xlsform.translate import Translator
from harken.method.questionnaire.exchange.xlsform.workbook import (
    Workbook,
    read_workbook,
)
from harken.method.questionnaire.exchange.xlsform.xpath import XPathError, parse

LINES = 5
"""How many lines a repeat without a number of its own may have."""

MOST_LINES = 20
HANDLERS = FUNCTIONS | DATES | REPEATS | NUMBERS
PASSES = 4
"""What is left out may leave out more: the rows are gone through until none is."""

_NAMES = re.compile(r"\$\{([^}]+)\}")
_NUMBERS = re.compile(r"[0-9]+")
_WORDS = re.compile(r"[a-z_][a-z0-9_]*")


def read_xlsform(
    data: bytes, name: str, beside: Mapping[str, bytes]
) -> tuple[Form, Report]:
    """The instrument in a workbook, and what was not carried over.

    Args:
        beside: files that stand beside the form, by name: lists it draws from.

    Raises HarkenError (EXC-001, EXC-003, EXC-004).
    """
    book = read_workbook(data, name)
    report = Report(name)
    rows = book.sheets.get("survey") or ()
    if not any(rows):
        raise refuse(faults.NO_QUESTIONS, Place(name))
    for sheet, head in book.doubled:
        report.add(
            faults.TWICE, 1, sheet=sheet, column=head, name=sheet, expression=head
        )
    importer = _Importer(book, report, name, beside)
    form = importer.form()
    if not form.parts:
        words = {form.language: "Nothing of this form is asked here."}
        only = Item("nothing_asked", "information", words)
        form.parts.append(Part("start", {form.language: form.id}, [only]))
    return form, report


@dataclass(slots=True)
class _Importer:
    """One import: what is known of the form while its rows become sections."""

    book: Workbook
    report: Report
    name: str
    beside: Mapping[str, bytes]
    ids: Names = field(default_factory=Names)
    parts: list[Part] = field(default_factory=list)
    conditions: dict[int, Piece] = field(default_factory=dict)
    part_of: dict[int, str] = field(default_factory=dict)

    def form(self) -> Form:
        """Everything, in order."""
        survey = self.book.sheets["survey"]
        settings = next(iter(self.book.sheets.get("settings") or ()), {})
        given = {heading(key)[0]: value for key, value in settings.items()}
        rest = Beside(self.book, self.beside, self.report)
        lists = rest.lists()
        root = tree(survey, lists, self.report)
        rest.unused(given)
        languages = rest.languages(given.get("default_language", ""))
        scope = Scope(root)
        name_all(root, lists, self.ids, self.report)
        maker = self.maker(scope, lists, languages)
        for element in root.walk():
            maker.prune(element)
        maker.meanings.forget()
        title = given.get("title") or given.get("id") or self.name
        language = next(iter(languages.values()))
        words = {language: unmarked(title)[0]}
        given_ids, real = set(self.ids.given), self.report
        for _ in range(PASSES):
            before = len(maker.meanings.dropped)
            self.report = maker.report = Report(self.name)
            self.parts, self.part_of = [], {}
            self.ids.given = set(given_ids)
            maker.helpers.clear()
            self.block(root, maker, _Place(Part("", dict(words))))
            maker.meanings.forget()
            if len(maker.meanings.dropped) == before:
                break
        real.findings += self.report.findings
        self.report = real
        identity = plain(given.get("id") or self.name.rsplit(".", 1)[0]) or "form"
        return Form(
            identity.replace("_", "-")[:60],
            clean(given.get("version", "")).strip()[:40] or "1",
            language,
            tuple(dict.fromkeys(languages.values())),
            [part for part in self.parts if part.items],
            "an XLSForm",
        )

    def maker(
        self,
        scope: Scope,
        lists: Mapping[str, list[Option]],
        languages: dict[str, str],
    ) -> Maker:
        """The maker of questions, with the meanings of names it shares."""
        meanings = Meanings(scope, lambda element: _computed(element, reader))
        reader = Translator(scope.root, scope, meanings, lists, functions=HANDLERS)
        return Maker(meanings, reader, languages, self.report)

    def block(self, block: Element, maker: Maker, place: _Place) -> None:
        """The rows below a group or repeat, a new section for each inner block."""
        for child in block.children:
            if child.kind == "group":
                self.group(child, maker, place)
            elif child.kind == "repeat":
                self.repeat(child, maker, place)
            else:
                own = maker.condition(child)
                if place.inline.constant is not True:
                    own = say.both(place.inline, own)
                items = maker.item(child, own)
                items = [*maker.helpers.pop(child.id, ()), *items]
                if items:
                    self.part(place).items.extend(items)

    def group(self, group: Element, maker: Maker, place: _Place) -> None:
        """A group: a section of its own, or within a repeat a condition of its rows."""
        own = maker.condition(group)
        appearance = group.cells.get("appearance")
        if appearance:
            maker.find(faults.LOOKS, group, column="appearance", expression=appearance)
        if place.part.roster is not None:
            inner = _Place(place.part, say.both(place.inline, own))
            inner.open = place.open
            self.block(group, maker, inner)
            place.open = inner.open
            return
        condition = say.both(place.condition, own)
        words = maker.words(group, "label") or place.part.words
        part = Part(group.id, words, condition=_text(condition))
        inner = _Place(part, condition=condition)
        if condition.constant is False:
            inner.part.condition = "false"
        self.block(group, maker, inner)
        place.open = None

    def repeat(self, repeat: Element, maker: Maker, place: _Place) -> None:
        """A repeat: a section with a roster."""
        own = maker.condition(repeat)
        inner_of = place.part.id if place.part.roster is not None else ""
        by_line = _by_line(own, repeat)
        condition = say.both(place.condition, place.inline)
        if not by_line:
            condition = say.both(condition, own)
        words = maker.words(repeat, "label") or place.part.words
        if condition.constant is False:
            for below in repeat.walk():
                maker.meanings.dropped.add(id(below))
            maker.find(faults.NEVER, repeat, expression=repeat.cells.get("relevant"))
            return
        roster = self.roster(repeat, maker, place, words)
        if roster is None:
            return
        part = Part(repeat.id, words, [], _text(condition), roster, inner_of)
        inner = _Place(part, own if by_line else say.truth(True), condition)
        if any(
            child.kind == "repeat" for child in repeat.walk() if child is not repeat
        ):
            number = Item(self.ids.once(f"{repeat.id}_line"), "computed", value="line")
            maker.meanings.lines[id(repeat)] = number.id
            self.part(inner).items.append(number)
        self.block(repeat, maker, inner)
        if not inner_of:
            place.open = None

    def roster(
        self, repeat: Element, maker: Maker, place: _Place, words: dict[str, str]
    ) -> Roster | None:
        """How many lines a repeat has."""
        text = repeat.cells.get("repeat_count")
        if not text:
            self.report.add(
                faults.MAXIMUM,
                repeat.row,
                sheet=SHEET,
                name=repeat.name,
                maximum=str(LINES),
            )
            more = {
                tag: f"Is there another to add: {unbraced(label)}"
                for tag, label in words.items()
            }
            return Roster(more=more, maximum=LINES)
        piece = maker.piece(repeat, "repeat_count")
        if _counts_itself(text, repeat, maker.meanings.scope, set()):
            problem = "the number of lines follows from the lines: another is asked for"
            detail = {"column": "repeat_count", "expression": text}
            maker.find(faults.NEARLY, repeat, problem=problem, **detail)
            return Roster(more=dict.fromkeys(words, "Is there another?"), maximum=LINES)
        if piece is None or piece.empty:
            return Roster(fixed=1)
        number = say.as_number(piece)
        if number.constant is not None:
            wanted = max(0, int(say.decimal(str(number.constant)) or 0))
            if wanted > MOST_LINES:
                self.report.add(
                    faults.MAXIMUM, repeat.row, sheet=SHEET, name=repeat.name,
                    maximum=str(MOST_LINES),
                )  # fmt: skip
            return Roster(fixed=min(max(wanted, 1), MOST_LINES))
        return self.counted(repeat, number, maker, place)

    def counted(
        self, repeat: Element, number: Piece, maker: Maker, place: _Place
    ) -> Roster:
        """A roster whose number of lines is an answer or a computed value."""
        named = maker.meanings.scope.by_name
        known = {one.id: one for found in named.values() for one in found}
        counter = known.get(number.text)
        maximum = _largest(counter, LINES * 2)
        self.report.add(
            faults.MAXIMUM,
            repeat.row,
            sheet=SHEET,
            name=repeat.name,
            maximum=str(maximum),
        )
        if counter is not None and counter.kind in {"integer", "range"}:
            return Roster(count=counter.id, maximum=maximum)
        computed = self.ids.id(f"{repeat.id}_lines")
        item = Item(computed, "computed", value=number.text)
        if number.guard is not None:
            item.condition = number.guard.text
        self.part(place).items.append(item)
        return Roster(count=computed, maximum=maximum)

    def part(self, place: _Place) -> Part:
        """The section that a row at this place goes to; a new one after a block."""
        if place.open is None:
            model = place.part
            stem = model.id or "form"
            again = stem in self.part_of.values()
            identity = self.ids.once(f"{stem}_on") if again else stem
            if again and model.roster is not None:
                place.open = next(p for p in self.parts if p.id == model.id)
                return place.open
            self.part_of[len(self.parts)] = identity
            place.open = Part(
                identity, model.words, [], model.condition, model.roster, model.within
            )
            self.parts.append(place.open)
        return place.open


@dataclass(slots=True)
class _Place:
    """Where rows go: a model of the section, and the section now open."""

    part: Part
    inline: Piece = field(default_factory=lambda: say.truth(True))
    condition: Piece = field(default_factory=lambda: say.truth(True))
    open: Part | None = None


def _by_line(condition: Piece, repeat: Element) -> bool:
    """Whether a repeat's condition differs from line to line."""
    names = set(_WORDS.findall(condition.text))
    return "line" in names or any(one.id in names for one in repeat.walk())


def _computed(element: Element, reader: Translator) -> Piece:
    """What a calculation gives, to know its kind; its findings are made elsewhere."""
    text = element.cells.get("calculation")
    if not text:
        default = element.cells.get("default")
        text = default
        if not default:
            return say.EMPTY
        if "(" not in default and "${" not in default:
            return say.words(default)
    here = Translator(
        element, reader.scope, reader.meanings, reader.lists, functions=HANDLERS
    )
    try:
        return here.say(parse(text))
    except (XPathError, RecursionError):
        raise CannotSay("a calculation that cannot be read") from None


def _counts_itself(text: str, repeat: Element, scope: Scope, seen: set[int]) -> bool:
    """Whether a number of lines depends on what stands on the lines."""
    for name in _NAMES.findall(text):
        found = scope.named(name.strip(), repeat)
        if found is None or id(found) in seen:
            continue
        seen.add(id(found))
        if repeat in found.above():
            return True
        if _counts_itself(found.cells.get("calculation"), repeat, scope, seen):
            return True
    return False


def _largest(counter: Element | None, otherwise: int) -> int:
    """The largest number a counting question's constraint allows, within reason."""
    if counter is None:
        return otherwise
    text = counter.cells.get("constraint")
    found = [
        int(part)
        for part in _NUMBERS.findall(text)
        if part.isdigit() and 1 <= int(part) <= MOST_LINES
    ]
    return max(found) if found else otherwise


def _text(condition: Piece) -> str:
    return "" if condition.constant is True else condition.text
