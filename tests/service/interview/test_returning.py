"""Coming back to a saved interview: PIN and code together, and nothing told to a stranger.

Proves SAF-25 (return codes serve once, behind a PIN, and expire), PRV 46 in part (the
letter's code of a saved interview is refused as an unknown one is), PRV 52 (after five
wrong PINs nothing earlier is in reach).
"""

from __future__ import annotations

import datetime as dt
import os
import re
from unittest.mock import patch

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from harken.method.errors import HarkenError
from harken.method.terms import RESPONDENT, Language, Mode
from harken.method.vault import make_code
from harken.service.contact import actions as contact
from harken.service.interview import actions, models, queries, returning
from harken.service.pages.sessions import VisitStore
from harken.service.study.models import Study
from tests.make.contact import (
    first_case,
    make_invitation,
    other_code,
    ref_of,
    within_one_minute,
)
from tests.make.sitting import NOW, make_open_study, make_sitting

pytestmark = pytest.mark.django_db(databases=["default", "answers"])

PIN, WRONG = "582017", "582018"
SHIFT = (timezone.localdate() - NOW.date()).days
OWN = re.compile(rb'csrfmiddlewaretoken" value="[\w-]*')


@pytest.fixture
def row() -> models.Interview:
    """A sampled person's interview, standing at the question of the month."""
    study = make_open_study()
    return make_sitting(study, ref_of(study), until="month")


def save(row: models.Interview) -> str:
    return actions.save_for_later(row, pin=PIN, by=RESPONDENT, at=NOW)


def stored(row: models.Interview) -> models.Interview:
    found = queries.find(row.handle)
    assert found is not None
    return found


def check_refused(row: models.Interview, code: str, pin: str) -> None:
    with pytest.raises(HarkenError, match="INT-024"):
        returning.resume(row.study, code, pin=pin, at=NOW)


def test_a_wrong_pin_leaves_the_return_code_good_and_a_right_one_uses_it(
    row: models.Interview,
) -> None:
    code = save(row)
    check_refused(row, code, WRONG)
    back = returning.resume(row.study, code, pin=PIN, at=NOW)
    assert queries.sitting(back).interview.position == "month"
    check_refused(row, code, PIN)


def test_the_letter_s_code_and_the_pin_serve_as_well(row: models.Interview) -> None:
    save(row)
    letter = make_invitation(row.study)
    check_refused(row, letter, WRONG)
    back = returning.resume(row.study, letter, pin=PIN, at=NOW)
    assert queries.sitting(back).interview.position == "month"


def test_a_code_of_the_same_place_costs_the_person_no_try(
    row: models.Interview,
) -> None:
    save(row)
    letter = make_invitation(row.study)
    check_refused(row, other_code(letter), WRONG)
    assert stored(row).pin_tries == 0
    check_refused(row, letter, WRONG)
    assert stored(row).pin_tries == 1


def test_five_wrong_pins_start_the_interview_anew(row: models.Interview) -> None:
    code = save(row)
    for _ in range(returning.PIN_TRIES):
        check_refused(row, code, WRONG)
    check_refused(row, code, PIN)
    fresh = stored(row)
    assert not fresh.pin
    held = queries.sitting(fresh).interview
    assert held.position == "agree"
    assert not held.answers


def test_the_way_back_closes_after_its_days(row: models.Interview) -> None:
    code, later = save(row), NOW + dt.timedelta(days=15)
    with pytest.raises(HarkenError, match="INT-024"):
        returning.resume(row.study, code, pin=PIN, at=later)
    assert not queries.sitting(stored(row)).interview.answers


def test_nobody_gets_past_the_pin_by_beginning_again_until_it_is_too_late(
    row: models.Interview,
) -> None:
    def begin(at: dt.datetime) -> models.Interview:
        return actions.begin(
            row.study,
            ref=ref_of(row.study),
            mode=Mode.WEB,
            language=Language("en"),
            by=RESPONDENT,
            at=at,
        )

    save(row)
    with pytest.raises(HarkenError, match="INT-024"):
        begin(NOW)
    fresh = begin(NOW + dt.timedelta(days=15))
    assert fresh.handle == row.handle
    assert queries.sitting(fresh).interview.position == "agree"


def test_the_same_hash_is_made_whether_a_survey_was_saved_or_not(
    row: models.Interview,
) -> None:
    letter = make_invitation(row.study)
    with patch.object(returning, "make_password", wraps=returning.make_password) as it:
        check_refused(row, letter, WRONG)
        check_refused(row, make_code(os.urandom), WRONG)
        assert it.call_count == 2
    save(row)
    with patch.object(
        returning, "check_password", wraps=returning.check_password
    ) as it:
        check_refused(row, letter, WRONG)
        assert it.call_count == 1


@pytest.fixture
def study() -> Study:
    """A study that is open today, for the pages."""
    return make_open_study(shift_days=SHIFT)


def posted(do: str, *, source: str = "", **fields: str) -> HttpResponse:
    """What a new visitor is answered."""
    client = Client(headers={"X-Forwarded-For": source} if source else None)
    return client.post("/start", {"do": do, **fields})  # type: ignore[return-value]


def page_of(response: HttpResponse) -> tuple[int, bytes]:
    return response.status_code, OWN.sub(b"", response.content)


def saved_letter(study: Study) -> str:
    """The letter's code of somebody who saved the survey behind a PIN."""
    row = make_sitting(study, ref_of(study), until="month")
    actions.save_for_later(row, pin=PIN, by=RESPONDENT, at=timezone.now())
    return make_invitation(study)


def test_a_letter_s_code_alone_does_not_tell_that_somebody_began(study: Study) -> None:
    letter = saved_letter(study)
    unknown = page_of(posted("code", code=make_code(os.urandom)))
    assert unknown[0] == 422
    assert page_of(posted("code", code=letter)) == unknown
    assert page_of(posted("how", code=letter)) == unknown


def test_a_letter_s_code_that_was_saved_is_counted_as_a_wrong_one(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    within_one_minute(monkeypatch)
    letter = saved_letter(study)
    answers = [posted("code", code=letter, source="192.0.2.7") for _ in range(6)]
    unknown = [
        posted("code", code=make_code(os.urandom), source="198.51.100.7")
        for _ in range(6)
    ]
    assert [page_of(one) for one in answers] == [page_of(one) for one in unknown]
    assert b"Too many codes" in answers[-1].content
    assert b"Too many codes" not in answers[-2].content


def test_the_page_to_come_back_tells_a_stranger_nothing(study: Study) -> None:
    letter = saved_letter(study)
    never_begun = make_invitation(
        study, study.cases.exclude(pk=first_case(study).pk)[0]
    )
    told = {
        page_of(posted("return", code=code, pin=pin))
        for code, pin in [
            (letter, WRONG),
            (letter, ""),
            (never_begun, WRONG),
            (make_code(os.urandom), WRONG),
        ]
    }
    assert len(told) == 1
    assert posted("return", code=letter, pin=PIN).status_code == 302


def test_a_person_who_saved_the_survey_can_still_say_no_with_the_code_alone(
    study: Study,
) -> None:
    letter = saved_letter(study)
    assert posted("no_contact", code=letter).status_code == 200
    with pytest.raises(HarkenError, match="CON-010"):
        contact.redeem(study, letter, at=timezone.now())


def test_a_visit_at_a_page_of_an_earlier_version_goes_on(
    client: Client, study: Study
) -> None:
    session = VisitStore()
    session["page"] = "pin"
    session.save()
    client.cookies["visit"] = session.session_key
    assert b"Welcome" in client.get("/start").content
