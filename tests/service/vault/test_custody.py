"""The door to identities. Proves DP-03, DP-04 (refusal), DP-05, PRV 9, 17, 19-21, 55, 63."""

from __future__ import annotations

import datetime as dt
import time
from itertools import islice
from pathlib import Path

import pytest

from harken.method.errors import HarkenError
from harken.method.ledger import Event
from harken.method.study import State
from harken.method.terms import Actor, CaseRef, Role
from harken.method.vault import Identity, KeyName
from harken.service.ledger import queries as ledger
from harken.service.study.models import Study
from harken.service.vault import actions, custody, holder, queries, sealing
from harken.service.vault.custody import Purpose
from harken.service.vault.keyholder.limits import RULES
from harken.service.vault.models import Commitment, RecontactConsent, Sealed
from tests.make.vault import (
    AFTER_DEADLINE,
    AT,
    DEADLINE_DAY,
    GUARDIAN,
    HELPDESK,
    INTERVIEWER,
    MANAGER,
    OPERATOR,
    make_identity,
    make_people,
    make_ref,
    make_study,
)

pytestmark = pytest.mark.django_db(databases=["default", "answers"])


ROOT = Path(__file__).parents[3]
UNTIL = dt.date(2028, 3, 31)


def _enrolled(number: int = 3) -> tuple[Study, list[CaseRef]]:
    study = make_study()
    people = make_people(number)
    custody.enrol(study, people, by=MANAGER, at=AT)
    return study, [ref for ref, _ in people]


def test_an_enrolled_person_is_opened_for_a_purpose_and_the_ledger_knows() -> None:
    study, refs = _enrolled()
    found = custody.open_identity(
        study, refs[1], purpose=Purpose.CALL, by=INTERVIEWER, at=AT
    )
    assert found.surname == make_identity(1).surname
    entry = ledger.entries(study=study.slug, event=Event.IDENTITY_OPENED).get()
    assert '"reason":"call"' in entry.body
    assert refs[1] not in entry.body
    assert found.surname not in entry.body


def test_a_caller_sees_neither_crime_reference_nor_date_of_birth() -> None:
    study, refs = _enrolled()
    call = custody.open_identity(
        study, refs[0], purpose=Purpose.CALL, by=INTERVIEWER, at=AT
    )
    desk = custody.open_identity(
        study, refs[0], purpose=Purpose.HELPDESK, by=HELPDESK, at=AT
    )
    assert (call.crime_reference, call.date_of_birth) == ("", None)
    assert desk.crime_reference == make_identity(0).crime_reference


NOBODY = Actor("statistician-1", Role.STATISTICIAN)


@pytest.mark.parametrize("purpose", list(Purpose))
def test_each_purpose_needs_its_own_permission(purpose: Purpose) -> None:
    study, refs = _enrolled(1)
    with pytest.raises(HarkenError, match="ACC-001"):
        custody.open_identity(study, refs[0], purpose=purpose, by=NOBODY, at=AT)
    assert not ledger.entries(study=study.slug, event=Event.IDENTITY_OPENED)


def test_the_operator_at_the_shell_opens_no_identity() -> None:
    study, refs = _enrolled(1)
    with pytest.raises(HarkenError, match="VAU-106"):
        custody.open_identity(
            study, refs[0], purpose=Purpose.LETTER, by=OPERATOR, at=AT
        )


def test_after_the_promised_day_nothing_opens() -> None:
    study, refs = _enrolled(1)
    last = dt.datetime(2026, 9, 30, 22, 59, tzinfo=dt.UTC)
    custody.open_identity(study, refs[0], purpose=Purpose.CALL, by=INTERVIEWER, at=last)
    midnight = last + dt.timedelta(minutes=1)
    with pytest.raises(HarkenError, match="VAU-104"):
        custody.open_identity(
            study, refs[0], purpose=Purpose.CALL, by=INTERVIEWER, at=midnight
        )
    with pytest.raises(HarkenError, match="VAU-104"):
        custody.open_batch(study, refs, purpose=Purpose.LETTER, by=MANAGER, at=midnight)


