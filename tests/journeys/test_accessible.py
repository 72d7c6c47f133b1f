"""Every kind of page in a real browser, a diagonal of the whole matrix.

Proves, for each question type empty and with a mistake, in turn in each language, at
360 and 1280 pixels, with and without script: no finding of axe, nothing wider than 320
pixels, one heading of level 1, the error prefix in the title, the focus on the error
summary, language and direction. `script/bench accessibility` looks at the whole matrix.
"""

from __future__ import annotations

from pathlib import Path

import html5lib
import pytest
from django.conf import LazySettings

from tests.make.axe import diagonal, look_at
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


@pytest.fixture
def pages(tmp_path: Path, settings: LazySettings) -> list[Shown]:
    settings.DATA = tmp_path
    study = make_showcase()
    asked = [one for one in question_pages(*LANGUAGES) if one.state != "filled"]
    return [*asked, *list(other_pages(study, "ur"))[:8]]


def test_no_page_has_a_finding(pages: list[Shown]) -> None:
    for shown in pages:
        html5lib.HTMLParser(strict=True).parse(shown.html)
    with make_browser() as browser:
        seen = list(look_at(browser, diagonal(pages)))
    assert len(seen) == len(pages) > 55
    wrong = {one.cell.label: [*one.violations, *one.faults] for one in seen}
    assert {label: found for label, found in wrong.items() if found} == {}
