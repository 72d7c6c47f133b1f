"""Can 3,000 responses be joined to their people without the link keys? ``script/bench linkage``.

Proves PRV 32: interviews are stored, handed in and collected as in fieldwork, and every
identifier, order, time and size that both zones hold in the open is tried. It is the test
of the same name with 3,000 people instead of sixteen; ``--quick`` takes the test's own.
Chance is one right pair.
"""

from __future__ import annotations

from collections.abc import Sequence

from bench._testrun import TestRun

RUN = TestRun(
    name="linkage",
    about=__doc__,
    quick="sixteen people",
    test="tests/service/response/test_linkage.py",
    size={"HARKEN_JOINED_PEOPLE": "3000"},
    says=r"best of all ways: (\d+) of (\d+)",
    figures=lambda right, people, passed: {
        "people": people,
        "right_by_the_best_way": right,
        "joined_by_chance_alone": passed,
    },
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the test; exit code 5 when it failed."""
    return RUN.main(argv)


if __name__ == "__main__":
    raise SystemExit(main())
