"""Those kept are contacted again: one person, one purpose, once. Proves DP-05, PRV 20, 21, 63.

A study is destroyed by the real programs; those who agreed are opened by hand, one after
the other, and everything that could open two, or the same twice, is tried.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
from pathlib import Path

import pytest
from django.apps import apps
from django.utils import timezone

from harken.method.contact.again import Ending
from harken.method.errors import HarkenError
from harken.method.ledger import Event
from harken.method.study import State
from harken.method.terms import Actor, CaseRef, Role
from harken.method.vault.keyring import Retention
from harken.service.anonymisation import execute
from harken.service.contact import actions as contact
from harken.service.contact import again, commands, safe
from harken.service.ledger import queries as ledger
from harken.service.ledger.models import Entry
from harken.service.sampling.models import Case
from harken.service.study.models import Study
from harken.service.vault import actions as vault
from harken.service.vault import custody, holder
from harken.service.vault import queries as keys
from harken.service.vault.models import RecontactConsent, Sealed
from harken.service.vault.queries import KeyStatus
from tests.make.again import FOR, NOW, make_kept, openings
from tests.make.anonymisation import (
    UNTIL,
    Ready,
    approve,
    make_ready,
)
from tests.make.cohorts import LAST_DAY, make_extended
from tests.make.contact import CALLING, WAYS, make_field_study, ref_of
from tests.make.contact import INTERVIEWER as CALLER
from tests.make.vault import (
    AT,
    GUARDIAN,
    HELPDESK,
    INTERVIEWER,
    MANAGER,
    OPERATOR,
    make_identity,
    make_ref,
    make_study,
)

pytestmark = pytest.mark.django_db(databases=["default", "answers"])

SECOND = Actor("manager-2", Role.MANAGER)
NEXT_DAY = NOW + dt.timedelta(days=1)
END = dt.datetime(2028, 4, 1, 9, tzinfo=dt.UTC)


@pytest.fixture
def ready() -> Ready:
    """A destroyed study of which two people are kept."""
    return make_kept()


def code_of(error: pytest.ExceptionInfo[HarkenError]) -> str:
    return str(error.value.findings[0].fault.code)


def refused(study: Study, purpose: str, *, by: Actor = MANAGER, at: dt.datetime) -> str:
    """The code with which the next person is not opened; nothing is lent by it."""
    before = list(RecontactConsent.objects.values_list("lent_to", "done"))
    with pytest.raises(HarkenError) as error:
        again.open_next(study, purpose, by=by, at=at)
    assert list(RecontactConsent.objects.values_list("lent_to", "done")) == before
    return code_of(error)


def test_while_consents_gather_there_are_counts_and_nobody_is_opened() -> None:
    ready = make_ready()
    seen = again.counts(ready.study, by=MANAGER, at=AT)
    assert (seen.agreed, seen.kept, seen.ended, seen.open) == (2, 0, 0, 0)
    (line,) = seen.lines
    assert (line.purpose, line.agreed, line.reached, line.due) == (FOR, 2, 0, 0)
    assert seen.days == ((UNTIL, 2),)
    vault.rotate(ready.study, by=GUARDIAN, at=AT)
    assert again.counts(ready.study, by=MANAGER, at=AT).kept == 0
    assert refused(ready.study, FOR, at=AT) == "CON-027"
    assert openings(ready.study) == []


def test_one_person_is_opened_for_one_purpose_and_reached_once(ready: Ready) -> None:
    study = ready.study
    assert refused(study, "marketing", at=NOW) == "CON-025"
    first = again.open_next(study, FOR, by=MANAGER, at=NOW)
    assert first.telephone
    assert first.given_name not in repr(first)
    assert again.pending(by=MANAGER) == (study.slug, FOR)
    assert refused(study, FOR, at=NOW) == "CON-026"
    second = again.open_next(study, FOR, by=SECOND, at=NOW)
    assert second.surname != first.surname
    assert again.counts(study, by=MANAGER, at=NOW).open == 2
    for by in (MANAGER, SECOND):
        again.settle(study, Ending.CONTACTED, by=by, at=NOW)
        with pytest.raises(HarkenError, match="CON-028"):
            again.settle(study, Ending.CONTACTED, by=by, at=NOW)
    assert refused(study, FOR, at=NEXT_DAY) == "CON-027"
    (line,) = again.counts(study, by=MANAGER, at=NEXT_DAY).lines
    assert (line.reached, line.due) == (2, 0)
    assert openings(study) == [f"recontact: {FOR}"] * 2
    bodies = [
        json.loads(row.body)
        for row in ledger.entries(study=study.slug, event=Event.CONTACTED_AGAIN)
    ]
    assert {one["reason"] for one in bodies} == {f"{FOR}: contacted"}
    # Each is found for its person's own copy, by the handle that no other store knows.
    rows = ledger.entries(study=study.slug, event=Event.CONTACTED_AGAIN)
    assert {row.subject for row in rows} == {
        holder.handle_of(study.slug, ref) for ref in ready.kept
    }
    told = "".join(Entry.objects.values_list("body", flat=True))
    assert not any(ref in told for ref in ready.kept)
    assert first.surname not in told


def test_those_of_the_first_promise_are_opened_while_others_are_in_the_field(
    tmp_path: Path,
) -> None:
    made = make_extended(tmp_path, agreed=1)
    study = made.study
    holder.store(study.slug).rotate([made.first[0], made.later[0]], through=0)
    seen = again.counts(study, by=MANAGER, at=NOW)
    assert (seen.agreed, seen.kept, seen.lines[0].due) == (2, 1, 1)
    assert seen.end == LAST_DAY
    again.open_next(study, FOR, by=MANAGER, at=NOW)
    assert RecontactConsent.objects.get(lent_to=MANAGER.label).ref == made.first[0]
    assert refused(study, FOR, by=SECOND, at=NOW) == "CON-027"
    again.settle(study, Ending.CONTACTED, by=MANAGER, at=NOW)
    for ref, whole in ((made.first[0], False), (made.later[0], True)):
        found = custody.open_identity(
            study, ref, purpose=custody.Purpose.ACCESS, by=GUARDIAN, at=NOW
        )
        assert bool(found.crime_reference) is whole


def test_who_was_not_reached_comes_up_on_another_day_after_who_was_not_tried(
    ready: Ready,
) -> None:
    study = ready.study
    first = again.open_next(study, FOR, by=MANAGER, at=NOW)
    again.settle(study, Ending.TRY_AGAIN, by=MANAGER, at=NOW)
    other = again.open_next(study, FOR, by=MANAGER, at=NOW)
    assert other.surname != first.surname
    again.settle(study, Ending.NOT_TRIED, by=MANAGER, at=NOW)
    once_more = again.open_next(study, FOR, by=MANAGER, at=NOW)
    assert once_more.surname == other.surname
    again.settle(study, Ending.LEADS_NOWHERE, by=MANAGER, at=NOW)
    assert refused(study, FOR, at=NOW) == "CON-027"
    back = again.open_next(study, FOR, by=SECOND, at=NEXT_DAY)
    assert back.surname == first.surname
    assert [one.how for one in back.earlier] == [Ending.TRY_AGAIN]
    seen = again.counts(study, by=MANAGER, at=NEXT_DAY)
    assert (seen.silent, seen.open) == (1, 1)


@pytest.mark.parametrize(
    ("flag", "told", "shown"),
    [
        ("post_only", {}, (False, False, True)),
        ("phone_only", {}, (True, False, False)),
        ("any", {"phone": False, "post": True}, (False, False, True)),
        ("any", {}, (True, True, True)),
    ],
)
def test_only_the_ways_that_a_person_allows_leave_the_vault(
    flag: str, told: dict[str, bool], shown: tuple[bool, bool, bool]
) -> None:
    study, ref = make_study(state=State.CLOSED), make_ref()
    custody.enrol(study, [(ref, make_identity(safe_contact=flag))], by=MANAGER, at=AT)
    vault.consent_recontact(
        study, ref, purposes=[FOR], until=UNTIL, by=INTERVIEWER, at=AT
    )
    RecontactConsent.objects.update(ways=told)
    holder.store(study.slug).rotate([ref], through=0)
    card = again.open_next(study, FOR, by=MANAGER, at=NOW)
    assert (bool(card.telephone), bool(card.email), bool(card.address)) == shown
    assert card.obey


@pytest.mark.parametrize(
    ("at", "rung"),
    [
        (dt.datetime(2026, 10, 2, 18, 59, tzinfo=dt.UTC), True),
        (dt.datetime(2026, 10, 2, 19, tzinfo=dt.UTC), False),
        (dt.datetime(2026, 10, 4, 12, tzinfo=dt.UTC), False),
        (dt.datetime(2026, 12, 25, 12, tzinfo=dt.UTC), False),
    ],
)
def test_numbers_are_shown_in_calling_hours_and_no_message_is_left(
    ready: Ready, at: dt.datetime, rung: bool
) -> None:
    """A Friday before and at eight in the evening, a Sunday, a bank holiday."""
    assert again.counts(ready.study, by=MANAGER, at=at).rings is rung
    card = again.open_next(ready.study, FOR, by=MANAGER, at=at)
    assert (bool(card.telephone), bool(card.address)) == (rung, True)
    assert any("Leave no message" in rule for rule in card.obey)


def test_who_was_given_back_is_the_next_one_and_was_not_tried(ready: Ready) -> None:
    names = set()
    for _ in range(3):
        card = again.open_next(ready.study, FOR, by=MANAGER, at=NOW)
        names.add(card.surname)
        assert card.earlier == ()
        again.settle(ready.study, Ending.NOT_TRIED, by=MANAGER, at=NOW)
    assert len(names) == 1


def test_nobody_is_tried_more_often_than_in_fieldwork(ready: Ready) -> None:
    RecontactConsent.objects.filter(ref=ready.kept[1]).delete()
    at = NOW
    for _ in range(6):
        again.open_next(ready.study, FOR, by=MANAGER, at=at)
        again.settle(ready.study, Ending.TRY_AGAIN, by=MANAGER, at=at)
        at += dt.timedelta(days=1)
    assert refused(ready.study, FOR, at=at) == "CON-027"


def test_who_does_not_want_it_any_more_is_refused_at_once_for_good(
    ready: Ready,
) -> None:
    study = ready.study
    again.open_next(study, FOR, by=MANAGER, at=NOW)
    ref = CaseRef(RecontactConsent.objects.get(lent_to=MANAGER.label).ref)
    again.settle(study, Ending.REFUSED, by=MANAGER, at=NOW)
    assert keys.status(study, ref) is KeyStatus.WITHDRAWN
    assert not RecontactConsent.objects.filter(ref=ref).exists()
    assert not Sealed.objects.filter(ref=ref).exists()
    events = [row.event for row in ledger.entries(study=study.slug)]
    assert events[-2:] == [Event.CONTACTED_AGAIN, Event.PERSON_WITHDRAWN]
    vault.rotate(study, by=GUARDIAN, at=NOW)
    assert keys.status(study, ref) is KeyStatus.GONE
    assert again.counts(study, by=MANAGER, at=NOW).agreed == 1
    made = execute.issue(study, None, by=GUARDIAN, at=NOW)
    assert json.loads(made.text)["certificate"]["counts"]["recontact"] == 1


def test_their_own_day_the_purposes_and_the_last_day_of_all_are_kept(
    ready: Ready,
) -> None:
    study = ready.study
    own = dt.date(2026, 10, 5)
    RecontactConsent.objects.update(until=own)
    last = dt.datetime(2026, 10, 5, 22, tzinfo=dt.UTC)
    over = dt.datetime(2026, 10, 5, 23, 30, tzinfo=dt.UTC)
    again.open_next(study, FOR, by=MANAGER, at=last)
    again.settle(study, Ending.NOT_TRIED, by=MANAGER, at=last)
    assert refused(study, FOR, at=over) == "CON-025"
    assert again.counts(study, by=MANAGER, at=over).ended == 2
    RecontactConsent.objects.update(until=dt.date(2030, 1, 1))
    assert refused(study, FOR, at=END) == "VAU-105"


def test_nobody_of_another_study_and_nobody_left_by_somebody_else(
    ready: Ready,
) -> None:
    other = make_kept()
    again.open_next(ready.study, FOR, by=MANAGER, at=NOW)
    assert refused(other.study, FOR, at=NOW) == "CON-026"
    with pytest.raises(HarkenError, match="CON-028"):
        again.settle(other.study, Ending.CONTACTED, by=MANAGER, at=NOW)
    with pytest.raises(HarkenError, match="CON-028"):
        again.settle(ready.study, Ending.CONTACTED, by=SECOND, at=NOW)
    held = RecontactConsent.objects.get(lent_to=MANAGER.label)
    RecontactConsent.objects.filter(study=ready.study.slug).exclude(pk=held.pk).delete()
    assert refused(ready.study, FOR, by=SECOND, at=NOW) == "CON-027"
    again.open_next(ready.study, FOR, by=SECOND, at=NEXT_DAY)
    assert again.pending(by=MANAGER) == ("", "")
    with pytest.raises(HarkenError, match="CON-028"):
        again.settle(ready.study, Ending.CONTACTED, by=MANAGER, at=NEXT_DAY)


def test_a_form_sent_twice_at_once_lends_one_person(
    ready: Ready, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both requests saw that nobody was open; the database lends one alone."""
    again.open_next(ready.study, FOR, by=MANAGER, at=NOW)
    there = RecontactConsent.objects.filter(lent_to=MANAGER.label)
    lent = there.values_list("pk", flat=True).get()
    free = RecontactConsent.objects.filter(study=ready.study.slug).exclude(pk=lent)
    monkeypatch.setattr(again, "_check_free", lambda by: None)
    assert refused(ready.study, FOR, at=NOW) == "CON-026"
    assert free.get().lent_to == ""


