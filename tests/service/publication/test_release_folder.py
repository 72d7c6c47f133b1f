"""The release folder: whole, the same twice, safe to open, and it hides what it must.

Proves SAF-51, SAF-53, QA-05, QA-06, QA-07.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import PurePosixPath
from urllib.parse import unquote, urldefrag

import pytest
from pypdf import PdfReader

from harken.method.compliance.results import State
from harken.method.disclosure import Suppression
from harken.method.errors import HarkenError
from harken.method.publication import release as method
from harken.method.study import promised
from harken.service.publication.release import compose
from harken.service.publication.texts import Edition
from tests.make.publication import (
    make_card,
    make_estimate,
    make_material,
    make_policy,
    make_result,
    make_results,
)

VOID = {"meta", "link", "br", "hr", "img", "input"}


@cache
def made() -> Mapping[str, bytes]:
    """The release of the small study."""
    return compose(make_material(), Edition())


def pages() -> dict[str, str]:
    """Every HTML page by path."""
    return {
        path: content.decode()
        for path, content in made().items()
        if path.endswith(".html")
    }


def paper(name: str, files: Mapping[str, bytes] | None = None) -> PdfReader:
    """A PDF of the release."""
    return PdfReader(io.BytesIO((files or made())[name]))


def words(name: str, files: Mapping[str, bytes] | None = None) -> str:
    """The text of a PDF, its line breaks taken out."""
    text = " ".join(page.extract_text() for page in paper(name, files).pages)
    return " ".join(text.split())


class Page(HTMLParser):
    """What a page refers to, and whether its tags match."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.refers: list[str] = []
        self.ids: list[str] = []
        self.headings: list[int] = []
        self.tags: list[str] = []
        self.open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.append(tag)
        self.refers += [found[k] or "" for k in ("href", "src") if k in found]
        self.ids += [found["id"] or ""] if "id" in found else []
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag


def test_the_folder_holds_everything_promised() -> None:
    promised = {
        "index.html",
        "findings.html",
        "scorecard.html",
        "tables.html",
        "method-note.html",
        "method-note.pdf",
        "questionnaire.html",
        "questionnaire.pdf",
        "summary.pdf",
        "tables.ods",
        "release.css",
        "release.json",
        "charts/headlines.svg",
        "tables/indicators-sample.csv",
        "tables/indicators-sample.csv-metadata.json",
        "tables/indicators-sample.html",
        "tables/indicators-open.csv",
    }
    assert promised <= set(made())


def test_the_same_results_give_the_same_bytes() -> None:
    assert compose(make_material(), Edition()) == made()


def test_another_language_in_force_changes_nothing(settings: object) -> None:
    settings.LANGUAGE_CODE = "pl"  # type: ignore[attr-defined] # pytest-django's own
    assert compose(make_material(), Edition()) == made()


def test_the_manifest_holds_for_every_file() -> None:
    assert method.verify(made()) == method.digest(made())


def test_results_of_another_study_are_refused() -> None:
    with pytest.raises(HarkenError, match="PUB-004"):
        compose(make_material(make_results(study="other")), Edition())


def test_progress_is_told_from_nothing_to_all() -> None:
    told: list[tuple[int, int]] = []
    compose(make_material(), Edition(), progress=lambda d, t: told.append((d, t)))
    assert told[0][0] == 0
    assert told[-1][0] == told[-1][1]


@pytest.mark.parametrize("path", sorted(pages()))
def test_a_page_stands_alone_and_its_links_lead_somewhere(path: str) -> None:
    page = Page(pages()[path])
    assert page.open == []
    assert "script" not in page.tags
    assert len(page.ids) == len(set(page.ids))
    for reference in page.refers:
        assert not re.match(r"[a-z]+:|//", reference)
        target, fragment = urldefrag(unquote(reference))
        if not target:
            assert fragment in page.ids
            continue
        parts: list[str] = []
        for part in (PurePosixPath(path).parent / target).parts:
            if part == "..":
                parts.pop()
            else:
                parts.append(part)
        assert "/".join(parts) in made()


@pytest.mark.parametrize("path", sorted(pages()))
def test_headings_go_down_one_level_at_a_time_from_one_first(path: str) -> None:
    levels = Page(pages()[path]).headings
    assert levels.count(1) == 1
    assert levels[0] == 1
    steps = pairwise(levels)
    assert all(after <= before + 1 for before, after in steps)


def test_every_page_has_its_language_title_and_way_past_the_menu() -> None:
    for html in pages().values():
        assert '<html lang="en">' in html
        assert "<title>" in html
        assert 'href="#content"' in html


def test_no_inline_style_or_script_offends_a_strict_policy() -> None:
    for html in pages().values():
        assert " style=" not in html
        assert "<style" not in html
        assert not re.search(r"\son[a-z]+=", html)


def test_the_stylesheet_fetches_nothing() -> None:
    style = made()["release.css"].decode()
    assert "url(" not in style
    assert "@import" not in style


