"""After an extension each is destroyed on the day they were promised, the others go on.

Proves PRV 17, 19 and 22 for the cohorts of an extended promise.
"""

from __future__ import annotations

import datetime as dt
import json
from io import BytesIO
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from harken import cli
from harken.method.anonymisation import verify
from harken.method.anonymisation.verify import Shown
from harken.method.errors import HarkenError
from harken.method.rights import RequestKind
from harken.method.study import State
from harken.method.terms import RESPONDENT, SYSTEM, CaseRef, Role
from harken.method.vault.keyring import Retention
from harken.service.anonymisation import (
    actions,
    execute,
    keeping,
    paper,
    queries,
    readiness,
)
from harken.service.anonymisation.models import Certificate, KeptFrame, Run
from harken.service.interview import actions as interviews
from harken.service.interview.models import FreeText, Interview
from harken.service.response import intake
from harken.service.response.models import IssuedCase, ReadText, Response
from harken.service.rights import actions as rights
from harken.service.sampling import queries as sampling
from harken.service.sampling.models import Case
from harken.service.study import actions as studies
from harken.service.study.models import Study
from harken.service.vault import actions as vault
from harken.service.vault import custody, holder, witness
from harken.service.vault import queries as keys
from harken.service.vault.custody import Purpose
from harken.service.vault.models import Commitment, RecontactConsent, Sealed
from tests.make.accounts import sign_in
from tests.make.anonymisation import operator_key
from tests.make.cohorts import (
    AFTER_FIRST,
    FIRST_NOON,
    LATER_DAY,
    LATER_NOON,
    WHY,
    enrol,
    make_extended,
    signed,
)
from tests.make.sitting import NOW, make_open_study, make_sitting
from tests.make.vault import AT, CONTROLLER, GUARDIAN, HELPDESK, INTERVIEWER, MANAGER

pytestmark = pytest.mark.django_db(databases=["default", "answers"])

DAY = dt.timedelta(days=1)
RECONTACT_ENDS = dt.datetime(2028, 3, 31, 12, 0, tzinfo=dt.UTC)


def approve(
    study: Study,
    *,
    at: dt.datetime = FIRST_NOON,
    part: bool = True,
    retention: Retention = Retention.STANDARD,
) -> Run:
    """Plan, and have both sides agree."""
    run = actions.plan(study, by=GUARDIAN, at=at, retention=retention, part=part)
    for actor in (GUARDIAN, CONTROLLER):
        actions.approve(study, digest=run.digest, by=actor, at=at, retention=retention)
    return run


def destroy(
    study: Study,
    *,
    at: dt.datetime = FIRST_NOON,
    part: bool = True,
    retention: Retention = Retention.STANDARD,
) -> Certificate:
    """Plan, approve and run."""
    approve(study, at=at, part=part, retention=retention)
    return execute.execute(study, by=GUARDIAN, at=at, retention=retention)


def shown(made: Certificate) -> Shown:
    """What the lone verifier says of a certificate."""
    return verify(made.text.encode(), operator_key())


def counts(found: Shown) -> tuple[int, ...]:
    """Withdrawn, recontact, destroyed, live."""
    return found.withdrawn, found.recontact, found.destroyed, found.live


def close(study: Study, *, at: dt.datetime) -> None:
    """End fieldwork, and write the sample to the answers zone."""
    studies.close_study(study, by=MANAGER, at=at)
    intake.close_sample(study, by=SYSTEM, at=at)


def test_the_first_are_destroyed_on_their_day_and_the_later_go_on(
    tmp_path: Path,
) -> None:
    made = make_extended(tmp_path)
    study = made.study
    certificate = destroy(study)
    found = shown(certificate)
    assert counts(found) == (0, 1, 5, 4)
    assert not found.late
    sheet = PdfReader(BytesIO(paper.pdf(certificate.text, operator_key())))
    said = " ".join(" ".join(one.extract_text().split()) for one in sheet.pages)
    for words in (
        "30 September 2026 bound at the start 6 0 1 5 0",
        "31 March 2027 the controller 4 0 0 0 4",
        "Live, under a later promise 4",
        f"extended the promise to 31 March 2027 for those enrolled afterwards. Its reason: {WHY}",
        "Still alive, for those who agreed, and who live 2",
        "rests on the key holder until that key is destroyed too",
    ):
        assert words in said
    study.refresh_from_db()
    assert study.state == State.OPEN
    assert set(Case.objects.values_list("ref", flat=True)) == set(made.later)
    refs = set(Sealed.objects.values_list("ref", flat=True))
    assert refs == {made.first[0], *made.later}
    assert Sealed.objects.filter(ref=made.first[0]).count() == 1
    assert RecontactConsent.objects.count() == 2
    opened = custody.open_identity(
        study, made.later[1], purpose=Purpose.CALL, by=INTERVIEWER, at=AFTER_FIRST
    )
    assert opened.telephone
    again = custody.open_identity(
        study,
        made.first[0],
        purpose=Purpose.RECONTACT,
        by=MANAGER,
        at=AFTER_FIRST,
        agreed="interviews",
    )
    assert again.telephone
    for ref in made.first[1:]:
        assert keys.status(study, ref) is keys.KeyStatus.GONE
    assert readiness.alarms(at=AFTER_FIRST) == []
    standing = queries.standing(study, at=AFTER_FIRST)
    assert (standing.deadline, standing.overdue) == (LATER_DAY, False)


