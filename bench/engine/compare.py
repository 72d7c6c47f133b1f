"""Forms filled at random in an independent XForms engine and here, compared step by step.

The engine is a program of Node, fetched once into a folder of the machine's temporary
files and used by this bench alone. After each answer it tells of every question whether
it is relevant, what it holds, whether its constraint is met and which options are offered;
the imported instrument is asked the same. What an import says to be approximated, and what
draws on it, is counted apart.
"""

from __future__ import annotations

import datetime as dt
import json
import random
import shutil
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from threading import Timer
from typing import Any

from bench.engine.naming import LINE, Names
from harken.method.questionnaire import Question, Questionnaire, QuestionType, Value
from harken.method.questionnaire import route as routing
from harken.method.questionnaire.exchange import Imported
from harken.method.terms import Arm, Missing, Mode

DRIVER = Path(__file__).parent
PLACE = Path(tempfile.gettempdir()) / "harken-bench-engine"
TODAY = dt.datetime.now(tz=dt.UTC).date()
PATIENCE = 20.0
"""So long the engine may take for one request."""

_ASKED = {"input", "select", "rank", "trigger", "range"}
_TEXTS = ("Ann Bo", "x", "12", "0812345678", "a@b.example")
_NUMBERS = (0, 1, 2, 3, 4, 5, 10, 15, 18, 25, 30, 45, 60, 100)

State = list[dict[str, Any]]


class EngineError(RuntimeError):
    """The engine answered that it cannot."""


def fetch_engine() -> None:
    """Put the engine's program into its place, once."""
    PLACE.mkdir(exist_ok=True)
    for name in ("package.json", "drive.mjs"):
        shutil.copy(DRIVER / name, PLACE / name)
    if not (PLACE / "node_modules").exists():
        quiet = ["npm", "install", "--no-audit", "--no-fund", "--silent"]
        subprocess.run(quiet, cwd=PLACE, check=True)  # noqa: S603 - fixed words


