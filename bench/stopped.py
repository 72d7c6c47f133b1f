"""Does a destruction that is stopped anywhere end the same? ``script/bench stopped [--json]``.

Proves PRV 13: the whole of it, from plan to certificate, is stopped before, inside and
after every write that the promise depends on, twice more while it recovers, and run to
its end: one certificate, everybody accounted for. It is the test of the same name with
every step instead of some. ``--quick`` takes the test's own.
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

TEST = Path("tests/service/anonymisation/test_stopped.py")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the test over every step; exit code 5 when one did not end the same."""
    parser = argparse.ArgumentParser(prog="script/bench stopped", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="six of the steps")
    parser.add_argument("--json", action="store_true", help="write JSON")
    args = parser.parse_args(argv)
    wanted = {} if args.quick else {"HARKEN_STOP_EVERYWHERE": "1"}
    begun = time.monotonic()
    command = [sys.executable, "-m", "pytest", "-q", "-s", "-p", "no:cacheprovider"]
    ran = subprocess.run(  # noqa: S603 - our own test
        [*command, str(TEST)],
        env=os.environ | wanted,
        check=False,
        capture_output=True,
        text=True,
    )
    said = re.search(r"stopped at (\d+) of (\d+)", ran.stdout)
    found = {
        "benchmark": "stopped",
        "steps": int(said[2]) if said else 0,
        "stopped_at": int(said[1]) if said else 0,
        "ended_the_same": ran.returncode == 0,
        "seconds": round(time.monotonic() - begun, 1),
    }
    text = json.dumps(found, indent=2) if args.json else str(found)
    sys.stdout.write(f"{text}\n")
    if ran.returncode:
        sys.stderr.write(ran.stdout[-3000:])
    return 0 if ran.returncode == 0 else 5


if __name__ == "__main__":
    raise SystemExit(main())
