"""A whole set of forms filled in both engines: by several processes, begun again where it ended."""

from __future__ import annotations

import copy
import hashlib
import json
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from pyxform.errors import PyXFormError
from pyxform.xls2xform import convert

from bench.engine.compare import Engine, EngineError, Record, Tally, fetch_engine
from bench.engine.mended import mended, without, workbook
from bench.engine.naming import Names
from harken.method.errors import HarkenError
from harken.method.questionnaire.exchange import import_file

SECONDS = 5.0
"""So long is spent on the records of one form."""
RECORDS = 2
STEPS = 40
"""A record ends after so many answers."""
UNKNOWN = 12
"""So many functions that the engine does not know are taken out of a form."""

_FUNCTION = re.compile(r"Function '([^']+)' is not defined")


@dataclass(slots=True)
class Compared:
    """One form: what became of it, and how often both engines said the same."""

    name: str
    digest: str
    outcome: str = "compared"
    why: str = ""
    records: int = 0
    steps: int = 0
    agreed: dict[str, int] = field(default_factory=dict)
    differed: dict[str, int] = field(default_factory=dict)
    near: dict[str, int] = field(default_factory=dict)
    examples: list[str] = field(default_factory=list)
    seconds: float = 0.0
    departing: int = 0
    """Values that the engine works out in its own way; they count as approximated."""

    without: list[str] = field(default_factory=list)
    """Functions that the engine does not know: what calls them was taken out first."""


@cache
def _engine() -> Engine:
    """One engine for each process, used for form after form."""
    return Engine()


def compared(path: Path) -> Compared:
    """One form, filled in both."""
    made = Compared(path.name, _digest(path))
    tally = Tally()
    start = time.monotonic()
    try:
        _fill(path, tally, made)
    except PyXFormError as error:
        made.outcome, made.why = "refused by its own converter", str(error)[:200]
    except HarkenError as error:
        made.outcome, made.why = "refused here", str(error)[:200]
    except EngineError as error:
        made.why = str(error)
        if not tally.records:
            made.outcome = "refused by the engine"
    except Exception as error:  # noqa: BLE001 - the other forms are compared all the same
        made.outcome, made.why = "the comparison fell", repr(error)[:200]
    made.records, made.steps = tally.records, tally.steps
    made.agreed, made.differed = dict(tally.agreed), dict(tally.differed)
    made.near = dict(tally.near)
    made.examples = list(tally.examples.values())
    made.seconds = round(time.monotonic() - start, 1)
    return made


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _fill(path: Path, tally: Tally, made: Compared) -> None:
    data = path.read_bytes()
    beside = {one.name: one.read_bytes() for one in path.parent.glob("*.csv")}
    files = {name: text.decode("utf-8", "replace") for name, text in beside.items()}
    engine, sheets = _engine(), mended(data, path.name)
    for _ in range(UNKNOWN):
        try:
            engine.ask(op="form", xml=_converted(sheets), files=files)
            engine.ask(op="new")
        except EngineError as error:
            unknown = _FUNCTION.search(str(error))
            if unknown is None or not without(sheets, unknown[1]):
                raise
            made.without.append(unknown[1])
        else:
            break
    name = path.name
    if made.without:
        data, name = workbook(sheets), f"{path.stem}.xlsx"
    taken = import_file(data, name, beside=beside)
    names = Names.of(taken, data, name, beside)
    made.departing = names.departing
    until = time.monotonic() + SECONDS
    for number in range(RECORDS):
        draw = random.Random(f"{path.name}:{number}")  # noqa: S311 - nothing secret
        Record(engine, taken, names, tally, draw).fill(STEPS, until)


def _converted(sheets: dict[str, Any]) -> str:
    try:
        return str(convert(copy.deepcopy(sheets)).xform)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise PyXFormError(str(error)) from None


def agreement(
    paths: list[Path], *, jobs: int = 1, kept: Path | None = None
) -> dict[str, object]:
    """Fill forms at random in both; how much agreed, and where not.

    What each form came to is written to ``kept`` as it ends; a form that stands there is
    not tried again.
    """
    found = {one.digest: one for one in _known(kept)}
    left = [one for one in paths if _digest(one) not in found]
    fetch_engine()
    with ProcessPoolExecutor(jobs) as pool:
        for number, job in enumerate(
            as_completed([pool.submit(compared, one) for one in left]), start=1
        ):
            one = job.result()
            found[one.digest] = one
            if kept is not None:
                with kept.open("a") as file:
                    file.write(json.dumps(asdict(one)) + "\n")
            said = (
                f"{sum(one.agreed.values())} agreed, {sum(one.differed.values())} not"
            )
            sys.stderr.write(
                f"{number}/{len(left)} {one.name}: {one.outcome}, {said}, "
                f"{one.seconds} s\n"
            )
    return _figures([found[_digest(one)] for one in paths])


def _known(kept: Path | None) -> Iterator[Compared]:
    if kept is not None and kept.exists():
        for line in kept.read_text().splitlines():
            yield Compared(**json.loads(line))


def _figures(found: list[Compared]) -> dict[str, object]:
    filled = [one for one in found if one.outcome == "compared"]
    refused = Counter(one.outcome for one in found if one.outcome != "compared")
    reasons = Counter(
        re.sub(r"'[^']*'|[0-9]+", "…", one.why)[:90] for one in found if one.why
    )
    return {
        "forms compared": len(filled),
        "forms agreeing wholly": sum(not one.differed for one in filled),
        "of these, without calls of functions that the engine does not know": sum(
            bool(one.without) for one in filled
        ),
        "functions that the engine does not know": dict(
            Counter(name for one in filled for name in one.without)
        ),
        "values that the engine works out in its own way": sum(
            one.departing for one in filled
        ),
        **refused,
        "reasons": dict(reasons),
        "records": sum(one.records for one in filled),
        "answers": sum(one.steps for one in filled),
        "agreed": _sum(one.agreed for one in filled),
        "differed": _sum(one.differed for one in filled),
        "differed, and said to be approximated": _sum(one.near for one in filled),
        "disagreements": {one.name: one.examples for one in filled if one.examples},
    }


def _sum(counts: Iterator[dict[str, int]]) -> dict[str, int]:
    total = Counter[str]()
    for one in counts:
        total.update(one)
    return dict(total)
