"""What does an interview on the web cost? ``script/bench web [--quick] [--json]``.

The real server as ``harken serve`` starts it, with full fsync, on SQLite and PostgreSQL,
against people over real sockets; beside it, in the same run, the bare prototype of
``bench/crowd/bare.py``. Processor time is the kernel's account of every server process,
the database's and the key holder's included. ``--part`` runs one part of it, ``--write``
puts what was measured into the table of docs/explanation/performance.md. Exit code 5 when
a bar is missed.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import gzip
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bench.crowd import house, journeys
from bench.crowd.client import Answer, Person, Tally
from bench.crowd.house import Served
from bench.crowd.journeys import PAGES, Manner
from bench.crowd.within import WARMING

AT_ONCE = 64
STEADY = 8
PEERS = {"LimeSurvey 6.4.2": 1_315, "ONS eQ runner": 387}
"""Server CPU ms for twelve pages, measured on two quiet cores in an earlier study of the
peers (docs/explanation/performance.md); they are quoted here, not run."""

BARS: Mapping[str, float] = {
    "sqlite_cpu_ms": 40,
    "postgres_cpu_ms": 60,
    "sqlite_ratio": 2.5,
    "postgres_ratio": 2.5,
    "p95_ms": 150,
    "html_bytes": 5_000,
    "first_visit_bytes": 45_000,
    "refetched": 0,
    "worker_mib": 120,
    "worker_mib_with_100000_codes": 120,
    "start_per_second": 1_500,
    "size_ratio": 1.15,
}
AT_LEAST = {"start_per_second"}
PARTS = ("cost", "crowd", "postgres", "size")
QUICK_PARTS = ("cost", "crowd")
PAGE = house.ROOT / "docs" / "explanation" / "performance.md"
HEAD = "| what | measured | bar |"
WORDS: Mapping[str, str] = {
    "sqlite_cpu_ms": "server CPU of an interview, SQLite, ms",
    "sqlite_script_ms": "the same with script on, SQLite, ms",
    "sqlite_bare_ms": "the bare prototype in the same run, SQLite, ms",
    "sqlite_ratio": "times the bare prototype, SQLite",
    "sqlite_script_ratio": "times the bare prototype with script on, SQLite",
    "sqlite_within_ms": "the same called in one process, without a server, SQLite, ms",
    "sqlite_bare_within_ms": "the bare prototype called so, SQLite, ms",
    "postgres_cpu_ms": "server CPU of an interview, PostgreSQL, ms",
    "postgres_script_ms": "the same with script on, PostgreSQL, ms",
    "postgres_bare_ms": "the bare prototype in the same run, PostgreSQL, ms",
    "postgres_ratio": "times the bare prototype, PostgreSQL",
    "postgres_script_ratio": "times the bare prototype with script on, PostgreSQL",
    "html_bytes": "largest page, compressed, bytes",
    "first_visit_bytes": "first visit with every asset, bytes",
    "visit_bytes": "a whole interview with every asset, bytes",
    "refetched": "assets fetched again",
    "p50_ms": "page, 64 people reading two seconds a page, half within, ms",
    "p95_ms": "page, 64 people reading two seconds a page, 95 % within, ms",
    "rush_p50_ms": "page, 64 people who never read, half within, ms",
    "rush_p95_ms": "page, 64 people who never read, 95 % within, ms",
    "rush_pages_per_second": "pages a second, 64 people who never read",
    "worker_mib": "memory of the largest worker, all that it shares counted, MiB",
    "worker_own_mib": "the same, what is shared counted once for all, MiB",
    "all_processes_mib": "memory of all processes, the key holder's too, MiB",
    "start_per_second": "start pages a second",
    "cpu_ms_with_1000_codes": "server CPU of an interview, 1,000 codes, ms",
    "cpu_ms_with_100000_codes": "the same, 100,000 codes and 20,000 interviews, ms",
    "size_ratio": "the second over the first",
    "worker_mib_with_100000_codes": "memory of the largest worker, 100,000 codes, MiB",
    "holder_mib_with_100000_codes": "memory of the key holder, 100,000 codes, MiB",
}


@dataclass(frozen=True, slots=True)
class Plan:
    """How long a run takes."""

    seconds: float
    rounds: int
    codes: int
    stored: int
    alone: int


FULL = Plan(seconds=8, rounds=3, codes=100_000, stored=20_000, alone=40)
QUICK = Plan(seconds=2.5, rounds=1, codes=10_000, stored=2_000, alone=15)


def cost(
    server: Served,
    others: list[int],
    journey: journeys.Journey,
    s: float,
    manner: Manner = Manner(),  # noqa: B008 - it is frozen
) -> float:
    """Server CPU ms for twelve pages with eight people at once."""
    pids = [*server.pids(), *others]
    before = house.cpu_seconds(pids)
    tally = _crowd(server, journey, people=STEADY, seconds=s, manner=manner)
    spent = house.cpu_seconds([*server.pids(), *others]) - before
    return 1000 * spent * PAGES / tally.pages


def _crowd(
    server: Served,
    journey: journeys.Journey,
    *,
    people: int,
    seconds: float,
    manner: Manner = Manner(),  # noqa: B008 - it is frozen
) -> Tally:
    return asyncio.run(
        journeys.crowd(
            server.port, journey, people=people, seconds=seconds, manner=manner
        )
    )


def side_by_side(folder: Path, plan: Plan, postgres: bool) -> dict[str, float]:
    """CPU of the house and of the bare prototype, taken in turn; the median of each."""
    name = "postgres" if postgres else "sqlite"
    others = _postgres_pids() if postgres else []
    mine, bare, stepped = [], [], []
    dsn = os.environ.get("HARKEN_BARE_DSN", "") if postgres else ""
    with house.served(folder) as server, house.bare(folder, dsn) as floor:
        _crowd(server, journeys.harken, people=4, seconds=1)
        _crowd(floor, journeys.prototype, people=4, seconds=1)
        for _ in range(plan.rounds):
            mine.append(cost(server, others, journeys.harken, plan.seconds))
            stepped.append(
                cost(server, others, journeys.harken, plan.seconds, Manner(script=True))
            )
            bare.append(cost(floor, others, journeys.prototype, plan.seconds / 2))
    middle = plan.rounds // 2
    one, script, floor_ms = (sorted(took)[middle] for took in (mine, stepped, bare))
    return {
        f"{name}_cpu_ms": round(one, 1),
        f"{name}_script_ms": round(script, 1),
        f"{name}_bare_ms": round(floor_ms, 1),
        f"{name}_ratio": round(one / floor_ms, 2),
        f"{name}_script_ratio": round(script / floor_ms, 2),
    }


def within(folder: Path, plan: Plan) -> dict[str, float]:
    """CPU of the house and of the bare prototype without a server, taken in turn; the
    median of each. The key holder's part is counted."""
    mine, bare = [], []
    env = house.environment(folder)
    env |= {"BARE_DSN": "", "BARE_FILE": str(folder / "within.sqlite3")}
    with house.served(folder) as server:
        for _ in range(plan.rounds):
            before = house.cpu_seconds(server.holders())
            people = plan.alone
            took = _called(env, "harken.service.wsgi", "harken", people)
            asked = house.cpu_seconds(server.holders()) - before
            mine.append(took + 1000 * asked / (people + WARMING))
            bare.append(_called(env, "bench.crowd.bare", "prototype", people))
    middle = plan.rounds // 2
    return {
        "sqlite_within_ms": round(sorted(mine)[middle], 1),
        "sqlite_bare_within_ms": round(sorted(bare)[middle], 1),
    }


