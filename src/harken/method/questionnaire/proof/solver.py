"""One question to the solver at a time, about as few pages as it depends on.

A page's condition usually depends on few others: they, what they depend on, and the
consent make its cone. Only the cone is handed over, so that the cost stays in proportion
to the questions. What the solver gives back is a respondent, a reason, or neither.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import z3

from harken.method.questionnaire.document import Question, Questionnaire
from harken.method.questionnaire.functions import FUNCTIONS
from harken.method.questionnaire.proof.constants import (
    calendar_of,
    dated_term,
    kinds_of,
    limits_of,
    mention,
    one_of,
    sort_of,
)
from harken.method.questionnaire.proof.encode import Encoder
from harken.method.questionnaire.proof.model import Model
from harken.method.questionnaire.proof.plan import MOST_OPTIONS, Page
from harken.method.questionnaire.proof.respondent import trees_of
from harken.method.questionnaire.proof.terms import (
    FALSE,
    REST,
    TRUE,
    Term,
    conj,
    disj,
    negate,
    symbol,
)
from harken.method.questionnaire.route import AGREED, Context
from harken.method.questionnaire.syntax import CONDITIONS, Call, Tree, names_of
from harken.method.questionnaire.values import DATED, Kind, Value
from harken.method.terms import Arm, Missing, Mode

_DECLARED = re.compile(r"\(declare-const (\|[^|]*\|) (\w+)\)")
PATIENCE = 2_000
"""Milliseconds for one question to the solver."""
SPARE = 200
"""Years before the first and after the last that are known."""
ROUNDS = 12
"""How often a rough value is corrected before the solver is believed no more."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What is asked of the solver: texts that must hold together, each with a label.

    ``pages`` are the ids whose cone is needed.
    """

    pages: tuple[str, ...]
    asserts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """``possible`` with a model, impossible with the labels at fault, or None: unknown.

    ``rough``: the model rests on a value the solver does not hold exactly.
    """

    possible: bool | None
    context: Context | None = None
    answers: Mapping[str, Value] = field(default_factory=dict)
    core: tuple[str, ...] = ()
    rough: bool = False


@dataclass(slots=True)
class _Chunk:
    """The text of one page: its declarations, what holds of it, what it depends on."""

    lines: list[str]
    labelled: list[tuple[str, str]]
    needs: tuple[str, ...]
    free: dict[str, str]
    rough: dict[str, Tree]


class Solver:
    """Asks z3 about one questionnaire."""

    def __init__(
        self,
        questionnaire: Questionnaire,
        pages: Sequence[Page],
        modes: Sequence[Mode] = tuple(Mode),
    ) -> None:
        self.questionnaire = questionnaire
        self.pages = {page.question.id: page for page in pages}
        self.order = {page.question.id: n for n, page in enumerate(pages)}
        self.modes = tuple(modes)
        self.chunks: dict[str, _Chunk] = {}
        self.cones: dict[str, frozenset[str]] = {}

    @cached_property
    def named(self) -> dict[str, dict[str, None] | None]:
        """The codes that expressions name of each name; None when all count."""
        found: dict[str, dict[str, None] | None] = {}
        for tree in trees_of(self.questionnaire):
            mention(tree, found)
        return found

    def encoder(
        self, page: str = "", *, asked_too: str = "", itself: bool = False
    ) -> Encoder:
        """Writes expressions as they are read at a page: later answers are not there.

        ``asked_too`` is a name that counts as asked whether or not it was; ``itself``
        says that the page's own answer is there too.
        """
        here = self.order.get(page, len(self.order)) + itself

        def asked(name: str) -> str:
            if name not in self.pages or name == asked_too:
                return TRUE
            return f"|{name}?|" if self.order[name] < here else FALSE

        def names(name: str) -> Term:
            return self.term(name, asked(name))

        return Encoder(names, asked, self.status)

    def status(self, name: str, kind: Missing) -> str:
        """The text of one kind of no answer; false when it cannot be given."""
        page = self.pages.get(name)
        if page is None or kind not in kinds_of(page.question):
            return FALSE
        return f"|{name}:{kind.word}|"

    def term(self, name: str, asked: str) -> Term:
        """A name's value as a term, missing unless asked and answered."""
        page = self.pages.get(name)
        if page is None:
            return self.surrounding(name)
        question = page.question
        kind = question.name_type.kind
        there = conj((asked, f"|{name}!|"))
        match kind:
            case Kind.CODE | Kind.TEXT:
                cases = {code: symbol(name, code) for code in self.cases(question)}
                return Term(kind, there, cases=cases)
            case Kind.CODES:
                chosen = {code: symbol(name, code) for code in self.cases(question)}
                return Term(kind, there, chosen=chosen)
            case Kind.NUMBER | Kind.TIME:
                return Term(kind, there, number=f"|{name}#|")
            case Kind.NOTHING | Kind.BOOLEAN:
                return Term(kind, FALSE)
            case _:
                return dated_term(name, kind, there)

    def surrounding(self, name: str) -> Term:
        """What an interview has besides answers: mode, arm, language, first day."""
        held = self.questionnaire.names().get(name)
        kind = held.kind if held else Kind.CODE
        if kind is Kind.DATE:
            return dated_term(name, kind, TRUE)
        if kind is Kind.NUMBER:
            return Term(kind, number=f"|{name}#|")
        codes = {
            "mode": tuple(mode.value for mode in self.modes),
            "arm": tuple(arm.value for arm in Arm),
            "language": tuple(self.questionnaire.languages),
        }.get(name, (REST,))
        return Term(Kind.CODE, cases={code: symbol(name, code) for code in codes})

    def cases(self, question: Question) -> tuple[str, ...]:
        """The codes told apart: those named somewhere, and one for all the others."""
        named = self.named.get(question.id, {})
        codes = question.codes
        if named is None and codes:
            return codes
        wanted = dict(named or {})
        if question.purpose is not None:
            wanted[AGREED] = None
        if len(codes) <= MOST_OPTIONS and (
            question.checks or any(option.condition for option in question.options)
        ):
            return codes
        if not codes:
            return (*wanted, REST)
        told = tuple(code for code in codes if code in wanted)
        return told if len(told) == len(codes) else (*told, REST)

    def rests(self, question: Question) -> tuple[str, ...]:
        """The codes that no expression names."""
        told = self.cases(question)
        return tuple(code for code in question.codes if code not in told)

    def chunk(self, name: str) -> _Chunk:
        """The text of one page, made once."""
        found = self.chunks.get(name)
        if found is None:
            found = self.chunks[name] = self._chunk(self.pages[name])
        return found

    def _chunk(self, page: Page) -> _Chunk:
        question = page.question
        name = question.id
        encoder = self.encoder(name)
        lines = [f"(declare-const |{name}?| Bool)\n", *self.potential(question)]
        labelled = []
        texts = []
        for number, part in enumerate(page.parts):
            text = encoder.truth(part.tree)
            texts.append(text)
            labelled.append((f"{name}:{number}", f"(=> |{name}?| {text})"))
        if not page.after_refusal:
            for consent in page.consents:
                agreed = self.agreed(consent)
                texts.append(agreed)
                labelled.append((f"{name}:{consent}", f"(=> |{name}?| {agreed})"))
        lines.append(f"(assert (=> {conj(texts)} |{name}?|))\n")
        given = [part.tree for part in page.parts]
        if question.value is not None:
            labelled.append((f"{name}:value", self.worked(question, encoder)))
            given.append(question.value.tree)
        own = self.encoder(name, itself=True)
        for number, check in enumerate(question.checks):
            if not check.soft:
                text = negate(own.truth(check.condition.tree))
                labelled.append((f"{name}:check{number}", f"(=> |{name}?| {text})"))
                given.append(check.condition.tree)
        for option in question.options:
            if option.condition is not None and option.code in self.cases(question):
                text = encoder.truth(option.condition.tree)
                case = symbol(name, option.code)
                labelled.append(
                    (f"{name}:option", f"(=> |{name}?| (=> {case} {text}))")
                )
                given.append(option.condition.tree)
        needs = dict.fromkeys(
            one for tree in given for one in names_of(tree) if one != name
        )
        return _Chunk(
            lines,
            labelled,
            (*needs, *page.consents),
            encoder.declared | own.declared,
            encoder.rough | own.rough,
        )

    def worked(self, question: Question, encoder: Encoder) -> str:
        """That a computed value is what its expression gives."""
        name, value = question.id, question.value
        assert value is not None  # noqa: S101 - asked for computed values only
        asked = f"|{name}?|"
        kind = question.name_type.kind
        if isinstance(value.tree, CONDITIONS) or _is_test(value.tree):
            text = encoder.truth(value.tree)
            yes = self.chooses(question, "yes")
            return f"(=> {asked} (and |{name}!| (= {yes} {text})))"
        term = encoder.term(value.tree)
        same = [f"(= |{name}!| {term.there})"]
        if kind in {Kind.NUMBER, Kind.TIME} and term.number:
            same.append(f"(=> |{name}!| (= |{name}#| {term.number}))")
        elif kind in {Kind.CODE, Kind.TEXT}:
            for case in self.cases(question):
                holds = term.cases.get(case, FALSE)
                if case != REST and REST not in term.cases:
                    same.append(f"(=> |{name}!| (= {symbol(name, case)} {holds}))")
        elif kind in DATED and term.year:
            mine = dated_term(name, kind, TRUE)
            if mine.has_day == TRUE:
                same.append(f"(=> |{name}!| (= {mine.day} {term.day}))")
            else:
                same.append(f"(=> |{name}!| (= {mine.year} {term.year}))")
        return f"(=> {asked} {conj(same)})"

    def chooses(self, question: Question, code: str) -> str:
        """That a code is chosen, or one of those that nothing tells apart."""
        told = self.cases(question)
        one = symbol(question.id, code if code in told else REST)
        return conj((f"|{question.id}!|", one))

    def turned_back(self, page: Page, encoder: Encoder, *, real: bool) -> str:
        """That every answer to a page fails a hard check; with ``real``, every answer
        but no refusal is looked at."""
        question = page.question
        # An answer before the first day or after the last would do: people who said the
        # last day before are nobody's concern.
        lines = self.potential(question, SPARE)
        bound = [_DECLARED.sub(r"(\1 \2)", one) for one in lines if "(declare" in one]
        valid = [one[8:-2] for one in lines if one.startswith("(assert ")]
        own = self.encoder(question.id, itself=True)
        asked = f"|{question.id}?|"
        failing = [
            own.truth(check.condition.tree).replace(asked, TRUE)
            for check in question.checks
            if not check.soft
        ]
        encoder.declared |= own.declared
        encoder.rough |= own.rough
        given = conj((*valid, f"|{question.id}!|")) if real else conj(valid)
        inside = f"(=> {given} {disj(failing)})"
        return f"(forall ({' '.join(one.strip() for one in bound)}) {inside})"

    def agreed(self, consent: str) -> str:
        """Nobody has refused to take part at this consent: not asked it, or said yes."""
        said = conj((f"|{consent}!|", symbol(consent, AGREED)))
        return disj((negate(f"|{consent}?|"), said))

    def potential(self, question: Question, spare: int = 0) -> list[str]:
        """What the person would answer if asked: one status, and one value of its kind;
        a date up to ``spare`` years before or after those that are known."""
        name = question.id
        states = [f"|{name}:{kind.word}|" for kind in kinds_of(question)]
        kind = question.name_type.kind
        if kind is not Kind.NOTHING:
            states.append(f"|{name}!|")
        lines = [f"(declare-const {state} Bool)\n" for state in states]
        lines += one_of(states, TRUE)
        if kind in {Kind.CODE, Kind.TEXT, Kind.CODES}:
            codes = self.cases(question)
            cases = [symbol(name, code) for code in codes]
            lines += [f"(declare-const {case} Bool)\n" for case in cases]
            if kind is Kind.CODES:
                lines += self.several(question, codes)
            else:
                lines += one_of(cases, f"|{name}!|")
        elif kind in {Kind.NUMBER, Kind.TIME}:
            lines.append(f"(declare-const |{name}#| {sort_of(kind)})\n")
            lines += limits_of(question, kind)
        elif kind is not Kind.NOTHING:
            lines += calendar_of(name, kind, spare)
        return lines

    def several(self, question: Question, codes: Sequence[str]) -> list[str]:
        """A multiple choice: at least one code, and an exclusive one alone."""
        name = question.id
        alone = {option.code for option in question.options if option.exclusive}
        if REST in codes and all(code in alone for code in self.rests(question)):
            alone.add(REST)
        cases = [symbol(name, code) for code in codes]
        lines = [f"(assert (=> |{name}!| {disj(cases)}))\n"]
        for code in codes:
            others = [symbol(name, other) for other in codes if other != code]
            if code in alone and others:
                one = symbol(name, code)
                lines.append(f"(assert (=> {one} {negate(disj(others))}))\n")
        return lines

    def cone(self, names: Iterable[str]) -> list[str]:
        """The pages that the named ones depend on, themselves included, in order."""
        found: set[str] = set()
        waiting = [name for name in names if name in self.pages]
        while waiting:
            name = waiting.pop()
            if name in found:
                continue
            found.add(name)
            waiting += [one for one in self.chunk(name).needs if one in self.pages]
        return sorted(found, key=self.order.__getitem__)

    def ask(
        self,
        claim: Claim,
        encoder: Encoder,
        accept: Callable[[Outcome], bool],
        *,
        why: bool = True,
        unchecked: str = "",
    ) -> Outcome:
        """Whether everything claimed can hold at once, for somebody.

        ``accept`` tries a model on the interview itself. One that fails there, though
        nothing in it is rough, is handed back as rough. ``unchecked`` names the page
        whose own checks are left out.
        """
        cone = self.cone(claim.pages)
        head, body, rough = self.script(cone, encoder)
        body = [one for one in body if not one[0].startswith(f"{unchecked}:check")]
        lemmas: list[str] = []
        outcome = Outcome(None)
        for _ in range(ROUNDS):
            solver = z3.SimpleSolver()
            solver.set("timeout", PATIENCE)
            text = head + "".join(lemmas) + "".join(f"(assert {t})\n" for _, t in body)
            text += "".join(f"(assert {t})\n" for _, t in claim.asserts)
            try:
                solver.from_string(text)
                verdict = solver.check()
            except z3.Z3Exception:
                # What the solver cannot read is undecided, and is said to be.
                return Outcome(None)
            if verdict == z3.unsat:
                labelled = (*body, *claim.asserts) if why else ()
                return Outcome(False, core=self.core(head, lemmas, labelled))
            if verdict != z3.sat:
                return Outcome(None)
            found = Model(self, solver.model(), cone)
            outcome = Outcome(True, found.context(), found.answers)
            if accept(outcome):
                return outcome
            wrong = found.corrections(rough) - set(lemmas)
            if not wrong:
                break
            lemmas += sorted(wrong)
        return replace(outcome, rough=True)

    def script(
        self, cone: Sequence[str], encoder: Encoder
    ) -> tuple[str, list[tuple[str, str]], dict[str, Tree]]:
        """Declarations, labelled assertions and rough values of a cone."""
        free: dict[str, str] = {}
        rough: dict[str, Tree] = {}
        lines = [self.around()]
        body: list[tuple[str, str]] = []
        for name in cone:
            chunk = self.chunk(name)
            lines += chunk.lines
            body += chunk.labelled
            free |= chunk.free
            rough |= chunk.rough
        free |= encoder.declared
        rough |= encoder.rough
        for text in free.values():
            lines += text.splitlines(keepends=True)
        first = [line for line in lines if line.startswith("(declare")]
        rest = [line for line in lines if not line.startswith("(declare")]
        return "".join((*first, *rest)), body, rough

    @cached_property
    def used(self) -> frozenset[str]:
        """The names that any expression uses."""
        return frozenset(
            name for tree in trees_of(self.questionnaire) for name in names_of(tree)
        )

    @cached_property
    def _around(self) -> str:
        lines: list[str] = []
        for name, held in self.questionnaire.names().items():
            if name in self.pages:
                continue
            if held.kind in {Kind.DATE, Kind.NUMBER} and name not in self.used:
                continue
            if held.kind is Kind.DATE:
                lines += calendar_of(name, Kind.DATE)
            elif held.kind is Kind.NUMBER:
                lines.append(f"(declare-const |{name}#| Real)\n")
            else:
                cases = list(self.surrounding(name).cases.values())
                lines += [f"(declare-const {case} Bool)\n" for case in cases]
                lines += one_of(cases, TRUE)
        return "".join(lines)

    def around(self) -> str:
        """The text of mode, arm, language and first day."""
        return self._around

    def core(
        self, head: str, lemmas: Iterable[str], body: Sequence[tuple[str, str]]
    ) -> tuple[str, ...]:
        """The labels that cannot hold together, as few as the solver finds."""
        if not body:
            return ()
        solver = z3.SimpleSolver()
        solver.set("timeout", PATIENCE)
        solver.set("core.minimize", True)
        text = [head, *lemmas]
        for number, (_, line) in enumerate(body):
            text.append(f"(declare-const why{number} Bool)\n")
            text.append(f"(assert (=> why{number} {line}))\n")
        solver.from_string("".join(text))
        switches = [z3.Bool(f"why{number}") for number in range(len(body))]
        if solver.check(*switches) != z3.unsat:
            return ()
        return tuple(body[int(str(one)[3:])][0] for one in solver.unsat_core())


def _is_test(tree: Tree) -> bool:
    """Whether a tree is a function that is true or false."""
    if not isinstance(tree, Call):
        return False
    return FUNCTIONS[tree.function].gives is Kind.BOOLEAN