def test_the_rest_follow_on_their_day_and_nobody_was_late(tmp_path: Path) -> None:
    made = make_extended(tmp_path)
    destroy(made.study)
    close(made.study, at=LATER_NOON)
    last = destroy(made.study, at=LATER_NOON, part=False)
    found = shown(last)
    assert counts(found) == (0, 2, 8, 0)
    assert (found.stage, found.late) == ("final", False)
    made.study.refresh_from_db()
    assert made.study.state == State.DESTROYED
    assert len(json.loads(last.text)["certificate"]["earlier"]) == 1
    assert "lived longer than is said here, rests on the key holder" in found.limits
    sheet = PdfReader(BytesIO(paper.pdf(last.text, operator_key())))
    said = " ".join(" ".join(one.extract_text().split()) for one in sheet.pages)
    first, later = "30 September 2026, 12:00 UTC", "31 March 2027, 12:00 UTC"
    assert f"Names {first} {first} {first} Names {later} {later} {later}" in said
    assert "until that key is destroyed too" not in found.limits
    ended = [one.promised for one in queries.happened(made.study.slug)]
    assert ended == [FIRST_NOON.date(), LATER_DAY]
    since = queries.severed(made.study)
    assert [one.day for one in since] == [FIRST_NOON.date(), LATER_DAY]
    assert since[1].number == last.file_name.removesuffix(".json")
    # All six issued of the first and four of the later stand in the answers zone, once.
    assert IssuedCase.objects.count() == 10
    assert IssuedCase.objects.filter(settled="").count() == 4


@pytest.mark.parametrize("part", [True, False])
def test_first_ones_destroyed_after_their_day_are_called_late(
    tmp_path: Path, part: bool
) -> None:
    made = make_extended(tmp_path)
    (alarm,) = readiness.alarms(at=AFTER_FIRST)
    assert alarm.overdue
    if not part:
        close(made.study, at=AFTER_FIRST)
    assert shown(destroy(made.study, at=AFTER_FIRST, part=part)).late


def test_what_was_late_once_stays_late(tmp_path: Path) -> None:
    made = make_extended(tmp_path)
    destroy(made.study, at=AFTER_FIRST)
    close(made.study, at=LATER_NOON)
    assert shown(destroy(made.study, at=LATER_NOON, part=False)).late


def test_everybody_may_go_on_the_first_day(tmp_path: Path) -> None:
    made = make_extended(tmp_path)
    close(made.study, at=FIRST_NOON)
    found = shown(destroy(made.study, part=False))
    assert counts(found) == (0, 2, 8, 0)
    assert not found.late


def test_where_the_promise_is_one_there_is_no_part(tmp_path: Path) -> None:
    study = make_extended(tmp_path, later=0, agreed=0).study
    assert queries.has_parts(study.slug, Retention.STANDARD)
    vault.rotate(study, by=GUARDIAN, at=AT)
    destroy(study)
    with pytest.raises(HarkenError, match="ANO-122"):
        actions.plan(study, by=GUARDIAN, at=AFTER_FIRST, part=True)
    with pytest.raises(HarkenError, match="ANO-101"):
        actions.plan(study, by=GUARDIAN, at=AFTER_FIRST)


def test_a_part_is_issued_anew_while_others_come_and_leave(tmp_path: Path) -> None:
    made = make_extended(tmp_path)
    destroy(made.study)
    enrol(made.study, 3, at=AFTER_FIRST)
    for ref in (made.later[3], made.first[0]):
        vault.withdraw(made.study, ref, by=HELPDESK, at=AFTER_FIRST)
    vault.rotate(made.study, by=GUARDIAN, at=AFTER_FIRST)
    found = shown(execute.issue(made.study, None, by=GUARDIAN, at=LATER_NOON))
    assert counts(found) == (2, 0, 5, 6)
    assert not found.late
    assert found.destroyed_at.startswith(FIRST_NOON.date().isoformat())


