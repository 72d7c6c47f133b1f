"""A person reads every text; what nobody read is destroyed. PRV 41, 42; SAF-43, SAF-52 in part."""

from __future__ import annotations

import datetime as dt
import json
import threading
from contextlib import suppress

import pytest
from django.db import connection, connections
from django.utils import timezone

from harken import cli
from harken.method.errors import HarkenError
from harken.method.ledger import Event
from harken.method.terms import RESPONDENT, SYSTEM, Actor, Role
from harken.service.interview import actions as sittings
from harken.service.interview.models import FreeText
from harken.service.ledger import queries as ledger
from harken.service.ledger.models import Entry
from harken.service.redaction import actions, crossing, queries, sealed
from harken.service.redaction.models import FOLLOWING, Reading
from harken.service.response import intake
from harken.service.response import queries as responses
from harken.service.safeguarding import queries as alerts
from harken.service.safeguarding.models import Alert
from harken.service.sampling import queries as sampling
from harken.service.study.models import Study
from harken.service.vault import actions as vault
from harken.service.vault.keyholder.limits import RULES, Purpose
from tests.make.contact import HELPDESK
from tests.make.redaction import (
    CODER,
    FRAMES,
    LATER,
    READER,
    SECOND,
    TEXTS,
    make_desk,
)
from tests.make.sitting import NOW, make_sitting

pytestmark = pytest.mark.django_db(databases=["default", "answers"])

LAST_DAY = dt.datetime(2026, 9, 28, 9, tzinfo=dt.UTC)
"""Two days before the promised destruction."""


def code_of(error: pytest.ExceptionInfo[HarkenError]) -> str:
    return error.value.findings[0].fault.code


def take(study: Study, by: Actor = READER, at: dt.datetime = NOW) -> Reading:
    reading = actions.take_next(study, by=by, at=at)
    assert reading is not None
    return reading


def read_one(study: Study, by: Actor = READER, words: str | None = None) -> Reading:
    """Take the next text and confirm what the machine proposes."""
    reading = take(study, by)
    page = queries.page(study, by=by, at=NOW)
    assert page is not None
    actions.confirm(reading, words or page.words, by=by, at=NOW)
    return Reading.objects.get(pk=reading.pk)


def test_a_text_is_marked_with_what_the_house_knows_of_its_writer() -> None:
    everybody = " ".join(f"quenhallow{number}" for number in range(6))
    study = make_desk(f"here they say {everybody} and that is all")
    take(study)
    page = queries.page(study, by=READER, at=NOW)
    assert page is not None
    # The writer's own name is found in small letters; nobody else's is known.
    assert page.words.count("[name]") == 1
    assert page.words.count("quenhallow") == 5
    assert [kind for _, kind in page.pieces() if kind] == ["name"]
    assert page.question == "Is there anything you want to add about the service?"
    entry = ledger.entries(event=Event.IDENTITY_OPENED).last()
    assert entry is not None
    assert (entry.role, "redaction" in entry.body) == ("redactor", True)


def test_nothing_of_the_text_lies_open_and_the_ledger_holds_no_word_of_it() -> None:
    study = make_desk()
    for _ in TEXTS:
        read_one(study)
    crossing.hand_over(study, by=SYSTEM, at=LATER)
    for row in Reading.objects.values_list("marks", "work"):
        assert not any(b"Dave" in bytes(part) for part in row)
    words = " ".join(Entry.objects.values_list("body", flat=True))
    assert "Dave" not in words
    assert "brother" not in words
    shown = repr(sealed.Work("Dave")) + repr(queries.page(study, by=READER, at=NOW))
    assert "Dave" not in shown


def test_read_texts_cross_as_new_rows_without_offsets_and_leave_nothing_behind() -> (
    None
):
    study = make_desk()
    first = read_one(study)
    assert first.state == Reading.State.READ
    read_one(study)
    assert actions.take_next(study, by=READER, at=NOW) is None
    done = crossing.hand_over(study, by=SYSTEM, at=LATER)
    assert (done.words, done.coded, done.nothing) == (2, 0, 0)
    kept = responses.read_texts(study.slug)
    assert sorted(one.words for one in kept) == [
        "My brother [name] rang [phone] and nobody came.",
        "They were kind.",
    ]
    refs = {response.ref for response in responses.dataset(study.slug).responses}
    assert {one.response for one in kept} == refs
    assert not FreeText.objects.exists()
    assert not Reading.objects.exists()
    entry = ledger.entries(event=Event.TEXT_REVIEWED).last()
    assert entry is not None
    assert json.loads(entry.body)["counts"] == {"coded": 0, "nothing": 0, "words": 2}
    assert crossing.hand_over(study, by=SYSTEM, at=LATER).words == 0


