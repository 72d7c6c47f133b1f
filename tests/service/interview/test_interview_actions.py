"""Interviews stored, taken up, handed in and stopped.

Proves SAF-23 (no timings kept), SAF-30, SAF-32 (a stop keeps or deletes), DP-03 (the link
is sealed), DP-14 (weeks only).
"""

from __future__ import annotations

import pytest

from harken.method.contact import Disposition
from harken.method.errors import HarkenError
from harken.method.interview import Status
from harken.method.interview import submit as hand_in
from harken.method.ledger import Event
from harken.method.study import State
from harken.method.terms import RESPONDENT, SYSTEM, Actor, CaseRef, Language, Mode, Role
from harken.service.contact import queries as contact
from harken.service.interview import actions, models, queries, sealed
from harken.service.ledger import queries as ledger
from harken.service.vault import actions as vault
from harken.service.vault import queries as keys
from tests.make.contact import ref_of
from tests.make.interview import make_interview, make_questionnaire
from tests.make.sitting import NOW, form_of, make_open_study, make_sitting

pytestmark = pytest.mark.django_db(databases=["default", "answers"])


def code_of(error: pytest.ExceptionInfo[HarkenError]) -> str:
    return error.value.findings[0].fault.code


def reload(row: models.Interview) -> models.Interview:
    found = queries.find(row.handle)
    assert found is not None
    return found


def test_an_answer_is_stored_sealed_and_read_back() -> None:
    row = make_sitting(make_open_study(), until="days")
    stored = reload(row)
    assert b"phone" not in bytes(stored.document)
    assert queries.sitting(stored).interview.answers["how"] == ("phone", "web")


def test_a_case_has_one_interview_which_is_taken_up_again() -> None:
    study = make_open_study()
    row = make_sitting(study, ref_of(study), until="days")
    again = actions.begin(
        study,
        ref=ref_of(study),
        mode=Mode.TELEPHONE,
        language=Language("en"),
        by=RESPONDENT,
        at=NOW,
    )
    assert again.handle == row.handle
    assert again.mode == Mode.TELEPHONE
    assert queries.sitting(again).interview.position == "days"


def test_a_page_from_before_another_write_is_refused_and_nothing_is_lost() -> None:
    row = make_sitting(make_open_study(), until="reported")
    old = row.version
    actions.answer(row, "reported", form_of("yes"), version=old, by=RESPONDENT, at=NOW)
    with pytest.raises(HarkenError) as error:
        actions.answer(
            row, "reported", form_of("no"), version=old, by=RESPONDENT, at=NOW
        )
    assert code_of(error) == "INT-020"
    assert queries.sitting(reload(row)).interview.answers["reported"] == "yes"


def test_the_same_answer_sent_twice_counts_once() -> None:
    row = make_sitting(make_open_study(), until="reported")
    old = row.version
    for _ in range(2):
        sent = actions.answer(
            row, "reported", form_of("yes"), version=old, by=RESPONDENT, at=NOW
        )
    assert sent.version == old + 1


def test_going_back_and_to_changes_no_answer() -> None:
    row = make_sitting(make_open_study(), until="days")
    row = actions.go_back(row, by=RESPONDENT)
    assert queries.sitting(row).interview.position == "how"
    row = actions.go_to(row, "reported", by=RESPONDENT)
    assert queries.sitting(row).interview.position == "reported"
    row = actions.speak(row, Language("pl"), by=RESPONDENT)
    assert row.language == "pl"
    row = actions.go_to(row, by=RESPONDENT)
    assert queries.sitting(row).interview.position == "days"
    row = actions.skip(row, "days", version=row.version, by=RESPONDENT)
    assert queries.sitting(row).interview.position == "month"


def test_handing_in_completes_the_case_and_gives_one_receipt() -> None:
    study = make_open_study()
    row = make_sitting(study, ref_of(study))
    receipt = actions.submit(row, by=RESPONDENT, at=NOW)
    assert len(receipt) == 14
    assert actions.submit(row, by=RESPONDENT, at=NOW) == receipt
    done = reload(row)
    assert done.status == Status.SUBMITTED
    assert done.ended == "2026-W10"
    assert contact.standing(ref_of(study)) is Disposition.COMPLETE
    assert len(sealed.open_link(done)) == 32
    assert queries.response_ref(study, ref_of(study)) == sealed.open_link(done)


def test_free_text_gets_a_sealed_row_of_its_own() -> None:
    study = make_open_study()
    row = make_sitting(study, ref_of(study), words="They were kind.")
    actions.submit(row, by=RESPONDENT, at=NOW)
    text = models.FreeText.objects.get()
    assert text.question == "words"
    assert b"kind" not in bytes(text.sealed)
    kept = queries.sitting(reload(row)).interview.answers
    assert "kind" not in str(kept)


