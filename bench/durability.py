"""Is an answer ever lost? ``script/bench durability [--quick] [--kills N] [--part NAME]``.

Fifty people answer at once while the server is killed at 200 random moments (kill -9: one
worker, every tenth time all of it), on SQLite and on PostgreSQL with full durability;
then while the disk is full for a while (SQLite on a small disk of its own, as root), and
while PostgreSQL is stopped for a minute. A person whose page does not come, or who is
shown the calm page, sends it again. Then every answer that was acknowledged is held
against the databases. Exit code 5 when one is missing or counted twice, or when somebody
saw another error than the calm page.
"""

from __future__ import annotations

import argparse
import atexit
import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from functools import cache
from pathlib import Path

from bench.crowd import house, trial
from bench.crowd.trial import Outcome, Trouble

PEOPLE, KILLS, PAUSE = 50, 200, 1.2
QUICK_PEOPLE, QUICK_KILLS = 10, 10
AWAY, QUICK_AWAY = 60.0, 4.0
PARTS = ("killed", "killed_postgres", "full", "away")
ON_POSTGRES = {"killed_postgres", "away"}
QUICK_PARTS = ("killed", "full")
DISK = "64m"


def one(trouble: Trouble, *, people: int, place: Path | None = None) -> Outcome:
    """One trial in a folder of its own, on the database of this environment."""
    folder = place or Path(tempfile.mkdtemp(prefix="harken-bench-"))
    try:
        shutil.copytree(prepared(), folder, dirs_exist_ok=True)
        return trial.run(folder, people=people, trouble=trouble)
    finally:
        if place is None:
            shutil.rmtree(folder, ignore_errors=True)


@cache
def prepared() -> Path:
    """A house made once; each trial has a copy of it."""
    folder = Path(tempfile.mkdtemp(prefix="harken-bench-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    house.prepare(folder)
    return folder


@contextlib.contextmanager
def small_disk() -> Iterator[Path]:
    """A disk of its own that can be filled without harm; needs root."""
    folder = Path(tempfile.mkdtemp(prefix="harken-bench-"))
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", str(folder)]
    subprocess.run(mount, check=True)  # noqa: S603 - our own command
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)  # noqa: S603, S607
        folder.rmdir()


def full(*, people: int, seconds: float) -> Outcome:
    """The disk is full to its last byte for a while."""
    with small_disk() as folder:
        filling = folder / "filling"

        def fill() -> None:
            with filling.open("wb", buffering=0) as file, contextlib.suppress(OSError):
                while file.write(bytes(4096)):
                    pass

        trouble = trial.away(fill, filling.unlink, seconds=seconds)
        return one(trouble, people=people, place=folder / "data")


def away(*, people: int, seconds: float) -> Outcome:
    """The PostgreSQL of this environment is stopped, and started again."""
    folder = Path(os.environ["HARKEN_POSTGRES_FOLDER"])
    server = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))[-1]
    started = (folder / "data/postmaster.opts").read_text(encoding="utf-8")
    options = " ".join(started.split()[1:]).replace('"', "")

    def run(*words: str) -> None:
        command = [str(server), "-D", str(folder / "data"), "-w", *words]
        if os.geteuid() == 0:
            command = ["runuser", "-u", "postgres", "--", *command]
        subprocess.run(  # noqa: S603 - our own command
            command, check=True, cwd="/", stdout=subprocess.DEVNULL
        )

    trouble = trial.away(
        lambda: run("-m", "fast", "stop"),
        lambda: run("-l", str(folder / "log"), "-o", options, "start"),
        seconds=seconds,
    )
    return one(trouble, people=people)


def on_postgres(part: str, arguments: Sequence[str]) -> dict[str, float]:
    """The same part in a PostgreSQL of its own with every safeguard of the disk."""
    command = ["script/with-postgres", "--durable", sys.executable]
    command += ["-m", "bench.durability", "--here", part, "--json", *arguments]
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
    found: dict[str, float] = json.loads(done.stdout)[part]
    return found


def wrong(found: Mapping[str, float]) -> bool:
    """Whether anything acknowledged is missing, doubled or out of order, or anybody was
    shown a harsh page."""
    names = ("lost", "duplicates", "unsent", "broken_histories", "harsh")
    return any(found[name] for name in names)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the trials; exit code 5 when an acknowledged answer is lost or doubled."""
    parser = argparse.ArgumentParser(
        prog="script/bench durability", description=__doc__
    )
    parser.add_argument("--quick", action="store_true", help="10 people, 10 kills, 4 s")
    parser.add_argument("--kills", type=int, default=0, help="how many kills")
    parser.add_argument("--json", action="store_true", help="write JSON")
    parser.add_argument("--part", choices=PARTS, action="append", help="only this part")
    parser.add_argument("--here", default="", help=argparse.SUPPRESS)
    args = parser.parse_args(argv)
    people, kills = (QUICK_PEOPLE, QUICK_KILLS) if args.quick else (PEOPLE, KILLS)
    kills = args.kills or kills
    seconds = QUICK_AWAY if args.quick else AWAY
    found = {}
    for part in [args.here] if args.here else args.part or chosen(quick=args.quick):
        if part in ON_POSTGRES and not args.here:
            more = [f"--kills={kills}", *(["--quick"] if args.quick else [])]
            found[part] = on_postgres(part, more)
            continue
        if part == "full":
            outcome = full(people=people, seconds=seconds)
        elif part == "away":
            outcome = away(people=people, seconds=seconds)
        else:
            outcome = one(trial.killing(kills, pause=PAUSE), people=people)
        found[part] = asdict(outcome)
        sys.stderr.write(f"{part}: done\n")
    text = json.dumps(found, indent=2) if args.json else "\n".join(_lines(found))
    sys.stdout.write(f"{text}\n")
    return 5 if any(wrong(one) for one in found.values()) else 0


def chosen(*, quick: bool) -> Sequence[str]:
    """The parts that can run here: only root can make a disk to fill."""
    parts = QUICK_PARTS if quick else PARTS
    return [part for part in parts if part != "full" or os.geteuid() == 0]


def _lines(found: Mapping[str, Mapping[str, float]]) -> list[str]:
    return [
        f"{name}: {row['troubles']} troubles, {row['journeys']} journeys,"
        f" {row['acknowledged']} answers acknowledged, {row['lost']} lost;"
        f" {row['submitted']} submitted, {row['duplicates']} twice, {row['unsent']}"
        f" missing; {row['broken_histories']} histories with a gap;"
        f" {row['calm']} calm pages, {row['harsh']} others;"
        f" {row['repeated']} pages asked for again; {row['seconds']} s"
        for name, row in found.items()
    ]


if __name__ == "__main__":
    raise SystemExit(main())
