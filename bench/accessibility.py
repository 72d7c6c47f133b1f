"""Can everybody use the pages? ``script/bench accessibility [--quick] [--json] [--write]``.

Every kind of page, empty, wrong, filled and in its further states, in each language, at
360 and 1280 pixels, with and without script, in Debian's Chromium with axe, target size
included; the questions in text only and in large print too. HTML read strictly; title,
heading, language, direction; at 400 per cent nothing wider than the window and no focus
covered; the Tab key in the order of reading; nothing gone and every focus seen in forced
colours; nothing that moves where less motion is asked for. Then the pages in Firefox.
``--write`` keeps the result for the statement at /accessibility. When what it found is
mended, ``--again`` looks at every view of those pages anew, in Chromium, and keeps what is
left. Exit code 5 on a finding.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import django
import html5lib

JOBS, PARTS, QUICK = 2, 8, 3
ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / "src/harken/service/interview/accessibility.json"


@contextmanager
def house() -> Iterator[None]:
    """A data folder for one run, with its databases; Django is ready inside."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["HARKEN_DATA"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "harken.service.settings"
        django.setup()
        # These need Django's settings, which name the folder.
        from django.core.management import call_command
        from django.test.utils import setup_test_environment

        setup_test_environment()
        for database in ("default", "answers"):
            call_command("migrate", database=database, verbosity=0, interactive=False)
        yield


def pages(*, quick: bool = False) -> list[Any]:
    """Every kind of page in each language; quick: every third state of the questions."""
    from tests.make.showcase import (
        LANGUAGES,
        door_pages,
        dressed_pages,
        make_showcase,
        other_pages,
        question_pages,
    )

    study = make_showcase()
    if quick:
        unfilled = [one for one in question_pages(*LANGUAGES) if one.state != "filled"]
        return unfilled[::QUICK]
    found: list[Any] = []
    for language in LANGUAGES:
        found += question_pages(language)
        found += other_pages(study, language)
        found += door_pages(study, language)
    for dress in ("plain", "large"):
        found += dressed_pages(dress, *LANGUAGES)
    return found


def measure(*, quick: bool) -> dict[str, Any]:
    """The figures of one run; two browsers look at once, one a core."""
    from tests.make import axe

    began = time.monotonic()
    shown = pages(quick=quick)
    usual = [one for one in shown if not one.dress]
    # A browser is started for each part.
    parts = JOBS if quick else PARTS
    with ProcessPoolExecutor(JOBS, get_context("fork")) as pool:
        work: list[Future[tuple[str, list[Any]]]] = []
        for start in range(parts):
            mine = shown[start::parts]
            cells = axe.diagonal(mine) if quick else views(mine)
            work.append(pool.submit(in_chromium, cells))
        if not quick and shutil.which("firefox-esr"):
            work += [pool.submit(in_firefox, usual[n::JOBS]) for n in range(JOBS)]
        for done, _ in enumerate(as_completed(work), start=1):
            sys.stderr.write(f"{done} of {len(work)} parts\n")
    seen = [one for part in work[:parts] for one in part.result()[1]]
    other = [one for part in work[parts:] for one in part.result()[1]]
    findings = findings_of(shown, seen)
    findings += [f"{label}: {one}" for label, found in other for one in found]
    unsure = Counter(text.split(" ")[0] for one in seen for text in one.unsure)
    return {
        "date": dt.datetime.now(dt.UTC).date().isoformat(),
        "browsers": list(dict.fromkeys(part.result()[0] for part in work)),
        "pages": len({(one.name, one.state) for one in shown}),
        "languages": sorted({one.language for one in shown}),
        "cells": len(seen),
        "whole": not quick,
        "cells_of_the_second": len(other),
        "findings": findings,
        "unsure": dict(sorted(unsure.items())),
        "seconds": round(time.monotonic() - began),
    }


def again() -> dict[str, Any]:
    """The kept run with its findings looked at anew: every view of those pages."""
    kept: dict[str, Any] = json.loads(KEPT.read_text(encoding="utf-8"))
    names = {found.split(",")[0] for found in kept["findings"]}
    shown = [one for one in pages() if one.name in names]
    seen = in_chromium(views(shown))[1]
    return kept | {"findings": findings_of(shown, seen), "again": len(seen)}


def views(shown: Sequence[Any]) -> list[Any]:
    """Every view of these pages; text only and large print are looked at with script."""
    from tests.make import axe

    cells = axe.matrix([one for one in shown if not one.dress])
    return cells + axe.matrix([one for one in shown if one.dress], scripts=(True,))


def findings_of(shown: Sequence[Any], seen: Sequence[Any]) -> list[str]:
    """What a strict reading of these pages finds, and what was seen in their views."""
    read = [
        f"{one.label}: HTML {error}" for one in shown for error in html_errors(one.html)
    ]
    return read + [
        f"{one.cell.label}: {found}"
        for one in seen
        for found in (*one.violations, *one.faults)
    ]


def in_chromium(cells: Sequence[Any]) -> tuple[str, list[Any]]:
    """The browser's name, and what was seen on each cell."""
    from tests.make.axe import look_at
    from tests.make.journey import make_browser

    with make_browser() as browser:
        return f"Chromium {browser.version}", list(look_at(browser, cells))


def in_firefox(shown: Sequence[Any]) -> tuple[str, list[Any]]:
    """The same of the second engine: its name, and what is wrong with each view."""
    from tests.make.firefox import look_at

    (name, _), *rest = look_at(shown)
    return name, rest


def html_errors(html: str) -> list[str]:
    """What a strict reading of the page finds."""
    parser = html5lib.HTMLParser()
    parser.parse(html)
    return [str(error[1]) for error in parser.errors]


def main(arguments: Sequence[str] | None = None) -> int:
    """Look at the matrix and say what was found."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--quick", action="store_true", help="every third question page, once"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--write", action="store_true", help="keep the result")
    parser.add_argument("--again", action="store_true", help="only what had a finding")
    options = parser.parse_args(arguments)
    with house():
        result = again() if options.again else measure(quick=options.quick)
    if options.write or options.again:
        text = json.dumps(result, indent=2, ensure_ascii=False)
        KEPT.write_text(text + "\n", encoding="utf-8")
    if options.json:
        sys.stdout.write(json.dumps(result) + "\n")
    else:
        lines = [f"{name:10} {value}" for name, value in result.items()]
        sys.stdout.write("\n".join(lines) + "\n")
    return 5 if result["findings"] else 0


if __name__ == "__main__":
    sys.exit(main())
