"""An XLSForm workbook to an instrument: lists, languages, sections, rosters, order."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from harken.method.errors import Place, refuse
from harken.method.questionnaire.exchange import faults, say
from harken.method.questionnaire.exchange.carried import Report
from harken.method.questionnaire.exchange.names import Names, code, plain
from harken.method.questionnaire.exchange.say import CannotSay, Piece
from harken.method.questionnaire.exchange.tree import Form, Item, Part, Roster
from harken.method.questionnaire.exchange.wording import clean, tags, unbraced, unmarked
from harken.method.questionnaire.exchange.xlsform.columns import (
    Cells,
    Typed,
    cells,
    heading,
)
from harken.method.questionnaire.exchange.xlsform.elements import (
    SHEET,
    Element,
    Option,
    Scope,
    tree,
)
from harken.method.questionnaire.exchange.xlsform.functions import HANDLERS
from harken.method.questionnaire.exchange.xlsform.items import Maker
from harken.method.questionnaire.exchange.xlsform.meaning import Meanings
from harken.method.questionnaire.exchange.xlsform.translate import Translator
from harken.method.questionnaire.exchange.xlsform.workbook import (
    Workbook,
    read_workbook,
)
from harken.method.questionnaire.exchange.xlsform.xpath import XPathError, parse

LINES = 5
"""How many lines a repeat without a number of its own may have."""

MOST_LINES = 20
_NUMBERS = re.compile(r"[0-9]+")
_SETTINGS = {
    "title", "id", "version", "default_language", "style", "name", "public_key",
    "submission_url", "auto_send", "auto_delete", "instance_name",
}  # fmt: skip


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
        lists = self.lists()
        root = tree(survey, lists, self.report)
        self.unused(given)
        languages = self.languages(given.get("default_language", ""))
        scope = Scope(root)
        self.name_all(root, lists)
        maker = self.maker(scope, lists, languages)
        for element in root.walk():
            maker.prune(element)
        maker.meanings.forget()
        title = given.get("title") or given.get("id") or self.name
        language = next(iter(languages.values()))
        self.block(root, maker, _Place(Part("", {language: unmarked(title)[0]})))
        identity = plain(given.get("id") or self.name.rsplit(".", 1)[0]) or "form"
        return Form(
            identity.replace("_", "-")[:60],
            clean(given.get("version", "")).strip()[:40] or "1",
            language,
            tuple(dict.fromkeys(languages.values())),
            [part for part in self.parts if part.items],
            "an XLSForm",
        )

    def lists(self) -> dict[str, list[Option]]:
        """Every list of options by its name; files by name and by stem."""
        found: dict[str, list[Option]] = {}
        used: dict[str, set[str]] = {}
        by_list: dict[str, set[str]] = {}
        for sheet, prefix in (("choices", ""), ("external_choices", "external ")):
            for number, row in enumerate(self.book.sheets.get(sheet) or (), start=2):
                known = cells(row, number, choices=True)
                listed, name = known.get("list"), known.get("name")
                if listed and name:
                    into = found.setdefault(prefix + listed, [])
                    taken = used.setdefault(prefix + listed, set())
                    names = by_list.setdefault(prefix + listed, set())
                    self.option(into, (taken, names), known)
        for file, data in self.beside.items():
            if file.lower().endswith(".csv"):
                options = _from_csv(data)
                found.setdefault(file, options)
                found.setdefault(file.rsplit(".", 1)[0], options)
        return found

    def option(
        self, into: list[Option], known: tuple[set[str], set[str]], row: Cells
    ) -> None:
        """One row of a list, its name as a code; ``known``: codes and names it has."""
        used, names = known
        name = row.get("name")
        if name in names:
            detail = {"column": "option", "name": row.get("list"), "expression": name}
            self.report.add(faults.TWICE, row.row, sheet="choices", **detail)
            return
        names.add(name)
        made = code(name, used)
        if made != name:
            self.report.add(
                faults.RENAMED, row.row, sheet="choices", name=name, new=made
            )
        words = row.words("label")
        into.append(Option(name, made, words, dict(row.rest)))

    def languages(self, default: str) -> dict[str, str]:
        """Headings that name a language, the default first, to tags."""
        found: dict[str, None] = {}
        for sheet in ("survey", "choices"):
            for row in self.book.sheets.get(sheet) or ():
                for head in row:
                    column, language = heading(head)
                    if column in {"label", "hint"}:
                        found.setdefault(language)
        named = [one for one in found if one]
        first = default if default in named else (named[0] if named else default)
        ordered = dict.fromkeys([*([first] if first else []), *named])
        made = tags(ordered) if ordered else {}
        for head, tag in made.items():
            if f"({tag})" not in head:
                self.report.add(faults.LANGUAGE, name=head, new=tag)
        if not made:
            return {"": "en"}
        return {**made, "": next(iter(made.values()))}

    def unused(self, given: Mapping[str, str]) -> None:
        """Settings, sheets and columns that stay behind, each once."""
        for key, value in given.items():
            if key not in _SETTINGS or key in {"style", "instance_name"}:
                self.report.add(
                    faults.UNUSED, 2, sheet="settings", column=key, expression=value
                )
        for sheet in ("entities", "osm"):
            if self.book.sheets.get(sheet):
                self.report.add(
                    faults.UNUSED,
                    sheet=sheet,
                    column=f"The sheet {sheet}",
                    expression="rows",
                )
        seen: set[str] = set()
        for number, row in enumerate(self.book.sheets["survey"], start=2):
            known = cells(row, number)
            rest = {**known.rest}
            for name in ("save_to",):
                if known.get(name):
                    rest[name] = known.get(name)
            if known.words("required_message"):
                rest["required_message"] = next(
                    iter(known.words("required_message").values())
                )
            for head, value in rest.items():
                if head not in seen:
                    seen.add(head)
                    detail = {"column": f"The column {head}", "expression": value}
                    self.report.add(faults.UNUSED, number, sheet=SHEET, **detail)

    def name_all(self, root: Element, lists: Mapping[str, list[Option]]) -> None:
        """An id for every element; its options; kinds that depend on other columns."""
        for element in root.walk():
            if element is root:
                continue
            name = element.name or element.cells.get("type")
            element.id = self.ids.id(name, "group" if element.children else "q")
            if element.name and element.id != element.name:
                self.report.add(
                    faults.RENAMED, element.row, sheet=SHEET, name=name, new=element.id
                )
            kind = element.type
            if kind.list:
                stem = kind.list.rsplit(".", 1)[0]
                element.options = list(lists.get(kind.list) or lists.get(stem) or ())
            if kind.other and element.options:
                names = {option.name for option in element.options}
                if "other" not in names:
                    codes = {option.code for option in element.options}
                    words = {"": "Other"}
                    other = Option("other", code("other", codes), words, {})
                    element.options.append(other)
            if kind.kind in {"single", "multiple"} and len(element.options) == 1:
                only = element.options[0]
                element.options = [Option(only.name, "yes", only.words, only.facts)]
                element.type = Typed("acknowledge")
            computed = element.cells.get("calculation") and kind.kind in _COMPUTABLE
            if computed:
                element.type = Typed("calculate")
                detail = {
                    "type": element.cells.get("type"),
                    "as_type": "a computed value",
                }
                self.report.add(
                    faults.OTHER_TYPE,
                    element.row,
                    sheet=SHEET,
                    name=name,
                    why="",
                    **detail,
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
        if inner_of and place.part.within:
            problem = "a repeat in a repeat in a repeat"
            maker.find(faults.MISPLACED, repeat, problem=problem)
            own = say.truth(False)
        condition = say.both(place.condition, place.inline, own)
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
        inner = _Place(part, condition=condition)
        if any(
            child.kind == "repeat" for child in repeat.walk() if child is not repeat
        ):
            number = Item(self.ids.once(f"{repeat.id}_line"), "computed", value="line")
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


_COMPUTABLE = frozenset(
    {"text", "integer", "decimal", "date", "time", "datetime", "range", "percentage"}
)


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


def _from_csv(data: bytes) -> list[Option]:
    rows = csv.DictReader(io.StringIO(data.decode("utf-8-sig", "replace")))
    found: list[Option] = []
    used: set[str] = set()
    for row in rows:
        plain_row = {str(k): str(v) for k, v in row.items() if k and isinstance(v, str)}
        name = plain_row.get("name") or plain_row.get("name_key") or ""
        name = name or next(iter(plain_row.values()), "")
        if name and all(option.name != name for option in found[-1:]):
            label = plain_row.get("label") or name
            found.append(Option(name, code(name, used), {"": label}, plain_row))
    return found
