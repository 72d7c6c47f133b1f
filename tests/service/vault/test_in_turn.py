"""A crowd is sealed while the house writes: one question is always on its way.

Proves PRV 24 in part (all or nothing) and the order of what is stored.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings

from harken.method.terms import CaseRef
from harken.method.vault import KeyName
from harken.service.study.models import Study
from harken.service.vault import custody, enrolment, holder, reach
from harken.service.vault.custody import Purpose
from harken.service.vault.models import Commitment, Sealed
from tests.make.vault import AT, MANAGER, make_people, make_study

pytestmark = pytest.mark.django_db(databases=["default", "answers"])

CROWD = 2 * holder.CHUNK + 1
"""Three questions, the last for one person."""


@pytest.fixture(params=["", reach.WITHIN], ids=["socket", "within"])
def kept(
    request: pytest.FixtureRequest, data: Path, settings: LazySettings
) -> Iterator[None]:
    """The key holder as a process of its own, and within this one."""
    settings.HOLDER = request.param
    yield
    if not request.param:
        holder.ask("stop")
        reach.hang_up()


@pytest.fixture
def apart(data: Path, settings: LazySettings) -> Iterator[None]:
    """The key holder as a process of its own, which may not survive the test."""
    settings.HOLDER = ""
    yield
    holder.ask("stop")
    reach.hang_up()


def _begun() -> tuple[Study, holder.Keys, Iterator[holder.Enrolled]]:
    """A crowd whose first person was handed out, while the next ones are asked for."""
    study = make_study()
    keys = enrolment.begin(study, by=MANAGER, at=AT)
    parts = [
        (ref, [(KeyName.CONTACT, identity.part(KeyName.CONTACT))])
        for ref, identity in make_people(CROWD)
    ]
    sealed = keys.prepare(parts)
    next(sealed)
    return study, keys, sealed


def test_everybody_of_a_crowd_opens_and_lies_in_the_order_of_the_references(
    kept: None,
) -> None:
    study, people = make_study(), make_people(CROWD)
    assert custody.enrol(study, people, by=MANAGER, at=AT) == CROWD
    names = {ref: identity.surname for ref, identity in people}
    opened = custody.open_batch(
        study, list(names), purpose=Purpose.LETTER, by=MANAGER, at=AT
    )
    assert {ref: identity.surname for ref, identity in opened} == names
    stored = Sealed.objects.order_by("pk").values_list("ref", flat=True)
    assert list(dict.fromkeys(stored)) == sorted(names)


def test_nobody_is_asked_for_nothing(kept: None) -> None:
    keys = enrolment.begin(make_study(), by=MANAGER, at=AT)
    assert list(keys.prepare([])) == []


def test_nothing_else_can_be_asked_while_an_answer_is_owed(apart: None) -> None:
    _, keys, sealed = _begun()
    with pytest.raises(RuntimeError, match="owes this thread an answer"):
        keys.status(CaseRef("0" * 32))
    assert len(list(sealed)) == CROWD - 1
    keys.add(CROWD)
    assert len(list(keys.people(holder.Retention.STANDARD))) == CROWD


def test_who_leaves_early_keeps_nothing(apart: None) -> None:
    _, keys, sealed = _begun()
    sealed.close()
    with pytest.raises(reach.HolderAway, match="VAU-122"):
        keys.add(CROWD)
    assert list(keys.people(holder.Retention.STANDARD)) == []


@pytest.mark.parametrize("answer", [2, 3], ids=["second", "third"])
def test_a_holder_lost_on_the_way_leaves_nobody_half_enrolled(
    apart: None, monkeypatch: pytest.MonkeyPatch, answer: int
) -> None:
    study, heard, real = make_study(), [], reach._hear

    def lost(link: reach.socket.socket) -> list[bytes]:
        heard.append(link)
        if len(heard) == answer:
            os.kill(pid, signal.SIGKILL)
        return real(link)

    enrolment.begin(study, by=MANAGER, at=AT)
    pid = holder.ask("report")["pid"]
    monkeypatch.setattr(reach, "_hear", lost)
    people = make_people(CROWD)
    with pytest.raises(reach.HolderAway, match="VAU-122"):
        custody.enrol(study, people, by=MANAGER, at=AT)
    monkeypatch.undo()
    assert not Sealed.objects.exists()
    assert not Commitment.objects.exists()
    assert list(holder.store(study.slug).people(holder.Retention.STANDARD)) == []
    assert custody.enrol(study, people, by=MANAGER, at=AT) == CROWD


def test_a_child_of_the_house_speaks_on_a_line_of_its_own(apart: None) -> None:
    """Two on one line would read each other's answers."""
    keys = enrolment.begin(make_study(), by=MANAGER, at=AT)
    mine, (ours, theirs) = reach._LOCAL.link, os.pipe()
    child = os.fork()
    if not child:
        inherited = reach._LOCAL.link
        standing = keys.status(CaseRef("0" * 32))
        words = f"{inherited} {standing} {reach._LOCAL.link is mine}"
        os.write(theirs, words.encode())
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(ours, 100) == b"None gone False"
    assert reach._LOCAL.link is mine
    assert keys.status(CaseRef("0" * 32)) == "gone"
    os.close(ours)
    os.close(theirs)
