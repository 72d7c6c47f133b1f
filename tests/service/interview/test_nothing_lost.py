"""Every answer is one more version; a version once written is never overtaken or lost.

Proves the issue's *nothing lost*: append-only history, versioned writes, submit counts
once; SAF-20 and SAF-22: leaving ends the visit on the server, in every window and device;
PRV 50 (so without script).
"""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from django.test import Client
from django.utils import timezone

from harken.method import interview as method
from harken.method.errors import HarkenError
from harken.method.terms import RESPONDENT
from harken.service.interview import actions, models, queries, rows
from harken.service.pages import sessions
from harken.service.questionnaire import actions as instruments
from tests.make.contact import ref_of
from tests.make.interview import ANSWERS
from tests.make.sampling import MANAGER
from tests.make.sitting import NOW, form_of, make_open_study, make_sitting
from tests.make.visit import held_by

pytestmark = pytest.mark.django_db(databases=["default", "answers"])


@pytest.fixture
def row() -> models.Interview:
    """A sampled person's interview, standing at the question of the month."""
    study = make_open_study()
    return make_sitting(study, ref_of(study), until="month")


def documents(row: models.Interview) -> Iterator[method.Interview]:
    """Every stored version of an interview, opened, in order."""
    for version in row.versions.order_by("number"):
        row.document = version.document
        yield queries.sitting(row).interview


def say(row: models.Interview, place: str, given: str) -> models.Interview:
    return actions.answer(
        row, place, form_of(given), version=row.version, by=RESPONDENT, at=NOW
    )


def test_each_step_is_one_more_version_and_none_is_changed(
    row: models.Interview,
) -> None:
    numbers = list(row.versions.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, row.version + 1))
    first = bytes(row.versions.get(number=1).document)
    say(row, "month", "2025-03")
    assert bytes(row.versions.get(number=1).document) == first


def test_an_answer_off_the_route_stays_in_the_history(row: models.Interview) -> None:
    row = actions.go_to(row, "reported", by=RESPONDENT)
    row = say(row, "reported", "no")
    held = queries.sitting(row)
    assert "days" not in method.final_answers(held.book, held.interview)
    history = [version.answers.get("reported") for version in documents(row)]
    assert history.count("yes") > 1
    assert history[-1] == "no"


def test_the_row_read_in_plain_words_is_the_row_of_the_orm(
    row: models.Interview,
) -> None:
    plain = rows.read(row.handle)
    assert plain is not None
    built = models.Interview.objects.get(handle=row.handle)
    for field in models.Interview._meta.concrete_fields:
        one, other = getattr(plain, field.attname), getattr(built, field.attname)
        if isinstance(one, memoryview) or isinstance(other, memoryview):
            one, other = bytes(one), bytes(other)
        assert one == other, field.attname
        assert type(one) is type(other), field.attname
    assert (plain.study.slug, plain.study.state) == ("trial", "open")
    assert plain.study.opened_at == built.study.opened_at
    assert rows.read("nobody") is None


def test_a_write_made_from_an_older_version_stores_nothing(
    row: models.Interview,
) -> None:
    old = queries.find(row.handle)
    assert old is not None
    say(row, "month", "2025-03")
    state = {"status": "open", "language": "en", "mode": "web"}
    assert not rows.write(old, b"other", **state)
    assert old.version == row.version - 1
    assert models.Interview.objects.get().version == row.version
    assert not row.versions.filter(document=b"other").exists()


def test_an_interview_begun_under_one_version_is_finished_under_it(
    row: models.Interview,
) -> None:
    study = row.study
    text = study.files["questionnaire.yaml"]
    changed = text.replace('version: "1"', 'version: "2"').replace(
        "When did you report it?", "In which month was it?"
    )
    assert changed.count("In which month was it?") == 1
    study.files = {**study.files, "questionnaire.yaml": changed}
    study.digest = "another"
    study.save()
    instruments.freeze(study, by=MANAGER, at=NOW)
    held = queries.find(row.handle)
    assert held is not None
    while place := queries.sitting(held).interview.position:
        book = queries.sitting(held).book
        assert (held.instrument, book.version) == ("1", "1")
        assert book.text("month.text").value == "When did you report it?"
        held = actions.answer(
            held,
            place,
            form_of(ANSWERS[place]),
            version=held.version,
            by=RESPONDENT,
            at=NOW,
        )
    actions.submit(held, by=RESPONDENT, at=NOW)
    assert models.Interview.objects.get(handle=row.handle).status == "submitted"
    later = make_sitting(study, until="agree")
    assert later.instrument == "2"
    words = queries.sitting(later).book.text("month.text").value
    assert words == "In which month was it?"


def test_two_devices_answer_the_same_page_and_the_second_is_told(
    row: models.Interview,
) -> None:
    first, second = queries.find(row.handle), queries.find(row.handle)
    assert first is not None
    assert second is not None
    say(first, "month", "2025-03")
    with pytest.raises(HarkenError, match="INT-020"):
        say(second, "month", "2024-01")
    assert say(second, "month", "2025-03").version == row.version + 1


def test_a_step_back_taken_beside_an_answer_keeps_the_answer(
    row: models.Interview,
) -> None:
    late = queries.find(row.handle)
    assert late is not None
    say(row, "month", "2025-03")
    actions.go_back(late, by=RESPONDENT)
    held = queries.find(row.handle)
    assert held is not None
    assert queries.sitting(held).interview.answers["month"] == "2025-03"


def test_handing_in_twice_counts_once_and_ends_the_history(
    row: models.Interview,
) -> None:
    for place in ("month", "slow", "thanks", "words", "again"):
        row = actions.answer(
            row,
            place,
            form_of(ANSWERS[place]),
            version=row.version,
            by=RESPONDENT,
            at=NOW,
        )
    stale = queries.find(row.handle)
    assert stale is not None
    receipt = actions.submit(row, by=RESPONDENT, at=NOW)
    assert actions.submit(stale, by=RESPONDENT, at=NOW) == receipt
    assert not models.Version.objects.exists()
    with pytest.raises(HarkenError, match="INT-021"):
        say(stale, "words", "more")
    handed_in = queries.find(row.handle)
    assert handed_in is not None
    assert queries.sitting(handed_in).interview.status is method.Status.SUBMITTED


def test_a_cookie_kept_by_somebody_opens_nothing_after_the_exit(
    client: Client,
) -> None:
    make_open_study(shift_days=(timezone.localdate() - NOW.date()).days)
    client.post("/start", {"do": "how", "how": "open"})
    kept = client.cookies["visit"].value
    assert held_by(client)["interview"]
    client.get("/exit")
    client.cookies["visit"] = kept
    page = client.get("/start").content.decode()
    assert "Do you agree" not in page


def test_a_visit_that_rested_too_long_is_over(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.post("/look", {"size": "large"})
    assert held_by(client)["size"] == "large"
    later = time.time() + sessions.LONGEST + 1
    monkeypatch.setattr(sessions.time, "time", lambda: later)
    assert held_by(client) == {}
    client.cookies["visit"] = client.cookies["visit"].value[:-1] + "x"
    assert held_by(client) == {}


def test_nothing_about_a_visit_is_stored_by_the_house(client: Client) -> None:
    client.post("/look", {"size": "large"})
    assert client.cookies["visit"]["httponly"]
    assert not client.cookies["visit"]["max-age"]
    assert not client.session.items()