def test_the_summary_fits_one_page_and_says_what_the_commissioner_asked() -> None:
    assert len(paper("summary.pdf").pages) == 1
    text = words("summary.pdf")
    for part in (
        "Headline figures",
        "31%",
        "Between 28% and 34%",
        "1,204 people",
        "Where the Code was kept, and where it was not",
        "How people were asked",
        "Read with care",
        "never pooled",
    ):
        assert part in text


@pytest.mark.parametrize(
    "name", ["summary.pdf", "method-note.pdf", "questionnaire.pdf"]
)
def test_a_paper_is_tagged_titled_in_a_language_and_dated_by_the_calendar(
    name: str,
) -> None:
    root = paper(name).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert root["/Lang"] == "en-GB"
    information = paper(name).metadata
    assert information is not None
    assert information.title
    assert information.creation_date is not None
    assert information.creation_date.date().isoformat() == "2026-07-15"


def test_a_duty_of_several_agencies_that_fare_alike_takes_one_line() -> None:
    low, high = make_estimate(0.2, 500), make_estimate(0.8, 500)
    cards = [
        replace(make_card(number, state, estimate), agency=agency)
        for number, state, estimate in (
            (1, State.NOT_MET, low),
            (2, State.MET, high),
            (3, State.NOT_MEASURED, None),
        )
        for agency in ("police", "cps")
    ]
    results = make_results(study="trial", scorecard=cards)
    text = words("summary.pdf", compose(make_material(results), Edition()))
    assert "20% (17% to 23%, 500 people): Matter 1. Prosecutors; Police." in text
    assert "80% (77% to 83%, 500 people): Matter 2. Police; Prosecutors." in text
    assert "Of 4 duties" in text


def test_a_summary_with_much_to_say_is_set_smaller_to_fit_its_page() -> None:
    long = " and so on" * 60
    cards = [
        replace(
            make_card(1, State.NOT_MET, make_estimate(0.2, 500)), title=f"{n}{long}"
        )
        for n in range(6)
    ]
    results = make_results(study="trial", scorecard=cards)
    files = compose(make_material(results), Edition())
    assert len(paper("summary.pdf", files).pages) == 1


def test_support_has_a_section_when_an_indicator_speaks_of_it() -> None:
    results = make_results(study="trial")
    measures = (
        replace(results.measures[0], title="Offered support"),
        *results.measures[1:],
    )
    files = compose(make_material(replace(results, measures=measures)), Edition())
    assert "charts/topic-support.svg" in files
    assert "Offered support" in words("summary.pdf", files)
    assert (
        "What support is offered, and what is missing" in files["index.html"].decode()
    )
    assert "charts/topic-support.svg" not in made()


def test_the_method_note_is_written_from_the_run() -> None:
    text = words("method-note.pdf")
    for part in (
        "the draw used the seed 1",
        "1,200 responses stand for 9,000 people",
        "effective base is 923",
        "Domestic abuse 214",
        "Panel 1 (20 November 2025)",
        "Figures on fewer than 10 people are hidden.",
        "The arms are reported apart.",
    ):
        assert part in text


def test_the_scorecard_says_each_state_in_words_beside_its_sign() -> None:
    html = pages()["scorecard.html"]
    states = re.findall(r'class="state [a-z_]+">(.*?)</td>', html)
    assert states
    for state in states:
        assert re.search(r'aria-hidden="true">[^<]+</span> [A-Z]', state)


def test_the_questionnaire_is_published_with_both_wordings() -> None:
    html = pages()["questionnaire.html"]
    assert "Did you report it to the police?" in html
    assert "And did you tell the police?" in html


def test_no_file_shows_more_digits_than_the_rule_allows() -> None:
    results = make_results(
        study="trial", indicators=[make_result(estimate=make_estimate(0.31449, 1204))]
    )
    files = everything(compose(make_material(results), Edition()))
    for path, text in files.items():
        assert "31.4" not in re.sub(r'"[^"]*"', "", text), path
        assert "31449" not in text, path
    coarse = compose(make_material(results, policy=make_policy(10, 5)), Edition())
    row = coarse["tables/indicators-sample.csv"].decode().splitlines()[1]
    assert ",30,30,35,1204," in row
    fine = compose(make_material(results, policy=make_policy(10, 0.1)), Edition())
    assert ",31.4," in fine["tables/indicators-sample.csv"].decode()


def test_each_indicator_is_defined_in_words() -> None:
    table = made()["tables/definitions.csv"].decode()
    assert "people who reported to the police" in table
    assert ",question 2 is “Yes”," in table
    plain = make_results(study="trial")
    measures = tuple(replace(m, among=m.base) for m in plain.measures)
    files = compose(make_material(replace(plain, measures=measures)), Edition())
    defined = files["tables/definitions.csv"].decode()
    assert ",where question 2 is “Yes”," in defined
    assert "reported ==" not in defined


