"""Those enrolled before a promise was extended keep their own day, in the keys themselves.

Proves PRV 19 and 17 for each cohort, and PRV 13 for a rotation that leaves one out.
"""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import replace
from pathlib import Path

import pytest
from django.db import transaction

from harken.method.errors import HarkenError
from harken.method.ledger import Event
from harken.method.terms import CaseRef
from harken.method.vault import KeyName, keyring
from harken.method.vault.keyring import Fact, Keyring, Retention
from harken.service.ledger import queries as ledger
from harken.service.vault import actions, custody, enrolment, holder, queries, sealing
from harken.service.vault.custody import Purpose
from harken.service.vault.keystore import Keystore
from harken.service.vault.models import Promise, RecontactConsent
from harken.service.vault.reach import HolderAway
from tests.make.cohorts import (
    AFTER_FIRST,
    FIRST_DAY,
    LAST_DAY,
    LATER_DAY,
    Extended,
    enrol,
    make_extended,
    signed,
)
from tests.make.holder import journal
from tests.make.vault import (
    AT,
    GUARDIAN,
    HELPDESK,
    MANAGER,
    make_keystore,
    make_policy,
    make_ref,
    make_start,
)
from tests.service.vault.test_crash import Crash, Fuse, fused

DATABASES = pytest.mark.django_db(databases=["default", "answers"])


