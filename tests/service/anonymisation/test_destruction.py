"""Destroying, from plan to certificate. Proves DP-04, DP-05, DP-06, PRV 17-21, 24, 29, 33, 67."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import zipfile
from pathlib import Path

import pytest

from harken.method.anonymisation import Step, verify
from harken.method.errors import HarkenError
from harken.method.ledger import Event
from harken.method.study import State
from harken.method.terms import Actor, Mode, Role
from harken.method.vault import KeyName, keyring, slot
from harken.method.vault.keyring import Retention
from harken.service.anonymisation import actions, execute, progress, queries
from harken.service.anonymisation.models import Run
from harken.service.anonymisation.scan import Scan, scan
from harken.service.ledger import queries as ledger
from harken.service.ledger.models import Entry
from harken.service.response.models import IssuedCase, Trace
from harken.service.vault import actions as vault
from harken.service.vault import custody, holder, sealing
from harken.service.vault import queries as keys
from harken.service.vault.custody import Purpose
from harken.service.vault.models import Backup, RecontactConsent, Sealed
from tests.make.anonymisation import (
    DAY,
    approve,
    make_certificate,
    make_ready,
    operator_key,
    reached_again,
)
from tests.make.vault import (
    AFTER_DEADLINE,
    AT,
    CONTROLLER,
    GUARDIAN,
    INTERVIEWER,
    MANAGER,
    OPERATOR,
    make_people,
    make_study,
)

pytestmark = pytest.mark.django_db(databases=["default", "answers"])


def test_a_destruction_ends_with_a_certificate_that_verifies(data: Path) -> None:
    ready = make_ready()
    certificate = make_certificate(ready)
    file = data / "certificates" / certificate.file_name
    shown = verify(file.read_bytes(), operator_key())
    assert (shown.enrolled, shown.withdrawn, shown.recontact, shown.destroyed) == (
        8,
        2,
        2,
        4,
    )
    assert (shown.stage, shown.late) == ("final", False)
    assert ready.study.state == State.DESTROYED
    ledger.verify()


def test_those_destroyed_are_unreadable_and_those_kept_can_be_contacted() -> None:
    ready = make_ready()
    sealed = sealing.seal(
        ready.study, ready.kept[0], KeyName.TEXT, b"draft", context="draft"
    )
    make_certificate(ready)
    found = reached_again(ready)
    assert found.telephone
    assert (found.crime_reference, found.date_of_birth) == ("", None)
    for ref in (*ready.doomed, *ready.withdrawn):
        assert keys.status(ready.study, ref) is keys.KeyStatus.GONE
        with pytest.raises(HarkenError, match=r"VAU-10[125]"):
            custody.open_identity(
                ready.study, ref, purpose=Purpose.RECONTACT, by=MANAGER, at=DAY
            )
    with pytest.raises(HarkenError, match="VAU-101"):
        custody.open_identity(
            ready.study, ready.kept[0], purpose=Purpose.CALL, by=INTERVIEWER, at=DAY
        )
    with pytest.raises(HarkenError, match="VAU-101"):
        sealing.open_sealed(
            ready.study, ready.kept[0], KeyName.TEXT, sealed, context="draft"
        )
    rows = Sealed.objects.filter(study=ready.study.slug)
    assert {row.ref for row in rows} == set(ready.kept)
    assert {row.part for row in rows} == {"contact"}
    assert RecontactConsent.objects.filter(study=ready.study.slug).count() == 2


def test_how_a_questionnaire_was_filled_in_is_forgotten_and_no_other_studys() -> None:
    """PRV 33: which pages somebody saw follows from what they answered."""
    ready = make_ready()
    for study in (ready.study.slug, "another"):
        for number in range(3):
            Trace.objects.create(
                key=f"{number:032}{study}"[-32:],
                study=study,
                instrument="1",
                mode=Mode.WEB,
                finished=number > 0,
                notes={"device": "phone", "pages": {"q1": [2, 0]}, "left": ""},
            )
    make_certificate(ready)
    assert set(Trace.objects.values_list("study", flat=True)) == {"another"}
    assert Trace.objects.count() == 3
    assert IssuedCase.objects.filter(study=ready.study.slug).exists()
    swept = Entry.objects.filter(event=Event.DESTRUCTION_SWEPT).get()
    assert json.loads(swept.body)["counts"]["traces"] == 3


def test_every_keyring_and_slot_copied_before_is_dead_afterwards(
    data: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    ready = make_ready()
    folder = holder.store(ready.study.slug).folder
    saved = {file.name: file.read_bytes() for file in folder.glob("*.keyring")}
    make_certificate(ready)
    held = [
        slot.read_slot(file.read_bytes())
        for file in folder.glob("*.slot")
        if file.read_bytes() != slot.EMPTY
    ]
    assert len(held) == 1
    for name, content in saved.items():
        retention, _, number = name.removesuffix(".keyring").partition("-")
        place = f"{ready.study.slug}|{retention}|{number}".encode()
        for key in held:
            if (retention, int(number)) == ("recontact", key.generation):
                continue
            with pytest.raises(HarkenError, match="VAU-007"):
                keyring.read_new(content, key.key, place)


def test_destroying_is_asked_twice_of_two_people() -> None:
    ready = make_ready()
    run = actions.plan(ready.study, by=OPERATOR, at=DAY)
    with pytest.raises(HarkenError, match="ANO-107"):
        execute.execute(ready.study, by=GUARDIAN, at=DAY)
    actions.approve(ready.study, digest=run.digest, by=GUARDIAN, at=DAY)
    actions.approve(ready.study, digest=run.digest, by=GUARDIAN, at=DAY)
    with pytest.raises(HarkenError, match="ANO-107"):
        execute.execute(ready.study, by=GUARDIAN, at=DAY)
    with pytest.raises(HarkenError, match="ANO-109"):
        actions.approve(
            ready.study,
            digest=run.digest,
            by=Actor(GUARDIAN.label, Role.CONTROLLER),
            at=DAY,
        )
    with pytest.raises(HarkenError, match="ACC-001"):
        actions.approve(ready.study, digest=run.digest, by=OPERATOR, at=DAY)
    actions.approve(ready.study, digest=run.digest, by=CONTROLLER, at=DAY)
    execute.execute(ready.study, by=OPERATOR, at=DAY)


def test_one_approves_the_plan_one_saw() -> None:
    ready = make_ready()
    old = actions.plan(ready.study, by=GUARDIAN, at=DAY)
    Backup.objects.create(digest="c" * 64, files=3, made_at=DAY)
    new = actions.plan(ready.study, by=GUARDIAN, at=DAY)
    assert old.digest != new.digest
    with pytest.raises(HarkenError, match="ANO-111"):
        actions.approve(ready.study, digest=old.digest, by=GUARDIAN, at=DAY)


def test_a_withdrawal_after_the_plan_asks_for_a_new_plan() -> None:
    ready = make_ready()
    approve(ready.study)
    actions.withdraw_case(ready.study, ready.doomed[0], by=INTERVIEWER, at=DAY)
    with pytest.raises(HarkenError, match="ANO-110"):
        execute.execute(ready.study, by=GUARDIAN, at=DAY)
    approve(ready.study)
    made = execute.execute(ready.study, by=GUARDIAN, at=DAY)
    assert verify(made.text.encode(), operator_key()).withdrawn == 3


def test_a_study_is_not_destroyed_before_its_answers_are_safe() -> None:
    study = make_study()
    with pytest.raises(HarkenError, match="ANO-105"):
        actions.plan(study, by=GUARDIAN, at=DAY)
    custody.enrol(study, make_people(1), by=MANAGER, at=AT)
    with pytest.raises(HarkenError, match="ANO-101"):
        actions.plan(study, by=GUARDIAN, at=DAY)
    ready = make_ready()
    IssuedCase.objects.all().delete()
    with pytest.raises(HarkenError, match="ANO-103"):
        actions.plan(ready.study, by=GUARDIAN, at=DAY)
    with pytest.raises(HarkenError, match="ACC-001"):
        actions.plan(ready.study, by=MANAGER, at=DAY)
    with pytest.raises(HarkenError, match="ANO-104"):
        execute.execute(ready.study, by=GUARDIAN, at=DAY)
    with pytest.raises(HarkenError, match="ANO-115"):
        queries.last_certificate(ready.study.slug)


def test_late_destruction_says_so_on_its_certificate() -> None:
    ready = make_ready()
    made = make_certificate(ready, at=AFTER_DEADLINE)
    assert verify(made.text.encode(), operator_key()).late is True


@pytest.mark.parametrize(("minute", "late"), [(59, False), (0, True)])
def test_the_promised_day_ends_at_midnight_of_the_study_not_of_greenwich(
    minute: int, late: bool
) -> None:
    """In September London's midnight is 23:00 in UTC."""
    at = dt.datetime(2026, 9, 30, 23 if late else 22, minute, tzinfo=dt.UTC)
    ready = make_ready(people=2, kept=0, withdrawn=0)
    assert queries.standing(ready.study, at=at).overdue is late
    made = make_certificate(ready, at=at)
    assert verify(made.text.encode(), operator_key()).late is late


