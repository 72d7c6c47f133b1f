"""Sections as written to one flat list of questions, each with its whole condition.

A roster's questions are repeated for every line it can have, at most its maximum; a
split becomes a computed ballot; a sensitive section gets the page that announces it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from harken.method.errors import Finding, closest
from harken.method.questionnaire import faults
from harken.method.questionnaire.document import (
    Mark,
    Option,
    Question,
    QuestionType,
    Roster,
    Section,
)
from harken.method.questionnaire.expression import Expression
from harken.method.questionnaire.scope import Chain, Line, Scope, at
from harken.method.questionnaire.sections import Part, more_question
from harken.method.questionnaire.syntax import (
    All,
    Call,
    Compare,
    Literal,
    Name,
    Operator,
    Tree,
)

MOST_QUESTIONS = 3000


def unroll(
    parts: list[Part], findings: list[Finding]
) -> tuple[list[Section], list[Question], list[Expression]]:
    """Every section with the ids of its questions, all questions in order, and the
    conditions of sections and lines."""
    unroller = _Unroller(parts, findings)
    size = unroller.size()
    if size > MOST_QUESTIONS:
        detail = {"count": size, "what": "questions", "limit": MOST_QUESTIONS}
        findings.append(Finding(faults.TOO_MANY, parts[0].place, detail))
        return [], [], []
    for part in parts:
        if part.id not in unroller.outer:
            unroller.block(part, ())
    for question in unroller.questions:
        unroller.members[question.section].append(question.id)
    sections = [unroller.section(part) for part in parts]
    known = (one for bases in unroller.known.values() for one in bases)
    conditions = [one for one in known if one.place is not None]
    return sections, unroller.questions, conditions


class _Unroller:
    """Unrolls the parts of one questionnaire."""

    def __init__(self, parts: list[Part], findings: list[Finding]) -> None:
        self.findings = findings
        self.questions: list[Question] = []
        self.parts = {part.id: part for part in parts}
        self.members: dict[str, list[str]] = {part.id: [] for part in parts}
        self.written = {one.id: one for part in parts for one in part.questions}
        self.outer: dict[str, str] = {}
        for part in parts:
            self.nest(part)
        self.homes = self.settled()
        self.scope = Scope(self.homes, self.lines, self.present)
        self.known: dict[tuple[str, Line, bool], list[Expression]] = {}
        self.gates: dict[tuple[str, Line], Expression] = {}
        self.codes = {
            part.id: self.over(part, part.roster)
            for part in parts
            if part.roster is not None and part.roster.over
        }

    def nest(self, part: Part) -> None:
        """Note the roster that a roster stands in; only one level deep."""
        within = part.roster.within if part.roster else ""
        around = self.parts.get(within)
        if not within:
            return
        if around is None or around.roster is None or around.roster.within:
            self.wrong(part)
        else:
            self.outer[part.id] = within

    def wrong(self, part: Part) -> None:
        self.findings.append(Finding(faults.BAD_ROSTER, part.place, {"id": part.id}))

    def around(self, part: Part) -> Chain:
        """The roster around a part, or none."""
        return (self.outer[part.id],) if part.id in self.outer else ()

    def chain(self, part: Part) -> Chain:
        """The rosters that a part's questions stand in, its own the last."""
        return (*self.around(part), part.id) if part.roster else ()

    def settled(self) -> dict[str, Chain]:
        """The rosters of every question that stands in any."""
        homes: dict[str, Chain] = {}
        for part in self.parts.values():
            chain, around = self.chain(part), self.around(part)
            inside = [one.id for one in part.questions]
            homes |= dict.fromkeys([*inside, f"{part.id}_more"], chain)
            homes |= dict.fromkeys([f"{part.id}_ok", f"{part.id}_ballot"], around)
        return {name: chain for name, chain in homes.items() if chain}

    def count(self, part: Part) -> int:
        """How many lines a part can have below one line of what is around it."""
        if part.roster is None:
            return 1
        codes = self.codes.get(part.id)
        return part.roster.maximum if codes is None else len(codes)

    def over(self, part: Part, roster: Roster) -> list[str]:
        """The codes that a roster over a multiple choice has a line for."""
        question = self.written.get(roster.over)
        if question is None or question.type is not QuestionType.MULTIPLE:
            near = closest(roster.over, sorted(self.written))
            detail = {"id": part.id}
            finding = Finding(faults.BAD_ROSTER, part.place, detail, near)
            self.findings.append(finding)
            return []
        return [one.code for one in question.options if not one.exclusive]

    def size(self) -> int:
        """How many questions there will be."""
        total = 0
        for part in self.parts.values():
            times = self.count(part)
            for outer in self.around(part):
                times *= self.count(self.parts[outer])
            total += times * (len(part.questions) + 1)
        return total

    def lines(self, chain: Chain, prefix: Line) -> Sequence[Line]:
        """Every line of a roster below a line."""
        found = [prefix]
        for name in chain[len(prefix) :]:
            numbers = range(1, self.count(self.parts[name]) + 1)
            found = [(*line, number) for line in found for number in numbers]
        return found

    def present(self, chain: Chain, line: Line) -> Tree | None:
        """The condition under which a line is there."""
        trees = tuple(one.tree for one in self.bases(self.parts[chain[-1]], line))
        if len(trees) < 2:
            return trees[0] if trees else None
        return All(trees)

    def bases(self, part: Part, line: Line, *, gated: bool = True) -> list[Expression]:
        """What must hold for a line of a part, besides a question's own condition.

        A line as long as what is around the part stands for the part as a whole.
        """
        key = (part.id, line, gated)
        if key not in self.known:
            self.known[key] = self._bases(part, line, gated)
        return self.known[key]

    def _bases(self, part: Part, line: Line, gated: bool) -> list[Expression]:
        around = self.around(part)
        above = line[: len(around)]
        scope = self.scope.of(around, above)
        found: list[Expression] = []
        for outer in around:
            found += self.bases(self.parts[outer], above)
        gate = self.gate(part, above)
        if gate is not None:
            found.append(gate)
        if part.sensitive and gated:
            name = Name(at(f"{part.id}_ok", above))
            found.append(Expression.of(Compare(name, Operator.IS, Literal("continue"))))
        if part.roster is not None and len(line) > len(above):
            tree = self.there(part, part.roster, line)
            if tree is not None:
                resolved = scope.resolve(tree, part.place, self.findings)
                found.append(Expression.of(resolved, part.place))
        return found

    def gate(self, part: Part, line: Line) -> Expression | None:
        """The condition of a part, as it is on a line of what is around it."""
        if part.own is None:
            return None
        around = self.around(part)
        key = (part.id, line[: len(around)])
        if key not in self.gates:
            self.gates[key] = self.put(part.own, self.scope.of(around, key[1]))
        return self.gates[key]

    def there(self, part: Part, roster: Roster, line: Line) -> Tree | None:
        """What makes the roster have this line, in names as written."""
        number = line[-1]
        if roster.over:
            code = self.codes[part.id][number - 1]
            return Call("has", (Name(roster.over), Literal(code)))
        if roster.count:
            least = Literal(Decimal(number))
            return Compare(Name(roster.count), Operator.AT_LEAST, least)
        if roster.more and number > 1:
            before = at(roster.more, (*line[:-1], number - 1))
            return Compare(Name(before), Operator.IS, Literal("yes"))
        return None

    def put(self, expression: Expression, scope: Scope) -> Expression:
        """An expression on a line; the same object where nothing changes."""
        tree = scope.resolve(expression.tree, expression.place, self.findings)
        if tree is expression.tree:
            return expression
        return Expression.of(tree, expression.place)

    def block(self, part: Part, above: Line) -> None:
        """All questions of a part below one line of what is around it."""
        scope = self.scope.of(self.around(part), above)
        open_bases = self.bases(part, above, gated=False)
        if part.sensitive:
            self.questions.append(self.announcement(part, above, open_bases))
        if part.ways:
            self.questions.append(self.ballot(part, above, scope))
        if part.roster is None:
            for question in part.questions:
                self.emit(question, part, ())
            return
        inner = [self.parts[one] for one, out in self.outer.items() if out == part.id]
        for line in self.lines(self.chain(part), above):
            for question in part.questions:
                self.emit(question, part, line)
            for nested in inner:
                self.block(nested, line)
            if part.roster.more and line[-1] < part.roster.maximum:
                self.emit(more_question(part, part.place), part, line)

    def announcement(
        self, part: Part, above: Line, bases: list[Expression]
    ) -> Question:
        """The page in front of a sensitive section: go on, or skip it all."""
        return Question(
            id=at(f"{part.id}_ok", above),
            type=QuestionType.SINGLE,
            section=part.id,
            options=(Option("continue"), Option("skip")),
            condition=Expression.both(*bases),
            gate=self.gate(part, above),
            announces=part.id,
            source=f"{part.id}_ok",
            line=above,
            words=("announcement",),
            marks=self.marks(part, above),
            place=part.place,
        )

    def ballot(self, part: Part, above: Line, scope: Scope) -> Question:
        """The ballot of a split section, drawn from the interview's seed."""
        identity = at(f"{part.id}_ballot", above)
        ways = Decimal(part.ways)
        drawn = Call("ballot", (Name("seed"), Literal(identity), Literal(ways)))
        return Question(
            id=identity,
            type=QuestionType.COMPUTED,
            section=part.id,
            condition=Expression.both(*self.bases(part, above, gated=False)),
            gate=self.gate(part, above),
            value=Expression.of(drawn, part.place),
            minimum=Decimal(1),
            maximum=ways,
            source=f"{part.id}_ballot",
            line=scope.line,
            place=part.place,
        )

    def emit(self, question: Question, part: Part, line: Line) -> None:
        """One question on one line."""
        ballot = at(f"{part.id}_ballot", line[: len(self.around(part))])
        scope = self.scope.of(self.chain(part), line, ballot if part.ways else "")
        own = self.put(question.own, scope) if question.own else None
        value = self.put(question.value, scope) if question.value else None
        made: dict[int, Expression] = {}
        self.questions.append(
            replace(
                question,
                id=at(question.id, line),
                condition=Expression.both(*self.bases(part, line), own),
                own=own,
                gate=self.gate(part, line),
                value=value,
                checks=tuple(
                    replace(one, condition=self.put(one.condition, scope))
                    for one in question.checks
                ),
                options=self.options(question, scope, made),
                words=(question.id, *question.words) if line else question.words,
                marks=(*question.marks, *self.marks(part, line)),
                line=line,
            )
        )

    def options(
        self, question: Question, scope: Scope, made: dict[int, Expression]
    ) -> tuple[Option, ...]:
        """The options, their conditions on this line; long lists share conditions."""
        if all(option.condition is None for option in question.options):
            return question.options
        options = []
        for option in question.options:
            condition = option.condition
            if condition is not None:
                key = id(condition)
                made[key] = made.get(key) or self.put(condition, scope)
                option = replace(option, condition=made[key])
            options.append(option)
        return tuple(options)

    def marks(self, part: Part, line: Line) -> tuple[Mark, ...]:
        """What {line} and {label} stand for on a line."""
        if not line:
            return ()
        found = [Mark("line", number=line[-1])]
        around = self.around(part)
        if len(line) == len(around):
            part = self.parts[around[-1]]
        if part.roster is not None and part.roster.over:
            code = self.codes[part.id][line[-1] - 1]
            found.append(Mark("label", key=f"{part.roster.over}.{code}"))
        return tuple(found)

    def section(self, part: Part) -> Section:
        return Section(
            id=part.id,
            questions=tuple(self.members[part.id]),
            sensitive=part.sensitive,
            condition=part.own,
            roster=part.roster,
            ways=part.ways,
            shuffled=part.shuffled,
            place=part.place,
        )