def make_store(folder: Path) -> tuple[Keystore, list[keyring.Entry]]:
    """Three people under the first promise, three under the second."""
    store = make_keystore(folder)
    store.begin(make_start())
    people = [
        keyring.make_entry(make_ref(), random.Random(n).randbytes, policy=n // 3)
        for n in range(6)
    ]
    store.append(Retention.STANDARD, keyring.additions(people[:3]))
    later = make_policy() | {"digest": "e" * 64, "destroy_by": "2027-03-31"}
    store.append(Retention.STANDARD, keyring.new_policy(later))
    store.append(Retention.STANDARD, keyring.additions(people[3:]))
    return store, people


def holds(ring: Keyring | None, people: list[keyring.Entry]) -> list[bool]:
    """Who is in a keyring."""
    return [ring is not None and ring.has(entry.ref) for entry in people]


def test_a_rotation_leaves_out_those_of_one_promise_and_no_one_else(
    tmp_path: Path,
) -> None:
    store, people = make_store(tmp_path)
    assert store.need(Retention.STANDARD).cohorts() == [3, 3]
    agreed = [people[0].ref, people[3].ref]
    store.rotate(agreed, through=0)
    assert store.recover(at=AT) == 1
    ring, again = (store.need(retention) for retention in Retention)
    assert holds(ring, people) == [False] * 3 + [True] * 3
    assert ring.cohorts() == [0, 3]
    assert [ring.entry(entry.ref) for entry in people[3:]] == people[3:]
    assert holds(again, people) == [True, False, False, True, False, False]
    assert again.key(people[0].ref, KeyName.CASE) is None
    store.end_recontact(through=0)
    assert holds(store.ring(Retention.RECONTACT), people) == [False] * 3 + [
        True,
        False,
        False,
    ]
    store.rotate(agreed[1:], through=1)
    assert store.ring(Retention.STANDARD) is None
    store.end_recontact(through=1)
    store.recover(at=AT)
    assert all(epoch.receipt for epoch in store.epochs())


def test_nothing_is_made_anew_when_nobody_of_the_promise_is_left(
    tmp_path: Path,
) -> None:
    store, people = make_store(tmp_path)
    store.rotate([], through=0)
    store.recover(at=AT)
    before = store.epochs()
    store.rotate([], through=0)
    assert store.recover(at=AT) == 0
    assert store.epochs() == before
    store.withdraw([people[4].ref])
    store.rotate([], through=0)
    assert store.recover(at=AT) == 1


@pytest.mark.slow
def test_stopped_at_every_step_such_a_rotation_ends_the_same(tmp_path: Path) -> None:
    def end(store: Keystore, agreed: list[keyring.Entry]) -> None:
        store.rotate([entry.ref for entry in agreed], through=0)
        store.recover(at=AT)

    store, people = make_store(tmp_path / "count")
    with fused(fuse := Fuse()):
        end(store, people[:1])
    assert fuse.passed > 60
    lots = random.Random(20261128)
    for first in range(1, fuse.passed + 1):
        folder = tmp_path / str(first)
        _, people = make_store(folder)
        for at in (first, *(lots.randint(1, fuse.passed) for _ in range(3))):
            with fused(Fuse(at)):
                try:
                    end(make_keystore(folder), people[:1])
                except Crash:
                    continue
        store = make_keystore(folder)
        end(store, people[:1])
        ring, again = (store.need(retention) for retention in Retention)
        assert [ring.entry(entry.ref) for entry in people] == [None] * 3 + people[3:]
        assert holds(again, people) == [True] + [False] * 5
        assert sum(not epoch.receipt for epoch in store.epochs()) == 2


@DATABASES
def test_the_next_promised_day_is_that_of_the_people_who_are_there(
    tmp_path: Path,
) -> None:
    made = make_extended(tmp_path)
    slug = made.study.slug
    (due,) = queries.due(slug)
    assert (due.retention, due.promise) == (Retention.STANDARD, 0)
    assert due.end.date() == FIRST_DAY + dt.timedelta(days=1)
    assert queries.is_past(slug, at=AFTER_FIRST)
    held = holder.store(slug)
    held.rotate(queries.consents(slug, at=AT), through=0)
    actions.finish(slug, by=GUARDIAN, at=AT)
    assert [(one.retention, one.promise) for one in queries.due(slug)] == [
        (Retention.STANDARD, 1),
        (Retention.RECONTACT, 0),
    ]
    assert not queries.is_past(slug, at=AFTER_FIRST)
    assert queries.overview(slug).live == 4
    assert [queries.status(made.study, ref) for ref in made.first[:2]] == [
        "recontact",
        "gone",
    ]


@DATABASES
def test_a_consent_lasts_no_longer_than_the_own_promise(tmp_path: Path) -> None:
    made = make_extended(tmp_path)
    until = dict(RecontactConsent.objects.values_list("ref", "until"))
    assert until == {
        made.first[0]: dt.date(2028, 3, 31),
        made.later[0]: LAST_DAY,
    }


@DATABASES
def test_the_ledger_says_how_many_were_enrolled_before_each_promise(
    tmp_path: Path,
) -> None:
    made = make_extended(tmp_path)
    (entry,) = ledger.entries(study=made.study.slug, event=Event.POLICY_EXTENDED)
    rows = queries.promises(made.study.slug)
    assert [row.day("destroy_by") for row in rows] == [FIRST_DAY, LATER_DAY]
    assert entry.subject == rows[1].policy["digest"]
    assert '"enrolled":6' in entry.body
    assert rows[0].note == ""
    assert LATER_DAY.isoformat() in rows[1].note


@DATABASES
def test_the_same_extension_again_changes_nothing(tmp_path: Path) -> None:
    made = make_extended(tmp_path)
    note = queries.promises(made.study.slug)[1].note
    day = LATER_DAY.isoformat()
    assert actions.extend(made.study, note, by=GUARDIAN, at=AT) == day
    assert len(queries.promises(made.study.slug)) == 2
    entries = ledger.entries(study=made.study.slug, event=Event.POLICY_EXTENDED)
    assert entries.count() == 1


@DATABASES
def test_an_extension_cut_short_is_written_down_before_anybody_is_enrolled(
    tmp_path: Path,
) -> None:
    made = make_extended(tmp_path)
    note = signed(made.office, made.study, destroy_by=LATER_DAY + dt.timedelta(days=9))
    holder.store(made.study.slug).extend(note, at=AT)  # and here the power fails
    assert Promise.objects.count() == 2
    enrol(made.study, 1)
    assert Promise.objects.count() == 3
    entry = ledger.entries(study=made.study.slug, event=Event.POLICY_EXTENDED).last()
    assert entry is not None
    assert '"enrolled":10' in entry.body


@DATABASES
def test_the_daily_rotation_writes_it_down_too(tmp_path: Path) -> None:
    made = make_extended(tmp_path)
    note = signed(made.office, made.study, destroy_by=LATER_DAY + dt.timedelta(days=9))
    holder.store(made.study.slug).extend(note, at=AT)  # and here the power fails
    actions.rotate(made.study, by=GUARDIAN, at=AT)
    assert Promise.objects.count() == 3


@DATABASES
def test_keys_made_under_one_promise_are_not_added_under_the_next(
    tmp_path: Path,
) -> None:
    made = make_extended(tmp_path)
    held = enrolment.begin(made.study, by=MANAGER, at=AT)
    people = list(held.prepare([(make_ref(), ())]))
    note = signed(made.office, made.study, destroy_by=LATER_DAY + dt.timedelta(days=9))
    actions.extend(made.study, note, by=GUARDIAN, at=AT)
    with pytest.raises(HolderAway, match="VAU-122"), transaction.atomic():
        enrolment.publish(made.study.slug, people, by=MANAGER, at=AT)
    sealing.enrol_anonymous(made.study, make_ref(), at=AT)
    assert queries.cohorts(made.study.slug, Retention.STANDARD) == (6, 4, 1)


@DATABASES
def test_after_their_day_the_first_are_refused_and_the_later_open(
    tmp_path: Path,
) -> None:
    made = make_extended(tmp_path)
    for refs, code in ((made.first, "VAU-104"), (made.later, "")):
        try:
            custody.open_identity(
                made.study,
                refs[1],
                purpose=Purpose.LETTER,
                by=MANAGER,
                at=AFTER_FIRST,
            )
            found = ""
        except HarkenError as error:
            found = error.findings[0].fault.code
        assert found == code


def test_a_header_keeps_every_promise(tmp_path: Path) -> None:
    store, _ = make_store(tmp_path)
    store.rotate([], through=0)
    header = store.need(Retention.STANDARD).header
    assert len(header.policies) == 2
    assert replace(header).policies[1]["destroy_by"] == "2027-03-31"


def end_the_first(made: Extended) -> None:
    """Leave the first ones out, but for those who agreed."""
    slug = made.study.slug
    holder.store(slug).rotate(queries.consents(slug, at=AT), through=0)
    actions.finish(slug, by=GUARDIAN, at=AT)


def number_of(ref: CaseRef, made: Extended, *, at: dt.datetime) -> str:
    """The telephone number by which somebody may be looked for."""
    return str(
        custody.open_identity(
            made.study, ref, purpose=Purpose.LETTER, by=MANAGER, at=at
        ).telephone
    )


@DATABASES
def test_a_kept_one_is_found_by_a_fact_while_the_later_live(tmp_path: Path) -> None:
    made = make_extended(tmp_path, first=3, later=0, agreed=1)
    kept, gone = (number_of(ref, made, at=AT) for ref in made.first[:2])
    end_the_first(made)
    sealing.enrol_anonymous(made.study, make_ref(), at=AT)
    found = [
        actions.look_up(made.study, Fact.TELEPHONE, text, by=HELPDESK, at=AFTER_FIRST)
        for text in (kept, gone)
    ]
    assert found == [[made.first[0]], []]


@DATABASES
def test_nobody_is_looked_for_once_their_own_day_is_over(tmp_path: Path) -> None:
    made = make_extended(tmp_path, first=2, later=0, agreed=0)
    number = number_of(made.first[0], made, at=AT)
    sealing.enrol_anonymous(made.study, make_ref(), at=AT)
    for at, found in ((AT, [made.first[0]]), (AFTER_FIRST, [])):
        asked = actions.look_up(made.study, Fact.TELEPHONE, number, by=HELPDESK, at=at)
        assert asked == found


@DATABASES
def test_the_holders_list_calls_a_kept_one_as_the_ledger_does(
    tmp_path: Path, data: Path
) -> None:
    made = make_extended(tmp_path)
    end_the_first(made)
    custody.open_identity(
        made.study,
        made.first[0],
        purpose=Purpose.RECONTACT,
        by=MANAGER,
        at=AFTER_FIRST,
        agreed="interviews",
    )
    said = ledger.entries(study=made.study.slug, event=Event.IDENTITY_OPENED).last()
    assert said is not None
    assert journal(data / "keys")[-1]["handle"] == said.subject


@DATABASES
def test_a_print_run_counts_only_whom_it_may_open(tmp_path: Path) -> None:
    made = make_extended(tmp_path)
    opened = custody.open_batch(
        made.study,
        [*made.first, *made.later],
        purpose=Purpose.LETTER,
        by=MANAGER,
        at=AFTER_FIRST,
    )
    assert {ref for ref, _ in opened} == set(made.later)
    said = ledger.entries(study=made.study.slug, event=Event.IDENTITY_OPENED).last()
    assert said is not None
    assert '"people":4' in said.body
