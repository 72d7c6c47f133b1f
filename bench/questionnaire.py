"""What checking a questionnaire costs and finds: ``script/bench questionnaire [--quick]``.

Reading and types, the whole proof, the next page, a simulation, planted faults of every
kind and sound instruments. Times are of the processor, so that a busy machine changes
them little.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from pathlib import Path
from random import Random

from harken.method.questionnaire import Questionnaire, check, read_questionnaire
from harken.method.questionnaire import route as routing
from harken.method.questionnaire.parser import known
from harken.method.questionnaire.proof import prove, simulate
from harken.method.questionnaire.proof.respondent import TODAY
from harken.method.questionnaire.route import Context
from harken.method.questionnaire.values import Kind, Value
from harken.method.terms import Arm, Language, Mode
from tests.make.instruments import make_instrument
from tests.make.planted import PLANTS, plant
from tests.make.sound import in_polish, read_rich, rich_faults

DEMO = (
    Path(__file__).resolve().parents[1]
    / "studies"
    / "victims-review"
    / "questionnaire.yaml"
)
LARGE, FAULTS, CLEAN, PEOPLE = 500, 216, 30, 10_000
WANTED = 0.98
STEPS = 100
TOPIC = 100


@dataclass(frozen=True)
class Row:
    """What one instrument costs."""

    kind: str
    questions: int
    conditions: int
    read_ms: float
    proof_s: float
    next_page_us: float

    @property
    def each_ms(self) -> float:
        """Reading and proof together, for each question."""
        return (self.read_ms + 1000 * self.proof_s) / self.questions


def timed(work: Callable[[], object], times: int = 3) -> float:
    """The shortest processor time of some runs, in seconds."""
    best = float("inf")
    for _ in range(times):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


def speed(size: int, topic: int = 0) -> Row:
    """Reading with types and structure, proof, and the next page of one instrument.

    In one chain a condition may rest on another through the whole instrument; by topic
    it looks back no further than to the last beginning of ``topic`` questions.
    """
    text = make_instrument(size, seed=2, topic=topic).text
    read = read_questionnaire(text)

    def first() -> None:
        known.cache_clear()  # as if no expression had been read before
        check(read_questionnaire(text))

    read_ms = 1000 * timed(first, 8)
    proof_s = timed(lambda: prove(read), 3)
    context = Context(Mode.WEB, Arm.SAMPLE, Language("en"), TODAY)
    people = [answers(read, number) for number in range(STEPS)]

    def pages() -> None:
        for one in people:
            routing.route(read, one, context)

    return Row(
        "within topics" if topic else "in one chain",
        len(read.questions),
        sum(question.own is not None for question in read.questions),
        read_ms,
        proof_s,
        1e6 / STEPS * timed(pages, 25),
    )


def answers(read: Questionnaire, seed: int) -> dict[str, Value]:
    """An answer to every page, so that the route goes to the end."""
    random = Random(seed)  # noqa: S311 - invented respondents, no secret
    said: dict[str, Value] = {}
    for question in read.questions:
        kind = question.name_type.kind
        if question.purpose is not None:
            said[question.id] = "yes"
        elif kind is Kind.CODE:
            said[question.id] = random.choice(question.codes)
        elif kind is Kind.CODES:
            chosen = random.sample(question.codes, 2)
            said[question.id] = tuple(sorted(chosen))
        elif kind is Kind.NUMBER:
            said[question.id] = Decimal(random.randint(0, 15))
        elif kind is Kind.MONTH:
            said[question.id] = f"2024-{random.randint(1, 12):02}"
    return said


def planted(count: int, *, all_rich: bool) -> dict[str, list[int]]:
    """By kind of fault: how many were planted, and how many found at their place.

    Faults drawn in invented instruments, and those of ``tests/make/rich/faults.yaml``.
    """
    kinds, rich = list(PLANTS), rich_faults()
    one_each = tuple({fault.kind: fault for fault in rich}.values())
    drawn = [plant(kinds[number % len(kinds)], number) for number in range(count)]
    tried = [(fault.kind.replace("_", " "), fault.found) for fault in drawn]
    tried += [(one.kind, one.found) for one in (rich if all_rich else one_each)]
    found: dict[str, list[int]] = {}
    for number, (kind, hit) in enumerate(tried, 1):
        counts = found.setdefault(kind, [0, 0])
        counts[0] += 1
        counts[1] += hit()
        _tick("faults", number, len(tried))
    return dict(sorted(found.items()))


def reported(count: int) -> tuple[int, list[str]]:
    """How many sound instruments were checked, and those reported all the same."""
    random = Random(11)  # noqa: S311 - invented instruments, no secret
    texts = [
        make_instrument(40, seed=random.randrange(1, 100_000)) for _ in range(count)
    ]
    books = [(f"made-{one.seed}", read_questionnaire(one.text)) for one in texts]
    books += [("rich", read_rich()), ("rich in Polish", read_rich(None, in_polish({})))]
    books += [("demo", read_questionnaire(DEMO.read_text(encoding="utf-8")))]
    wrong = []
    for number, (name, read) in enumerate(books, 1):
        if check(read, languages=read.languages) or prove(read, minutes=240).findings:
            wrong.append(name)
        _tick("sound", number, len(books))
    return len(books), wrong


def _tick(label: str, done: int, total: int) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{label}: {done}/{total} ")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the benchmark; exit code 5 when a promise is not kept."""
    parser = argparse.ArgumentParser(prog="script/bench questionnaire")
    parser.add_argument("--quick", action="store_true", help="a part, under 50 s")
    parser.add_argument("--json", action="store_true", help="write JSON")
    args = parser.parse_args(argv)
    quick = args.quick
    demo = read_questionnaire(DEMO.read_text(encoding="utf-8"))
    people = PEOPLE // 10 if quick else PEOPLE
    wanted = (125, LARGE) if quick else (125, 250, LARGE, 1000)
    sizes = [speed(size, topic) for topic in (0, TOPIC) for size in wanted]
    kinds = [
        [row for row in sizes if row.kind == kind]
        for kind in ("in one chain", "within topics")
    ]
    demo_proof = timed(lambda: prove(demo), 1)
    simulated = timed(lambda: simulate(demo, people), 1) * PEOPLE / people
    faults = planted(len(PLANTS) if quick else FAULTS, all_rich=not quick)
    sound, wrong = reported(4 if quick else CLEAN)
    large = next(row for row in sizes if row.questions >= LARGE)
    hits, tried = sum(n for _, n in faults.values()), sum(n for n, _ in faults.values())
    kept = {
        "500 questions read and proved under 5 s": large.read_ms / 1000 + large.proof_s
        < 5,
        "types and structure alone under 300 ms": large.read_ms < 300,
        "next page under 200 microseconds": large.next_page_us < 200,
        "10,000 interviews simulated under 10 s": simulated < 10,
        "cost linear in questions": all(
            rows[-1].each_ms < 1.5 * rows[0].each_ms for rows in kinds
        ),
        "98 % of planted faults at their place": hits >= WANTED * tried,
        "no sound instrument reported": not wrong,
    }
    result = {
        "benchmark": "questionnaire",
        "sizes": [asdict(row) for row in sizes],
        "demo_proof_s": demo_proof,
        "simulate_10000_s": simulated,
        "faults": faults,
        "sound": sound,
        "reported": wrong,
        "kept": kept,
    }
    shown = (
        json.dumps(result, indent=2) if args.json else "\n".join(told(sizes, result))
    )
    sys.stdout.write(shown + "\n")
    return 0 if all(kept.values()) else 5