class Engine:
    """The engine as a process of its own."""

    def __init__(self) -> None:
        self.start()

    def start(self) -> None:
        """Start the process; its words go in and out line by line."""
        self.process = subprocess.Popen(
            ["node", "drive.mjs"],  # noqa: S607 - whichever Node stands first
            cwd=PLACE,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        if self.process.stdin is None or self.process.stdout is None:
            raise EngineError("the engine has no ends")
        self.into, self.out = self.process.stdin, self.process.stdout

    def ask(self, **request: object) -> State:
        """One request; the state that it led to. Raises EngineError."""
        limit = Timer(PATIENCE, self.process.kill)
        limit.start()
        try:
            self.into.write(json.dumps(request) + "\n")
            self.into.flush()
            line = self.out.readline()
        except BrokenPipeError:
            line = ""
        finally:
            limit.cancel()
        if not line:
            self.process.wait()
            self.start()
            raise EngineError(f"no answer within {PATIENCE:.0f} s, or the engine ended")
        try:
            reply: dict[str, Any] = json.loads(line)
        except json.JSONDecodeError:
            raise EngineError("an answer that is none") from None
        if "error" in reply:
            raise EngineError(str(reply["error"]))
        state: State = reply["state"]
        return state

    def close(self) -> None:
        """End the process."""
        self.into.close()
        self.process.wait(timeout=10)


@dataclass(slots=True)
class Tally:
    """What was compared, by kind: agreed or not; and the first of each disagreement."""

    agreed: Counter[str] = field(default_factory=Counter)
    differed: Counter[str] = field(default_factory=Counter)
    near: Counter[str] = field(default_factory=Counter)
    records: int = 0
    steps: int = 0
    examples: dict[tuple[str, str], str] = field(default_factory=dict)

    def note(self, kind: str, at: str, same: bool, told: bool, said: str) -> None:
        if same:
            self.agreed[kind] += 1
        elif told:
            self.near[kind] += 1
        else:
            self.differed[kind] += 1
            self.examples.setdefault((kind, LINE.sub("", at)), said)


def _text(value: Value | None) -> str:
    """A value here as the engine writes it; nothing is the empty text."""
    if value is None or isinstance(value, Missing):
        return ""
    if isinstance(value, tuple):
        return " ".join(value)
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _same(here: str, there: str) -> bool:
    if here.strip() == there.strip():
        return True
    try:
        one, other = Decimal(here), Decimal(there)
    except InvalidOperation:
        there = "" if there == "NaN" else there
        return here.split() == there.split() or (
            here[:10] == there[:10] != "" and "T" in there
        )
    return abs(one - other) <= Decimal("0.000001") * max(Decimal(1), abs(one))


@dataclass(slots=True)
class Record:
    """One record filled in both."""

    engine: Engine
    made: Imported
    names: Names
    tally: Tally
    random: random.Random
    answers: dict[str, Value] = field(default_factory=dict)
    passed: set[str] = field(default_factory=set)
    told: set[str] = field(default_factory=set)
    known: dict[str, Question] = field(default_factory=dict)

    @property
    def book(self) -> Questionnaire:
        return self.made.questionnaire

    def fill(self, steps: int, until: float) -> None:
        """Begin an empty record and answer question after question."""
        self.known = {one.id: one for one in self.book.questions}
        state = self.engine.ask(op="new")
        self.told = self.names.near | set(_drawing_on(self.book, self.names.near))
        self.take_defaults(state)
        self.compare(state)
        for _ in range(steps):
            row = next(self.open(state), None)
            if row is None or time.monotonic() > until:
                break
            state = self.answer(row)
            self.tally.steps += 1
        self.tally.records += 1

    def take_defaults(self, state: State) -> None:
        """What the form fills in by itself counts here as an answer."""
        for row in state:
            question = self.known.get(self.names.id(row["at"]))
            if row.get("value") and question is not None and question.answerable:
                self.answers[question.id] = self.here(question, row, row["value"])

    def open(self, state: State) -> Iterator[dict[str, Any]]:
        """Questions that can be answered in both and were not yet."""
        for row in state:
            at = row["at"]
            question = self.known.get(self.names.id(at))
            known = question is not None and question.answerable
            known = known and not row.get("readonly")
            if known and row["is"] in _ASKED and row["on"] and at not in self.passed:
                yield row

    def answer(self, row: dict[str, Any]) -> State:
        """A random answer in both; taken back when it breaks the form's constraint."""
        at = row["at"]
        self.passed.add(at)
        question = self.known[self.names.id(at)]
        state: State = []
        for _ in range(3):
            told = self.drawn(question, row)
            state = self.engine.ask(op="set", at=at, to=told)
            after = next((one for one in state if one["at"] == at), None)
            if after is None:  # its line went with the answer
                self.answers.pop(question.id, None)
                return state
            if after["value"] == "" or told == "":
                self.answers.pop(question.id, None)
            else:
                self.answers[question.id] = self.here(question, row, told)
            self.compare(state)
            if after["sound"]:
                return state
        state = self.engine.ask(op="set", at=at, to="")
        self.answers.pop(question.id, None)
        self.compare(state)
        return state

    def drawn(self, question: Question, row: dict[str, Any]) -> str:
        """A random answer, as the engine takes it; nothing one time in ten."""
        draw = self.random
        if draw.random() < 0.1:
            return ""
        if row["is"] == "trigger":
            return "OK"
        if "options" in row:
            offered = list(row["options"])
            if row["is"] == "rank":
                return " ".join(draw.sample(offered, len(offered)))
            many = question.type in {QuestionType.MULTIPLE, QuestionType.RANKING}
            chosen = draw.sample(
                offered, min(len(offered), draw.randint(1, 3 if many else 1))
            )
            return " ".join(one for one in offered if one in chosen)
        match row["type"]:
            case "int" | "decimal":
                most = max((r.maximum for r in self.counters(question)), default=0)
                if most:
                    return str(draw.randint(0, min(3, most)))
                low, high = question.minimum, question.maximum
                if row["is"] == "range":  # a slider gives no value between its steps
                    return str(draw.choice((low, high)))
                if low is not None and high is not None:
                    return str(draw.randint(int(low), int(high)))
                return str(draw.choice(_NUMBERS))
            case "date" | "dateTime":
                day = TODAY + dt.timedelta(draw.randint(-9000, 400))
                return day.isoformat()
            case "time":
                return f"{draw.randint(0, 23):02}:{draw.randint(0, 59):02}:00.000+00:00"
            case _:
                return draw.choice(_TEXTS)

    def counters(self, question: Question) -> list[Any]:
        rosters = (one.roster for one in self.book.sections if one.roster is not None)
        return [one for one in rosters if one.count == question.id]

    def here(self, question: Question, row: dict[str, Any], told: str) -> Value:
        """An answer of the engine as a value here."""
        if question.written == "yes_no":
            return "yes"
        codes = tuple(self.names.code(one, question.source) for one in told.split())
        match question.type:
            case QuestionType.SINGLE | QuestionType.LOOKUP:
                return codes[0]
            case QuestionType.MULTIPLE | QuestionType.RANKING:
                return codes
            case QuestionType.NUMBER | QuestionType.CURRENCY:
                return Decimal(told)
            case QuestionType.DATE:
                return told[:10]
            case QuestionType.TIME:
                return told[:5]
            case _:
                return told

    def compare(self, state: State) -> None:
        """Every question and value of the engine with the same here."""
        context = routing.Context(
            Mode.WEB, Arm.SAMPLE, self.book.languages[0], TODAY, 1
        )
        found = routing.route(self.book, self.answers, context)
        asked = {one.id for one in found.questions}
        for row in state:
            question = self.known.get(self.names.id(row["at"]))
            if question is not None and "value" in row:
                self.one(row, question, found.values, asked)

    def one(
        self,
        row: dict[str, Any],
        question: Question,
        values: Mapping[str, Value],
        asked: set[str],
    ) -> None:
        at, told = row["at"], question.source in self.told or question.id in self.told
        note = self.tally.note
        if question.type is QuestionType.COMPUTED:
            there = row["value"] if row["on"] else ""
            here = _text(values.get(question.id))
            if not isinstance(values.get(question.id), Decimal):
                there = " ".join(self.names.code(one) for one in there.split(" "))
            note(
                "values",
                at,
                _same(here, there),
                told,
                f"{at}: {here!r} here, {there!r} there",
            )
            return
        on = question.id in asked
        note(
            "relevant",
            at,
            on == row["on"],
            told,
            f"{at}: asked {on} here, {row['on']} there",
        )
        if not on or not row["on"] or not question.answerable:
            return
        if "options" in row and question.written != "yes_no" and question.options:
            here_ = {one.code for one in routing.offered(question, values)}
            there_ = {self.names.code(one, question.source) for one in row["options"]}
            odd = sorted(here_ ^ there_)[:3]
            note("options", at, not odd, told, f"{at}: {odd} not in both")
        if row["value"] and question.checks:
            wrong = bool(list(routing.failing(question, values)))
            note(
                "constraint", at, wrong != row["sound"], told,
                f"{at}: {row['value']!r} wrong {wrong} here, {not row['sound']} there",
            )  # fmt: skip


def _drawing_on(book: Questionnaire, names: set[str]) -> Iterator[str]:
    """Questions whose route or value follows from one of these, near or far."""
    found = set(names)
    for _ in range(12):
        before = len(found)
        for one in book.questions:
            used = (*(one.condition.names if one.condition else ()),
                    *(one.value.names if one.value else ()))  # fmt: skip
            used += tuple(
                name for check in one.checks for name in check.condition.names
            )
            if any(name in found or name.split("#")[0] in found for name in used):
                found |= {one.id, one.source}
        if len(found) == before:
            break
    yield from found
