"""Do access codes hold? ``script/bench codes [--quick] [--json] [--part NAME]``.

Proves PRV 43 (codes are unique, uniform, and spell nothing), PRV 44 (every single mistake
and swap is caught), PRV 45 (a million guesses from 1,000 addresses against 100,000 live
codes: none hits, the alarm comes within a minute, people with right codes come in all the
while within two seconds) and PRV 46 in part (used, expired, withdrawn and unknown codes,
and those of interviews saved behind a PIN, are refused in the same time, a thousand tries
of each).

Guesses go through the house's own check of a code, limits, Argon2 and alarm included, a
thousand a second by a clock that the bench moves; two processes guess, a third lets people
in; no network is in between. Exit code 5 when a bar is missed.
"""

from __future__ import annotations

import argparse
import datetime as dt
import itertools
import json
import os
import random
import shutil
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, wait
from multiprocessing import get_context
from pathlib import Path
from typing import Any

FOLDER = Path(tempfile.mkdtemp(prefix="harken-bench-"))
os.environ |= {
    "HARKEN_DATA": str(FOLDER),
    "HARKEN_HOLDER": "within",
    "HARKEN_CLOCK": "stated",
    "DJANGO_SETTINGS_MODULE": "harken.service.settings",
}

import django  # noqa: E402 - settings read the environment above

django.setup()

from django.db import connections  # noqa: E402
from scipy import stats  # noqa: E402

from harken.method.errors import HarkenError  # noqa: E402
from harken.method.terms import RESPONDENT, CaseRef, Language, Mode  # noqa: E402
from harken.method.vault import make_code, read_code  # noqa: E402
from harken.method.vault.codes import ALPHABET, LENGTH, SPELLED  # noqa: E402
from harken.service.contact import codes  # noqa: E402
from harken.service.contact.models import AccessCode, WrongCodes  # noqa: E402
from harken.service.interview import actions as interview  # noqa: E402
from harken.service.interview import queries as interviews  # noqa: E402
from harken.service.sampling import queries as sampling  # noqa: E402
from harken.service.serve import prepare  # noqa: E402
from harken.service.study.models import Study  # noqa: E402
from harken.service.vault import actions as vault  # noqa: E402
from tests.make.contact import CALLING, make_field_study  # noqa: E402

ADDRESSES = 1_000
GUESSES_A_SECOND = 1_000
GUESSERS, PAUSE = 2, 1.0
EACH = 8
"""How many codes of each kind are at hand to be timed."""
PARTS = ("made", "mistakes", "timed", "crowded", "guessed")
KINDS = ("unused", "used", "expired", "withdrawn", "saved", "unknown")
REFUSED = KINDS[1:]
BARS = {
    "repeated_codes": 0.0,
    "spelling_codes": 0.0,
    "missed_mistakes": 0.0,
    "hits": 0.0,
    "alarm_after_s": 60.0,
    "right_code_ms": 2_000.0,
    "median_apart_ms": 5.0,
}
AT_LEAST = {"uniform_p": 0.01, "alike_p": 0.01}
NOT_JUDGED = {"median_apart_ms", "alike_p"}
"""Reported by ``--quick`` without a verdict: so few tries tell milliseconds apart only
where nothing else runs."""


def made(number: int) -> dict[str, float]:
    """Unique, uniform at every place, spelling nothing."""
    began = time.process_time()
    found = [make_code(os.urandom).replace("-", "") for _ in range(number)]
    spent = time.process_time() - began
    counts = [Counter(code[place] for code in found) for place in range(LENGTH)]
    worst = min(
        float(stats.chisquare([one[symbol] for symbol in ALPHABET]).pvalue)
        for one in counts
    )
    return {
        "codes": number,
        "make_us": round(1e6 * spent / number, 1),
        "repeated_codes": number - len(set(found)),
        "spelling_codes": sum(any(word in code for word in SPELLED) for code in found),
        # Twelve places are tried, so the smallest of twelve is held to a twelfth.
        "uniform_p": round(min(1.0, worst * LENGTH), 3),
    }


def mistakes(number: int) -> dict[str, float]:
    """Every single substitution, and every swap of symbols up to three apart."""
    tried = missed = 0
    for _ in range(number):
        code = make_code(os.urandom).replace("-", "")
        for text in _mistaken(code):
            tried += 1
            try:
                read_code(text)
            except HarkenError:
                continue
            missed += 1
    return {"mistakes": tried, "missed_mistakes": missed}


def _mistaken(code: str) -> list[str]:
    found = [
        code[:place] + symbol + code[place + 1 :]
        for place in range(LENGTH)
        for symbol in ALPHABET
        if symbol != code[place]
    ]
    for place in range(LENGTH):
        for other in range(place + 1, min(place + 4, LENGTH)):
            if code[place] != code[other]:
                text = list(code)
                text[place], text[other] = code[other], code[place]
                found.append("".join(text))
    return found