def told(sizes: Sequence[Row], result: dict[str, object]) -> Iterable[str]:
    """The report for people: three tables and what was kept."""
    head = (
        "conditions",
        "questions",
        "with one",
        "read ms",
        "proof s",
        "next page us",
        "ms each",
    )
    rows = [
        (
            row.kind, str(row.questions), str(row.conditions), f"{row.read_ms:.0f}",
            f"{row.proof_s:.2f}", f"{row.next_page_us:.0f}", f"{row.each_ms:.2f}",
        )
        for row in sizes
    ]  # fmt: skip
    yield from table(head, rows)
    yield ""
    yield f"Demo instrument: proof {result['demo_proof_s']:.2f} s, 10,000 interviews "
    yield f"simulated in {result['simulate_10000_s']:.1f} s."
    yield ""
    faults = result["faults"]
    assert isinstance(faults, dict)  # noqa: S101 - our own report
    counts = [(kind, str(tried), str(hits)) for kind, (tried, hits) in faults.items()]
    tried, hits = (sum(pair[i] for pair in faults.values()) for i in (0, 1))
    yield from table(
        ("fault", "planted", "found"), [*counts, ("all", str(tried), str(hits))]
    )
    yield ""
    wrong = result["reported"]
    assert isinstance(wrong, list)  # noqa: S101 - our own report
    yield f"{len(wrong)} of {result['sound']} sound instruments reported. " + ", ".join(
        wrong
    )
    kept = result["kept"]
    assert isinstance(kept, dict)  # noqa: S101 - our own report
    for name, good in kept.items():
        yield f"{'kept' if good else 'NOT KEPT'}: {name}"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterable[str]:
    """Rows below their heads, in columns."""
    wide = [max(len(row[at]) for row in (head, *rows)) for at in range(len(head))]
    for row in (head, *rows):
        yield "  ".join(
            cell.ljust(width) for cell, width in zip(row, wide, strict=True)
        )


if __name__ == "__main__":
    raise SystemExit(main())