def test_a_correction_says_so_on_every_page() -> None:
    edition = Edition(version=2, corrects=1, reason="A base was wrong & is mended.")
    files = compose(make_material(), edition)
    for path in pages():
        html = files[path].decode()
        assert "replaces version 1: A base was wrong &amp; is mended." in html
    assert "A base was wrong" in words("summary.pdf", files)
    assert json.loads(files["release.json"])["corrects"] == 1


def test_a_preview_says_so_on_every_page_and_paper() -> None:
    files = compose(make_material(), Edition(preview=True))
    assert all("Preview, not for publication" in files[p].decode() for p in pages())
    assert "Preview, not for publication" in words("method-note.pdf", files)


def test_words_of_a_study_are_printed_and_never_obeyed() -> None:
    results = make_results(study="trial")
    hostile = '<script>alert("1")</script> [[table:x]] #panic() $x$ *_`'
    measures = tuple(replace(m, title=f"{hostile} {m.id}") for m in results.measures)
    files = compose(make_material(replace(results, measures=measures)), Edition())
    assert all("<script" not in files[path].decode() for path in pages())
    assert len(PdfReader(io.BytesIO(files["summary.pdf"])).pages) == 1


def everything(files: Mapping[str, bytes]) -> dict[str, str]:
    """Every file as text: unzipped, and with what a PDF prints and describes."""
    found = {}
    for path, content in files.items():
        if path.endswith(".ods"):
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                for name in archive.namelist():
                    found[f"{path}/{name}"] = archive.read(name).decode()
        elif path.endswith(".pdf"):
            reader = PdfReader(io.BytesIO(content))
            parts = [page.extract_text() for page in reader.pages]
            parts += [str(item.get_object()) for item in _objects(reader)]
            found[path] = " ".join(parts)
        else:
            found[path] = content.decode()
    return found


def _objects(reader: PdfReader) -> list[object]:
    return [
        reader.get_object(number) for number in range(1, len(reader.xref_objStm) + 1)
    ]


TOTAL = 2741


def secretive(hidden: bool) -> dict[str, str]:
    """The release of figures by crime group of which two are hidden, or shown.

    The two have bases of 7 and 717 out of 2,741; shown, their shares are 71.3 % and
    43.9 %.
    """
    primary, secondary = Suppression.PRIMARY, Suppression.SECONDARY
    none = Suppression.NONE
    small = make_result(
        category="hate",
        estimate=None if hidden else make_estimate(0.713, 7, 0.2),
        hidden=primary if hidden else none,
    )
    partner = make_result(
        category="robbery",
        estimate=None if hidden else make_estimate(0.439, 717, 0.036),
        hidden=secondary if hidden else none,
    )
    found = [
        make_result(estimate=make_estimate(0.3, TOTAL)),
        make_result(category="burglary", estimate=make_estimate(0.25, TOTAL - 724)),
        small,
        partner,
    ]
    results = make_results(study="trial", indicators=found, headlines=("I01",))
    material = make_material(results, policy=make_policy(10 if hidden else 0, 0.1))
    return everything(compose(material, Edition()))


def test_a_hidden_figure_is_in_no_byte_of_the_release() -> None:
    """Value, base and the sum of hidden bases are looked for in every file, zip members,
    printed PDF text and PDF objects included; the same search finds them when shown."""
    patterns = ("71.3", "43.9", "71%", "717", "of 717", ">724<", "724 people")
    shown = " ".join(secretive(hidden=False).values())
    for pattern in ("71.3", "43.9", "71%", "717"):
        assert pattern in shown
    for path, text in secretive(hidden=True).items():
        if path in ("release.json", "release.css"):
            continue
        clean = re.sub(r"[0-9a-f]{40,}", "", text)
        clean = re.sub(r'\b(?:d|x|y|cx|cy|x1|width|height|viewBox)="[^"]*"', "", clean)
        for pattern in patterns:
            assert pattern not in clean, (path, pattern)


def test_hidden_rows_are_told_in_words_in_chart_table_and_description() -> None:
    files = secretive(hidden=True)
    chart = files["charts/i01-crime-group.svg"]
    assert chart.count("not shown, too few people") == 2
    table = files["tables/by-crime-group-sample.csv"]
    assert table.count("[c],[c],[c],[c],[c],[c],[c]") == 2


def test_how_it_was_done_names_the_day_of_each_promise() -> None:
    calendar = make_material().folder.charter.calendar
    entry = {
        "since": "2026-03-05",
        "destroy_by": "2027-03-31",
        "recontact_until": "2028-06-30",
    }
    material = make_material(promised=promised.promised(calendar, [entry]))
    note = compose(material, Edition())["method-note.html"].decode()
    assert "Identifying details destroyed by: 30 September 2026" in note
    line = "Identifying details destroyed by, for people enrolled from 5 March 2026"
    assert f"{line}: 31 March 2027" in note
    one = make_material(promised=promised.promised(calendar))
    assert compose(one, Edition()) == made()