def test_when_the_holder_refuses_nothing_is_lent() -> None:
    """Fifteen an hour by one manager; the sixteenth stays free and is not counted."""
    made = make_kept(people=18, kept=16, withdrawn=0)
    for _ in range(15):
        again.open_next(made.study, FOR, by=MANAGER, at=NOW)
        again.settle(made.study, Ending.CONTACTED, by=MANAGER, at=NOW)
    assert refused(made.study, FOR, at=NOW) == "VAU-117"
    again.open_next(made.study, FOR, by=SECOND, at=NOW)


@pytest.mark.parametrize("by", [GUARDIAN, HELPDESK, INTERVIEWER])
def test_it_is_the_managers_work_alone(ready: Ready, by: Actor) -> None:
    assert refused(ready.study, FOR, by=by, at=NOW) == "ACC-001"
    assert refused(ready.study, FOR, by=OPERATOR, at=NOW) == "VAU-106"
    for act in (
        lambda: again.counts(ready.study, by=by, at=NOW),
        lambda: again.settle(ready.study, Ending.CONTACTED, by=by, at=NOW),
    ):
        with pytest.raises(HarkenError, match="ACC-001"):
            act()


def test_a_no_to_all_contact_ends_a_consent_whichever_was_said_first() -> None:
    study = make_field_study()
    ref = ref_of(study)
    for _ in range(2):
        vault.consent_recontact(
            study, ref, purposes=[FOR], until=UNTIL, by=CALLER, at=CALLING
        )
        contact.opt_out(study, ref, channel="phone", by=HELPDESK, at=CALLING)
        assert not RecontactConsent.objects.exists()
    ended = ledger.entries(study=study.slug, event=Event.RECONTACT_ENDED)
    assert ended.count() == 2


