"""Verdicts as findings: place, reason, and a respondent who shows it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from harken.method.errors import Fault, Finding, Place
from harken.method.questionnaire.proof import faults
from harken.method.questionnaire.proof.plan import Goal, Kind, Page, Part, Step
from harken.method.questionnaire.proof.prove import Verdicts
from harken.method.questionnaire.proof.respondent import Respondent, said
from harken.method.questionnaire.syntax import names_of

MOST_PARTS = 4
MOST_ANSWERS = 12
LONGEST_PART = 120

_TEXTS: Mapping[Kind, str] = {
    Kind.ASKED: "'{id}' is ever asked",
    Kind.SECTION: "anybody comes to the section of '{id}'",
    Kind.LEFT_OUT: "the condition of '{id}' keeps anybody out",
    Kind.BRANCH: "'{part}' in the condition of '{id}' is ever true",
    Kind.OPTION: "'{name}' of '{id}' can be chosen",
    Kind.PASSES: "an answer to '{id}' passes its checks",
    Kind.CHECK: "a check of '{id}' ever finds anything",
    Kind.SPARED: "a check of '{id}' lets any answer pass without a warning",
    Kind.GATE: "the condition of the section of '{id}' keeps anybody out",
    Kind.UNANSWERED_FILL: "'{name}' is answered where '{id}' shows it",
    Kind.UNASKED: "'{name}' was always asked where '{id}' uses it",
    Kind.INCOMPLETE: "'{name}' was always asked where '{id}' computes with it",
    Kind.WITHOUT_CONSENT: "everybody at '{id}' has agreed to take part",
    Kind.BEYOND: "'{id}' can count more lines than its roster has",
    Kind.NO_WAY: "everybody at '{id}' has an answer that passes its checks",
    Kind.DEAD_END: "everybody can go on from '{id}'",
}
_REACHED: Mapping[Kind, Fault] = {
    Kind.UNASKED: faults.MAY_BE_UNASKED,
    Kind.INCOMPLETE: faults.INCOMPLETE_SUM,
    Kind.UNANSWERED_FILL: faults.FILL_UNANSWERED,
    Kind.WITHOUT_CONSENT: faults.WITHOUT_CONSENT,
    Kind.BEYOND: faults.ROSTER_BEYOND,
    Kind.NO_WAY: faults.NO_WAY_FOR_SOME,
    Kind.DEAD_END: faults.DEAD_END,
}


@dataclass(frozen=True)
class Reporter:
    """Writes the findings of one questionnaire's verdicts."""

    pages: Mapping[str, Page]
    verdicts: Verdicts

    def findings(self) -> Iterator[Finding]:
        """Every finding, page by page; all lines of a roster are one page."""
        never = self.settled(Kind.ASKED)
        always = self.settled(Kind.LEFT_OUT)
        empty = {
            self.pages[goal.question].section.id
            for goal in self.verdicts.impossible
            if goal.kind is Kind.SECTION
        }
        told: set[tuple[Kind, Step, str, int]] = set()
        for goal, core in self.verdicts.impossible.items():
            key = (goal.kind, goal.when, goal.source, goal.nth)
            if goal.bad or key in told or not self.everywhere(goal):
                continue
            told.add(key)
            if goal.kind in {Kind.SECTION, Kind.GATE}:
                yield self.section(goal, core)
            elif self.pages[goal.question].section.id in empty or (
                goal.kind is Kind.BRANCH and goal.source in always
            ):
                continue
            else:
                yield from self.page(goal, core, goal.source in never)
        yield from self.shown_once()
        for goal in self.verdicts.unknown:
            named = {"name": goal.name, "part": _short(goal.part)}
            what = _TEXTS[goal.kind].format(id=goal.source, **named)
            yield Finding(
                faults.UNDECIDED, goal.place, {"id": goal.source, "what": what}
            )

    def settled(self, kind: Kind) -> set[str]:
        """The pages as written of which a goal of this kind is impossible."""
        return {
            goal.source
            for goal in self.verdicts.impossible
            if goal.kind is kind and self.everywhere(goal)
        }

    def everywhere(self, goal: Goal) -> bool:
        """Whether a goal is impossible in every line of its page."""
        return all(
            other in self.verdicts.impossible
            for page in self.lines.get(goal.source, ())
            for other in page.goals
            if (other.kind, other.when, other.nth) == (goal.kind, goal.when, goal.nth)
        )

    @cached_property
    def lines(self) -> dict[str, list[Page]]:
        """The pages by their id as written."""
        found: dict[str, list[Page]] = {}
        for page in self.pages.values():
            question = page.question
            found.setdefault(question.source or question.id, []).append(page)
        return found

    def shown_once(self) -> Iterator[Finding]:
        """What must not be and is, once for each page and name as written."""
        told: set[tuple[Fault, str, str]] = set()
        first = self.way_past()
        for goal, respondent in self.verdicts.reached.items():
            fault = _REACHED.get(goal.kind)
            if fault is faults.NO_WAY_FOR_SOME and self.worse(goal):
                continue
            if fault is faults.WITHOUT_CONSENT and goal is not first:
                continue
            key = (fault, goal.source, goal.name.partition("#")[0]) if fault else None
            if fault is not None and key is not None and key not in told:
                told.add(key)
                yield self.shown(fault, goal, respondent)

    def way_past(self) -> Goal | None:
        """The first page that somebody comes to without consent; the others follow."""
        return next(
            (
                goal
                for page in self.pages.values()
                for goal in page.goals
                if goal.kind is Kind.WITHOUT_CONSENT and goal in self.verdicts.reached
            ),
            None,
        )

    def worse(self, goal: Goal) -> bool:
        """Whether the same page has a dead end, or lets no answer pass at all."""
        return any(
            other.question == goal.question
            and (
                (other.kind is Kind.DEAD_END and other in self.verdicts.reached)
                or (other.kind is Kind.PASSES and other in self.verdicts.impossible)
            )
            for other in self.pages[goal.question].goals
        )

    def section(self, goal: Goal, core: tuple[str, ...]) -> Finding:
        """A section that nobody comes to, or whose condition keeps nobody out."""
        page = self.pages[goal.question]
        detail = {
            "id": page.section.id,
            "reason": self.reason(core),
            "respondent": "",
        }
        fault = faults.NEVER_SECTION
        if goal.kind is Kind.GATE:
            fault = faults.ALWAYS_TRUE
        return Finding(fault, goal.place or page.section.place, detail)

    def page(self, goal: Goal, core: tuple[str, ...], never: bool) -> Iterator[Finding]:
        """A page's impossible goals; what follows from being never asked is left out."""
        page = self.pages[goal.question]
        detail: dict[str, object] = {
            "id": goal.source,
            "reason": self.reason(core),
            "respondent": "",
        }
        if goal.kind is Kind.ASKED:
            own = {
                f"{goal.question}:{n + len(page.base)}" for n in range(len(page.own))
            }
            blamed = bool(page.own) and bool(own & set(core))
            place = page.own[0].place if blamed else page.question.place
            detail |= self.example(Kind.LEFT_OUT, goal.question)
            yield Finding(faults.NEVER_ASKED, place, detail)
        elif never:
            return
        elif goal.kind is Kind.LEFT_OUT:
            if page.question.answerable:
                detail |= self.example(Kind.ASKED, goal.question)
                yield Finding(faults.ALWAYS_TRUE, goal.place, detail)
        elif goal.kind is Kind.BRANCH and goal.tree is not None:
            detail["part"] = _short(goal.part)
            yield Finding(faults.NEVER_TRUE_PART, goal.place, detail)
        elif goal.kind is Kind.OPTION:
            detail["code"] = goal.name
            yield Finding(faults.NEVER_CHOSEN, goal.place, detail)
        elif goal.kind is Kind.PASSES:
            detail |= self.example(Kind.ASKED, goal.question)
            yield Finding(faults.NO_ANSWER_PASSES, goal.place, detail)
        elif goal.kind is Kind.CHECK:
            yield Finding(faults.CHECK_NEVER, goal.place, detail)
        elif goal.kind is Kind.SPARED:
            yield Finding(faults.ALWAYS_WARNS, goal.place, detail)

    def shown(self, fault: Fault, goal: Goal, respondent: Respondent) -> Finding:
        """Something that must not be, with the respondent who does it."""
        detail: dict[str, object] = {"id": goal.source, "name": goal.name}
        roster = self.roster(goal.name)
        if roster is not None:
            detail["maximum"] = roster
            detail["count"] = said(respondent.answers.get(goal.question, ""))
        detail |= self.told(respondent, goal.question, goal.name)
        return Finding(fault, goal.place, detail)

    def example(self, kind: Kind, question: str) -> dict[str, object]:
        """The respondent of a reached goal, when there is one."""
        for goal, respondent in self.verdicts.reached.items():
            if goal.kind is kind and goal.question == question:
                return self.told(respondent, question, "")
        return {}

    def told(
        self, respondent: Respondent, question: str, name: str
    ) -> dict[str, object]:
        """A respondent's answers to what matters, as words and as data."""
        page = self.pages[question]
        names = [*page.consents, *self.behind(question), *self.behind(name)]
        wanted = [one for one in dict.fromkeys(names) if one]
        shown = respondent.shown([*wanted, "mode"])
        listed = list(shown.items())[:MOST_ANSWERS]
        words = ", ".join(f"{one} = {value}" for one, value in listed)
        more = " ..." if len(shown) > MOST_ANSWERS else ""
        return {"respondent": f" Shown by: {words}{more}.", "answers": shown}

    def roster(self, section: str) -> int | None:
        """The most lines of a section that is a roster."""
        for page in self.pages.values():
            if page.section.id == section and page.section.roster is not None:
                return page.section.roster.maximum
        return None

    def behind(self, question: str) -> list[str]:
        """The names a page depends on, nearest first."""
        found: dict[str, None] = {}
        waiting = [question]
        while waiting and len(found) < 3 * MOST_ANSWERS:
            page = self.pages.get(waiting.pop(0))
            if page is None:
                continue
            for part in page.parts:
                for name in names_of(part.tree):
                    if name not in found:
                        found[name] = None
                        waiting.append(name)
        return list(found)

    def reason(self, core: Iterable[str]) -> str:
        """The parts that exclude each other, each with its line."""
        said = dict.fromkeys(
            text for label in core if (text := self.part(label)) is not None
        )
        texts = list(said)
        if not texts:
            return "no answer that can be given leads there"
        if len(texts) == 1:
            return f"{texts[0]} is never true"
        shown = texts[:MOST_PARTS]
        more = " and others" if len(texts) > MOST_PARTS else ""
        return f"{' and '.join(shown)}{more} exclude each other"

    def part(self, label: str) -> str | None:
        """One labelled part as written, with the line it stands on."""
        name, _, number = label.rpartition(":")
        page = self.pages.get(name)
        if page is None or not number.isdigit() or int(number) >= len(page.parts):
            return None
        part: Part = page.parts[int(number)]
        return f"'{_short(part.text)}'{_line(part.place)}"


def _line(place: Place | None) -> str:
    return f" (line {place.line})" if place is not None and place.line else ""


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_PART else f"{text[:LONGEST_PART]}..."
