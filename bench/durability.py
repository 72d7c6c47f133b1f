"""Is an answer ever lost? ``script/bench durability [--quick] [--kills N]``.

Fifty people answer at once while the server is killed at 200 random moments (kill -9: one
worker, every tenth time all of it), on SQLite and on PostgreSQL with full durability. A
person whose page does not come sends it again. Then every answer that was acknowledged
is held against the databases. Exit code 5 when one is missing or counted twice.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from bench.crowd import house, trial
from bench.crowd.trial import Outcome

PEOPLE, KILLS, PAUSE = 50, 200, 1.2
QUICK_PEOPLE, QUICK_KILLS = 10, 12


def one(*, people: int, kills: int) -> Outcome:
    """One trial in a folder of its own, on the database of this environment."""
    folder = Path(tempfile.mkdtemp(prefix="harken-bench-"))
    try:
        house.prepare(folder)
        return trial.run(folder, people=people, kills=kills, pause=PAUSE)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def on_postgres(arguments: Sequence[str]) -> dict[str, float]:
    """The same trial in a PostgreSQL of its own with every safeguard of the disk."""
    command = ["script/with-postgres", "--durable", sys.executable]
    command += ["-m", "bench.durability", "--here", "--json", *arguments]
    done = subprocess.run(  # noqa: S603 - our own command
        command,
        cwd=house.ROOT,
        env={**os.environ, "PYTHONPATH": f"{house.ROOT}/src:{house.ROOT}"},
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode not in {0, 5}:
        raise RuntimeError(done.stderr[-2000:])
    found: dict[str, float] = json.loads(done.stdout)["here"]
    return found


def wrong(found: dict[str, float]) -> bool:
    """Whether anything acknowledged is missing, doubled or out of order."""
    return any(
        found[name] for name in ("lost", "duplicates", "unsent", "broken_histories")
    )


def main(argv: Sequence[str] | None = None) -> int:
    """Run the trials; exit code 5 when an acknowledged answer is lost or doubled."""
    parser = argparse.ArgumentParser(
        prog="script/bench durability", description=__doc__
    )
    parser.add_argument("--quick", action="store_true", help="10 people, 12 kills")
    parser.add_argument("--kills", type=int, default=0, help="how many kills")
    parser.add_argument("--json", action="store_true", help="write JSON")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args(argv)
    people, kills = (QUICK_PEOPLE, QUICK_KILLS) if args.quick else (PEOPLE, KILLS)
    kills = args.kills or kills
    found = {}
    if args.here:
        found["here"] = asdict(one(people=people, kills=kills))
    else:
        found["sqlite"] = asdict(one(people=people, kills=kills))
        if not args.quick:
            found["postgres"] = on_postgres(())
    text = json.dumps(found, indent=2) if args.json else "\n".join(_lines(found))
    sys.stdout.write(f"{text}\n")
    return 5 if any(wrong(one) for one in found.values()) else 0


def _lines(found: dict[str, dict[str, float]]) -> list[str]:
    return [
        f"{name}: {row['kills']} kills, {row['journeys']} journeys,"
        f" {row['acknowledged']} answers acknowledged, {row['lost']} lost;"
        f" {row['submitted']} submitted, {row['duplicates']} twice, {row['unsent']}"
        f" missing; {row['broken_histories']} histories with a gap;"
        f" {row['repeated']} pages asked for again; {row['seconds']} s"
        for name, row in found.items()
    ]


if __name__ == "__main__":
    raise SystemExit(main())
