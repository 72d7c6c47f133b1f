"""Does taking one published table from another give a small cell away? Proves PRV 40.

``script/bench differencing [--quick] [--json]``. Makes studies at random, judges all their
tables as a release does, and lays every two tables of a study beside each other: at least
10,000 pairs. Fails when any pair shows a hidden cell to be under the threshold.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict

from tests.make.differencing import Found, difference_all

STUDIES, QUICK = 120, 30


def measure(studies: int) -> Found:
    """Every pair of tables of so many studies."""
    return difference_all(range(studies))


def main(argv: Sequence[str] | None = None) -> int:
    """Run it; exit code 5 when a cell was worked out."""
    parser = argparse.ArgumentParser(prog="script/bench differencing")
    parser.add_argument("--quick", action="store_true", help="a quarter of the studies")
    parser.add_argument("--json", action="store_true", help="write JSON")
    args = parser.parse_args(argv)
    found = measure(QUICK if args.quick else STUDIES)
    told = {"benchmark": "differencing", **asdict(found)}
    sys.stdout.write(json.dumps(told, indent=2 if args.json else None) + "\n")
    return 5 if found.worked_out or found.narrow else 0


if __name__ == "__main__":
    raise SystemExit(main())
