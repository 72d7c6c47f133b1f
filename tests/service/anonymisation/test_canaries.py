"""Fifty people whom the controller invented and hid in the sample. Proves PRV 31.

Their details are known to the controller alone. Before the promised day the processor can
produce them; afterwards nobody can, not even from a copy that was taken before.
"""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest
from django.db import connection

from harken.method.errors import HarkenError
from harken.method.terms import Actor, CaseRef, Role
from harken.method.vault import KeyName
from harken.method.vault.keyring import Fact
from harken.service.anonymisation.scan import scan
from harken.service.study.models import Study
from harken.service.vault import actions as vault
from harken.service.vault import custody, holder
from harken.service.vault.custody import Purpose
from harken.service.vault.models import Sealed
from tests.make.anonymisation import DAY, Ready, make_certificate, make_ready
from tests.make.vault import AT, GUARDIAN, MANAGER, make_identity, make_ref

pytestmark = pytest.mark.django_db(databases=["default", "answers"], transaction=True)

CANARIES = 50
DESK = [Actor(f"helpdesk-{n}", Role.HELPDESK) for n in range(2)]


def make_canaries() -> list[dict[str, str]]:
    """The controller's list: what only the controller knows of them."""
    return [
        {
            "surname": f"Fennimore-{n:02}-Oyster",
            "telephone": f"07700 900{900 + n:03}",
            "crime_reference": f"CANARY/{n:04}/26",
        }
        for n in range(CANARIES)
    ]


def produced(study: Study, canaries: list[dict[str, str]], at: dt.datetime) -> int:
    """How many of them the processor can show, looked up by what the controller says."""
    shown = 0
    for number, canary in enumerate(canaries):
        by = DESK[number // 25]
        held = holder.store(study.slug)
        for fact in (Fact.CRIME_REFERENCE, Fact.TELEPHONE):
            try:
                found = held.look_up(fact, canary[fact.value], by=by, at=at)
            except HarkenError:
                continue
            for ref in found:
                person = custody.open_identity(
                    study, ref, purpose=Purpose.HELPDESK, by=by, at=at
                )
                shown += person.surname == canary["surname"]
            break
    return shown


def seize(study: Study, copy: Path) -> None:
    """A backup; on PostgreSQL, whose dump is not ours, the key files kept beside it."""
    if connection.vendor == "sqlite":
        vault.backup(copy, by=GUARDIAN, at=AT)
    else:
        shutil.copytree(holder.store(study.slug).folder, copy)


def free_pages() -> int:
    """Pages that held rows which are gone: none, once a SQLite file was rewritten."""
    if connection.vendor != "sqlite":
        return 0
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA freelist_count")
        return int(cursor.fetchone()[0])


def test_the_canaries_are_produced_before_and_by_nobody_afterwards(
    data: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    canaries = make_canaries()
    ready = make_ready(people=8)
    study = ready.study
    people = [(make_ref(), make_identity(7, **canary)) for canary in canaries]
    custody.enrol(study, people, by=MANAGER, at=AT)
    assert produced(study, canaries, AT) == CANARIES

    copy = tmp_path_factory.mktemp("seized") / "copy"
    seize(study, copy)
    texts = [text for canary in canaries for text in canary.values()]
    assert scan(copy, texts).found == 0
    rows = [
        (CaseRef(row.ref), KeyName(row.part), bytes(row.blob))
        for row in Sealed.objects.filter(ref__in=[ref for ref, _ in people])
    ]
    assert len(rows) == 2 * CANARIES

    make_certificate(Ready(study, ready.kept, ready.withdrawn, ready.doomed))
    assert free_pages() == 0
    assert produced(study, canaries, DAY) == 0
    assert not any(holder.store(study.slug).opens(*row) for row in rows)
    assert scan(data, texts).found == 0
    # Every keyring of the copy, put back as it was, opens nobody either.
    for file in copy.rglob("*.keyring"):
        shutil.copy(file, holder.store(study.slug).folder / file.name)
    assert produced(study, canaries, DAY) == 0
    assert not any(holder.store(study.slug).opens(*row) for row in rows)