def test_a_crossing_that_was_cut_off_in_the_middle_ends_the_same() -> None:
    study = make_desk()
    read_one(study)
    rows = list(queries.readings(study))
    made = [crossing._kept(row, words=True, ending=False) for row in rows]
    crossing.responses.keep_texts(one for one in made if one)
    crossing.hand_over(study, by=SYSTEM, at=LATER)
    assert len(responses.read_texts(study.slug)) == 1


def test_a_sensitive_text_is_read_by_two_people() -> None:
    study = make_desk(*TEXTS[:1], sensitive=(0,))
    first = read_one(study)
    assert first.state == Reading.State.SECOND
    assert crossing.hand_over(study, by=SYSTEM, at=NOW).words == 0
    assert actions.take_next(study, by=READER, at=NOW) is None
    take(study, SECOND)
    page = queries.page(study, by=SECOND, at=NOW)
    assert page is not None
    assert page.second
    assert page.words == "My brother [name] rang [phone] and nobody came."
    actions.confirm(
        page.reading, "My brother [name] rang [phone] and [other].", by=SECOND, at=NOW
    )
    crossing.hand_over(study, by=SYSTEM, at=NOW)
    (kept,) = responses.read_texts(study.slug)
    assert kept.words.endswith("[other].")


def test_a_text_of_the_open_arm_is_read_twice_and_opens_no_identity() -> None:
    study = make_desk()
    FreeText.objects.all().delete()
    row = make_sitting(study, words="It was Dave.")
    sittings.submit(row, by=RESPONDENT, at=NOW)
    intake.collect(study, by=SYSTEM, at=NOW)
    assert read_one(study).state == Reading.State.SECOND
    assert not ledger.entries(event=Event.IDENTITY_OPENED)


def test_only_the_own_words_may_be_kept_and_what_is_sure_must_go() -> None:
    study = make_desk(*TEXTS[:1])
    reading = take(study)
    for words, code in (
        ("Everything was fine.", "RED-001"),
        (TEXTS[0], "RED-002"),
        ("[other]", "RED-005"),
    ):
        with pytest.raises(HarkenError) as error:
            actions.confirm(reading, words, by=READER, at=NOW)
        assert code_of(error) == code
    actions.confirm(reading, TEXTS[0], looked=True, by=READER, at=NOW)
    assert Reading.objects.get().state == Reading.State.READ


def test_a_text_is_before_one_person_at_a_time_and_comes_free_again() -> None:
    study = make_desk(*TEXTS[:1])
    reading = take(study)
    assert take(study).pk == reading.pk
    assert actions.take_next(study, by=SECOND, at=NOW) is None
    with pytest.raises(HarkenError) as error:
        actions.confirm(reading, "They [other]", by=SECOND, at=NOW)
    assert code_of(error) == "RED-102"
    later = NOW + queries.LEASE + dt.timedelta(seconds=1)
    assert take(study, SECOND, later).pk == reading.pk
    with pytest.raises(HarkenError) as error:
        actions.give_back(reading, by=READER, at=later)
    assert code_of(error) == "RED-102"
    actions.give_back(reading, by=SECOND, at=later)
    assert take(study, READER, later).pk == reading.pk


def test_the_last_step_can_be_taken_back_until_somebody_worked_on() -> None:
    study = make_desk(*TEXTS[:1], sensitive=(0,))
    with pytest.raises(HarkenError) as error:
        actions.undo(study, by=READER, at=NOW)
    assert code_of(error) == "RED-103"
    read_one(study)
    back = actions.undo(study, by=READER, at=NOW)
    assert (back.state, back.first_by, back.held_by) == ("first", "", "r.one")
    page = queries.page(study, by=READER, at=NOW)
    assert page is not None
    assert "[name]" in page.words
    actions.keep_nothing(back, by=READER, at=NOW)
    assert actions.undo(study, by=READER, at=NOW).state == "first"
    actions.confirm(back, page.words, by=READER, at=NOW)
    take(study, SECOND)
    assert queries.last_step(study, by=READER) is None
    read = read_one(study, SECOND)
    assert (read.state, read.second_by) == ("read", "r.two")
    assert queries.last_step(study, by=READER) is None
    assert actions.undo(study, by=SECOND, at=NOW).state == "second"


