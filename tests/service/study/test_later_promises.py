"""After a promise was extended, each person reads their own day: PRV 19, and Articles 13, 14."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client

from harken import cli
from harken.method.errors import HarkenError
from harken.method.rights import access_document
from harken.method.study.promised import Promised
from harken.method.terms import Role
from harken.method.vault.keyring import Retention
from harken.service.contact import actions as contact
from harken.service.contact.models import AccessCode
from harken.service.redaction import queries as desk
from harken.service.safeguarding import actions as safeguarding
from harken.service.study import queries, records
from harken.service.study.models import Study
from harken.service.vault import actions as vault
from harken.service.vault import enrolment, holder, witness
from harken.service.vault import queries as keys
from tests.make.accounts import sign_in
from tests.make.cohorts import (
    AFTER_FIRST,
    FIRST_DAY,
    FIRST_NOON,
    LAST_DAY,
    LATER_DAY,
    WHY,
    Extended,
    enrol,
    make_extended,
    signed,
)
from tests.make.vault import AT, GUARDIAN, INTERVIEWER, MANAGER, make_study

pytestmark = pytest.mark.django_db(databases=["default", "answers"])

ONLY = Promised(FIRST_DAY, dt.date(2028, 3, 31))
FIRST = replace(ONLY, until=AT.date())
LATER = Promised(LATER_DAY, LAST_DAY, since=AT.date())
BOTH = ("30 September 2026", "31 March 2027")


@pytest.fixture(autouse=True)
def data(tmp_path: Path, settings: LazySettings) -> Path:
    """The folder that DATA names during the test."""
    settings.DATA = tmp_path
    return tmp_path


@pytest.fixture
def made(tmp_path: Path) -> Extended:
    """A study whose promise was extended, people under both."""
    return make_extended(tmp_path)


def spans(study: Study) -> list[tuple[dt.date | None, dt.date | None]]:
    """From when until when each promise was given."""
    return [(one.since, one.until) for one in queries.promised(study)]


def test_the_study_knows_each_promise_and_since_when_it_is_given(
    made: Extended,
) -> None:
    assert queries.promised(made.study) == (FIRST, LATER)
    assert spans(made.study) == [(None, AT.date()), (AT.date(), None)]
    assert queries.promised(queries.get(made.study.slug)) == (FIRST, LATER)
    current = queries.current()
    assert current is not None
    assert "later" not in current.get_deferred_fields()


def test_a_study_without_an_extension_has_its_charters_days_and_asks_nobody(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = make_study()
    (ref,) = enrol(study, 1)

    def asked(*_: object, **__: object) -> None:
        pytest.fail("the key holder was asked")

    monkeypatch.setattr(holder.Keys, "promise", asked)
    monkeypatch.setattr(holder.Keys, "people", asked)
    assert queries.promised(study) == (ONLY,)
    assert keys.promised(study, ref) == ONLY
    assert keys.promised_to_all(study) == {}
    assert desk.closes(study) == dt.date(2026, 9, 28)


def test_an_extension_told_twice_is_one_promise(made: Extended) -> None:
    before = Study.objects.get(slug=made.study.slug).later
    ring = holder.store(made.study.slug).need(Retention.STANDARD)
    note = str(ring.policies[-1]["note"])
    later = AT + dt.timedelta(days=9)
    vault.extend(made.study, note, by=GUARDIAN, at=later)
    enrolment.record_promises(made.study.slug, by=GUARDIAN, at=later)
    assert Study.objects.get(slug=made.study.slug).later == before


def test_an_extension_cut_short_is_told_before_anybody_is_enrolled_under_it(
    data: Path,
) -> None:
    office = data / "controller"
    vault.name_controller(witness.make_key(office, "controller.example"), by=MANAGER)
    study = make_study()
    enrol(study, 1)
    holder.store(study.slug).extend(signed(office, study), at=AT)
    assert queries.promised(queries.get(study.slug)) == (ONLY,)
    day = AT + dt.timedelta(days=3)
    (ref,) = enrol(study, 1, at=day)
    healed = queries.get(study.slug)
    later = Promised(LATER_DAY, LAST_DAY, since=day.date())
    assert queries.promised(healed) == (ONLY, later)
    assert spans(healed) == [(None, day.date()), (day.date(), None)]
    assert keys.promised(healed, ref) == later


def test_each_person_has_their_own_promise(made: Extended) -> None:
    assert {keys.promised(made.study, ref) for ref in made.first} == {FIRST}
    assert {keys.promised(made.study, ref) for ref in made.later} == {LATER}
    everybody = keys.promised_to_all(made.study)
    assert everybody == dict.fromkeys(made.first, FIRST) | dict.fromkeys(
        made.later, LATER
    )


def test_what_was_read_before_an_extension_misleads_nobody_after_it(
    made: Extended,
) -> None:
    stale = queries.get(made.study.slug)
    note = signed(
        made.office,
        made.study,
        destroy_by=LATER_DAY + dt.timedelta(days=90),
        recontact_until=LAST_DAY,
    )
    vault.extend(made.study, note, by=GUARDIAN, at=AT)
    (ref,) = enrol(made.study, 1)
    newest = queries.promised(made.study)[2]
    assert keys.promised(stale, ref) == newest
    assert keys.promised_to_all(stale)[ref] == newest


def test_a_receipt_and_an_alert_end_with_the_persons_own_day(made: Extended) -> None:
    for ref, day in ((made.first[0], FIRST_DAY), (made.later[0], LATER_DAY)):
        contact.issue_receipt(made.study, ref, at=AT)
        row = AccessCode.objects.get(case__ref=ref, kind="receipt")
        assert row.expires == day
        alert = safeguarding.raise_alert(
            made.study, ref, kind="distress", by=INTERVIEWER, at=AT
        )
        assert alert.keep_until == day


def test_an_alert_waits_for_no_key_holder(
    made: Extended, settings: LazySettings, tmp_path: Path
) -> None:
    settings.HOLDER = str(tmp_path / "nobody.sock")
    alert = safeguarding.raise_alert(
        made.study, made.later[0], kind="distress", by=INTERVIEWER, at=AT
    )
    assert alert.keep_until == FIRST_DAY


def test_the_desk_closes_by_the_promise_that_is_due_next(made: Extended) -> None:
    assert desk.closes(made.study) == FIRST_DAY - desk.CLOSES_BEFORE
    assert desk.closed(made.study, at=FIRST_NOON)
    store = holder.store(made.study.slug)
    store.rotate([], through=0)
    store.recover(at=AFTER_FIRST)
    assert desk.closes(made.study) == LATER_DAY - desk.CLOSES_BEFORE
    assert not desk.closed(made.study, at=AFTER_FIRST)
    store.rotate([], through=1)
    store.recover(at=AFTER_FIRST)
    assert desk.closes(made.study) == LATER_DAY - desk.CLOSES_BEFORE


@pytest.mark.parametrize(
    ("destroy_by", "recontact_until", "words"),
    [
        ("2036-04-01", "2036-05-01", "answers_kept_until (2036-03-31)"),
        ("2028-07-01", "2028-06-30", "recontact_until (2028-06-30)"),
    ],
)
def test_an_extension_that_breaks_the_calendar_is_refused(
    data: Path, destroy_by: str, recontact_until: str, words: str
) -> None:
    office = data / "controller"
    vault.name_controller(witness.make_key(office, "controller.example"), by=MANAGER)
    study = make_study()
    enrol(study, 1)
    note = signed(
        office,
        study,
        destroy_by=dt.date.fromisoformat(destroy_by),
        recontact_until=dt.date.fromisoformat(recontact_until),
    )
    with pytest.raises(HarkenError) as error:
        vault.extend(study, note, by=GUARDIAN, at=AT)
    assert error.value.findings[0].fault.code == "VAU-133"
    assert words in error.value.findings[0].message
    assert queries.promised(queries.get(study.slug)) == (ONLY,)


def test_each_paper_lists_every_promised_day(made: Extended) -> None:
    papers = records.papers(queries.folder(made.study), queries.promised(made.study))
    for name, text in papers.items():
        for day in BOTH:
            assert (day in text) is (name != "notice-check.md"), name
        if name != "notice-check.md":
            assert "30 June 2028" in text or "open" in name
    schedule = papers["retention-schedule.md"]
    for paper in (schedule, papers["record-of-processing.md"]):
        assert (
            f"to 31 March 2027 and 30 June 2028. The reason it signed: {WHY}" in paper
        )
    (traces,) = [x for x in schedule.splitlines() if x.startswith("| response.Trace")]
    assert all(day in traces for day in BOTH)
    for day, whose in zip(BOTH, ("before", "from"), strict=True):
        line = f"| {day} | every identity and link of people enrolled {whose} 2 March"
        assert line in schedule
    again = "31 March 2028; for people enrolled from 2 March 2026 on, 30 June 2028"
    for paper, line in (
        ("record-of-processing.md", "| Time limits"),
        ("retention-schedule.md", "| vault.Sealed"),
    ):
        (told,) = [x for x in papers[paper].splitlines() if x.startswith(line)]
        assert again in told
    assert "names 31 March 2027 as your day" in papers["privacy-notice-sample.md"]
    assert "If you begin after 2 March 2026" in papers["privacy-notice-open.md"]


def test_staff_read_both_days(client: Client, made: Extended) -> None:
    sign_in(client, Role.MANAGER)
    slug = made.study.slug
    pages = (
        "/field/studies/",
        f"/field/studies/{slug}/",
        f"/field/studies/{slug}/papers/retention-schedule.md",
    )
    for page in pages:
        text = client.get(page).content.decode()
        for day in BOTH:
            assert day in text, page


def test_the_list_of_days_on_the_command_line_has_both(
    made: Extended, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["study", "show", made.study.slug]) == 0
    shown = capsys.readouterr().out
    assert "2026-09-30" in shown
    assert "2027-03-31" in shown


def test_a_persons_own_copy_says_their_own_days(made: Extended) -> None:
    for ref, said, other in (
        (made.first[0], BOTH[0], BOTH[1]),
        (made.later[0], BOTH[1], BOTH[0]),
    ):
        document = access_document(
            queries.folder(made.study).charter,
            identity={},
            design={},
            answers=(),
            openings=(),
            reached=(),
            spoken_for=False,
            made_on=AT.date(),
            certificate="C-1",
            own=keys.promised(made.study, ref),
        )
        text = document.text()
        assert text.count(said) == 2
        assert other not in text


def test_the_command_reminds_of_the_papers_and_of_long_keeping(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    office = data / "controller"
    vault.name_controller(witness.make_key(office, "controller.example"), by=MANAGER)
    study = make_study()
    enrol(study, 1)
    note = data / "note"
    note.write_text(
        signed(
            office,
            study,
            destroy_by=dt.date(2030, 3, 31),
            recontact_until=dt.date(2030, 6, 30),
        ),
        encoding="utf-8",
    )
    holder.store(study.slug).extend(note.read_text(encoding="utf-8"), at=AT)
    assert cli.main(["vault", "extend", study.slug, str(note)]) == 0
    printed = capsys.readouterr()
    assert "Those enrolled from now on are promised 2030-03-31" in printed.out
    assert "The controller's own papers do not change by themselves" in printed.out
    assert "STU-031" in printed.err
    assert queries.promised(queries.get(study.slug))[-1].destroy_by.year == 2030