def test_the_promise_is_watched_until_it_is_kept() -> None:
    ready = make_ready()
    before = queries.standing(ready.study, at=AT)
    assert (before.days_left, before.overdue) == (212, False)
    late = queries.standing(ready.study, at=AFTER_DEADLINE)
    assert (late.days_left, late.overdue) == (-1, True)
    make_certificate(ready)
    after = queries.standing(ready.study, at=AFTER_DEADLINE)
    assert after.overdue is False
    assert after.deadline == dt.date(2028, 3, 31)
    assert after.certificate is not None


def test_a_certificate_stays_provisional_until_each_recipient_confirmed() -> None:
    ready = make_ready()
    vault.register_copy(
        ready.study,
        recipient="Print room",
        purpose="letters",
        people=8,
        file_hash="a" * 64,
        by=MANAGER,
        at=AT,
    )
    first = make_certificate(ready)
    assert verify(first.text.encode(), operator_key()).stage == "provisional"
    vault.confirm_copy(ready.study, "a" * 64, by=GUARDIAN, at=DAY)
    second = execute.issue(ready.study, Scan(5, 1000, 3, 0, ()), by=GUARDIAN, at=DAY)
    assert verify(second.text.encode(), operator_key()).stage == "final"
    assert (first.number, second.number) == (1, 2)
    said = [
        json.loads(body)
        for body in ledger.entries(event=Event.DESTRUCTION_SCANNED).values_list(
            "body", flat=True
        )
    ]
    # Nobody gave texts to search for, so nothing may look like a search that was made.
    assert set(said[0]["counts"]) == {"needles", "found", "tried", "opened"}
    assert "no search was made" in said[0]["reason"]
    assert (said[1]["counts"]["files"], said[1]["reason"]) == (5, "")
    with pytest.raises(HarkenError, match="VAU-113"):
        vault.confirm_copy(ready.study, "b" * 64, by=GUARDIAN, at=DAY)


