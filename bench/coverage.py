"""How often do 95 % intervals hold the truth? ``script/bench coverage [--quick] [--json]``.

Method floor only: for each seed a frame is drawn from the invented population, people
answer or not, weights and intervals are made as for a real study. No database.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from harken.method import rehearsal
from harken.method.compliance import read_code, read_plan
from harken.method.questionnaire import read_questionnaire
from harken.method.rehearsal import Study
from harken.method.sampling import Population
from harken.method.study import read_folder

FOLDER = Path(__file__).resolve().parents[1] / "studies" / "victims-review"
PEOPLE, ISSUED = 5_200, 4_700
SEEDS, QUICK_SEEDS = 20, 6
WANTED = 0.93


@dataclass(frozen=True, slots=True)
class Hit:
    """One interval of one replica: does it hold the truth?"""

    indicator: str
    seed: int
    holds: bool
    base: int
    half_width: float


@cache
def study() -> Study:
    """The demo study without its breakdowns, which no interval here needs."""
    texts = {
        path.relative_to(FOLDER).as_posix(): path.read_text(encoding="utf-8")
        for path in FOLDER.rglob("*")
        if path.is_file()
    }
    charter = read_folder(texts).charter
    questionnaire = read_questionnaire(texts["questionnaire.yaml"])
    edition_path = f"code/{charter.code_edition}.yaml"
    edition = read_code(texts[edition_path], edition_path)
    variables = charter.sampling.design_variables
    plan = read_plan(texts["analysis.yaml"], questionnaire, variables, edition=edition)
    return Study(
        questionnaire=questionnaire,
        plan=replace(plan, breakdowns=()),
        edition=edition,
        population=Population.read(texts["population.csv"]),
        strata=charter.sampling.strata,
        design_variables=variables,
    )


def hits(seed: int) -> list[Hit]:
    """Every indicator's interval in the replica of one seed, held against the truth."""
    own = study()
    truths = rehearsal.truth(own.population)
    results = rehearsal.replicate(own, people=PEOPLE, issued=ISSUED, seed=seed)
    found = []
    for item in results.indicators:
        estimate = item.estimate
        if estimate is None:
            continue
        truth = truths[item.indicator]
        holds = estimate.low <= truth <= estimate.high
        half = (estimate.high - estimate.low) / 2
        found.append(Hit(item.indicator, seed, holds, estimate.base, half))
    return found


def main_id(indicator: str) -> str:
    """The indicator of the frame that a part such as I09b belongs to."""
    return indicator[:3]


def report(found: Sequence[Hit], seeds: int, seconds: float) -> dict[str, object]:
    """The shares, for people and machines."""
    firsts = [hit for hit in found if hit.indicator == main_id(hit.indicator)]
    by_indicator: dict[str, list[Hit]] = {}
    for hit in found:
        by_indicator.setdefault(hit.indicator, []).append(hit)
    return {
        "benchmark": "coverage",
        "seeds": seeds,
        "confidence": 0.95,
        "intervals": len(firsts),
        "coverage": _share(firsts),
        "intervals_with_parts": len(found),
        "coverage_with_parts": _share(found),
        "wanted": WANTED,
        "seconds": round(seconds, 1),
        "indicators": {
            name: {
                "coverage": _share(own),
                "mean_base": round(sum(hit.base for hit in own) / len(own)),
                "mean_half_width": round(
                    sum(hit.half_width for hit in own) / len(own), 4
                ),
            }
            for name, own in sorted(by_indicator.items())
        },
    }


def _share(found: Sequence[Hit]) -> float:
    return round(sum(hit.holds for hit in found) / len(found), 4) if found else 0.0


def _lines(result: Mapping[str, object]) -> list[str]:
    rows = result["indicators"]
    assert isinstance(rows, dict)  # noqa: S101 - our own report
    worst = sorted(rows.items(), key=lambda row: row[1]["coverage"])[:8]
    return [
        f"{result['intervals']} intervals of 40 indicators over {result['seeds']} seeds: "
        f"{result['coverage']:.1%} hold the truth (wanted: {WANTED:.0%}).",
        f"With the indicators' parts, {result['intervals_with_parts']} intervals: "
        f"{result['coverage_with_parts']:.1%}.",
        "Lowest: "
        + ", ".join(
            f"{name} {row['coverage']:.0%} (n {row['mean_base']})"
            for name, row in worst
        ),
        f"{result['seconds']} seconds.",
    ]


def main(argv: Sequence[str] | None = None) -> int:
    """Run the benchmark; exit code 5 when coverage is short."""
    parser = argparse.ArgumentParser(prog="script/bench coverage", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="six seeds, under 50 s")
    parser.add_argument("--json", action="store_true", help="write JSON")
    parser.add_argument("--seeds", type=int, default=SEEDS)
    args = parser.parse_args(argv)
    seeds = QUICK_SEEDS if args.quick else args.seeds
    start = time.perf_counter()
    found: list[Hit] = []
    with ProcessPoolExecutor(max_workers=2) as pool:
        for done, part in enumerate(pool.map(hits, range(1, seeds + 1)), start=1):
            found += part
            if sys.stderr.isatty():
                sys.stderr.write(f"\r{done}/{seeds} replicas")
    result = report(found, seeds, time.perf_counter() - start)
    text = json.dumps(result, indent=2) if args.json else "\n".join(_lines(result))
    sys.stdout.write(f"{text}\n")
    coverage = result["coverage"]
    return 0 if isinstance(coverage, float) and coverage >= WANTED else 5


if __name__ == "__main__":
    raise SystemExit(main())