def test_what_they_said_of_safe_ways_goes_with_the_consent() -> None:
    study = make_field_study()
    card = contact.calls.next_case(study, interviewer=CALLER, at=CALLING)
    assert card is not None
    safe.carry(study, card.ref)
    vault.consent_recontact(
        study, card.ref, purposes=[FOR], until=UNTIL, by=CALLER, at=CALLING
    )
    safe.carry(study, card.ref)
    case = Case.objects.get(ref=card.ref)
    assert RecontactConsent.objects.get().ways == {
        "phone": True,
        "post": True,
        "voicemail": not case.no_voicemail,
    }
    safe.keep(study, card.ref, WAYS, by=CALLER, at=CALLING)
    kept = RecontactConsent.objects.get().ways
    assert kept == {
        "phone": True,
        "post": False,
        "voicemail": False,
        "hours": "10:00 to 12:00 on weekday",
        "call_back": "us",
    }
    assert "umbrella" not in json.dumps(kept)


def test_what_was_done_goes_when_their_own_day_is_over(ready: Ready) -> None:
    study, own = ready.study, dt.date(2026, 10, 5)
    RecontactConsent.objects.filter(ref=ready.kept[0]).update(until=own)
    last = dt.datetime(2026, 10, 5, 12, tzinfo=dt.UTC)
    vault.rotate(study, by=GUARDIAN, at=last)
    assert RecontactConsent.objects.count() == 2
    vault.rotate(study, by=GUARDIAN, at=last + dt.timedelta(days=1))
    for model in (RecontactConsent, Sealed):
        left = model._base_manager.filter(study=study.slug)
        assert [row.ref for row in left] == [ready.kept[1]]
    assert keys.status(study, CaseRef(ready.kept[0])) is KeyStatus.GONE


