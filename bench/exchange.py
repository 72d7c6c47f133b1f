"""How many forms of others are taken in, how much of them, what is lost, and how fast.

``script/bench exchange [FOLDER] [--engine [--keep FILE]] [--jobs N] [--quick] [--json]``:
the forms kept with the tests, or every workbook, schema and survey below a folder, each
content once. Workbooks below a folder of tests or fixtures are counted apart from forms in
use, and so are those that XLSForm's own converter refuses. ``--engine`` fills the workbooks
at random in an independent XForms engine (needs Node and npm) and here, and compares each
step.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import re
import sys
import time
import warnings
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path

from pyxform.errors import PyXFormError
from pyxform.xls2xform import convert

from bench.engine.agreement import agreement
from harken.method.errors import Finding, HarkenError
from harken.method.questionnaire.exchange import Carriage, carriage, import_file

KEPT = Path(__file__).parents[1] / "tests/method/questionnaire/exchange/forms"
ENDINGS = {
    ".xlsx": "XLSForm",
    ".xls": "XLSForm",
    ".json": "ONS eQ",
    ".lss": "LimeSurvey",
}
QUICK = 20
SMALL = 5
"""Workbooks with fewer questions are counted, but not among those of some size."""

_FIXTURES = re.compile(r"tests?|testthat|.*fixtures|.*_tests|(bug_)?example_xls", re.I)
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")


@dataclass(frozen=True, slots=True)
class Tried:
    """One file: what it is, and what became of it."""

    kind: str
    outcome: str
    questions: int = 0
    lost: tuple[Finding, ...] = ()
    seconds: float = 0.0
    sound: bool = True
    """Whether XLSForm's own converter takes it."""


def tried(path: Path, folder: Path) -> Tried:
    """Import one file."""
    kind = ENDINGS[path.suffix.lower()]
    if kind == "XLSForm":
        parts = path.relative_to(folder).parts[:-1]
        kind += ", fixtures" if any(map(_FIXTURES.fullmatch, parts)) else ", in use"
    data = path.read_bytes()
    beside = {one.name: one.read_bytes() for one in path.parent.glob("*.csv")}
    warnings.simplefilter("ignore")
    start = time.process_time()
    try:
        made = import_file(data, path.name, beside=beside)
    except HarkenError as error:
        code = error.findings[0].fault.code
        return Tried(kind, "no form" if code == "EXC-003" else "refused")
    except Exception:  # noqa: BLE001 - a crash is what is counted here
        return Tried(kind, "crashed")
    seconds = time.process_time() - start
    lost = tuple(one for one in made.findings if carriage(one) is Carriage.LOST)
    count = len({one.source for one in made.questionnaire.questions})
    sound = not kind.startswith("XLSForm") or _converts(data, path.suffix)
    return Tried(kind, "taken in", count, lost, seconds, sound)


def _converts(data: bytes, suffix: str) -> bool:
    try:
        convert(io.BytesIO(data), file_type=suffix)
    except (PyXFormError, KeyError, TypeError, AttributeError, ValueError):
        return False
    return True


def construct(finding: Finding) -> str:
    """What a finding says is lost, names left out, so that like ones count together."""
    detail = finding.detail
    what = detail.get("type") or detail.get("problem") or finding.message
    return f"{finding.fault.code} {_QUOTED.sub('…', str(what))}"


def measured(found: list[Tried]) -> dict[str, object]:
    """Counts over files of one kind."""
    taken = [one for one in found if one.outcome == "taken in"]
    sound = [one for one in taken if one.sound]
    sized = [one for one in sound if one.questions >= SMALL]
    lost = Counter(construct(one) for file in taken for one in file.lost)
    outcomes = Counter(one.outcome for one in found)
    made: dict[str, object] = {
        "files": len(found),
        **{
            name: outcomes[name]
            for name in ("taken in", "no form", "refused", "crashed")
        },
        "without loss": _share(taken),
    }
    if found[0].kind.startswith("XLSForm"):
        made["without loss, of those its own converter takes"] = _share(sound)
        made[f"without loss, of these with {SMALL} questions or more"] = _share(sized)
    made["seconds in all"] = round(sum(one.seconds for one in taken), 1)
    made["seconds for the slowest"] = round(
        max((o.seconds for o in taken), default=0), 1
    )
    made["lost, by construct"] = dict(lost.most_common())
    return made


def _share(found: list[Tried]) -> str:
    whole = sum(not one.lost for one in found)
    share = f" ({100 * whole / len(found):.1f} %)" if found else ""
    return f"{whole} of {len(found)}{share}"


def files(folder: Path, *, quick: bool) -> list[Path]:
    """Every file of a known ending, each content once; some of each ending when quick."""
    seen: set[bytes] = set()
    found: list[Path] = []
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in ENDINGS and path.is_file():
            digest = hashlib.sha256(path.read_bytes()).digest()
            if digest not in seen:
                found.append(path)
            seen.add(digest)
    if quick:
        by_ending = (
            [one for one in found if one.suffix == ending][:QUICK] for ending in ENDINGS
        )
        return [one for some in by_ending for one in some]
    return found


def main() -> None:
    """Measure and say so."""
    parser = argparse.ArgumentParser(prog="script/bench exchange", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=KEPT)
    parser.add_argument("--engine", action="store_true")
    parser.add_argument(
        "--keep", type=Path, help="with --engine: a file of forms done, to go on from"
    )
    parser.add_argument("--jobs", type=int, default=1, help="processes at once")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    paths = files(args.folder, quick=args.quick)
    figures: dict[str, object]
    if args.engine:
        books = [one for one in paths if one.suffix.lower().startswith(".xls")]
        figures = agreement(books, jobs=args.jobs, kept=args.keep)
    else:
        with ProcessPoolExecutor(args.jobs) as pool:
            found = list(pool.map(tried, paths, repeat(args.folder), chunksize=4))
        kinds = dict.fromkeys(one.kind for one in found)
        figures = {
            kind: measured([one for one in found if one.kind == kind]) for kind in kinds
        }
    if args.json:
        sys.stdout.write(json.dumps(figures, ensure_ascii=False) + "\n")
    else:
        sys.stdout.write("\n".join(_lines(figures)) + "\n")


def _lines(figures: dict[str, object], indent: str = "") -> Iterator[str]:
    for key, value in figures.items():
        if isinstance(value, dict):
            yield f"{indent}{key}:"
            yield from _lines(value, indent + "  ")
        elif isinstance(value, list):
            yield f"{indent}{key}:"
            yield from (f"{indent}  {one}" for one in value)
        else:
            yield f"{indent}{key}: {value}"


if __name__ == "__main__":
    main()