def test_those_kept_die_at_their_own_date() -> None:
    ready = make_ready()
    make_certificate(ready)
    end = dt.datetime(2028, 3, 31, 12, tzinfo=dt.UTC)
    approve(ready.study, at=end, retention=Retention.RECONTACT)
    made = execute.execute(
        ready.study, by=GUARDIAN, at=end, retention=Retention.RECONTACT
    )
    shown = verify(made.text.encode(), operator_key())
    assert (shown.retention, shown.recontact, shown.destroyed) == ("recontact", 0, 6)
    assert keys.overview(ready.study.slug).recontact == 0
    assert not Sealed.objects.filter(study=ready.study.slug)
    assert not RecontactConsent.objects.filter(study=ready.study.slug)


def test_a_study_without_anybody_kept_leaves_no_key_at_all() -> None:
    ready = make_ready(kept=0, withdrawn=0)
    made = make_certificate(ready)
    assert all(epoch.receipt for epoch in keys.epochs(ready.study.slug))
    assert verify(made.text.encode(), operator_key()).recontact == 0


def test_a_run_under_way_is_neither_planned_anew_nor_run_twice() -> None:
    ready = make_ready()
    approve(ready.study)
    run = queries.need_run(ready.study, Retention.STANDARD)
    with progress.alone(run.study), pytest.raises(HarkenError, match="ANO-112"):
        execute.execute(ready.study, by=GUARDIAN, at=DAY)
    progress.write(run, progress.State(Step.SWEEP))
    with pytest.raises(HarkenError, match="ANO-106"):
        actions.plan(ready.study, by=GUARDIAN, at=DAY)
    assert Run.objects.count() == 1


def test_a_scan_finds_what_is_there_in_any_writing(tmp_path: Path) -> None:
    folder = tmp_path / "scanned"
    folder.mkdir()
    (folder / "one.log").write_bytes("said Vireo Quenhällow".encode("utf-16-le"))
    (folder / "two.json").write_text(json.dumps({"n": "Quenhällow 7"}))
    (folder / "three").write_bytes(b"nothing")
    with gzip.open(folder / "four.gz", "wb") as packed:
        packed.write(b"Vireo Quenhallow" * 40)
    with zipfile.ZipFile(folder / "five", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inside.txt", "Vireo Quenhallow" * 40)
    found = scan(folder, ["Vireo Quenhällow", "Quenhällow 7", "Vireo Quenhallow"])
    assert (found.files, found.needles, found.found) == (5, 3, 4)
    assert found.places == ("five", "four.gz", "one.log", "two.json")