def test_a_consent_that_ends_before_the_destruction_takes_nothing_else_with_it() -> (
    None
):
    made = make_ready()
    RecontactConsent.objects.filter(ref=made.kept[0]).update(until=AT.date())
    vault.rotate(made.study, by=GUARDIAN, at=AT + dt.timedelta(days=1))
    assert [row.ref for row in RecontactConsent.objects.all()] == [made.kept[1]]
    assert Sealed.objects.filter(ref=made.kept[0]).count() == 2


def test_what_was_done_goes_with_the_person_and_with_the_class(ready: Ready) -> None:
    study = ready.study
    again.open_next(study, FOR, by=MANAGER, at=NOW)
    again.settle(study, Ending.TRY_AGAIN, by=MANAGER, at=NOW)
    approve(study, at=END, retention=Retention.RECONTACT)
    execute.execute(study, by=GUARDIAN, at=END, retention=Retention.RECONTACT)
    assert not RecontactConsent.objects.exists()
    seen = again.counts(study, by=MANAGER, at=END)
    assert (seen.agreed, seen.kept, seen.lines) == (0, 0, ())


def test_the_command_counts_and_names_nobody(
    ready: Ready, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    parser = argparse.ArgumentParser()
    commands.register(parser.add_subparsers())

    def run() -> str:
        args = parser.parse_args(["contact", "again", ready.study.slug])
        assert args.run(args) == 0
        return capsys.readouterr().out

    said = run()
    assert "interviews" in said
    assert "2 are kept, 0 open with somebody now" in said
    assert "2028-03-31" in said
    assert not any(ref in said for ref in ready.kept)
    RecontactConsent.objects.all().delete()
    assert "Nobody may be contacted again." in run()


def test_no_stored_field_of_it_says_who_anybody_is() -> None:
    (model,) = [
        one for one in apps.get_models() if one._meta.label == "vault.RecontactConsent"
    ]
    classes = dict(model.DATA_CLASS)  # type: ignore[attr-defined]  # every model of ours
    assert {name for name, kind in classes.items() if kind != "operational"} == {"ref"}
