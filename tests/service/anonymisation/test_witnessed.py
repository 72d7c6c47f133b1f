"""A certificate that the controller's witness vouches for. Proves PRV 17, 26, 28, 29, DP-13."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from pypdf import PdfReader

from harken import cli
from harken.method.anonymisation import NotValid, verify
from harken.method.rights import Ground, RequestKind
from harken.service.anonymisation import (
    actions,
    execute,
    queries,
    readiness,
    registry,
)
from harken.service.anonymisation.models import Run
from harken.service.contact.models import PrintRun
from harken.service.ledger import actions as ledger
from harken.service.ledger import queries as entries
from harken.service.ledger import witness
from harken.service.redaction import crossing
from harken.service.redaction import queries as desk
from harken.service.response import actions as responses
from harken.service.response import queries as answers
from harken.service.rights import actions as rights
from harken.service.safeguarding.models import Alert
from harken.service.vault import actions as vault
from harken.service.vault import holder
from tests.make.anonymisation import (
    DAY,
    make_certificate,
    make_ready,
    operator_key,
)
from tests.make.redaction import make_desk
from tests.make.vault import (
    AFTER_DEADLINE,
    AT,
    CONTROLLER,
    GUARDIAN,
    HELPDESK,
    OPERATOR,
    make_identity,
)

pytestmark = pytest.mark.django_db(databases=["default", "answers"])


def test_with_a_witness_appointed_only_its_signature_makes_a_certificate_final(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "controller"
    key = witness.make_key(folder, "controller")
    ledger.appoint_witness(key, by=OPERATOR, at=AT)
    ready = make_ready()
    first = make_certificate(ready)
    assert first.stage == "provisional"
    assert verify(first.text.encode(), operator_key()).stage == "provisional"
    with pytest.raises(NotValid, match="witness"):
        verify(first.text.encode(), operator_key(), key)
    asked = entries.request(ledger.checkpoint(at=DAY)).text()
    line = witness.answer(folder, asked, log_key=operator_key(), now=1_790_000_000)
    ledger.adopt(line, by=OPERATOR, at=DAY)
    second = execute.issue(ready.study, None, by=GUARDIAN, at=DAY)
    shown = verify(second.text.encode(), operator_key(), key)
    assert (shown.stage, shown.witnessed_at) == ("final", 1_790_000_000)


def test_the_certificate_is_also_a_tagged_paper_with_its_limits(data: Path) -> None:
    ready = make_ready()
    made = make_certificate(ready)
    file = (data / "certificates" / made.file_name).with_suffix(".pdf")
    reader = PdfReader(file)
    words = " ".join(page.extract_text() for page in reader.pages)
    assert "does not show that no insider photographed a screen" in words.replace(
        "\n", " "
    )
    assert "No search of the files was made" in words.replace("\n", " ")
    assert "Files searched" not in words
    assert "nobody outside this house vouches" in words.replace("\n", " ")
    assert "--witness" not in words
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert "/StructTreeRoot" in root


def test_neither_ledger_nor_certificate_nor_plan_names_anybody() -> None:
    ready = make_ready(people=40)
    handles = {holder.handle_of(ready.study.slug, ref) for ref in ready.doomed}
    made = make_certificate(ready)
    everything = made.text + json.dumps(Run.objects.get().plan)
    everything += "".join(entry.body for entry in entries.entries())
    for n in range(40):
        person = make_identity(n)
        for text in (
            person.surname,
            person.telephone,
            person.email,
            person.crime_reference,
            person.address_lines[0],
        ):
            assert text not in everything
    assert not any(ref in everything for ref in ready.doomed)
    assert not any(handle in made.text for handle in handles)


def test_a_broken_promise_is_an_alarm_with_its_own_exit_code(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ready = make_ready()
    now = DAY
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    assert cli.main(["destroy", "alarm"]) == 0
    assert "Due today: plan, and have both sides approve." in capsys.readouterr().out
    now = AFTER_DEADLINE
    assert cli.main(["destroy", "alarm"]) == 4
    assert f"{ready.study.slug}: OVERDUE by 1 day:" in capsys.readouterr().out
    make_certificate(ready, at=AFTER_DEADLINE)
    assert cli.main(["destroy", "alarm"]) == 0
    assert "Nothing is due." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("days", "says"), [(31, ""), (30, "rehearse"), (7, "plan"), (2, "plan")]
)
def test_each_day_says_what_it_asks_for(days: int, says: str) -> None:
    make_ready()
    at = DAY - dt.timedelta(days=days)
    found = readiness.alarms(at=at)
    assert [says in alarm.says for alarm in found] == ([True] if says else [])
    assert not any(alarm.overdue for alarm in found)


def test_texts_that_nobody_may_read_and_answers_past_their_day_are_said() -> None:
    study = make_desk()
    closes = dt.datetime.combine(desk.closes(study), dt.time(9), holder.LONDON)
    kept = dt.datetime.combine(answers.kept_until(study), dt.time(9), holder.LONDON)

    def said(at: dt.datetime, word: str) -> list[str]:
        found = readiness.alarms(at=at)
        return [alarm.says for alarm in found if word in alarm.says]

    day = dt.timedelta(days=1)
    assert said(closes - day, "desk") == []
    assert said(closes, "desk") == [
        "The desk has closed: 0 texts wait to be handed over, 2 end unread: "
        f"harken redaction end {study.slug}."
    ]
    crossing.end(study, by=GUARDIAN, at=closes)
    assert said(closes, "desk") == []
    assert said(kept, "Answers") == []
    assert said(kept + day, "Answers") == [
        f"Answers are kept longer than was said: harken response end {study.slug}."
    ]
    responses.end_answers(study, by=GUARDIAN, at=kept + day)
    assert said(kept + day, "Answers") == []


def test_a_plan_that_lacks_an_approval_is_asked_for_until_it_can_be_run() -> None:
    ready = make_ready()
    at = DAY - dt.timedelta(days=2)
    run = actions.plan(ready.study, by=GUARDIAN, at=at)
    said = []
    for actor in (GUARDIAN, CONTROLLER):
        said += [alarm.says for alarm in readiness.alarms(at=at)]
        actions.approve(ready.study, digest=run.digest, by=actor, at=at)
    said += [alarm.says for alarm in readiness.alarms(at=at)]
    assert said == [
        "Due in 2 days: planned, and not approved yet by processor and controller.",
        "Due in 2 days: planned, and not approved yet by controller.",
        "Due in 2 days: run the destruction.",
    ]


def test_a_rehearsal_long_ago_is_not_the_one_that_is_due() -> None:
    ready = make_ready()
    at = DAY - dt.timedelta(days=30)
    for days, due in ((61, True), (60, False)):
        when = DAY - dt.timedelta(days=days)
        actions.rehearse(ready.study, by=GUARDIAN, at=when)
        assert bool(readiness.alarms(at=at)) is due


def test_keys_that_wait_for_the_daily_rotation_are_named_until_they_die() -> None:
    ready = make_ready(rotated=False)
    at = DAY - dt.timedelta(days=100)
    (alarm,) = readiness.alarms(at=at)
    assert "2 people who withdrew wait for their keys to die" in alarm.says
    assert alarm.overdue is False
    vault.rotate(ready.study, by=GUARDIAN, at=at)
    assert readiness.alarms(at=at) == []


def test_who_asked_and_who_may_be_in_danger_are_on_the_list_before_all_is_gone() -> (
    None
):
    ready = make_ready()

    def missing() -> list[str]:
        found = readiness.points(ready.study, at=DAY)
        return [one.what for one in found if not one.holds]

    before = missing()
    asked = [
        rights.take_in(ready.study, kind, channel="letter", by=HELPDESK, at=DAY)
        for kind in (RequestKind.ACCESS, RequestKind.ERASURE)
    ]
    Alert.objects.create(
        study=ready.study,
        ref=ready.doomed[0],
        kind="distress",
        raised_at=DAY,
        raised_by="interviewer-1",
        due_at=DAY,
        keep_until=DAY.date(),
    )
    assert set(missing()) - set(before) == {
        "Everybody who asked about their data was answered (2 open)",
        "No alert is open (1 open)",
    }
    for row in asked:
        rights.turn_down(
            row, Ground.NOT_IDENTIFIED, reason="No code.", by=GUARDIAN, at=DAY
        )
    assert set(missing()) - set(before) == {"No alert is open (1 open)"}


def test_what_is_missing_is_said_before_anything_is_planned() -> None:
    ready = make_ready()
    said = {point.what: point.holds for point in readiness.points(ready.study, at=DAY)}
    assert said["Fieldwork is closed"] is True
    assert said["A destruction is planned"] is False
    assert said["The processor approved"] is False
    assert queries.current_run(ready.study) is None


def test_a_copy_that_is_out_is_counted_before_anybody_opened_the_register() -> None:
    ready = make_ready()
    printed = PrintRun.objects.create(
        study=ready.study,
        kind="invitation",
        count=8,
        files=[{"sha256": "a" * 64}],
        recipient="Print house",
        made_at=AT,
        made_by="manager-1",
        destroy_by=DAY.date(),
    )

    def said() -> list[str]:
        found = readiness.points(ready.study, at=DAY)
        return [one.what for one in found if "Recipients" in one.what]

    assert said() == ["Recipients have confirmed (1 open)"]
    registry.adopt(ready.study, by=GUARDIAN, at=DAY)
    assert said() == ["Recipients have confirmed (1 open)"]
    vault.confirm_copy(ready.study, registry.hash_of(printed), by=GUARDIAN, at=DAY)
    assert said() == ["Recipients have confirmed (0 open)"]


def test_the_drill_forges_and_nothing_verifies(tmp_path: Path, data: Path) -> None:
    made = make_certificate(make_ready())
    file = data / "certificates" / made.file_name
    out = tmp_path / "forged"
    assert cli.main(["destroy", "tamper", str(file), "--out", str(out)]) == 0
    forged = sorted(out.glob("forged-*.json"))
    assert len(forged) == 11
    key = operator_key()
    assert cli.main(["destroy", "verify", str(file), "--key", key]) == 0
    for one in forged:
        assert cli.main(["destroy", "verify", str(one), "--key", key]) == 5
