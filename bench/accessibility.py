"""Can everybody use the pages? ``script/bench accessibility [--quick] [--json] [--write]``.

Every kind of page, empty, wrong, filled and in its further states, in each language, at
360 and 1280 pixels, with and without script, in Debian's Chromium with axe; HTML read
strictly; nothing wider than 320 pixels; title, heading, language, direction and focus.
``--write`` keeps the result for the statement at /accessibility. Exit code 5 on a finding.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import django
import html5lib

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
    """Every kind of page in each language; quick: each question in one of them."""
    from tests.make.showcase import (
        LANGUAGES,
        make_showcase,
        other_pages,
        question_pages,
    )

    study = make_showcase()
    if quick:
        return [one for one in question_pages(*LANGUAGES) if one.state != "filled"]
    found = []
    for language in LANGUAGES:
        found += question_pages(language)
        found += other_pages(study, language)
    return found


def measure(*, quick: bool) -> dict[str, Any]:
    """The figures of one run."""
    from tests.make.axe import diagonal, look_at, matrix
    from tests.make.journey import make_browser

    began = time.monotonic()
    shown = pages(quick=quick)
    findings = []
    for one in shown:
        parser = html5lib.HTMLParser()
        parser.parse(one.html)
        findings += [f"{one.label}: HTML {error[1]}" for error in parser.errors]
    with make_browser() as browser:
        version = browser.version
        cells = diagonal(shown) if quick else matrix(shown)
        seen = list(look_at(browser, cells))
    findings += [
        f"{one.cell.label}: {found}"
        for one in seen
        for found in [*one.violations, *one.faults]
    ]
    unsure = Counter(text.split(" ")[0] for one in seen for text in one.unsure)
    return {
        "date": dt.datetime.now(dt.UTC).date().isoformat(),
        "browser": f"Chromium {version}",
        "pages": len({(one.name, one.state) for one in shown}),
        "languages": sorted({one.language for one in shown}),
        "cells": len(seen),
        "findings": findings,
        "unsure": dict(sorted(unsure.items())),
        "seconds": round(time.monotonic() - began),
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Look at the matrix and say what was found."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a diagonal of the matrix")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--write", action="store_true", help="keep the result")
    options = parser.parse_args(arguments)
    with house():
        result = measure(quick=options.quick)
    if options.write:
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