def _called(env: Mapping[str, str], name: str, journey: str, people: int) -> float:
    command = [sys.executable, "-m", "bench.crowd.within", name, journey, str(people)]
    done = subprocess.run(  # noqa: S603 - our own command
        command, cwd=house.ROOT, env=env, check=True, capture_output=True, text=True
    )
    return float(done.stdout)


def _postgres_pids() -> list[int]:
    """Every process of the PostgreSQL that script/with-postgres started."""
    file = Path(os.environ["HARKEN_POSTGRES_FOLDER"]) / "data" / "postmaster.pid"
    head = int(file.read_text(encoding="ascii").split()[0])
    return [head, *_children(head)]


def _children(parent: int) -> list[int]:
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            with contextlib.suppress(OSError):
                text = (folder / "stat").read_text(encoding="ascii", errors="replace")
                if int(text.rpartition(") ")[2].split()[1]) == parent:
                    found.append(int(folder.name))
    return found


def crowded(server: Served, plan: Plan) -> dict[str, float]:
    """64 people at once: without a pause, and reading each page for two seconds."""
    rushing = _crowd(server, journeys.harken, people=AT_ONCE, seconds=plan.seconds)
    reading = _crowd(
        server,
        journeys.harken,
        people=AT_ONCE,
        seconds=plan.seconds * 2,
        manner=Manner(think=2.0),
    )
    workers, every = server.workers(), server.pids()
    return {
        "rush_p50_ms": round(rushing.percentile(0.50), 1),
        "rush_p95_ms": round(rushing.percentile(0.95), 1),
        "rush_pages_per_second": round(rushing.pages / rushing.seconds, 1),
        "p50_ms": round(reading.percentile(0.50), 1),
        "p95_ms": round(reading.percentile(0.95), 1),
        "worker_mib": round(house.memory(workers, house.RESIDENT)[0], 1),
        "worker_own_mib": round(house.memory(workers, house.OWN)[0], 1),
        "all_processes_mib": round(sum(house.memory(every, house.OWN)), 1),
    }