def crowded(study: Study, number: int) -> dict[str, float]:
    """So many live invitations, and how long a thousand more take to find their places."""
    known = _live(study, number)
    began = time.perf_counter()
    more = codes._free_codes(study, 1_000)
    spent = time.perf_counter() - began
    assert not set(known.values()) & {mark for _, mark in more}  # noqa: S101 - the promise of the line above
    return {"live_codes": number, "place_for_1000_more_s": round(spent, 2)}


def guessed(study: Study, *, guesses: int, live: int) -> dict[str, float]:
    """Guesses as fast as they come from two processes, and people with a right code all
    the while from this one."""
    known = _live(study, live)
    # Those before them may have been withdrawn where codes were timed.
    cases = list(sampling.issued(study))[(len(KINDS) - 1) * EACH :]
    people = list(codes.make_codes(study, cases))
    AccessCode.objects.bulk_create(one.row for one in people)
    WrongCodes.objects.all().delete()
    began = time.perf_counter()
    # A connection is not shared with a child.
    connections.close_all()
    made = get_context("fork")
    turn, waited = made.Value("q", 0), []
    with ProcessPoolExecutor(
        GUESSERS, made, initializer=_share, initargs=(frozenset(known), turn)
    ) as pool:
        work = [
            pool.submit(_guess, study, range(first, guesses, GUESSERS))
            for first in range(GUESSERS)
        ]
        for number in itertools.count():
            if all(one.done() for one in work):
                break
            asks = people[number % len(people)]
            came = time.perf_counter()
            codes.redeem(study, asks.code, at=_moment(turn.value), source=f"p{number}")
            waited.append(1000 * (time.perf_counter() - came))
            wait(work, timeout=PAUSE)
    said = sum((one.result() for one in work), Counter())
    alarmed = codes.WrongCodes.objects.filter(scope="alarm").order_by("since").first()
    return {
        "guessed_at": live + len(people),
        "guesses": said.total(),
        "guesses_that_were_checked": said["CON-010"] + said["hit"],
        "guesses_turned_away_before": said["CON-011"],
        "hits": said["hit"],
        "alarm_after_s": (
            (alarmed.since - CALLING).total_seconds() if alarmed else float("inf")
        ),
        "right_codes": len(waited),
        "right_code_median_ms": round(statistics.median(waited), 1),
        "right_code_ms": round(max(waited), 1),
        "guessed_s": round(time.perf_counter() - began),
    }


def _live(study: Study, number: int) -> dict[str, bytes]:
    """So many live invitations: each code in clear with its locator's mark. Their Argon2
    hashes are drawn at random: to make them would take two hours. A right guess is known
    by the code itself.
    """
    case = next(iter(sampling.issued(study)))
    places = codes._free_codes(study, number)
    AccessCode.objects.bulk_create(
        (
            AccessCode(
                case=case,
                kind="invitation",
                locator=mark,
                salt=os.urandom(16),
                secret_hash=os.urandom(32),
                expires=CALLING.date() + dt.timedelta(days=60),
            )
            for _, mark in places
        ),
        batch_size=5_000,
    )
    return dict(places)


KNOWN: frozenset[str] = frozenset()
TURN: Any = None
"""In a process that guesses: which codes are live, and how far the guesses are."""


def _share(known: frozenset[str], turn: Any) -> None:
    global KNOWN, TURN
    KNOWN, TURN = known, turn


def _guess(study: Study, turns: range) -> Counter[str]:
    """Each guess at its moment, from an address drawn by lot; what each was answered."""
    rng = random.Random(45 + turns.start)  # noqa: S311 - which address guesses, no secret
    said: Counter[str] = Counter()
    for turn in turns:
        TURN.value = turn
        code, source = make_code(os.urandom), f"n{rng.randrange(ADDRESSES)}"
        right = code in KNOWN
        said["hit" if right else _tried(study, code, _moment(turn), source)] += 1
    return said


def _moment(turn: int) -> dt.datetime:
    return CALLING + dt.timedelta(seconds=turn / GUESSES_A_SECOND)


def _tried(study: Study, code: str, at: dt.datetime, source: str) -> str:
    def gate(ref: CaseRef) -> bool:
        return not interviews.is_saved(study, ref, today=at.date())

    try:
        codes.find(study, code, at=at, kind="invitation", source=source, gate=gate)
    except HarkenError as error:
        return error.findings[0].fault.code
    return "hit"


