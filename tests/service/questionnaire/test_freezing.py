"""Instruments are checked, frozen and served. Proves: ARCHITECTURE 2 (bound to version)."""

from __future__ import annotations

import datetime as dt

import pytest

from harken.method.errors import HarkenError
from harken.method.study import State
from harken.method.terms import Actor, Role
from harken.service.ledger.models import Entry
from harken.service.questionnaire import actions, queries
from harken.service.questionnaire.models import InstrumentVersion
from harken.service.study import actions as study_actions
from harken.service.study.models import Study
from tests.make.questionnaire import AGREE, RECONTACT, question, section, source_of
from tests.make.study import MANAGER, OPENING, make_files, make_study

pytestmark = pytest.mark.django_db(databases=["default", "answers"])

INTERVIEWER = Actor("i.caller", Role.INTERVIEWER)


def codes_of(error: HarkenError) -> list[str]:
    return [finding.fault.code for finding in error.findings]


def loaded(questions: str, *, version: str = "1") -> Study:
    text = source_of(AGREE, section(questions), RECONTACT, version=version)
    files = make_files(questionnaire=text)
    return study_actions.load(files, by=MANAGER, at=OPENING)


def test_a_draft_is_served_until_a_version_is_frozen() -> None:
    study = make_study()
    draft = queries.instrument(study)
    row = actions.freeze(study, by=MANAGER, at=OPENING)
    assert queries.instrument(study).digest == draft.digest == row.digest
    assert queries.instrument(study, "1") is queries.instrument(study)
    assert [one.version for one in queries.versions(study)] == ["1"]


def test_freezing_twice_changes_nothing() -> None:
    study = make_study()
    first = actions.freeze(study, by=MANAGER, at=OPENING)
    assert actions.freeze(study, by=MANAGER, at=OPENING) == first
    frozen = Entry.objects.filter(event="instrument_frozen")
    assert [entry.subject for entry in frozen] == [first.digest]


def test_a_version_of_a_draft_study_is_replaced() -> None:
    actions.freeze(loaded(question("told")), by=MANAGER, at=OPENING)
    study = loaded(question("shown"))
    actions.freeze(study, by=MANAGER, at=OPENING)
    assert InstrumentVersion.objects.count() == 1
    assert "shown" in queries.instrument(study).ids


def test_a_version_that_people_were_asked_from_never_changes() -> None:
    study = make_study()
    actions.launch(study, by=MANAGER, at=OPENING)
    text = source_of(AGREE, section(question("other")), RECONTACT)
    Study.objects.filter(pk=study.pk).update(
        files=make_files(questionnaire=text), digest="changed"
    )
    with pytest.raises(HarkenError) as caught:
        actions.freeze(Study.objects.get(pk=study.pk), by=MANAGER, at=OPENING)
    assert codes_of(caught.value) == ["QUE-062"]


def test_the_newest_version_is_served_and_the_older_kept() -> None:
    actions.freeze(loaded(question("told")), by=MANAGER, at=OPENING)
    study = loaded(question("shown"), version="2")
    later = OPENING + dt.timedelta(hours=1)
    actions.freeze(study, by=MANAGER, at=later)
    assert queries.instrument(study).version == "2"
    assert "told" in queries.instrument(study, "1").ids


def test_an_unknown_version_is_refused() -> None:
    with pytest.raises(HarkenError) as caught:
        queries.instrument(make_study(), "9")
    assert codes_of(caught.value) == ["QUE-061"]


def test_an_unsound_questionnaire_is_not_frozen() -> None:
    study = loaded(question("told", if_="\"shown == 'a'\""))
    with pytest.raises(HarkenError) as caught:
        actions.freeze(study, by=MANAGER, at=OPENING)
    assert codes_of(caught.value) == ["QUE-063", "QUE-002"]
    assert not InstrumentVersion.objects.exists()


def test_launching_freezes_and_opens_or_does_neither() -> None:
    study = loaded(question("told", indicators="[I99]"))
    with pytest.raises(HarkenError) as caught:
        actions.launch(study, by=MANAGER, at=OPENING)
    assert codes_of(caught.value) == ["STU-043", "QUE-041"]
    assert not InstrumentVersion.objects.exists()
    study = loaded(question("told", indicators="[I01]"))
    actions.launch(study, by=MANAGER, at=OPENING)
    assert study.state == State.OPEN.value
    assert InstrumentVersion.objects.get().version == "1"


def test_a_study_without_questions_says_so() -> None:
    files = make_files()
    del files["questionnaire.yaml"]
    study = study_actions.load(files, by=MANAGER, at=OPENING)
    assert [finding.fault.code for finding in queries.findings(study)] == ["QUE-060"]


def test_a_plan_that_cannot_be_read_is_a_finding() -> None:
    files = make_files(analysis="indicators: [")
    study = study_actions.load(files, by=MANAGER, at=OPENING)
    assert [finding.fault.code for finding in queries.findings(study)] == ["SRC-001"]


def test_an_interviewer_may_not_freeze() -> None:
    study = make_study()
    with pytest.raises(HarkenError) as caught:
        actions.freeze(study, by=INTERVIEWER, at=OPENING)
    assert codes_of(caught.value)[0].startswith("ACC-")


def test_many_instruments_are_kept_without_growing() -> None:
    for number in range(20):
        study = loaded(question(f"told_{number}"), version=str(number))
        at = OPENING + dt.timedelta(minutes=number)
        actions.freeze(study, by=MANAGER, at=at)
        assert f"told_{number}" in queries.instrument(study).ids
    assert len(queries._READ) <= 16