def test_a_later_edit_of_the_study_does_not_move_the_day() -> None:
    study, refs = _enrolled(1)
    study.files = study.files | {
        "study.yaml": study.files["study.yaml"].replace("2026-09-30", "2027-09-30")
    }
    study.digest = "e" * 64
    study.save()
    with pytest.raises(HarkenError, match="VAU-104"):
        custody.open_identity(
            study, refs[0], purpose=Purpose.CALL, by=INTERVIEWER, at=AFTER_DEADLINE
        )


def test_letters_open_many_with_one_ledger_entry() -> None:
    study, refs = _enrolled(900)
    actions.withdraw(study, refs[5], by=HELPDESK, at=AT)
    batch = list(
        custody.open_batch(study, refs, purpose=Purpose.LETTER, by=MANAGER, at=AT)
    )
    assert [ref for ref, _ in batch] == [ref for n, ref in enumerate(refs) if n != 5]
    entry = ledger.entries(study=study.slug, event=Event.IDENTITY_OPENED).get()
    assert '"people":899' in entry.body


def test_a_withdrawn_person_is_refused_at_once_and_dead_after_the_rotation() -> None:
    study, refs = _enrolled(4)
    sealed = sealing.seal(study, refs[0], KeyName.TEXT, b"draft", context="draft")
    actions.withdraw(study, refs[0], by=HELPDESK, at=AT)
    actions.withdraw(study, refs[0], by=HELPDESK, at=AT)
    assert queries.status(study, refs[0]) is queries.KeyStatus.WITHDRAWN
    for opening in (
        lambda: custody.open_identity(
            study, refs[0], purpose=Purpose.CALL, by=INTERVIEWER, at=AT
        ),
        lambda: sealing.open_sealed(
            study, refs[0], KeyName.TEXT, sealed, context="draft"
        ),
        lambda: sealing.seal(study, refs[0], KeyName.TEXT, b"x", context="draft"),
    ):
        with pytest.raises(HarkenError, match="VAU-103"):
            opening()
    report = actions.rotate(study, by=GUARDIAN, at=AT)
    assert report == actions.Rotation(1, 1, 0)
    assert queries.status(study, refs[0]) is queries.KeyStatus.GONE
    with pytest.raises(HarkenError, match="VAU-102"):
        sealing.open_sealed(study, refs[0], KeyName.TEXT, sealed, context="draft")
    for ref in refs[1:]:
        custody.open_identity(study, ref, purpose=Purpose.LETTER, by=MANAGER, at=AT)
    assert Commitment.objects.filter(study=study.slug, fate="withdrawn").count() == 1


def test_codes_hash_alike_before_and_after_a_rotation() -> None:
    study, _ = _enrolled(1)
    before = sealing.keyed_hash(study, "4HQ7")
    actions.rotate(study, by=GUARDIAN, at=AT)
    assert sealing.keyed_hash(study, "4HQ7") == before


def test_handles_change_at_each_rotation() -> None:
    study, refs = _enrolled(1)
    before = holder.handle_of(study.slug, refs[0])
    actions.rotate(study, by=GUARDIAN, at=AT)
    assert holder.handle_of(study.slug, refs[0]) != before


def _again(
    study: Study, ref: CaseRef, at: dt.datetime, *, agreed: str = "interviews"
) -> str:
    """The name of somebody opened to be contacted again."""
    found = custody.open_identity(
        study, ref, purpose=Purpose.RECONTACT, by=MANAGER, at=at, agreed=agreed
    )
    assert found.telephone
    return found.surname


