"""Groups, questions, subquestions and answers of a survey to an instrument."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from harken.method.errors import Fault, Place, refuse
from harken.method.questionnaire.exchange import faults, say
from harken.method.questionnaire.exchange.carried import Report
from harken.method.questionnaire.exchange.limesurvey.conditions import legacy
from harken.method.questionnaire.exchange.limesurvey.equations import equation
from harken.method.questionnaire.exchange.limesurvey.tables import (
    FIXED,
    Row,
    Tables,
    gathered,
    order,
    read_tables,
)
from harken.method.questionnaire.exchange.names import Names, code, plain
from harken.method.questionnaire.exchange.say import CannotSay, Piece
from harken.method.questionnaire.exchange.tree import Check, Choice, Form, Item, Part
from harken.method.questionnaire.exchange.wording import filled, tag_of, unmarked
from harken.method.questionnaire.values import DATED, Kind

_SIMPLE = {"S": "line", "T": "text", "U": "text", "N": "number", "D": "date"}
_ARRAYS = frozenset("ABCEFH1")
_GRIDS = frozenset(":;")
_LISTS = frozenset("L!OYG5")
_EACH = {"Q": "line", "K": "number"}
_NOT_ASKED = {"|": "upload", "I": "language switch"}
_FILL = re.compile(r"\{([^{}]*)\}")
_KINDS = {
    "number": Kind.NUMBER,
    "date": Kind.DATE,
    "line": Kind.TEXT,
    "text": Kind.TEXT,
}


def read_limesurvey(data: bytes, name: str) -> tuple[Form, Report]:
    """The instrument in an .lss file, and what was not carried over.

    Raises HarkenError (EXC-001, EXC-003, EXC-004).
    """
    tables = read_tables(data, name)
    report = Report(name)
    if not tables.of("questions"):
        raise refuse(faults.NO_QUESTIONS, Place(name))
    tags = {one: (tag_of(one) or one[:2]) for one in tables.languages}
    return _Importer(tables, report, tags).form(name), report


@dataclass(slots=True)
class _Importer:
    """One import of one survey."""

    tables: Tables
    report: Report
    tags: dict[str, str]
    ids: Names = field(default_factory=Names)
    pieces: dict[str, Piece] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    subs: dict[str, list[Row]] = field(default_factory=dict)
    answers: dict[str, list[Row]] = field(default_factory=dict)
    attributes: dict[str, dict[str, str]] = field(default_factory=dict)
    where: str = ""

    @property
    def language(self) -> str:
        return self.tags[self.tables.language]

    def find(self, fault: Fault, /, **detail: str) -> None:
        """A finding at the question that is being read."""
        self.report.add(fault, sheet=self.where, **({"name": self.where} | detail))

    def form(self, name: str) -> Form:
        """Everything, in order."""
        self.subs, self.answers, self.attributes = gathered(self.tables)
        for quota in self.tables.of("quota"):
            detail = {"column": "The quota", "expression": quota.get("name", "")}
            self.report.add(faults.UNUSED, sheet="quota", **detail)
        questions = [
            row
            for row in self.tables.once("questions", "qid")
            if row.get("parent_qid", "0") in {"", "0"}
        ]
        parts: list[Part] = []
        groups = sorted(
            self.tables.once("groups", "gid"), key=lambda row: order(row, "group_order")
        )
        for group in groups:
            own = [row for row in questions if row.get("gid") == group.get("gid")]
            own.sort(key=lambda row: order(row, "question_order"))
            parts.append(self.group(group, own))
        parts = [part for part in parts if part.items]
        if not parts:
            words = {self.language: "Nothing of this survey is asked here."}
            only = Item("nothing_asked", "information", words)
            parts = [Part("start", {self.language: name}, [only])]
        identity = plain(name.rsplit(".", 1)[0]).replace("_", "-")[:60] or "survey"
        languages = tuple(dict.fromkeys(self.tags.values()))
        return Form(
            identity, "1", self.language, languages, parts, "a LimeSurvey survey"
        )

    def words(self, table: str, row: Row, key: str, column: str) -> dict[str, str]:
        """Words by tag, markup off, equations in braces as fills."""
        found: dict[str, str] = {}
        for language, text in self.tables.words(table, row, key, column).items():
            tag = self.tags.get(language)
            if tag is None:
                continue
            bare, marked = unmarked(text)
            if marked:
                self.find(faults.MARKUP, column=column)
            found[tag] = filled(bare, self.fill, _FILL).strip()
        return {tag: text for tag, text in found.items() if text}

    def fill(self, text: str) -> str:
        """A fill for an equation that is one name; dots for others."""
        try:
            piece = equation(text, self.named, self.codes)
        except CannotSay as error:
            detail = {"column": "wording", "expression": text, "problem": str(error)}
            self.find(faults.NEARLY, **detail)
            return "…"
        if piece.constant is not None or piece.guard is not None:
            return "…"
        if not re.fullmatch(r"[a-z][a-z0-9_]*", piece.text):
            detail = {"column": "wording", "expression": text, "problem": "an equation"}
            self.find(faults.NEARLY, **detail)
            return "…"
        if piece.kind in DATED:
            return f"{{date({piece.text})|…}}"
        shape = "list({})" if piece.kind is Kind.CODES else "{}"
        return "{" + shape.format(piece.text) + "|…}"

    def named(self, name: str) -> Piece:
        """What a name of an equation is. Raises CannotSay."""
        piece = self.pieces.get(name)
        if piece is None:
            upper = name.upper()
            if upper.startswith(("TOKEN", "ATTRIBUTE", "SAVEDID", "LANG", "SID")):
                self.find(
                    faults.OUTSIDE, column="equation", expression=name, problem=name
                )
                return say.EMPTY
            raise CannotSay(f"'{name}' is no question of the survey")
        return piece

    def group(self, group: Row, questions: list[Row]) -> Part:
        """A group of questions as a section."""
        names = self.tables.words("groups", group, "gid", "group_name")
        self.where = f"group {group.get('gid', '')}"
        title = next(iter(names.values()), "") or "group"
        words = self.words("groups", group, "gid", "group_name")
        part = Part(self.ids.id(title, "group"), words)
        part.condition = _text(self.relevance(group, "grelevance"))
        text = self.words("groups", group, "gid", "description")
        if text:
            part.items.append(
                Item(self.ids.once(f"{part.id}_about"), "information", text)
            )
        for row in questions:
            self.where = row.get("title", "") or row.get("qid", "")
            part.items.extend(self.question(row))
        return part

    def relevance(self, row: Row, column: str) -> Piece:
        """When a group or question is asked: its equation, or the older conditions."""
        text = row.get(column, "").strip()
        try:
            if text and text != "1":
                return say.holds(equation(text, self.named, self.codes))
            if column == "relevance":
                rows = [
                    one
                    for one in self.tables.of("conditions")
                    if one.get("qid") == row.get("qid")
                ]
                return legacy(rows, self.named, self.codes)
        except (CannotSay, RecursionError) as error:
            detail = {"column": column, "expression": text or "conditions"}
            self.find(faults.NOT_SAID, problem=str(error), **detail)
        return say.truth(True)

    def question(self, row: Row) -> list[Item]:
        """The questions that one question of the survey stands for."""
        kind = row.get("type", "")
        title = row.get("title", "")
        if kind in _NOT_ASKED:
            self.find(faults.NOT_ASKED, type=_NOT_ASKED[kind])
            self.know(row, "", say.EMPTY)
            return []
        asked = self.relevance(row, "relevance")
        item = Item(self.ids.id(title or "q"), _SIMPLE.get(kind, "information"))
        if item.id != title:
            self.find(faults.RENAMED, name=title, new=item.id)
        item.words = self.words("questions", row, "qid", "question")
        item.hint = self.words("questions", row, "qid", "help")
        item.words = item.words or {self.language: title or item.id}
        item.condition = _text(asked)
        if row.get("mandatory") in {"Y", "S"}:
            self.find(faults.MAY_LEAVE_OUT)
        made = self.made(row, kind, item)
        if asked.constant is False:
            self.find(faults.NEVER, expression=row.get("relevance", ""))
            return []
        self.checked(row, made)
        return made

    def made(self, row: Row, kind: str, item: Item) -> list[Item]:
        """The items of a question by its type."""
        if kind in _SIMPLE:
            if kind == "N":
                self.limits(row, item)
            self.know(row, "", Piece(item.id, _KINDS[item.type]))
            return [item]
        if kind in _LISTS:
            return self.single(row, kind, item)
        if kind in {"M", "P"}:
            return self.multiple(row, kind, item)
        if kind == "R":
            return self.ranking(row, item)
        if kind in _EACH:
            return self.each(row, item, _EACH[kind])
        if kind in _ARRAYS:
            return self.array(row, kind, item)
        if kind in _GRIDS:
            return self.grid(row, kind, item)
        if kind == "*":
            return self.computed(row, item)
        if kind == "X":
            self.know(row, "", say.EMPTY)
            return [item]
        self.find(faults.UNKNOWN_TYPE, type=kind)
        self.know(row, "", say.EMPTY)
        return []

    def know(self, row: Row, suffix: str, piece: Piece) -> None:
        """Enter what a name means: by the question's code and by its numbers."""
        code_name = row.get("title", "")
        numbers = f"{row.get('sid', '')}X{row.get('gid', '')}X{row.get('qid', '')}"
        self.pieces[f"{code_name}{suffix}"] = piece
        self.pieces[f"{numbers}{suffix.replace('_', '', 1)}"] = piece

    def coded(self, wanted: str, used: set[str]) -> str:
        """A code for an answer, remembered when it is written otherwise there."""
        made = code(wanted, used)
        if made != wanted:
            self.codes[wanted] = made
            self.find(faults.RENAMED, name=wanted, new=made)
        return made

    def options(self, row: Row, kind: str, scale: str = "") -> list[Choice]:
        """The options of a list: fixed by its type, or its answers."""
        used: set[str] = set()
        if kind in FIXED:
            return [Choice(c, {self.language: text}) for c, text in FIXED[kind]]
        found = []
        for one in self.answers.get(row.get("qid", ""), []):
            if scale and one.get("scale_id", "0") != scale:
                continue
            words = self.words("answers", one, "aid", "answer")
            found.append(Choice(self.coded(one.get("code", ""), used), words))
        if row.get("other") == "Y" and kind in "L!":
            words = {self.language: "Other"}
            found.append(Choice(self.coded("-oth-", used), words, say=True))
        return found

    def single(self, row: Row, kind: str, item: Item) -> list[Item]:
        """One of a list; with a comment, a text beside it."""
        item.type, item.options = "single", self.options(row, kind)
        if len(item.options) < 2:
            self.find(faults.NO_LIST, list="its answers")
            item.type, item.options = "line", []
            self.know(row, "", Piece(item.id, Kind.TEXT))
            return [item]
        codes = tuple(one.code for one in item.options)
        self.know(row, "", Piece(item.id, Kind.CODE, codes=codes))
        self.know(row, "_other", Piece(f"{item.id}_oth_said", Kind.TEXT))
        if self.attributes.get(row.get("qid", ""), {}).get("random_order") == "1":
            item.order = "random"
        if kind != "O":
            return [item]
        comment = Item(
            self.ids.id(f"{item.id}_comment"), "text", {self.language: "Comment"}
        )
        comment.condition = item.condition
        self.know(row, "_comment", Piece(comment.id, Kind.TEXT))
        return [item, comment]

    def multiple(self, row: Row, kind: str, item: Item) -> list[Item]:
        """Several of a list; with comments, a line beside each."""
        used: set[str] = set()
        made = [item]
        exclusive = self.attributes.get(row.get("qid", ""), {}).get(
            "exclude_all_others", ""
        )
        for sub in self.subs.get(row.get("qid", ""), []):
            title = sub.get("title", "")
            one = Choice(
                self.coded(title, used), self.words("questions", sub, "qid", "question")
            )
            one.exclusive = title in exclusive.split(";")
            item.options.append(one)
            met = Piece(f"has({item.id}, {say.quoted(one.code)})", Kind.BOOLEAN)
            self.know(
                row, f"_{title}", Piece("'Y'", Kind.TEXT, constant="Y", guard=met)
            )
            if kind == "P":
                more = Item(
                    self.ids.id(f"{item.id}_{one.code}_comment"), "line", one.words
                )
                more.condition = met.text
                self.know(row, f"_{title}comment", Piece(more.id, Kind.TEXT))
                made.append(more)
        if row.get("other") == "Y":
            item.options.append(Choice("other", {self.language: "Other"}, say=True))
            self.know(row, "_other", Piece(f"{item.id}_other_said", Kind.TEXT))
        codes = tuple(one.code for one in item.options)
        item.type = "multiple"
        self.know(row, "", Piece(item.id, Kind.CODES, codes=codes))
        if len(codes) == 1:
            item.type, item.options = "yes_no", []
            met = Piece(f"{item.id} == 'yes'", Kind.BOOLEAN, say.COMPARED)
            only = Piece("'Y'", Kind.TEXT, constant="Y", guard=met)
            for sub in self.subs.get(row.get("qid", ""), []):
                self.know(row, f"_{sub.get('title', '')}", only)
            self.know(row, "", Piece(item.id, Kind.CODE, codes=("yes", "no")))
            for more in made[1:]:
                more.condition = met.text
        if not codes:
            self.find(faults.NO_LIST, list="its subquestions")
            return []
        return made

    def ranking(self, row: Row, item: Item) -> list[Item]:
        """Answers in an order."""
        item.type, item.options = "ranking", self.options(row, "R")
        if not item.options:
            used: set[str] = set()
            for sub in self.subs.get(row.get("qid", ""), []):
                words = self.words("questions", sub, "qid", "question")
                item.options.append(
                    Choice(self.coded(sub.get("title", ""), used), words)
                )
        codes = tuple(one.code for one in item.options)
        self.know(row, "", Piece(item.id, Kind.CODES, codes=codes))
        for place in range(1, len(codes) + 1):
            piece = Piece(f"chosen({item.id}, {place})", Kind.CODE, codes=codes)
            self.know(row, f"_{place}", piece)
        if len(codes) < 2:
            self.find(faults.NO_LIST, list="its answers")
            return []
        return [item]

    def each(self, row: Row, item: Item, kind: str) -> list[Item]:
        """A line or number for each subquestion."""
        made: list[Item] = []
        for sub in self.subs.get(row.get("qid", ""), []):
            title = sub.get("title", "")
            words = self.words("questions", sub, "qid", "question")
            one = Item(
                self.ids.id(f"{item.id}_{title}"), kind, _under(item.words, words)
            )
            one.condition, one.hint = item.condition, item.hint
            if kind == "number":
                self.limits(row, one)
            self.know(row, f"_{title}", Piece(one.id, _KINDS[kind]))
            made.append(one)
        return made

    def array(self, row: Row, kind: str, item: Item) -> list[Item]:
        """A matrix, the words of each row below those of the whole; of two scales, two."""
        scales = ("0", "1") if kind == "1" else ("",)
        item.words = _under(item.words, dict.fromkeys(item.words, "{row}"))
        made: list[Item] = []
        for scale in scales:
            one = item
            if scale == "1":
                one = Item(
                    self.ids.once(f"{item.id}_b"), "matrix", item.words, item.hint
                )
                one.condition = item.condition
            one.type = "matrix"
            one.options = self.options(row, kind, scale)
            codes = tuple(choice.code for choice in one.options)
            used: set[str] = set()
            for sub in self.subs.get(row.get("qid", ""), []):
                title = sub.get("title", "")
                words = self.words("questions", sub, "qid", "question")
                name = plain(self.coded(title, used)) or "row"
                one.rows.append(Choice(name, words))
                piece = Piece(f"{one.id}_{name}", Kind.CODE, codes=codes)
                self.know(row, f"_{title}" + (f"_{scale}" if scale else ""), piece)
            if len(codes) < 2 or not one.rows:
                self.find(faults.NO_LIST, list="its answers")
            else:
                made.append(one)
        return made

    def grid(self, row: Row, kind: str, item: Item) -> list[Item]:
        """A text or number in each cell of a table: a question for each."""
        subs = self.subs.get(row.get("qid", ""), [])
        lines = [sub for sub in subs if sub.get("scale_id", "0") == "0"]
        columns = [sub for sub in subs if sub.get("scale_id", "0") == "1"]
        written = "number" if kind == ":" else "line"
        made: list[Item] = []
        for line in lines:
            across = self.words("questions", line, "qid", "question")
            for column in columns:
                down = self.words("questions", column, "qid", "question")
                suffix = f"_{line.get('title', '')}_{column.get('title', '')}"
                words = _under(_under(item.words, across), down)
                one = Item(self.ids.id(f"{item.id}{suffix}"), written, words)
                one.condition = item.condition
                self.know(row, suffix, Piece(one.id, _KINDS[written]))
                made.append(one)
        detail = {"type": "table", "as_type": f"{len(made)} questions", "why": ""}
        self.find(faults.OTHER_TYPE, **detail)
        return made

    def computed(self, row: Row, item: Item) -> list[Item]:
        """An equation as a computed value."""
        text = next(
            iter(self.tables.words("questions", row, "qid", "question").values()), ""
        )
        try:
            piece = equation(unmarked(text)[0], self.named, self.codes)
        except (CannotSay, RecursionError) as error:
            detail = {"column": "equation", "expression": text, "problem": str(error)}
            self.find(faults.NOT_SAID, **detail)
            piece = say.EMPTY
        if piece.empty:
            self.know(row, "", say.EMPTY)
            return []
        asked = [piece.guard] if piece.guard is not None else []
        made = Item(item.id, "computed", value=piece.text)
        own = (
            Piece(item.condition, Kind.BOOLEAN, say.OR)
            if item.condition
            else say.truth(True)
        )
        made.condition = _text(say.both(own, *asked))
        codes = ("true", "false") if piece.kind is Kind.BOOLEAN else piece.codes
        if piece.kind is Kind.BOOLEAN:
            made.value = f"if({piece.text}, 'true', 'false')"
        kind = Kind.CODE if codes else piece.kind
        self.know(row, "", Piece(made.id, kind, codes=codes))
        return [made]

    def limits(self, row: Row, item: Item) -> None:
        """The smallest and largest number, where they are written out."""
        held = self.attributes.get(row.get("qid", ""), {})
        pairs = (("min_num_value_n", "minimum"), ("max_num_value_n", "maximum"))
        for attribute, key in pairs:
            text = held.get(attribute, "")
            found = say.decimal(text) if text else None
            if found is not None:
                item.settings[key] = f"{found:f}"
            elif text:
                detail = {"column": key, "expression": text, "problem": "an equation"}
                self.find(faults.NEARLY, **detail)
        if held.get("num_value_int_only") == "1":
            item.settings["decimals"] = "0"

    def checked(self, row: Row, made: list[Item]) -> None:
        """The validation equation of a question, as a check of its first item."""
        text = self.attributes.get(row.get("qid", ""), {}).get("em_validation_q", "")
        if not text or not made:
            return
        try:
            rule = say.holds(equation(text, self.named, self.codes))
        except (CannotSay, RecursionError) as error:
            detail = {"column": "validation", "expression": text, "problem": str(error)}
            self.find(faults.NOT_SAID, **detail)
            return
        there = say.truth(True)
        if made[0].type in _KINDS:
            there = Piece(f"answered({made[0].id})", Kind.BOOLEAN)
        wrong = say.both(there, say.turned(rule))
        if wrong.constant is None:
            words: Mapping[str, str] = {self.language: "Please check this answer."}
            made[0].checks.append(Check(wrong.text, dict(words)))


def _under(above: dict[str, str], below: dict[str, str]) -> dict[str, str]:
    """The words of a question, and of a part of it below."""
    return {
        tag: "\n\n".join(filter(None, (above.get(tag, ""), below.get(tag, ""))))
        for tag in dict.fromkeys([*above, *below])
    }


def _text(piece: Piece) -> str:
    return "" if piece.constant is True else piece.text
