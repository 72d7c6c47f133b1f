"""A schema's sections and pages to an instrument: jumps, lists, totals and variants."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from harken.method.errors import Place, refuse
from harken.method.questionnaire.exchange import faults, say
from harken.method.questionnaire.exchange.carried import Report
from harken.method.questionnaire.exchange.eq import words as wording
from harken.method.questionnaire.exchange.eq.answers import items
from harken.method.questionnaire.exchange.eq.known import (
    Json,
    Known,
    mapping,
    several,
    texts,
)
from harken.method.questionnaire.exchange.eq.older import modern
from harken.method.questionnaire.exchange.eq.path import Page, conditions
from harken.method.questionnaire.exchange.eq.rules import added, condition, value
from harken.method.questionnaire.exchange.names import plain
from harken.method.questionnaire.exchange.say import CannotSay, Piece
from harken.method.questionnaire.exchange.tree import Form, Item, Part, Roster
from harken.method.questionnaire.exchange.wording import unmarked
from harken.method.questionnaire.unroll import MOST_QUESTIONS
from harken.method.questionnaire.values import Kind

_LINES = (10, 6, 4)
ROOM = 0.72
"""Of what the reader takes; what an option or a long condition adds comes on top."""

LARGEST = 20_000_000
_COLLECTORS = frozenset({"ListCollector", "ListCollectorContent"})
_SUMMARIES = frozenset({"CalculatedSummary", "GrandCalculatedSummary"})
_PAIRS = frozenset({"RelationshipCollector", "UnrelatedQuestion", "Relationships"})


def read_eq(data: bytes, name: str) -> tuple[Form, Report]:
    """The instrument in a schema, and what was not carried over.

    A list has so many lines that the whole stays within what an instrument may have.

    Raises HarkenError (EXC-001, EXC-003, EXC-004).
    """
    if len(data) > LARGEST:
        raise refuse(faults.TOO_LARGE, Place(name), size=len(data))
    try:
        schema = modern(json.loads(data.decode("utf-8-sig")))
    except (ValueError, RecursionError) as error:
        problem = type(error).__name__
        raise refuse(
            faults.NOT_READABLE, Place(name), format="JSON", problem=problem
        ) from None
    if not several(mapping(schema).get("sections")):
        raise refuse(faults.NO_QUESTIONS, Place(name))
    language = texts(schema.get("language")) or "en"
    for lines in _LINES:
        reader = _Reader(Known(Report(name), language), lines)
        form = reader.form(schema, name)
        if _size(form) < ROOM * MOST_QUESTIONS:
            break
    return form, reader.known.report


def _size(form: Form) -> int:
    """About how many questions the reader will make of an instrument."""
    times: dict[str, int] = {}
    total = 0
    for part in form.parts:
        lines = part.roster.maximum if part.roster is not None else 1
        times[part.id] = lines * times.get(part.within, 1)
        total += times[part.id] * (len(part.items) + 1)
    return total


@dataclass(slots=True)
class _Reader:
    """One import of one schema."""

    known: Known
    lines: int
    parts: list[Part] = field(default_factory=list)

    def form(self, schema: Json, name: str) -> Form:
        """Everything, in order."""
        for key in ("post_submission", "submission", "individual_response", "theme"):
            if schema.get(key):
                self.known.report.add(
                    faults.UNUSED, sheet=key, column=key, expression=key
                )
        for one in several(schema.get("metadata")):
            known = texts(mapping(one).get("name"))
            detail = {"name": known, "type": "launch metadata"}
            self.known.report.add(faults.DEVICE, sheet="metadata", **detail)
        for section in several(schema.get("sections")):
            self.section(mapping(section))
        language = self.known.language
        identity = plain(texts(schema.get("form_type")) or name.rsplit(".", 1)[0])
        if not any(part.items for part in self.parts):
            words = {language: "Nothing of this schema is asked here."}
            only = Item("nothing_asked", "information", words)
            self.parts.append(Part("start", {language: identity}, [only]))
        version = texts(schema.get("schema_version")) or texts(
            schema.get("data_version")
        )
        return Form(
            identity.replace("_", "-")[:60] or "schema",
            version or "1",
            language,
            (language,),
            [part for part in self.parts if part.items],
            "an ONS eQ schema",
        )

    def section(self, section: Json) -> None:
        """One section: its pages, each under the condition that the jumps make."""
        identifier = texts(section.get("id")) or "section"
        self.known.where = identifier
        title = unmarked(texts(section.get("title")))[0] or identifier.replace("-", " ")
        part = Part(
            self.known.ids.id(identifier, "section"), {self.known.language: title}
        )
        enabled = mapping(section.get("enabled")).get("when")
        if enabled is not None:
            asked = condition(enabled, self.known, "enabled")
            part.condition = "" if asked is None else _text(asked)
        repeat = texts(mapping(section.get("repeat")).get("for_list"))
        if repeat:
            self.repeated(part, repeat)
        pages = [Page(block, group) for group, block in _blocks(section)]
        self.known.part = self.open(part).id
        for page in pages:
            self.known.where = texts(page.block.get("id"))
            page.asked = conditions(pages, page, self.known)
            self.page(page, part)
        self.known.home = ""

    def open(self, part: Part) -> Part:
        """A section begun anew, under the first free id."""
        made = Part(part.id, part.words, [], part.condition, part.roster)
        if any(one.id == part.id for one in self.parts):
            made.id = self.known.ids.once(f"{part.id}_on")
        self.parts.append(made)
        return made

    def repeated(self, part: Part, name: str) -> None:
        """A section asked for each item of a list: as many lines as the list has."""
        lines = self.known.lists.get(name)
        if lines is None:
            problem = f"the list '{name}' comes from elsewhere, so it is asked once"
            detail = {"column": "repeat", "expression": name, "problem": problem}
            self.known.find(faults.OUTSIDE, **detail)
            return
        part.roster = Roster(count=lines, maximum=self.lines)
        self.known.home = part.id
        self.known.rosters[part.id] = name

    def page(self, page: Page, part: Part) -> None:
        """One page, added to the section that is open."""
        block, kind = page.block, texts(page.block.get("type"))
        if kind in _COLLECTORS:
            self.collector(page, part)
        elif kind in _PAIRS:
            self.pairs(page, part)
        elif kind in _SUMMARIES:
            self.summary(page)
        elif "question" in block or "question_variants" in block:
            self.question(page)
            more = mapping(block.get("add_or_edit_block"))
            if more:
                problem = "the person who answers stands apart from the list of others"
                name = texts(block.get("for_list"))
                detail = {"column": "list", "expression": name, "problem": problem}
                self.known.find(faults.NEARLY, **detail)
                self.question(Page(more, page.group, page.asked))
        else:
            self.words(page)

    def words(self, page: Page) -> None:
        """A page without a question, each of its variants under its own condition."""
        block = page.block
        variants = [
            (mapping(one).get("when"), mapping(mapping(one).get("content")))
            for one in several(block.get("content_variants"))
        ]
        if not variants:
            variants = [
                (None, mapping(block.get("content") or block.get("primary_content")))
            ]
        if block.get("type") == "Introduction" and not variants[0][1]:
            first = several(block.get("primary_content"))
            variants = [(None, mapping(first[0]) if first else {})]
        for when, content in variants:
            text = wording.contents(content, self.known)
            text = text or wording.said(block.get("title"), self.known)
            item = Item(self.known.ids.id(self.known.where), "information")
            item.words = {self.known.language: text}
            if text:
                self.put(item, page.asked, when)
            else:
                self.known.find(faults.NO_WORDS)

    def put(self, item: Item, asked: Piece, when: object = None) -> None:
        """An item under the conditions of its page, its variant and its option."""
        parts = [asked]
        if when is not None:
            variant = condition(when, self.known, "when")
            parts.append(variant if variant is not None else say.truth(True))
        if item.condition:
            parts.append(Piece(item.condition, Kind.BOOLEAN, say.COMPARED))
        whole = say.both(*parts)
        if whole.constant is False:
            self.never(item.id)
            return
        item.condition = _text(whole)
        if item.condition:
            self.known.partly.add(item.id)
        self.flush()
        self.parts[-1].items.append(item)

    def flush(self) -> None:
        """Put what the words of the next question show in front of it."""
        self.parts[-1].items.extend(self.known.helpers)
        self.known.helpers.clear()

    def question(self, page: Page) -> list[Item]:
        """A page with a question; of several variants, one is asked."""
        variants = several(page.block.get("question_variants"))
        if page.block.get("type") == "ConfirmationQuestion":
            problem = "going back to correct is left to the person"
            expression = texts(page.block.get("id"))
            self.known.find(
                faults.NEARLY,
                column="confirmation",
                expression=expression,
                problem=problem,
            )
        if not variants:
            made = self.placed(mapping(page.block.get("question")), page.asked)
            self.mark(made)
            return made
        return self.variants(page, [mapping(one) for one in variants])

    def variants(self, page: Page, variants: list[Json]) -> list[Item]:
        """Each variant as questions of its own; a computed value joins their answers."""
        first: list[Item] = []
        answers: dict[str, list[Piece]] = {}
        earlier: list[Piece] = []
        for variant in variants:
            met = condition(variant.get("when"), self.known, "when") or say.truth(True)
            own = say.both(*(say.turned(one) for one in earlier), met)
            asked = say.both(page.asked, own)
            made = self.placed(mapping(variant.get("question")), asked)
            earlier.append(met)
            first = first or made
            for identifier, piece in self.known.pieces.items():
                if any(piece.text == item.id for item in made):
                    answers.setdefault(identifier, []).append(piece)
        for identifier, pieces in answers.items():
            self.join(identifier, pieces)
        self.mark(first)
        return first

    def join(self, identifier: str, pieces: list[Piece]) -> None:
        """One name for the answers of several variants."""
        if len(pieces) < 2 or len({piece.kind for piece in pieces}) > 1:
            return
        item = Item(self.known.ids.id(identifier), "computed")
        item.value = f"coalesce({', '.join(piece.text for piece in pieces)})"
        codes = dict.fromkeys(one for piece in pieces for one in piece.codes or ())
        kind = pieces[0].kind
        piece = Piece(item.id, kind, codes=tuple(codes) or None)
        self.known.pieces[identifier] = piece
        self.parts[-1].items.append(item)

    def never(self, name: str) -> None:
        """Say that nobody is asked this, and that it is therefore not here."""
        self.known.find(faults.NEVER, name=name, expression=self.known.where)

    def placed(self, question: Json, asked: Piece) -> list[Item]:
        """The items of a question; none, and no answer known, where nobody is asked."""
        if asked.constant is False:
            self.never(texts(question.get("id")) or self.known.where)
            return []
        made = self.asked(question)
        for item in made:
            self.put(item, asked)
        return made

    def asked(self, question: Json) -> list[Item]:
        """The items of a question, its guidance as a hint of the first."""
        title = wording.said(question.get("title"), self.known)
        more = wording.said(question.get("description"), self.known, "description")
        guidance = wording.contents(mapping(question.get("guidance")), self.known)
        made = items(question, self.known, title)
        extra = "\n\n".join(filter(None, (more, guidance)))
        if made and extra:
            held = made[0].hint.get(self.known.language, "")
            made[0].hint = {
                self.known.language: "\n\n".join(filter(None, (extra, held)))
            }
        return made

    def mark(self, made: list[Item]) -> None:
        """Remember a question of the page, to ask later whether it was asked."""
        answerable = [
            item for item in made if item.type not in {"computed", "information"}
        ]
        if answerable:
            key = (self.known.home, self.known.where)
            self.known.marks[key] = answerable[0].id

    def summary(self, page: Page) -> None:
        """A total: a computed value, and a page that shows it."""
        identifier = texts(page.block.get("id"))
        rule = mapping(page.block.get("calculation"))
        try:
            total = self.total(rule)
        except CannotSay as error:
            detail = {"column": "calculation", "problem": str(error)}
            self.known.find(faults.NOT_SAID, expression=str(rule), **detail)
            return
        if total.empty:
            return
        item = Item(
            self.known.ids.id(f"{identifier}_total"), "computed", value=total.text
        )
        self.put(item, page.asked)
        piece = Piece(item.id, Kind.NUMBER)
        self.known.totals[identifier] = piece
        shown = wording.said(page.block.get("title") or rule.get("title"), self.known)
        shown = shown or "The total is …."
        gap = re.compile(r"(?<!\|)…")
        text = (
            gap.sub(wording.shown(piece), shown, count=1)
            if gap.search(shown)
            else f"{shown}\n\n{wording.shown(piece)}"
        )
        info = Item(self.known.ids.id(identifier), "information")
        info.words = {self.known.language: text}
        self.put(info, page.asked)

    def total(self, rule: Json) -> Piece:
        """What a summary adds up."""
        known = [
            {"source": source, "identifier": one}
            for key, source in (
                ("answers_to_calculate", "answers"),
                ("calculated_summaries_to_calculate", "calculated_summary"),
            )
            for one in several(rule.get(key))
        ]
        if known:
            return value({"+": known}, self.known)
        operation = mapping(rule.get("operation"))
        return value(operation, self.known) if operation else added([])

    def collector(self, page: Page, part: Part) -> None:
        """A list: whether there is anybody, then a line for each, at most so many."""
        block, name = page.block, texts(page.block.get("for_list"))
        asked = page.asked
        again = name in self.known.lists
        if again:
            problem = (
                "people added to a list a second time stand in a list of their own"
            )
            self.known.find(
                faults.NEARLY, column="list", expression=name, problem=problem
            )
        question = mapping(block.get("question"))
        driver = self.first_line(question, page)
        asked = say.both(asked, driver)
        if asked.constant is False:
            self.never(name)
            return
        title = wording.said(question.get("title"), self.known) or name
        self.flush()
        roster = Roster(more={self.known.language: title}, maximum=self.lines)
        inner = Part(
            self.known.ids.id(f"{name or 'list'}_lines", "list"),
            part.words,
            condition=_text(say.both(asked, _section(part))),
            roster=roster,
        )
        blocks = [mapping(block.get("add_block"))]
        blocks += [mapping(one) for one in several(block.get("repeating_blocks"))]
        detail = {"name": name, "maximum": str(self.lines)}
        self.known.find(faults.MAXIMUM, **detail)
        around = (self.known.home, self.known.part)
        self.known.home = self.known.part = inner.id
        if not again:
            self.known.rosters[inner.id] = name
        if not inner.condition and not part.roster:
            self.known.filled.add(name)
        self.parts.append(inner)
        before, homes = dict(self.known.pieces), dict(self.known.homes)
        for one in blocks:
            if one.get("question") or one.get("question_variants"):
                self.known.where = texts(one.get("id"))
                self.question(Page(one, page.group, say.truth(True)))
        self.known.home, self.known.part = around
        pieces = self.known.pieces
        if again:
            pieces |= before
            self.known.homes |= homes
        added_here = [key for key in pieces if pieces[key] is not before.get(key)]
        self.count(name, inner, added_here, part)

    def pairs(self, page: Page, part: Part) -> None:
        """A question about every pair of a list: for each line, one about each earlier."""
        name, known = texts(page.block.get("for_list")), self.known
        lines = known.lists.get(name)
        if lines is None:
            problem = "a question about every pair of a list that comes from elsewhere"
            known.find(faults.MISPLACED, problem=problem)
            return
        if page.block.get("unrelated_block"):
            problem = "each pair is asked; that nobody is related is not asked at once"
            detail = {"column": "pairs", "expression": name, "problem": problem}
            known.find(faults.NEARLY, **detail)
        outer = Part(
            known.ids.id(f"{name}_pairs", "list"),
            part.words,
            [
                Item(known.ids.id(f"{name}_one"), "computed", value="line"),
                Item(known.ids.id(f"{name}_before"), "computed", value="line - 1"),
            ],
            _text(say.both(page.asked, _section(part))),
            Roster(count=lines, maximum=self.lines),
        )
        inner = Part(
            known.ids.id(f"{name}_pair", "list"),
            part.words,
            roster=Roster(count=outer.items[1].id, maximum=self.lines - 1),
            within=outer.id,
        )
        around = (known.home, known.part)
        known.home = known.part = inner.id
        known.rosters[inner.id], known.pair = name, outer.items[0].id
        self.parts += [outer, inner]
        self.question(Page(page.block, page.group))
        (known.home, known.part), known.pair = around, ""
        self.open(Part(part.id, part.words, [], part.condition, part.roster))

    def first_line(self, question: Json, page: Page) -> Piece:
        """Whether there is anybody: asked before the first line."""
        if not question:
            return say.truth(True)
        self.mark(self.placed(question, page.asked))
        for answer in several(question.get("answers")):
            node = mapping(answer)
            for option in several(node.get("options")):
                action = mapping(mapping(option).get("action")).get("type")
                if action == "RedirectToListAddBlock":
                    codes = self.known.codes.get(texts(node.get("id")), {})
                    piece = self.known.pieces.get(texts(node.get("id")))
                    if piece is None:
                        return say.truth(False)
                    return say.within(
                        piece, [codes.get(texts(option.get("value")), "yes")]
                    )
        return say.truth(True)

    def count(self, name: str, inner: Part, added_here: list[str], part: Part) -> None:
        """The number of lines of a list, under a name that rules can use."""
        if not inner.items:
            self.parts.remove(inner)
            return
        after = self.open(Part(part.id, part.words, [], part.condition, part.roster))
        first = next((one for one in added_here if one in self.known.pieces), None)
        if first is None or name in self.known.lists:
            return
        item = Item(self.known.ids.id(f"{name or 'list'}_count"), "computed")
        item.value = f"coalesce(count(asked({self.known.pieces[first].text})), 0)"
        after.items.append(item)
        self.known.lists[name] = item.id


def _section(part: Part) -> Piece:
    if not part.condition:
        return say.truth(True)
    return Piece(part.condition, Kind.BOOLEAN, say.OR)


def _blocks(section: Json) -> Iterator[tuple[Json, Json]]:
    for one in several(section.get("groups")):
        group = mapping(one)
        for block in several(group.get("blocks")):
            yield group, mapping(block)


def _text(piece: Piece) -> str:
    return "" if piece.constant is True else piece.text