def test_nothing_may_be_kept_and_then_nothing_crosses() -> None:
    study = make_desk(*TEXTS[:1])
    actions.keep_nothing(take(study), by=READER, at=NOW)
    assert crossing.hand_over(study, by=SYSTEM, at=NOW).nothing == 1
    assert not responses.read_texts(study.slug)
    assert not FreeText.objects.exists()


def test_codes_cross_in_place_of_words() -> None:
    study = make_desk(*TEXTS[:1], frames=FRAMES)
    read_one(study)
    assert crossing.hand_over(study, by=SYSTEM, at=NOW).coded == 0
    reading = actions.take_next_to_code(study, by=CODER, at=NOW)
    assert reading is not None
    again = actions.take_next_to_code(study, by=CODER, at=NOW)
    assert again is not None
    assert again.pk == reading.pk
    sheet = queries.sheet(study, by=CODER, at=NOW)
    assert sheet is not None
    assert sheet.words == "My brother [name] rang [phone] and nobody came."
    assert "brother" not in repr(sheet)
    with pytest.raises(HarkenError) as error:
        actions.code(reading, ["gone"], by=CODER, at=NOW)
    assert code_of(error) == "RED-003"
    actions.code(reading, ["slow"], by=CODER, at=NOW)
    assert actions.undo(study, by=CODER, at=NOW).state == "read"
    actions.code(reading, ["kind", "slow"], by=CODER, at=NOW)
    assert actions.take_next_to_code(study, by=CODER, at=NOW) is None
    assert crossing.hand_over(study, by=SYSTEM, at=NOW).coded == 1
    (kept,) = responses.read_texts(study.slug)
    assert (kept.codes, kept.words) == (["slow", "kind"], "")


def test_a_frame_may_keep_the_words_as_well_and_then_they_cross_uncoded_at_the_end() -> (
    None
):
    frames = FRAMES.replace("  words:\n", "  words:\n    keep_words: yes\n")
    study = make_desk(*TEXTS, frames=frames)
    read_one(study)
    assert crossing.end(study, by=SYSTEM, at=LAST_DAY).words == 1
    (kept,) = responses.read_texts(study.slug)
    assert kept.words
    assert kept.codes == []


def test_when_the_first_ones_leave_the_texts_of_the_others_stay_on_the_desk() -> None:
    frames = FRAMES.replace("  words:\n", "  words:\n    keep_words: yes\n")
    study = make_desk(frames=frames)
    mine, other = read_one(study), read_one(study)
    leaving = {mine.text.case}
    assert other.text.case not in leaving
    done = crossing.end(study, by=SYSTEM, at=LATER, leaving=leaving)
    assert (done.words, done.unread) == (1, 0)
    (left,) = FreeText.objects.all()
    assert left.case == other.text.case
    assert Reading.objects.get().state == Reading.State.READ
    assert len(responses.read_texts(study.slug)) == 1


def test_a_study_without_frames_has_nothing_to_code() -> None:
    study = make_desk(*TEXTS[:1])
    with pytest.raises(HarkenError) as error:
        actions.take_next_to_code(study, by=CODER, at=NOW)
    assert code_of(error) == "RED-104"


def test_two_days_before_the_promise_the_unread_is_destroyed() -> None:
    study = make_desk()
    read_one(study)
    before = LAST_DAY - dt.timedelta(days=1)
    assert not queries.closed(study, at=before)
    assert queries.closed(study, at=LAST_DAY)
    for act in (
        lambda: actions.take_next(study, by=READER, at=LAST_DAY),
        lambda: actions.undo(study, by=READER, at=LAST_DAY),
    ):
        with pytest.raises(HarkenError) as error:
            act()
        assert code_of(error) == "RED-101"
    done = crossing.end(study, by=SYSTEM, at=LAST_DAY)
    assert (done.words, done.unread) == (1, 1)
    assert not FreeText.objects.exists()
    entry = ledger.entries(event=Event.TEXTS_DESTROYED).last()
    assert entry is not None
    assert json.loads(entry.body)["counts"] == {"unread": 1}
    assert crossing.end(study, by=SYSTEM, at=LAST_DAY).unread == 0