def test_recontact_needs_the_persons_own_consent_and_ends_at_its_date() -> None:
    study, refs = _enrolled(2)
    actions.consent_recontact(
        study,
        refs[0],
        purposes=["interviews"],
        until=dt.date(2030, 1, 1),
        by=INTERVIEWER,
        at=AT,
    )
    kept = RecontactConsent.objects.get(study=study.slug)
    assert kept.until == dt.date(2028, 3, 31)
    # Before their contact is all that is kept, nobody is opened for it by anybody.
    with pytest.raises(HarkenError, match="VAU-105"):
        _again(study, refs[0], AT)
    actions.rotate(study, by=GUARDIAN, at=AT)
    assert _again(study, refs[0], AT) == make_identity(0).surname
    over = dt.datetime(2028, 4, 1, tzinfo=dt.UTC)
    for ref, at, agreed in (
        (refs[0], AT, "marketing"),
        (refs[0], AT, ""),
        (refs[1], AT, "interviews"),
        (refs[0], over, "interviews"),
    ):
        with pytest.raises(HarkenError, match="VAU-105"):
            _again(study, ref, at, agreed=agreed)
    RecontactConsent.objects.update(until=DEADLINE_DAY)
    with pytest.raises(HarkenError, match="VAU-105"):
        _again(study, refs[0], AFTER_DEADLINE)
    (entry,) = ledger.entries(study=study.slug, event=Event.IDENTITY_OPENED)
    assert '"reason":"recontact: interviews"' in entry.body


def test_the_holder_itself_opens_nobody_to_be_contacted_who_is_not_of_that_class() -> (
    None
):
    """A consent that somebody wrote into the database opens no door."""
    study, refs = _enrolled(2)
    for ref in refs:
        actions.consent_recontact(
            study, ref, purposes=["x"], until=DEADLINE_DAY, by=INTERVIEWER, at=AT
        )
    RecontactConsent.objects.filter(ref=refs[1]).delete()
    actions.rotate(study, by=GUARDIAN, at=AT)
    RecontactConsent.objects.create(
        study=study.slug,
        ref=refs[1],
        purposes=["x"],
        until=DEADLINE_DAY,
        agreed_on=AT.date(),
    )
    assert _again(study, refs[0], AT, agreed="x")
    with pytest.raises(HarkenError, match="VAU-105"):
        _again(study, refs[1], AT, agreed="x")


@pytest.mark.parametrize("purpose", [one for one in Purpose if one != "letter"])
def test_nothing_but_a_print_run_opens_several(purpose: Purpose) -> None:
    study, refs = _enrolled(1)
    everybody = [Actor("x", role) for role in Role]
    for by in everybody:
        with pytest.raises(HarkenError, match=r"ACC-001|VAU-115"):
            custody.open_batch(study, refs, purpose=purpose, by=by, at=AT)
    assert not ledger.entries(study=study.slug, event=Event.IDENTITY_OPENED)


def test_those_kept_are_opened_one_at_a_time_and_few_in_an_hour() -> None:
    study, refs = _enrolled(50)
    for ref in refs:
        actions.consent_recontact(
            study, ref, purposes=["interviews"], until=UNTIL, by=INTERVIEWER, at=AT
        )
    actions.rotate(study, by=GUARDIAN, at=AT)
    _again(study, refs[0], AFTER_DEADLINE)
    with pytest.raises(HarkenError, match="VAU-116"):
        _again(study, refs[1], AFTER_DEADLINE)

    def opened_by(by: Actor, ref: CaseRef) -> None:
        custody.open_identity(
            study,
            ref,
            purpose=Purpose.RECONTACT,
            by=by,
            at=AFTER_DEADLINE,
            agreed="interviews",
        )
        custody.close(study, ref, by=by)

    custody.close(study, refs[0], by=MANAGER)
    rule = RULES[Purpose.RECONTACT]
    assert (rule.an_hour, rule.all_an_hour) == (15, 45)
    others = [Actor(f"m.{n}", Role.MANAGER) for n in range(3)]
    left = iter(refs[1:])
    for by, many in ((others[0], 15), (others[1], 15), (others[2], 14)):
        for ref in islice(left, many):
            opened_by(by, ref)
        with pytest.raises(HarkenError, match="VAU-117"):
            opened_by(by, refs[-1])


