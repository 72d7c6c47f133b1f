"""Those who agreed to be contacted again, until their own date. Proves DP-05, PRV 21, 24.

Some of them leave before the destruction, some after it, some by a date of their own; the
certificate stays true each time, and may be issued anew.
"""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from harken.method.anonymisation import Step, verify
from harken.method.errors import HarkenError
from harken.method.study import State
from harken.method.terms import Role
from harken.method.vault.keyring import Retention
from harken.service.anonymisation import actions, execute, progress, queries
from harken.service.anonymisation.models import Certificate, Run
from harken.service.vault import actions as vault
from harken.service.vault import holder
from harken.service.vault import queries as keys
from harken.service.vault.models import RecontactConsent, Sealed
from tests.make.accounts import sign_in
from tests.make.anonymisation import (
    DAY,
    Ready,
    approve,
    make_certificate,
    make_ready,
    operator_key,
)
from tests.make.vault import AFTER_DEADLINE, AT, GUARDIAN, HELPDESK

pytestmark = pytest.mark.django_db(databases=["default", "answers"])

OWN_DATE = dt.date(2027, 1, 1)
DAY_AFTER = dt.datetime(2027, 1, 2, 12, tzinfo=dt.UTC)
END = dt.datetime(2028, 3, 31, 12, tzinfo=dt.UTC)


def _leave(ready: Ready, *, at: dt.datetime) -> None:
    for ref in ready.kept:
        vault.withdraw(ready.study, ref, by=HELPDESK, at=at)


def _check_no_key(ready: Ready) -> None:
    assert keys.overview(ready.study.slug).recontact == 0
    assert all(epoch.receipt for epoch in keys.epochs(ready.study.slug))


def _destroy_the_kept(ready: Ready) -> Certificate:
    again = Retention.RECONTACT
    approve(ready.study, at=END, retention=again)
    return execute.execute(ready.study, by=GUARDIAN, at=END, retention=again)


@pytest.mark.parametrize("rotated", [False, True])
def test_when_all_who_agreed_have_left_no_key_is_kept_for_nobody(rotated: bool) -> None:
    ready = make_ready()
    assert keys.overview(ready.study.slug).recontact == 2
    _leave(ready, at=AT)
    if rotated:
        vault.rotate(ready.study, by=GUARDIAN, at=AT)
    made = make_certificate(ready)
    shown = verify(made.text.encode(), operator_key())
    assert (shown.withdrawn, shown.recontact, shown.destroyed) == (4, 0, 4)
    _check_no_key(ready)


def test_who_agrees_after_all_others_left_is_kept() -> None:
    ready = make_ready()
    _leave(ready, at=AT)
    vault.rotate(ready.study, by=GUARDIAN, at=AT)
    vault.consent_recontact(
        ready.study,
        ready.doomed[0],
        purposes=["interviews"],
        until=OWN_DATE,
        by=HELPDESK,
        at=AT,
    )
    make_certificate(ready)
    assert keys.status(ready.study, ready.doomed[0]) is keys.KeyStatus.RECONTACT


@pytest.mark.parametrize("leaving", [1, 2])
def test_one_who_leaves_later_makes_no_certificate_false_or_late(leaving: int) -> None:
    ready = make_ready()
    make_certificate(ready)
    for ref in ready.kept[:leaving]:
        vault.withdraw(ready.study, ref, by=HELPDESK, at=AFTER_DEADLINE)
    vault.rotate(ready.study, by=GUARDIAN, at=AFTER_DEADLINE)
    made = execute.issue(ready.study, None, by=GUARDIAN, at=AFTER_DEADLINE)
    shown = verify(made.text.encode(), operator_key())
    assert (shown.withdrawn, shown.recontact) == (2 + leaving, 2 - leaving)
    assert (shown.late, shown.destroyed_at) == (False, DAY.isoformat())


def test_a_consent_ends_at_its_own_date_and_is_counted_as_destroyed() -> None:
    ready = make_ready()
    RecontactConsent.objects.filter(ref=ready.kept[0]).update(until=OWN_DATE)
    make_certificate(ready)
    vault.rotate(ready.study, by=GUARDIAN, at=DAY_AFTER)
    assert keys.status(ready.study, ready.kept[0]) is keys.KeyStatus.GONE
    assert keys.status(ready.study, ready.kept[1]) is keys.KeyStatus.RECONTACT
    again = execute.issue(ready.study, None, by=GUARDIAN, at=DAY_AFTER)
    shown = verify(again.text.encode(), operator_key())
    assert (shown.recontact, shown.destroyed) == (1, 5)
    shown = verify(_destroy_the_kept(ready).text.encode(), operator_key())
    assert (shown.withdrawn, shown.recontact, shown.destroyed) == (2, 0, 6)


def test_when_the_last_consent_has_ended_so_has_the_last_key() -> None:
    ready = make_ready()
    RecontactConsent.objects.update(until=OWN_DATE)
    make_certificate(ready)
    vault.rotate(ready.study, by=GUARDIAN, at=DAY_AFTER)
    _check_no_key(ready)
    assert queries.standing(ready.study, at=END).deadline is None


def test_those_kept_are_never_destroyed_before_the_others() -> None:
    """It would remove every row of an open study, its people's keys still alive."""
    ready = make_ready()
    ready.study.state = State.OPEN.value
    ready.study.save(update_fields=["state"])
    with pytest.raises(HarkenError, match="ANO-120"):
        actions.plan(ready.study, by=GUARDIAN, at=DAY, retention=Retention.RECONTACT)
    assert Sealed.objects.filter(study=ready.study.slug).exists()


def test_nor_while_the_destruction_of_the_others_is_under_way() -> None:
    ready = make_ready()
    approve(ready.study)
    run = queries.need_run(ready.study, Retention.STANDARD)
    holder.store(ready.study.slug).rotate(ready.kept, through=0)
    progress.write(run, progress.State(Step.SHRED))
    with pytest.raises(HarkenError, match="ANO-120"):
        actions.plan(ready.study, by=GUARDIAN, at=DAY, retention=Retention.RECONTACT)


def test_an_interrupted_end_of_those_kept_goes_on_from_the_page() -> None:
    ready = make_ready()
    make_certificate(ready)
    approve(ready.study, at=END, retention=Retention.RECONTACT)
    run = queries.need_run(ready.study, Retention.RECONTACT)
    holder.store(ready.study.slug).end_recontact(through=0)
    progress.write(run, progress.State(Step.SHRED))
    with pytest.raises(HarkenError, match="ANO-106"):
        execute.issue(ready.study, None, by=GUARDIAN, at=END)
    client = Client()
    sign_in(client, Role.GUARDIAN)
    address = reverse("anonymisation:run", args=[ready.study.slug])
    assert client.post(address, {"name": ready.study.slug}).status_code == 302
    assert queries.last_certificate(ready.study.slug).run == run
    _check_no_key(ready)


def test_a_plan_is_not_replaced_while_it_is_being_run() -> None:
    ready = make_ready()
    approve(ready.study)
    with progress.alone(ready.study.slug):
        with pytest.raises(HarkenError, match="ANO-112"):
            actions.plan(ready.study, by=GUARDIAN, at=DAY)
        with pytest.raises(HarkenError, match="ANO-112"):
            execute.issue(ready.study, None, by=GUARDIAN, at=DAY)
    assert Run.objects.get(study=ready.study.slug).ended_at is None