def test_before_its_day_the_desk_is_ended_only_by_who_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    study = make_desk()
    read_one(study)
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    assert cli.main(["redaction", "end", study.slug]) == 4
    assert "1 texts are not done yet" in capsys.readouterr().err
    assert cli.main(["redaction", "end", study.slug, "--due"]) == 0
    assert FreeText.objects.count() == 2
    assert cli.main(["redaction", "end", study.slug, "--early"]) == 0
    assert "1 destroyed unread" in capsys.readouterr().out
    assert not FreeText.objects.exists()
    assert cli.main(["redaction", "end", study.slug]) == 0


@pytest.mark.django_db(databases=["default", "answers"], transaction=True)
def test_two_who_ask_in_the_same_moment_get_two_texts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    study = make_desk()
    meet = threading.Barrier(2)
    opened = actions.custody.open_identity

    def slowly(*args: object, **more: object) -> object:
        with suppress(threading.BrokenBarrierError):
            meet.wait(timeout=0.4)
        return opened(*args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(actions.custody, "open_identity", slowly)
    got: dict[str, int] = {}

    def ask(by: Actor) -> None:
        try:
            got[by.label] = take(study, by).text_id
        finally:
            connections.close_all()

    readers = [threading.Thread(target=ask, args=[by]) for by in (READER, SECOND)]
    for one in readers:
        one.start()
        if connection.vendor == "sqlite":  # it has one writer at a time in any case
            one.join()
    for one in readers:
        one.join()
    assert len(set(got.values())) == 2


def test_a_writer_in_danger_is_told_to_the_safeguarding_lead_alone() -> None:
    study = make_desk(*TEXTS[:1])
    reading = take(study)
    actions.raise_concern(reading, facts=" He is outside. ", by=READER, at=NOW)
    alert = Alert.objects.get()
    lead = Actor("lead.one", Role.SAFEGUARDING)
    found = alerts.record(alert, by=lead, at=NOW)
    assert found.facts == "He is outside."
    assert alert.ref == reading.text.case
    assert (alert.raised_by, alert.stage) == ("r.one", "free text")


def test_who_withdrew_is_not_read_and_does_not_cross() -> None:
    study = make_desk()
    (first, second) = queries.texts(study)
    vault.withdraw(study, first.case, by=HELPDESK, at=NOW)
    reading = take(study)
    assert reading.text_id == second.pk
    assert FreeText.objects.count() == 1
    read_one(study)
    vault.withdraw(study, second.case, by=HELPDESK, at=NOW)
    crossing.hand_over(study, by=SYSTEM, at=NOW)
    assert not responses.read_texts(study.slug)


def test_only_readers_read_and_only_coders_code() -> None:
    study = make_desk(*TEXTS[:1], frames=FRAMES)
    reading = take(study)
    for role in Role:
        actor = Actor("x", role)
        if role is not Role.REDACTOR:
            for act in (
                lambda: actions.take_next(study, by=actor, at=NOW),  # noqa: B023
                lambda: actions.confirm(reading, "x", by=actor, at=NOW),  # noqa: B023
                lambda: queries.page(study, by=actor, at=NOW),  # noqa: B023
            ):
                with pytest.raises(HarkenError) as error:
                    act()
                assert code_of(error) == "ACC-001"
        if role is not Role.CODER:
            with pytest.raises(HarkenError):
                queries.sheet(study, by=actor, at=NOW)
    with pytest.raises(HarkenError):
        crossing.end(study, by=READER, at=NOW)


def test_the_key_holder_opens_for_marks_to_a_redactor_alone() -> None:
    assert RULES[Purpose.REDACTION].roles == {Role.REDACTOR}


def test_every_state_can_be_left_and_no_step_leads_out_of_the_table() -> None:
    assert set(FOLLOWING) == set(Reading.State)
    study = make_desk(*TEXTS[:1])
    reading = take(study)
    with pytest.raises(ValueError, match="does not go"):
        actions._become(reading, Reading.State.CODED)


def test_progress_counts_each_text_once() -> None:
    study = make_desk("one is here", "two is here", "three is here", sensitive=(0,))
    for _ in range(2):
        read_one(study)
    take(study)
    seen = queries.progress(study, at=NOW)
    assert seen.total == 3
    assert seen.waiting + seen.second + seen.read == 3
    assert seen.closes == dt.date(2026, 9, 28)
    assert sampling.issued(study).filter(sensitive=True).count() == 1