def test_the_table_of_limits_that_people_read_is_the_one_that_is_held() -> None:
    page = (ROOT / "docs/explanation/keys-and-destruction.md").read_text("utf-8")
    rows = [line.split("|") for line in page.splitlines() if line.startswith("| ")]
    told = {row[1].strip(): row for row in rows if row[1].strip() in set(Purpose)}
    assert told.keys() == set(Purpose)
    for purpose, rule in RULES.items():
        each = told[purpose][4].split(",")[0].strip()
        all_of_them = told[purpose][5].split(":")[0].replace(",", "").strip()
        assert each == (str(rule.an_hour) if rule.an_hour else "-"), purpose
        most = str(rule.all_an_hour) if rule.all_an_hour else "twice everybody"
        assert all_of_them == most, purpose
        assert rule.one_at_a_time is ("at a time" in told[purpose][4]), purpose


def test_a_copy_of_what_is_held_reaches_those_kept_and_nobody_else() -> None:
    study, refs = _enrolled(3)
    for ref in refs[:2]:
        actions.consent_recontact(
            study, ref, purposes=["interviews"], until=UNTIL, by=INTERVIEWER, at=AT
        )

    def copied(ref: CaseRef, at: dt.datetime) -> Identity:
        return custody.open_identity(
            study, ref, purpose=Purpose.ACCESS, by=GUARDIAN, at=at
        )

    assert copied(refs[0], AT).crime_reference
    holder.store(study.slug).rotate(refs[:2], through=0)
    held = copied(refs[0], AFTER_DEADLINE)
    assert (held.surname, held.crime_reference, held.date_of_birth) == (
        make_identity(0).surname,
        "",
        None,
    )
    with pytest.raises(HarkenError, match="VAU-102"):
        copied(refs[2], AFTER_DEADLINE)
    blob = bytes(Sealed.objects.get(ref=refs[0], part="case").blob)
    with pytest.raises(HarkenError, match="VAU-102"):
        holder.store(study.slug).identity(
            refs[0],
            [(KeyName.CASE, blob)],
            purpose=Purpose.ACCESS,
            by=GUARDIAN,
            at=AFTER_DEADLINE,
        )
    for purpose, by in (
        (Purpose.HELPDESK, HELPDESK),
        (Purpose.LETTER, MANAGER),
        (Purpose.CALL, INTERVIEWER),
        (Purpose.EMERGENCY, GUARDIAN),
    ):
        with pytest.raises(HarkenError, match="VAU-101"):
            custody.open_identity(
                study, refs[0], purpose=purpose, by=by, at=AFTER_DEADLINE
            )
    actions.withdraw(study, refs[1], by=GUARDIAN, at=AFTER_DEADLINE)
    with pytest.raises(HarkenError, match="VAU-103"):
        copied(refs[1], AFTER_DEADLINE)
    with pytest.raises(HarkenError, match="VAU-105"):
        copied(refs[0], dt.datetime(2028, 4, 1, tzinfo=dt.UTC))


def test_after_the_promised_day_recontact_waits_for_the_rotation_then_opens() -> None:
    study, refs = _enrolled(2)
    actions.consent_recontact(
        study,
        refs[0],
        purposes=["interviews"],
        until=dt.date(2027, 1, 1),
        by=INTERVIEWER,
        at=AT,
    )
    actions.rotate(study, by=GUARDIAN, at=AT)
    assert queries.overview(study.slug).recontact == 1
    assert _again(study, refs[0], AFTER_DEADLINE) == make_identity(0).surname


def test_withdrawing_ends_a_consent_to_be_contacted_again() -> None:
    study, refs = _enrolled(2)
    actions.consent_recontact(
        study, refs[0], purposes=["x"], until=DEADLINE_DAY, by=INTERVIEWER, at=AT
    )
    actions.rotate(study, by=GUARDIAN, at=AT)
    actions.withdraw(study, refs[0], by=HELPDESK, at=AT)
    actions.rotate(study, by=GUARDIAN, at=AT)
    assert queries.overview(study.slug).recontact == 0
    assert queries.status(study, refs[0]) is queries.KeyStatus.GONE
    with pytest.raises(HarkenError, match="VAU-105"):
        custody.open_identity(
            study, refs[0], purpose=Purpose.RECONTACT, by=MANAGER, at=AT
        )


