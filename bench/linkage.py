"""Can 3,000 responses be joined to their people without the link keys? ``script/bench linkage``.

Proves PRV 32: interviews are stored, handed in and collected as in fieldwork, and every
identifier, order, time and size that both zones hold in the open is tried. It is the test
of the same name with 3,000 people instead of sixteen; ``--quick`` takes the test's own.
Chance is one right pair.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

TEST = Path("tests/service/response/test_linkage.py")
PEOPLE = 3000


def main(argv: Sequence[str] | None = None) -> int:
    """Run the test with so many people; exit code 5 when some way joins more than chance."""
    parser = argparse.ArgumentParser(prog="script/bench linkage", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="sixteen people")
    parser.add_argument("--json", action="store_true", help="write JSON")
    args = parser.parse_args(argv)
    wanted = {} if args.quick else {"HARKEN_JOINED_PEOPLE": str(PEOPLE)}
    begun = time.monotonic()
    command = [sys.executable, "-m", "pytest", "-q", "-s", "-p", "no:cacheprovider"]
    ran = subprocess.run(  # noqa: S603 - our own test
        [*command, str(TEST)],
        env=os.environ | wanted,
        check=False,
        capture_output=True,
        text=True,
    )
    said = re.search(r"best of all ways: (\d+) of (\d+)", ran.stdout)
    found = {
        "benchmark": "linkage",
        "people": int(said[2]) if said else 0,
        "right_by_the_best_way": int(said[1]) if said else 0,
        "joined_by_chance_alone": ran.returncode == 0,
        "seconds": round(time.monotonic() - begun, 1),
    }
    text = json.dumps(found, indent=2) if args.json else str(found)
    sys.stdout.write(f"{text}\n")
    if ran.returncode:
        sys.stderr.write(ran.stdout[-3000:])
    return 0 if ran.returncode == 0 else 5


if __name__ == "__main__":
    raise SystemExit(main())