class Watched(Person):
    """A person whose browser fetches what each page names, and keeps what it may."""

    def __init__(self, port: int) -> None:
        super().__init__(port, accept="br, gzip")
        self.seen: dict[str, bool] = {}
        self.html: list[int] = []
        self.wire = 0
        self.again = 0

    async def get(self, path: str) -> Answer:
        """The page, then every asset it names that is not kept."""
        answer = await super().get(path)
        plain = journeys.unpacked(answer)
        # Without a proxy in front nothing packs pages: count them as it would.
        packed = min(len(answer.body), len(gzip.compress(plain, 6)))
        self.html.append(packed)
        self.wire += answer.wire - len(answer.body) + packed
        for asset in journeys.assets_of(plain.decode()):
            if asset in self.seen:
                self.again += not self.seen[asset]
                continue
            for one in await journeys.fetch(super().get, asset, self.seen):
                self.wire += one.wire
        return replace(answer, body=plain)


async def _weigh(port: int) -> dict[str, float]:
    """What the pages and the first page of a visit carry, and what comes again."""
    person = Watched(port)
    page = await person.get(journeys.START)
    first = person.wire
    await journeys.harken(person, Tally())
    await person.close()
    return {
        "html_bytes": max(person.html),
        "html_plain_bytes": len(page.body),
        "first_visit_bytes": first,
        "visit_bytes": person.wire,
        "refetched": person.again,
    }


def start_page(server: Served, seconds: float) -> float:
    """Requests a second to the start page, by wrk; 0 when wrk is not installed."""
    wrk = shutil.which("wrk")
    if wrk is None:
        return 0.0
    url = f"http://127.0.0.1:{server.port}{journeys.START}"
    command = [wrk, "-t1", "-c16", f"-d{max(2, int(seconds))}s", url]
    done = subprocess.run(  # noqa: S603 - our own command
        command, check=True, capture_output=True, text=True
    )
    said = done.stdout
    line = next(one for one in said.splitlines() if one.startswith("Requests/sec"))
    if "Non-2xx" in said:
        raise RuntimeError("the start page answered with errors")
    return float(line.split()[1])


