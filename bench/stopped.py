"""Does a destruction that is stopped anywhere end the same? ``script/bench stopped [--json]``.

Proves PRV 13: the whole of it, from plan to certificate, is stopped before, inside and
after every write that the promise depends on, twice more while it recovers, and run to
its end: one certificate, everybody accounted for. So is that of a part, while others go
on. They are the tests of the same name with every step instead of some. ``--quick``
takes the tests' own.
"""

from __future__ import annotations

from collections.abc import Sequence

from bench._testrun import TestRun

RUN = TestRun(
    name="stopped",
    about=__doc__,
    quick="six of the steps",
    test="tests/service/anonymisation/test_stopped.py",
    size={"HARKEN_STOP_EVERYWHERE": "1"},
    says=r"stopped at (\d+) of (\d+)",
    figures=lambda stopped, steps, passed: {
        "steps": steps,
        "stopped_at": stopped,
        "ended_the_same": passed,
    },
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the test; exit code 5 when it failed."""
    return RUN.main(argv)


if __name__ == "__main__":
    raise SystemExit(main())
