"""Every kind of page in a real browser, a diagonal of the whole matrix.

Proves, for each question type empty and with a mistake, in turn in each language, at
360 and 1280 pixels, with and without script: no finding of axe, nothing wider than 320
pixels, one heading of level 1, the error prefix in the title, the focus on the error
summary, language and direction, the Tab key in the order of reading, nothing gone in
forced colours; and every part built as the examples of GOV.UK Frontend build it.
`script/bench accessibility` looks at the whole matrix.
"""

from __future__ import annotations

import json
from pathlib import Path

import html5lib
import pytest
from django.conf import LazySettings

from tests.make.axe import diagonal, look_at
from tests.make.components import classes_of, differences
from tests.make.journey import make_browser
from tests.make.showcase import (
    LANGUAGES,
    Shown,
    make_showcase,
    other_pages,
    question_pages,
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(databases=["default", "answers"]),
]

ROOT = Path(__file__).resolve().parents[2]
RULES = ROOT / "tests/golden/components.json"
STYLE = ROOT / "src/harken/service/pages/static/pages/vendor/govuk-frontend.min.css"
OWN = {
    "govuk-exit-this-page is a nav": "a landmark, reached by its name",
    "govuk-exit-this-page has no data-module='govuk-exit-this-page'": "a harder way out",
    "govuk-skip-link has no data-module='govuk-skip-link'": "the first link leaves",
    "govuk-back-link is a button": "a step back is stored, and no history is used",
    "govuk-footer holds no presentation": "no crest",
}
"""Where our pages do otherwise on purpose, and why."""


KEPT: list[Shown] = []
"""The pages as they were sent once: they are words, and serve every test of this file."""


@pytest.fixture
def pages(tmp_path: Path, settings: LazySettings) -> list[Shown]:
    settings.DATA = tmp_path
    if not KEPT:
        study = make_showcase()
        KEPT.extend(one for one in question_pages(*LANGUAGES) if one.state != "filled")
        KEPT.extend(list(other_pages(study, "ur"))[:8])
    return KEPT


def test_no_page_has_a_finding(pages: list[Shown]) -> None:
    for shown in pages:
        html5lib.HTMLParser(strict=True).parse(shown.html)
    with make_browser() as browser:
        seen = list(look_at(browser, diagonal(pages)))
    assert len(seen) == len(pages) > 55
    wrong = {one.cell.label: [*one.violations, *one.faults] for one in seen}
    assert {label: found for label, found in wrong.items() if found} == {}


def test_every_part_is_built_as_its_examples_are(pages: list[Shown]) -> None:
    rules = json.loads(RULES.read_text(encoding="utf-8"))
    style = STYLE.read_text(encoding="utf-8")
    seen, used = set(), set()
    for shown in pages:
        seen |= set(differences(shown.html, rules))
        used |= classes_of(shown.html)
    assert seen == OWN.keys()
    assert len(used & rules.keys()) > 40
    known = {name for name in used if f".{name.replace('!', chr(92) + '!')}" in style}
    template = {name for name in used if name.startswith("govuk-template")}
    assert used - known - rules.keys() - template == set()