def flatness(folder: Path, plan: Plan) -> dict[str, float]:
    """CPU with 1,000 codes and with 100,000 codes and 20,000 interviews; taken in turn,
    the median of each, so that other work on the machine weighs on both alike."""
    sizes = ((1_000, 200), (plan.codes, plan.stored))
    took: dict[int, list[float]] = {codes: [] for codes, _ in sizes}
    found = {}
    with contextlib.ExitStack() as stack:
        servers = {}
        for codes, stored in sizes:
            place = folder / f"filled-{codes}"
            house.prepare(place, codes=codes, stored=stored)
            servers[codes] = stack.enter_context(house.served(place))
            _crowd(servers[codes], journeys.harken, people=4, seconds=2)
        for _ in range(plan.rounds):
            for codes, server in servers.items():
                spent = cost(server, [], journeys.harken, plan.seconds)
                took[codes].append(spent)
        for codes, server in servers.items():
            middle = sorted(took[codes])[plan.rounds // 2]
            found[f"cpu_ms_with_{codes}_codes"] = round(middle, 1)
            largest = house.memory(server.workers(), house.RESIDENT)[0]
            found[f"worker_mib_with_{codes}_codes"] = round(largest, 1)
            largest = house.memory(server.holders(), house.RESIDENT)[0]
            found[f"holder_mib_with_{codes}_codes"] = round(largest, 1)
    few, many = (sorted(took[codes])[plan.rounds // 2] for codes, _ in sizes)
    return found | {"size_ratio": round(many / few, 2)}


def on_postgres(quick: bool) -> dict[str, float]:
    """The side-by-side run again, in a PostgreSQL of its own with full durability."""
    command = ["script/with-postgres", "--durable", sys.executable, "-m", "bench.web"]
    command += ["--here", "--json", *(["--quick"] if quick else [])]
    env = {**os.environ, "PYTHONPATH": f"{house.ROOT}/src:{house.ROOT}"}
    done = subprocess.run(  # noqa: S603 - our own command
        command, cwd=house.ROOT, env=env, check=False, capture_output=True, text=True
    )
    if done.returncode not in {0, 5}:
        raise RuntimeError(done.stderr[-2000:])
    found: dict[str, float] = json.loads(done.stdout)
    return found


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="harken-bench-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def run(plan: Plan, parts: Sequence[str], *, quick: bool) -> dict[str, float]:
    """Every measurement of these parts by name."""
    found: dict[str, float] = {}
    with _folder() as folder:
        if {"cost", "crowd"} & set(parts):
            house.prepare(folder)
        if "cost" in parts:
            found |= side_by_side(folder, plan, postgres=False)
            found |= within(folder, plan)
        if "crowd" in parts:
            with house.served(folder) as server:
                _crowd(server, journeys.harken, people=4, seconds=1)
                found |= asyncio.run(_weigh(server.port))
                found |= crowded(server, plan)
                found["start_per_second"] = round(start_page(server, plan.seconds))
        if "size" in parts:
            found |= flatness(folder, plan)
    return found | (on_postgres(quick) if "postgres" in parts else {})


def here(plan: Plan) -> dict[str, float]:
    """The side-by-side run on the PostgreSQL of this environment."""
    with _folder() as folder:
        house.prepare(folder)
        return side_by_side(folder, plan, postgres=True)


def missed(found: Mapping[str, float]) -> list[str]:
    """The bars this run did not hold."""
    return [
        name
        for name, bar in BARS.items()
        if name in found
        and (found[name] < bar if name in AT_LEAST else found[name] > bar)
    ]


def table(page: str, found: Mapping[str, float]) -> str:
    """The page with its table brought up to date; what was not measured now stays."""
    before, _, rest = page.partition(HEAD)
    old, blank, after = rest.partition("\n\n")
    known = dict(
        line.strip("| ").split(" | ")[:2] for line in old.splitlines() if " | " in line
    )
    known |= {
        WORDS[name]: f"{value:,g}" for name, value in found.items() if name in WORDS
    }
    rows = []
    for name, words in WORDS.items():
        if words in known:
            sign = "at least" if name in AT_LEAST else "at most"
            bar = f"{sign} {BARS[name]:,g}" if name in BARS else ""
            rows.append(f"| {words} | {known[words]} | {bar} |")
    body = "\n".join([HEAD, "|---|---:|---|", *rows])
    return f"{before}{body}{blank}{after}"


def lines(found: Mapping[str, float], short: Sequence[str]) -> Iterator[str]:
    """The table for people."""
    for name, value in found.items():
        bar = BARS.get(name)
        word = "" if bar is None else f"{'>=' if name in AT_LEAST else '<='} {bar:g}"
        yield f"{name:34} {value:>12,g}   {word}{'   MISSED' if name in short else ''}"
    for peer, cpu in PEERS.items():
        times = cpu / found["sqlite_cpu_ms"] if "sqlite_cpu_ms" in found else 0
        if times:
            yield f"{peer:34} {cpu:>12,} ms (quoted, not run): {times:.0f} times as much"


def main(argv: Sequence[str] | None = None) -> int:
    """Run the benchmark; exit code 5 when a bar is missed."""
    parser = argparse.ArgumentParser(prog="script/bench web", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="one short round on SQLite"
    )
    parser.add_argument("--json", action="store_true", help="write JSON")
    parser.add_argument(
        "--part", choices=PARTS, action="append", help="only this part; may be repeated"
    )
    parser.add_argument(
        "--write", action="store_true", help="bring the table up to date"
    )
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args(argv)
    began = time.perf_counter()
    plan = QUICK if args.quick else FULL
    parts = args.part or (QUICK_PARTS if args.quick else PARTS)
    found = here(plan) if args.here else run(plan, parts, quick=args.quick)
    if not args.here:
        found["load_average"] = round(os.getloadavg()[0], 1)
        found["run_seconds"] = round(time.perf_counter() - began, 1)
    if args.write:
        page = PAGE.read_text(encoding="utf-8")
        PAGE.write_text(table(page, found), encoding="utf-8")
    short = missed(found)
    text = json.dumps(found, indent=2) if args.json else "\n".join(lines(found, short))
    sys.stdout.write(f"{text}\n")
    return 5 if short else 0


if __name__ == "__main__":
    raise SystemExit(main())