def test_between_approval_and_run_only_the_first_must_be_the_same(
    tmp_path: Path,
) -> None:
    made = make_extended(tmp_path)
    approve(made.study)
    enrol(made.study, 2)
    vault.withdraw(made.study, made.later[2], by=HELPDESK, at=AT)
    vault.rotate(made.study, by=GUARDIAN, at=AT)
    note = signed(made.office, made.study, destroy_by=LATER_DAY + 30 * DAY)
    vault.extend(made.study, note, by=GUARDIAN, at=AT)
    enrol(made.study, 1)
    found = shown(execute.execute(made.study, by=GUARDIAN, at=FIRST_NOON))
    assert counts(found) == (1, 1, 5, 6)
    approve(made.study, at=LATER_NOON)
    vault.withdraw(made.study, made.later[1], by=HELPDESK, at=AFTER_FIRST)
    with pytest.raises(HarkenError, match="ANO-110"):
        execute.execute(made.study, by=GUARDIAN, at=LATER_NOON)


def test_somebody_kept_whose_consent_runs_out_is_destroyed_not_live(
    tmp_path: Path,
) -> None:
    made = make_extended(tmp_path)
    destroy(made.study)
    RecontactConsent.objects.filter(ref=made.first[0]).update(until=FIRST_NOON.date())
    vault.rotate(made.study, by=GUARDIAN, at=AFTER_FIRST)
    found = shown(execute.issue(made.study, None, by=GUARDIAN, at=LATER_NOON))
    assert counts(found) == (0, 0, 6, 4)
    assert not found.late


def test_those_kept_of_the_first_end_on_their_own_day_too(tmp_path: Path) -> None:
    made = make_extended(tmp_path)
    vault.rotate(made.study, by=GUARDIAN, at=AT)
    with pytest.raises(HarkenError, match="ANO-120"):
        actions.plan(
            made.study,
            by=GUARDIAN,
            at=AT,
            retention=Retention.RECONTACT,
            part=True,
        )
    destroy(made.study)
    close(made.study, at=LATER_NOON)
    destroy(made.study, at=LATER_NOON, part=False)
    again = Retention.RECONTACT
    assert queries.coming(made.study) == (again, True)
    part = destroy(made.study, at=RECONTACT_ENDS, retention=again)
    assert counts(shown(part)) == (0, 1, 9, 0)
    assert not shown(part).late
    assert keys.status(made.study, made.later[0]) is keys.KeyStatus.RECONTACT
    assert queries.coming(made.study) == (again, False)
    last = destroy(made.study, at=RECONTACT_ENDS, retention=again, part=False)
    assert counts(shown(last)) == (0, 0, 10, 0)
    assert not shown(last).late
    assert all(epoch.receipt for epoch in keys.epochs(made.study.slug))


def test_those_kept_of_the_first_can_end_before_the_later_ones_identities(
    tmp_path: Path,
) -> None:
    office = tmp_path / "controller"
    made = make_extended(tmp_path)
    far = dt.date(2029, 3, 31)
    note = signed(office, made.study, destroy_by=far, recontact_until=far)
    vault.extend(made.study, note, by=GUARDIAN, at=AT)
    (last,) = enrol(made.study, 1)
    destroy(made.study)
    destroy(made.study, at=LATER_NOON)
    assert keys.status(made.study, last) is keys.KeyStatus.LIVE
    assert queries.coming(made.study) == (Retention.RECONTACT, True)
    found = shown(destroy(made.study, at=RECONTACT_ENDS, retention=Retention.RECONTACT))
    assert counts(found) == (0, 1, 9, 1)
    assert not found.late
    assert keys.status(made.study, last) is keys.KeyStatus.LIVE
    assert keys.status(made.study, made.first[0]) is keys.KeyStatus.GONE


def make_field(folder: Path) -> tuple[Study, Interview, Interview]:
    """An open study with one finished interview under each promise, both with words."""
    office = folder / "controller"
    vault.name_controller(witness.make_key(office, "controller.example"), by=MANAGER)
    study = make_open_study()
    early = make_sitting(
        study, CaseRef(sampling.issued(study)[0].ref), words="The first's secret."
    )
    ring = holder.store(study.slug).need(Retention.STANDARD)
    first = dt.date.fromisoformat(str(ring.policy["destroy_by"]))
    again = dt.date.fromisoformat(str(ring.policy["recontact_until"]))
    note = signed(
        office, study, destroy_by=first + 90 * DAY, recontact_until=again + 90 * DAY
    )
    vault.extend(study, note, by=GUARDIAN, at=NOW)
    late = make_sitting(study, words="The later one's secret.")
    for row in (early, late):
        interviews.submit(row, by=RESPONDENT, at=NOW)
    return study, early, late


