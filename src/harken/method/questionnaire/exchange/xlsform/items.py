"""One row of the survey to one question, with a finding for whatever stays behind."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal

from harken.method.errors import Fault
from harken.method.questionnaire.exchange import faults, say
from harken.method.questionnaire.exchange.carried import Report
from harken.method.questionnaire.exchange.limits import wrong_unless
from harken.method.questionnaire.exchange.say import CannotSay, Piece
from harken.method.questionnaire.exchange.tree import Check, Choice, Item, Words
from harken.method.questionnaire.exchange.wording import filled, unmarked
from harken.method.questionnaire.exchange.xlsform.elements import (
    SHEET,
    Element,
    Option,
)
from harken.method.questionnaire.exchange.xlsform.meaning import Meanings
from harken.method.questionnaire.exchange.xlsform.translate import Translator
from harken.method.questionnaire.exchange.xlsform.xpath import (
    Node,
    XPathError,
    parse,
)
from harken.method.questionnaire.values import DATED, Kind

YES = frozenset({"yes", "true", "true()", "1"})
NO = frozenset({"", "no", "false", "false()", "0"})
MOST_OPTIONS = 500
MOST_LISTED = 10_000
_FILL = re.compile(r"\$\{\s*([^}]*?)\s*\}")
_PARAMETER = re.compile(r"([\w-]+)\s*=\s*([^\s;,]+)")
_SHOWN_AS = frozenset({"multiline", "minimal", "w1", "likert", "quick", "autocomplete"})
_CHECK_THIS = "Please check this answer."
_TRUTHS = frozenset({"relevant", "constraint"})
"""Columns of which only the truth counts."""


@dataclass(slots=True)
class Maker:
    """Makes questions of rows. ``tags``: language headings to tags."""

    meanings: Meanings
    reader: Translator
    tags: dict[str, str]
    report: Report
    helpers: dict[str, list[Item]] = field(default_factory=dict)
    """Computed values to stand before a question, by the question's id."""

    def read(self, element: Element, column: str, text: str) -> Node | None:
        """An expression of a row, or a finding and None."""
        try:
            return parse(text)
        except XPathError as error:
            self.find(
                faults.NOT_PARSED,
                element,
                column=column,
                expression=text,
                problem=str(error),
            )
            return None

    def find(self, fault: Fault, element: Element, /, **detail: str) -> None:
        """A finding at a row."""
        name = element.name or element.cells.get("type")
        self.report.add(fault, element.row, sheet=SHEET, name=name, **detail)

    def translator(self, element: Element) -> Translator:
        """The reader of expressions, standing at an element."""
        one = self.reader
        return Translator(
            element, one.scope, one.meanings, one.lists, functions=one.functions
        )

    def piece(self, element: Element, column: str, text: str = "") -> Piece | None:
        """What a cell's expression is in Harken; None with a finding when nothing."""
        written = text or element.cells.get(column)
        node = self.read(element, column, written) if written else None
        if node is None:
            return None
        reader = self.translator(element)
        try:
            wanted = reader.condition if column in _TRUTHS else reader.say
            made = wanted(node)
        except (CannotSay, RecursionError) as error:
            self.find(
                faults.NOT_SAID,
                element,
                column=column,
                expression=written,
                problem=str(error),
            )
            return None
        self.noted(element, column, written, reader)
        for name, piece in reader.helpers:
            asked = piece.guard or say.truth(True)
            plain = replace(piece, guard=None)
            helper = Item(name, "computed", value=plain.text, condition=_if(asked))
            self.helpers.setdefault(element.id, []).append(helper)
        return made

    def noted(
        self, element: Element, column: str, text: str, reader: Translator
    ) -> None:
        """Findings for what the reader said nearly, or took from outside."""
        if reader.loose:
            self.find(faults.LOOSE_PATTERN, element, column=column, expression=text)
        for fault, what in (
            (faults.NEARLY, reader.nearly),
            (faults.OUTSIDE, reader.outside),
        ):
            if what:
                problem = ", ".join(dict.fromkeys(what))
                self.find(
                    fault, element, column=column, expression=text, problem=problem
                )

    def condition(self, element: Element, column: str = "relevant") -> Piece:
        """When a row is asked; always when it has no condition that can be said."""
        piece = self.piece(element, column)
        return say.truth(True) if piece is None else piece

    def words(self, element: Element, column: str) -> Words:
        """What a column says in each language, references turned into fills."""
        said: Words = {}
        for heading, text in element.cells.words(column).items():
            tag = self.tags.get(heading)
            if tag is not None and tag not in said:
                said[tag] = self.text(element, column, text)
        return {tag: text for tag, text in said.items() if text}

    def text(self, element: Element, column: str, text: str) -> str:
        """One text, markup taken off, fills in."""
        for key, value in element.words.items():
            text = text.replace(f"%({key})s", value)
        bare, marked = unmarked(text)
        if marked:
            self.find(faults.MARKUP, element, column=column)
        return filled(
            bare, lambda name: self.fill(element, column, name), _FILL
        ).strip()

    def fill(self, element: Element, column: str, name: str) -> str:
        """``{id|...}`` for ``${name}``; nothing where nothing is asked."""
        reader = self.translator(element)
        found = reader.scope.named(name, element)
        if found is None or found is element:
            if found is None:
                problem = f"'{name}' is no question of the form"
                detail = {"expression": f"${{{name}}}", "problem": problem}
                self.find(faults.NOT_SAID, element, column=column, **detail)
            return "…"
        try:
            piece = reader.single(reader.value(found))
        except CannotSay:
            piece = say.EMPTY
        self.noted(element, column, f"${{{name}}}", reader)
        if piece.empty:
            return "…"
        if not piece.text.isidentifier():
            if element.children:
                problem = (
                    "a value of other lines is not shown in the words of a section"
                )
                detail = {"expression": f"${{{name}}}", "problem": problem}
                self.find(faults.NEARLY, element, column=column, **detail)
                return "…"
            piece = self.named(element, piece)
        if piece.text == "today" or piece.kind in DATED:
            return f"{{date({piece.text})|…}}"
        if piece.kind is Kind.CODES:
            return f"{{list({piece.text})|…}}"
        return f"{{{piece.text}|…}}"

    def named(self, element: Element, piece: Piece) -> Piece:
        """A value under a name of its own, in front of the question that shows it."""
        helpers = self.helpers.setdefault(element.id, [])
        same = next((one for one in helpers if one.value == piece.text), None)
        if same is None:
            same = Item(
                f"{element.id}_f{len(helpers) + 1}", "computed", value=piece.text
            )
            helpers.append(same)
        return replace(piece, text=same.id, level=say.UNIT)

    def item(self, element: Element, condition: Piece) -> list[Item]:
        """The questions a row becomes: one, two for a date with a time, or none."""
        kind = element.kind
        if kind in {"media", "device", "now", "today", "unknown"}:
            self.left_out(element)
            return []
        if kind in {"calculate", "hidden"}:
            return self.computed(element, condition)
        if condition.constant is False:
            text = element.cells.get("relevant")
            self.meanings.dropped.add(id(element))
            self.find(faults.NEVER, element, expression=text)
            return []
        made = Item(element.id, _TYPE_OF[kind], condition=_if(condition))
        made.words = self.words(element, "label") or self.words(element, "hint")
        if not made.words:
            if kind == "note":
                self.find(faults.NO_WORDS, element)
                return []
            self.find(faults.NO_WORDS, element)
            made.words = {next(iter(self.tags.values())): element.name or element.id}
        elif element.cells.words("label"):
            made.hint = self.words(element, "hint")
        made.note = self.words(element, "guidance_hint")
        if kind == "text":
            many = "multiline" in element.cells.get("appearance")
            made.type = "text" if many else "line"
        self.settings(element, made)
        if kind in {"single", "multiple", "ranking"}:
            self.options(element, made)
        if kind != "note":
            self.constraint(element, made)
        self.columns(element, made)
        return [made, *self.time_of(element, made)]

    def left_out(self, element: Element) -> None:
        """The finding for a row that is not asked here."""
        cell = element.cells.get("type")
        fault = {
            "media": faults.NOT_ASKED,
            "unknown": faults.UNKNOWN_TYPE,
        }.get(element.kind, faults.DEVICE)
        self.find(fault, element, type=cell)

    def computed(self, element: Element, condition: Piece) -> list[Item]:
        """A computed value; its guard joins its condition."""
        column = "calculation" if element.cells.get("calculation") else "default"
        text = element.cells.get(column)
        if not text:
            self.find(faults.DEVICE, element, type=element.cells.get("type"))
            return []
        made = (
            self.piece(element, column)
            if _is_expression(column, text)
            else say.words(text)
        )
        if id(element) in self.meanings.looped:
            problem = "it is computed from itself, and its earlier value is empty here"
            detail = {"column": column, "expression": text, "problem": problem}
            self.find(faults.NEARLY, element, **detail)
        if made is None:
            self.meanings.dropped.add(id(element))
            return []
        if made.empty:
            self.meanings.dropped.add(id(element))
            self.find(faults.DEVICE, element, type=element.cells.get("type"))
            return []
        if made.kind is Kind.BOOLEAN:
            made = Piece(f"if({made.text}, 'true', 'false')", Kind.CODE)
        asked = condition if made.guard is None else say.both(condition, made.guard)
        if asked.constant is False:
            self.meanings.dropped.add(id(element))
            self.find(faults.NEVER, element, expression=text)
            return []
        if element.cells.get("trigger"):
            self.find(
                faults.LOOKS,
                element,
                column="trigger",
                expression=element.cells.get("trigger"),
            )
        return [Item(element.id, "computed", value=made.text, condition=_if(asked))]

    def settings(self, element: Element, made: Item) -> None:
        """Limits and steps of numbers, the order of options."""
        kind = element.kind
        given = dict(_PARAMETER.findall(element.cells.get("parameters")))
        if kind == "percentage":
            made.settings |= {"minimum": "0", "maximum": "100", "unit": '"%"'}
        if kind == "integer":
            made.settings["decimals"] = "0"
        if kind == "range":
            low = say.decimal(given.pop("start", "0")) or Decimal(0)
            high = say.decimal(given.pop("end", "10")) or Decimal(10)
            step = say.decimal(given.pop("step", "1")) or Decimal(1)
            low, high = min(low, high), max(low, high)
            made.settings |= {"minimum": f"{low:f}", "maximum": f"{high:f}"}
            rest = f"mod({made.id} - {say.number(low).inside(say.UNIT)}, {abs(step):f})"
            made.checks.append(
                Check(f"{rest} != 0", dict.fromkeys(made.words, _CHECK_THIS))
            )
        if given.pop("randomize", "").lower() in YES:
            made.order = "random"
            given.pop("seed", "")
        if given:
            listed = " ".join(f"{key}={value}" for key, value in given.items())
            self.find(faults.LOOKS, element, column="parameters", expression=listed)

    def options(self, element: Element, made: Item) -> None:
        """The options of a choice, each with the condition the filter makes for it."""
        if not element.options:
            made.type = "line"
            name = element.type.list
            if element.type.file or name.startswith("external "):
                why = f": the file '{name}' was not given"
                detail = {
                    "type": element.cells.get("type"),
                    "as_type": "line",
                    "why": why,
                }
                self.find(faults.OTHER_TYPE, element, **detail)
            else:
                self.find(faults.NO_LIST, element, list=name)
            return
        options = element.options
        conditions = self.filtered(element, options)
        limit = (
            MOST_LISTED
            if made.type == "single" and not any(conditions)
            else MOST_OPTIONS
        )
        if len(options) > limit:
            detail = {
                "count": str(len(options)),
                "what": "options",
                "limit": str(limit),
            }
            self.find(faults.SHORTENED, element, **detail)
        for option, condition in list(zip(options, conditions, strict=True))[:limit]:
            if condition == "false":
                continue
            words = {
                self.tags[heading]: self.text(element, "choice label", text)
                for heading, text in option.words.items()
                if heading in self.tags
            }
            said = {tag: text for tag, text in words.items() if text}
            say_too = element.type.other and option.name == "other"
            say_too = say_too and element.kind != "ranking"
            made.options.append(
                Choice(option.code, said or {"": option.name}, condition, say=say_too)
            )

    def filtered(self, element: Element, options: list[Option]) -> list[str]:
        """For each option when it is offered ('' always, 'false' never)."""
        text = element.cells.get("choice_filter")
        node = self.read(element, "choice_filter", text) if text else None
        if node is None:
            return [""] * len(options)
        made: list[str] = []
        known: dict[tuple[tuple[str, str], ...], Piece] = {}
        try:
            for option in options:
                met: list[Piece] = []
                for row in option.rows():
                    reader = self.translator(element).on(row)
                    facts = {k: v for k, v in row.facts.items() if k in text}
                    named = "name" in text or "label" in text
                    key = (*facts.items(), ("name", row.name if named else ""))
                    if key not in known:
                        known[key] = reader.condition(node)
                        self.noted(element, "choice_filter", text, reader)
                    met.append(known[key])
                made.append(_if(say.either(*met), never="false"))
        except (CannotSay, RecursionError) as error:
            detail = {
                "column": "choice_filter",
                "expression": text,
                "problem": str(error),
            }
            self.find(faults.NOT_SAID, element, **detail)
            return [""] * len(options)
        if len(made) - made.count("false") < min(2, len(made)):
            self.find(
                faults.OUTSIDE,
                element,
                column="choice_filter",
                expression=text,
                problem="fewer than two options would be left, so all are offered",
            )
            return [""] * len(options)
        return made

    def prune(self, element: Element) -> None:
        """Take off the options that a filter never lets through."""
        if element.options and element.cells.get("choice_filter"):
            made = self.filtered(element, element.options)
            pairs = zip(element.options, made, strict=True)
            element.options = [option for option, one in pairs if one != "false"]

    def constraint(self, element: Element, made: Item) -> None:
        """The rule an answer must keep, as the check that it breaks."""
        text = element.cells.get("constraint")
        if not text:
            return
        rule = self.piece(element, "constraint")
        if rule is None:
            return
        answer = self.meanings.plain(element)
        wrong = wrong_unless(rule, answer)
        if wrong.constant is False:
            return
        words = self.words(element, "constraint_message")
        words = words or dict.fromkeys(list(made.words)[:1], _CHECK_THIS)
        if wrong.constant is None and wrong.text != "true":
            made.checks.append(Check(wrong.text, words))

    def columns(self, element: Element, made: Item) -> None:
        """Findings for columns that stay behind."""
        get = element.cells.get
        required = get("required")
        if required.lower() in YES:
            self.find(faults.MAY_LEAVE_OUT, element)
        elif required.lower() not in NO:
            self.find(faults.SOMETIMES_REQUIRED, element, expression=required)
        default = get("default")
        if default and element.kind != "note":
            self.find(faults.NO_DEFAULT, element, expression=default)
        if get("read_only").lower() not in NO and element.kind != "note":
            self.find(
                faults.LOOKS, element, column="read_only", expression=get("read_only")
            )
        if get("calculation") and element.kind == "note":
            self.find(
                faults.LOOKS,
                element,
                column="calculation",
                expression=get("calculation"),
            )
        shown = [w for w in get("appearance").split() if w not in _SHOWN_AS]
        if shown:
            self.find(
                faults.LOOKS, element, column="appearance", expression=" ".join(shown)
            )
        media = element.cells.words("media")
        if media:
            self.find(
                faults.NO_MEDIA,
                element,
                column="media",
                expression=next(iter(media.values())),
            )

    def time_of(self, element: Element, made: Item) -> Iterable[Item]:
        """The time of day of a date with a time, as a question of its own."""
        if element.kind != "datetime":
            return
        detail = {"type": "dateTime", "as_type": "a date and a time", "why": ""}
        self.find(faults.OTHER_TYPE, element, **detail)
        yield Item(f"{element.id}_time", "time", made.words, condition=made.condition)


_TYPE_OF = {
    "text": "line",
    "integer": "number",
    "percentage": "number",
    "decimal": "number",
    "range": "number",
    "note": "information",
    "date": "date",
    "time": "time",
    "datetime": "date",
    "acknowledge": "yes_no",
    "single": "single",
    "multiple": "multiple",
    "ranking": "ranking",
}


def _if(condition: Piece, never: str = "false") -> str:
    if condition.constant is True:
        return ""
    return never if condition.constant is False else condition.text


def _is_expression(column: str, text: str) -> bool:
    """A default is an expression when it looks like one; a calculation always is."""
    return column == "calculation" or bool(re.search(r"\$\{|\(\s*\)|\w\(", text))
