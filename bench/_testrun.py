"""Runs a test of the house at its full size, for the benches that are one."""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TestRun:
    """Which test, how its full size is asked for, and what it says of itself.

    ``says`` finds two numbers in the test's output, added up when they are said again;
    ``figures`` names them and whether the test passed. ``about`` is the bench's help,
    ``quick`` that of ``--quick``.
    """

    name: str
    about: str | None
    quick: str
    test: str
    size: Mapping[str, str]
    says: str
    figures: Callable[[int, int, bool], Mapping[str, object]]

    def main(self, argv: Sequence[str] | None = None) -> int:
        """Run it and print the figures; exit code 5 when the test failed."""
        prog = f"script/bench {self.name}"
        parser = argparse.ArgumentParser(prog=prog, description=self.about)
        parser.add_argument("--quick", action="store_true", help=self.quick)
        parser.add_argument("--json", action="store_true", help="write JSON")
        args = parser.parse_args(argv)
        begun = time.monotonic()
        command = [sys.executable, "-m", "pytest", "-q", "-s", "-p", "no:cacheprovider"]
        ran = subprocess.run(  # noqa: S603 - our own test
            [*command, self.test],
            env=os.environ | ({} if args.quick else dict(self.size)),
            check=False,
            capture_output=True,
            text=True,
        )
        said = re.findall(self.says, ran.stdout)
        first, second = (sum(int(pair[n]) for pair in said) for n in (0, 1))
        passed = ran.returncode == 0
        found = {
            "benchmark": self.name,
            **self.figures(first, second, passed),
            "seconds": round(time.monotonic() - begun, 1),
        }
        text = json.dumps(found, indent=2) if args.json else str(found)
        sys.stdout.write(f"{text}\n")
        if not passed:
            sys.stderr.write(ran.stdout[-3000:])
        return 0 if passed else 5