def test_of_the_field_only_what_is_of_the_first_goes(tmp_path: Path) -> None:
    study, early, late = make_field(tmp_path)
    issued = sampling.issued(study).count()
    assert queries.uncollected(study, at=NOW, part=True) == (1, 0)
    with pytest.raises(HarkenError, match="ANO-102"):
        actions.plan(study, by=GUARDIAN, at=NOW, part=True, without_kept_file=True)
    intake.collect(study, by=SYSTEM, at=NOW)
    assert FreeText.objects.count() == 2
    actions.plan(study, by=GUARDIAN, at=NOW, part=True, without_kept_file=True)
    run = queries.current_run(study)
    assert run is not None
    for actor in (GUARDIAN, CONTROLLER):
        actions.approve(study, digest=run.digest, by=actor, at=NOW)
    found = shown(execute.execute(study, by=GUARDIAN, at=NOW))
    assert found.live == 1
    assert list(FreeText.objects.values_list("case", flat=True)) == [late.case]
    assert list(Interview.objects.values_list("case", flat=True)) == [late.case]
    assert ReadText.objects.count() == 0
    assert Response.objects.count() == 2
    assert Case.objects.get().ref == late.case
    assert IssuedCase.objects.filter(settled=run.digest).count() == issued
    framed = KeptFrame.objects.filter(study=study.slug)
    assert sum(row.people for row in framed) == 6
    assert len(keeping._frame(study)) >= 6
    assert early.case not in str(list(framed.values()))
    # The later one may still take their answers back.
    assert actions.withdraw_case(study, CaseRef(late.case), by=GUARDIAN, at=NOW)
    assert Response.objects.count() == 1
    close(study, at=NOW)
    assert IssuedCase.objects.filter(settled=run.digest).count() == issued


def test_the_guardian_chooses_whose_identities_go(tmp_path: Path) -> None:
    made = make_extended(tmp_path)
    guardian, controller = Client(), Client()
    sign_in(guardian, Role.GUARDIAN)
    sign_in(controller, Role.CONTROLLER)
    slug = made.study.slug
    at = {
        name: reverse(f"anonymisation:{name}", args=[slug])
        for name in ("study", "plan", "approve", "run")
    }
    page = guardian.get(at["study"]).content.decode()
    for words in ("by 30 September 2026: 6 people", "by 31 March 2027: 4 people"):
        assert words in page
    assert "Fieldwork is closed" not in page
    everybody = guardian.post(at["plan"], {"people": "all"})
    assert b"only a closed study is destroyed" in everybody.content
    assert guardian.post(at["plan"], {"people": "due"}).status_code == 302
    run = queries.current_run(made.study)
    assert run is not None
    assert run.is_part
    page = controller.get(at["approve"]).content.decode()
    assert "People who go on under a later promise" in page
    form = {"digest": run.digest, "agree": "yes"}
    for client in (guardian, controller):
        assert client.post(at["approve"], form).status_code == 302
    assert guardian.post(at["run"], {"name": slug}).status_code == 302
    page = guardian.get(at["study"]).content.decode()
    assert "What was destroyed by 30 September 2026" in page
    assert "4 under a later promise" in page
    assert "The identities of this study are destroyed" not in page


def test_whoever_asks_after_the_part_is_told_of_both(tmp_path: Path) -> None:
    made = make_extended(tmp_path)
    found = destroy(made.study)
    row = rights.take_in(
        made.study, RequestKind.ACCESS, channel="phone", by=HELPDESK, at=AFTER_FIRST
    )
    client = Client()
    sign_in(client, Role.GUARDIAN)
    page = client.get(reverse("rights:request", args=[row.number])).content.decode()
    assert "Those who came first to this study were destroyed" in page
    number = found.file_name.removesuffix(".json")
    assert f"we can no longer identify you; certificate {number}" in page
    assert "Whoever came later can be found" in page
    close(made.study, at=LATER_NOON)
    destroy(made.study, at=LATER_NOON, part=False)
    page = client.get(reverse("rights:request", args=[row.number])).content.decode()
    assert "Whoever came later" not in page
    assert "Nobody can be found any more" in page


def test_the_shell_says_whose_turn_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    slug = make_extended(tmp_path).study.slug
    assert cli.main(["destroy", "rehearse", slug, "--due"]) == 0
    assert cli.main(["destroy", "plan", slug, "--due"]) == 0
    said = capsys.readouterr().out
    assert "4 go on under a later promise." in said
    assert Commitment.objects.exclude(fate="enrolled").count() == 0