def timed(study: Study, tries: int) -> dict[str, float]:
    """How long each kind of code takes, in a random order, and whether they differ."""
    hands = _in_hand(study)
    order = [kind for kind in KINDS for _ in range(tries)]
    random.Random(46).shuffle(order)  # noqa: S311 - an order, no secret
    took: dict[str, list[float]] = {kind: [] for kind in KINDS}
    for kind in [*KINDS, *order]:
        WrongCodes.objects.all().delete()
        code = (
            hands[kind][len(took[kind]) % EACH]
            if kind != "unknown"
            else make_code(os.urandom)
        )
        began = time.perf_counter()
        said = _tried(study, code, CALLING, "")
        took[kind].append(1000 * (time.perf_counter() - began))
        if (said == "hit") is not (kind == "unused"):
            raise RuntimeError(f"a code that is {kind} was answered {said}")
    medians = {kind: statistics.median(took[kind][1:]) for kind in KINDS}
    refused = [medians[kind] for kind in REFUSED]
    alike = stats.kruskal(*(took[kind][1:] for kind in REFUSED))
    return {
        "tries_each": tries,
        **{f"{kind}_ms": round(value, 2) for kind, value in medians.items()},
        "median_apart_ms": round(max(refused) - min(refused), 2),
        "alike_p": round(float(alike.pvalue), 3),
    }


def _in_hand(study: Study) -> dict[str, list[str]]:
    """Codes of each kind, in clear."""
    cases = list(sampling.issued(study))
    groups = {
        kind: cases[n * EACH : (n + 1) * EACH] for n, kind in enumerate(KINDS[:-1])
    }
    hands: dict[str, list[str]] = {}
    for kind, mine in groups.items():
        made_now = list(codes.make_codes(study, mine))
        for issued in made_now:
            issued.row.save()
        hands[kind] = [issued.code for issued in made_now]
    for case in groups["used"]:
        codes.kill(case)
    late = CALLING.date() - dt.timedelta(days=1)
    AccessCode.objects.filter(case__in=groups["expired"]).update(expires=late)
    for case in groups["saved"]:
        _save(study, CaseRef(case.ref))
    for case in groups["withdrawn"]:
        vault.withdraw(study, CaseRef(case.ref), by=RESPONDENT, at=CALLING)
    return hands


def _save(study: Study, ref: CaseRef) -> None:
    """Somebody began, and saved the interview behind a PIN."""
    language = Language("en")
    row = interview.begin(
        study, ref=ref, mode=Mode.WEB, language=language, by=RESPONDENT, at=CALLING
    )
    interview.save_for_later(row, pin="240913", by=RESPONDENT, at=CALLING)


def run(parts: Sequence[str], *, quick: bool, guesses: int) -> dict[str, float]:
    """Every measurement of these parts by name."""
    prepare()
    study = make_field_study(people=72, total=48)
    steps: Mapping[str, Callable[[], dict[str, float]]] = {
        "made": lambda: made(100_000 if quick else 1_000_000),
        "mistakes": lambda: mistakes(100 if quick else 10_000),
        "timed": lambda: timed(study, 20 if quick else 1_000),
        "crowded": lambda: crowded(study, 5_000 if quick else 300_000),
        "guessed": lambda: guessed(
            study, guesses=guesses, live=5_000 if quick else 100_000
        ),
    }
    found: dict[str, float] = {}
    for name, step in steps.items():
        if name in parts:
            found |= step()
    return found


def missed(found: dict[str, float], *, quick: bool) -> set[str]:
    """The bars this run did not hold, of those that its size can judge."""
    short = {name for name, bar in BARS.items() if found.get(name, bar) > bar}
    short |= {name for name, bar in AT_LEAST.items() if found.get(name, bar) < bar}
    return short - NOT_JUDGED if quick else short


def _lines(found: dict[str, float], *, quick: bool) -> list[str]:
    short = missed(found, quick=quick)
    marks = dict.fromkeys(short, "MISSED")
    if quick:
        marks |= dict.fromkeys(NOT_JUDGED, "not judged: too few tries")
    return [
        f"{name:34} {value:>12,g}   {marks.get(name, '')}".rstrip()
        for name, value in found.items()
    ]


def main(argv: Sequence[str] | None = None) -> int:
    """Run the benchmark; exit code 5 when a bar is missed."""
    parser = argparse.ArgumentParser(prog="script/bench codes", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="small sizes; times are not judged"
    )
    parser.add_argument("--json", action="store_true", help="write JSON")
    parser.add_argument(
        "--part", choices=PARTS, action="append", help="only this part; may be repeated"
    )
    parser.add_argument("--guesses", type=int, default=0, help="how many guesses")
    args = parser.parse_args(argv)
    guesses = args.guesses or (400 if args.quick else 1_000_000)
    try:
        found = run(args.part or PARTS, quick=args.quick, guesses=guesses)
    finally:
        shutil.rmtree(FOLDER, ignore_errors=True)
    lines = _lines(found, quick=args.quick)
    text = json.dumps(found, indent=2) if args.json else "\n".join(lines)
    sys.stdout.write(f"{text}\n")
    return 5 if missed(found, quick=args.quick) else 0


if __name__ == "__main__":
    raise SystemExit(main())