def test_a_yes_to_recontact_reaches_the_vault() -> None:
    study = make_open_study()
    row = make_sitting(study, ref_of(study), again="yes")
    actions.submit(row, by=RESPONDENT, at=NOW)
    assert keys.consents(study.slug, at=NOW) == [ref_of(study)]


def test_an_interview_is_not_handed_in_before_its_end() -> None:
    row = make_sitting(make_open_study(), until="words")
    with pytest.raises(HarkenError) as error:
        actions.submit(row, by=RESPONDENT, at=NOW)
    assert code_of(error) == "INT-011"
    assert reload(row).status == Status.OPEN


def test_an_ended_case_cannot_begin_again() -> None:
    study = make_open_study()
    row = make_sitting(study, ref_of(study))
    actions.submit(row, by=RESPONDENT, at=NOW)
    with pytest.raises(HarkenError) as error:
        make_sitting(study, ref_of(study))
    assert code_of(error) == "INT-021"
    with pytest.raises(HarkenError) as error:
        actions.go_back(row, by=RESPONDENT)
    assert code_of(error) == "INT-021"


def test_a_stop_deletes_everything_when_the_person_says_so() -> None:
    study = make_open_study()
    row = make_sitting(study, ref_of(study), until="days")
    actions.stop(row, keep=False, at=NOW)
    assert queries.of_case(study, ref_of(study)) is None
    assert make_sitting(study, ref_of(study), until="reported").version == 1


def test_a_stop_keeps_what_was_said_as_a_partial_interview() -> None:
    study = make_open_study()
    row = make_sitting(study, ref_of(study), until="days")
    actions.stop(row, keep=True, at=NOW)
    assert reload(row).status == Status.STOPPED
    assert [one.handle for one in queries.awaiting(study)] == [row.handle]
    assert contact.standing(ref_of(study)) is Disposition.PARTIAL
    with pytest.raises(HarkenError) as error:
        actions.stop(row, keep=False, at=NOW)
    assert code_of(error) == "INT-021"


def test_without_consent_nothing_may_be_kept() -> None:
    study = make_open_study()
    row = make_sitting(study, ref_of(study), until="agree")
    actions.stop(row, keep=True, at=NOW)
    assert queries.of_case(study, ref_of(study)) is None


@pytest.mark.parametrize("pin", ["123456", "111111", "987654", "12345", "abcdef", ""])
def test_a_pin_that_is_easy_to_guess_is_not_taken(pin: str) -> None:
    row = make_sitting(make_open_study(), until="days")
    with pytest.raises(HarkenError) as error:
        actions.save_for_later(row, pin=pin, by=RESPONDENT, at=NOW)
    assert code_of(error) == "INT-023"


def test_the_open_arm_has_keys_and_no_identity() -> None:
    study = make_open_study()
    row = make_sitting(study)
    assert row.arm == "open"
    assert actions.submit(row, by=RESPONDENT, at=NOW)
    assert keys.status(study, CaseRef(row.case)) is keys.KeyStatus.LIVE


def test_a_withdrawn_person_s_interview_cannot_be_opened() -> None:
    study = make_open_study()
    row = make_sitting(study, ref_of(study), until="days")
    vault.withdraw(study, ref_of(study), by=RESPONDENT, at=NOW)
    with pytest.raises(HarkenError) as error:
        queries.sitting(reload(row))
    assert code_of(error).startswith("VAU")


def test_a_study_that_is_not_open_takes_no_interview() -> None:
    study = make_open_study()
    study.state = State.CLOSED.value
    with pytest.raises(HarkenError) as error:
        make_sitting(study)
    assert code_of(error) == "INT-022"


def test_only_respondents_and_interviewers_hold_interviews() -> None:
    study = make_open_study()
    row = make_sitting(study, until="reported")
    manager = Actor("m.field", Role.MANAGER)
    with pytest.raises(HarkenError) as error:
        actions.go_back(row, by=manager)
    assert code_of(error) == "ACC-001"


def test_an_interview_held_elsewhere_is_recorded_by_the_same_path() -> None:
    study = make_open_study()
    done = hand_in(make_questionnaire(), make_interview(again="yes"))
    actions.record(study, ref_of(study), done, by=SYSTEM, at=NOW)
    (row,) = queries.awaiting(study)
    assert row.status == Status.SUBMITTED
    assert not row.receipt
    assert contact.standing(ref_of(study)) is Disposition.COMPLETE
    with pytest.raises(HarkenError) as error:
        actions.record(study, ref_of(study), done, by=SYSTEM, at=NOW)
    assert code_of(error) == "INT-021"


def test_the_ledger_says_that_and_never_who() -> None:
    study = make_open_study()
    row = make_sitting(study, ref_of(study))
    actions.submit(row, by=RESPONDENT, at=NOW)
    (entry,) = ledger.entries(event=Event.INTERVIEW_SUBMITTED)
    assert row.handle not in entry.body
    assert row.case not in entry.body
