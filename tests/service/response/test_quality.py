"""How questionnaires are filled in: noted coarse, parted from the answers, reported.

Proves DP-14 (no time finer than a step is kept) and QA-03 (break-off, time and straight
lines are reported) with no note that leads to a response or a person.
"""

from __future__ import annotations

import argparse
import json

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from harken.method.interview.paradata import Device, Trace
from harken.method.terms import RESPONDENT, SYSTEM, Language, Mode, Role
from harken.service.interview import actions as interviews
from harken.service.interview import queries as submitted
from harken.service.interview.models import Interview
from harken.service.response import commands, intake, models, quality
from harken.service.study.models import Study
from tests.make.accounts import sign_in
from tests.make.contact import ref_of
from tests.make.sitting import NOW, make_open_study, make_sitting

pytestmark = pytest.mark.django_db(databases=["default", "answers"], transaction=True)


def test_the_page_that_comes_back_tells_how_long_it_was_open(client: Client) -> None:
    make_open_study(shift_days=(timezone.localdate() - NOW.date()).days)
    phone = {"HTTP_USER_AGENT": "Mozilla/5.0 (Linux; Android 14; K) Mobile"}
    client.post("/start", {"do": "how", "how": "open"}, **phone)
    page = client.get("/start").content.decode()
    since = int(page.split('name="since" value="')[1].split('"')[0])
    sent = {"do": "answer", "question": "agree", "version": 0, "value": "yes"}
    client.post("/start", sent | {"since": since - 40})
    client.post("/start", {"do": "skip", "question": "reported", "version": 1})
    trace = submitted.sitting(Interview.objects.get()).interview.trace
    assert trace == Trace(Device.PHONE, {"agree": (3, 0), "reported": (-1, 0)})


def collected() -> tuple[Study, Interview]:
    """A study with one response, one interview stopped and kept, and one left lying."""
    study = make_open_study()
    whole = make_sitting(study, ref_of(study), words="A secret sentence.")
    interviews.submit(whole, by=RESPONDENT, at=NOW)
    stopped = make_sitting(study, until="how")
    interviews.stop(stopped, keep=True, at=NOW)
    make_sitting(study, until="days")
    interviews.begin(
        study, ref=None, mode=Mode.WEB, language=Language("en"), by=RESPONDENT, at=NOW
    )
    intake.collect(study, by=SYSTEM, at=NOW)
    return study, whole


def test_notes_are_parted_from_the_answers_and_from_the_person() -> None:
    _, whole = collected()
    refs = set(models.Response.objects.values_list("ref", flat=True))
    stored = json.dumps(list(models.Trace.objects.values()))
    assert models.Trace.objects.count() == 2
    assert not any(ref in stored for ref in refs)
    assert whole.case not in stored
    assert "secret" not in stored
    left = sorted(row.notes["left"] for row in models.Trace.objects.all())
    assert left == ["", "how"]


def test_collecting_again_and_closing_again_count_nobody_twice() -> None:
    study, _ = collected()
    Interview.objects.exclude(response_ref=b"").update(collected=False)
    ended = models.Trace.objects.filter(finished=True).count()
    for _ in range(2):
        intake.close_sample(study, by=SYSTEM, at=NOW)
    assert models.Trace.objects.filter(finished=True).count() == ended
    lying = models.Trace.objects.filter(finished=False)
    assert sorted(row.notes["left"] for row in lying) == ["agree", "days"]


def test_a_crash_between_the_databases_doubles_no_note() -> None:
    study = make_open_study()
    row = make_sitting(study, ref_of(study))
    interviews.submit(row, by=RESPONDENT, at=NOW)
    document = bytes(Interview.objects.get(handle=row.handle).document)
    intake.collect(study, by=SYSTEM, at=NOW)
    Interview.objects.update(collected=False, document=document)
    intake.collect(study, by=SYSTEM, at=NOW)
    assert models.Trace.objects.count() == 1


def test_the_report_is_read_by_fieldwork_and_at_the_shell(
    client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    study, _ = collected()
    for row in list(models.Trace.objects.filter(finished=True)) * 12:
        models.Trace.objects.create(
            key=f"{models.Trace.objects.count():032}",
            study=row.study,
            instrument=row.instrument,
            mode=row.mode,
            finished=True,
            notes=row.notes,
        )
    found = quality.quality(study)
    how = next(page for page in found.pages if page.question == "how")
    assert (how.seen, how.left) == (26, 13)
    sign_in(client, Role.MANAGER)
    page = client.get(reverse("response:quality", args=[study.slug])).content.decode()
    assert "From 26 interviews" in page
    assert "How did you report it?" in page
    assert client.get(reverse("response:quality", args=["none"])).status_code == 404
    parser = argparse.ArgumentParser()
    commands.register(parser.add_subparsers())
    args = parser.parse_args(["response", "quality", study.slug])
    assert args.run(args) == 0
    assert "how" in capsys.readouterr().out