def test_a_consent_of_someone_gone_is_refused() -> None:
    study, refs = _enrolled(2)
    actions.withdraw(study, refs[0], by=HELPDESK, at=AT)
    for ref, code in ((refs[0], "VAU-103"), (make_ref(), "VAU-102")):
        with pytest.raises(HarkenError, match=code):
            actions.consent_recontact(
                study, ref, purposes=[], until=DEADLINE_DAY, by=INTERVIEWER, at=AT
            )
    with pytest.raises(HarkenError, match="VAU-102"):
        actions.withdraw(study, make_ref(), by=HELPDESK, at=AT)
    with pytest.raises(HarkenError, match="ACC-001"):
        actions.withdraw(study, refs[1], by=MANAGER, at=AT)


def test_the_open_arm_has_keys_but_no_identity() -> None:
    study = make_study()
    ref = make_ref()
    sealing.enrol_anonymous(study, ref, at=AT)
    sealed = sealing.seal(study, ref, KeyName.LINK, b"link", context="link")
    opened = sealing.open_sealed(study, ref, KeyName.LINK, sealed, context="link")
    assert opened == b"link"
    with pytest.raises(HarkenError, match="VAU-005"):
        sealing.open_sealed(study, ref, KeyName.LINK, sealed, context="draft")
    with pytest.raises(HarkenError, match="VAU-107"):
        custody.open_identity(study, ref, purpose=Purpose.CALL, by=INTERVIEWER, at=AT)


def test_nobody_is_enrolled_twice_or_half() -> None:
    study, refs = _enrolled(2)
    person = make_identity(9)
    with pytest.raises(HarkenError, match="VAU-110"):
        custody.enrol(study, [(refs[0], person)], by=MANAGER, at=AT)
    again = make_ref()
    with pytest.raises(HarkenError, match="VAU-110"):
        custody.enrol(study, [(again, person), (again, person)], by=MANAGER, at=AT)
    assert Sealed.objects.filter(study=study.slug).count() == 4
    assert queries.overview(study.slug).enrolled == 2
    assert custody.enrol(study, [], by=MANAGER, at=AT) == 0


def test_nobody_is_enrolled_in_a_destroyed_study_or_by_anyone() -> None:
    study = make_study(state=State.DESTROYED)
    with pytest.raises(HarkenError, match="VAU-108"):
        custody.enrol(study, make_people(1), by=MANAGER, at=AT)
    with pytest.raises(HarkenError, match="ACC-001"):
        custody.enrol(study, make_people(1), by=GUARDIAN, at=AT)


def test_without_a_keyring_the_answer_says_so() -> None:
    study = make_study()
    for opening in (
        lambda: sealing.seal(study, make_ref(), KeyName.TEXT, b"", context="x"),
        lambda: custody.open_identity(
            study, make_ref(), purpose=Purpose.CALL, by=INTERVIEWER, at=AT
        ),
        lambda: custody.open_identity(
            study, make_ref(), purpose=Purpose.RECONTACT, by=MANAGER, at=AT
        ),
    ):
        with pytest.raises(HarkenError, match="VAU-101"):
            opening()
    assert queries.status(study, make_ref()) is queries.KeyStatus.GONE


@pytest.mark.timing
def test_six_thousand_enrol_quickly_and_one_opens_in_under_a_millisecond(
    data: Path,
) -> None:
    study = make_study()
    people = make_people(6000)
    begun = time.perf_counter()
    custody.enrol(study, people, by=MANAGER, at=AT)
    enrolled = time.perf_counter() - begun
    rounds = []
    for first in range(0, 2000, 500):
        refs = [ref for ref, _ in people[first : first + 500]]
        begun = time.perf_counter()
        opened = list(
            custody.open_batch(study, refs, purpose=Purpose.LETTER, by=MANAGER, at=AT)
        )
        rounds.append((time.perf_counter() - begun) / len(opened))
    assert enrolled < 5
    # The fastest of four rounds: what the machine does beside counts against none.
    assert min(rounds) < 0.001
