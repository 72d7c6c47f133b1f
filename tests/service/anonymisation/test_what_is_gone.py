"""What a destruction leaves behind, looked at from outside. Proves DP-04, PRV 20.

A study with a sample file, letters' codes, interviews and texts is destroyed by the real
programs; then every table is searched, whichever room it belongs to.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connections

from harken import cli
from harken.method.anonymisation import NotValid, verify
from harken.method.errors import Exit
from harken.method.ledger import Event
from harken.method.terms import RESPONDENT, SYSTEM, CaseRef, DataClass
from harken.method.vault import KeyName
from harken.service.anonymisation import actions, execute, queries
from harken.service.anonymisation.models import Certificate
from harken.service.contact.models import AccessCode, Standing
from harken.service.interview import actions as interviews
from harken.service.ledger import actions as ledger
from harken.service.ledger import queries as entries
from harken.service.ledger import witness
from harken.service.response import intake
from harken.service.sampling import queries as sampling
from harken.service.sampling.models import SampleFile
from harken.service.study import actions as studies
from harken.service.study.models import Study
from harken.service.vault import actions as vault
from harken.service.vault import holder
from harken.service.vault import queries as keys
from harken.service.vault.models import Sealed
from tests.make.anonymisation import (
    DAY,
    Ready,
    approve,
    make_certificate,
    make_ready,
    operator_key,
)
from tests.make.contact import make_invitation
from tests.make.sitting import NOW, make_open_study, make_sitting
from tests.make.vault import AT, CONTROLLER, GUARDIAN, MANAGER, OPERATOR, make_identity

pytestmark = pytest.mark.django_db(databases=["default", "answers"], transaction=True)

STAY = {"sealed", "recontactconsent"}
"""Tables in which rows of those may stay who agreed to be contacted again."""


def _leading_to_people() -> dict[str, int]:
    """Rows of every table with a field that leads to people, whoever owns the table."""
    found = {}
    for model in apps.get_models():
        classes = set(getattr(model, "DATA_CLASS", {}).values())
        if classes & {DataClass.IDENTIFYING, DataClass.LINKING}:
            found[model._meta.model_name or ""] = model._base_manager.count()
    return found


def _fielded() -> Study:
    study = make_open_study()
    refs = [CaseRef(case.ref) for case in sampling.issued(study)]
    for ref in refs[:2]:
        row = make_sitting(study, ref, words="A secret sentence.")
        interviews.submit(row, by=RESPONDENT, at=NOW)
    make_sitting(study, refs[2], until="words")
    make_invitation(study)
    intake.collect(study, by=SYSTEM, at=NOW)
    studies.close_study(study, by=MANAGER, at=NOW)
    intake.close_sample(study, by=SYSTEM, at=NOW)
    return study


def _destroyed(study: Study) -> Certificate:
    run = actions.plan(study, by=GUARDIAN, at=NOW, without_kept_file=True)
    for actor in (GUARDIAN, CONTROLLER):
        actions.approve(study, digest=run.digest, by=actor, at=NOW)
    return execute.execute(study, by=GUARDIAN, at=NOW)


def test_no_table_leads_to_anybody_and_what_left_the_house_is_named(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    study = _fielded()
    before = _leading_to_people()
    assert min(before[name] for name in ("case", "interview", "freetext")) > 0
    assert AccessCode.objects.exists()
    assert Standing.objects.exists()
    backups = 0
    if connections["default"].vendor == "sqlite":
        copy = tmp_path_factory.mktemp("b") / "copy"
        vault.backup(copy, by=GUARDIAN, at=NOW)
        backups = 1
        kinds = {file.suffix for file in copy.rglob("*") if file.is_file()}
        # No slot and no signing key: a backup with one would outlive the promise.
        assert kinds == {".sqlite3", ".keyring", ".pointer", ".jsonl"}
    made = _destroyed(study)
    left = {name for name, count in _leading_to_people().items() if count}
    assert left == {"response"}  # under its random reference, which no row names now

    body = json.loads(made.text)["certificate"]
    assert verify(made.text.encode(), operator_key()).stage == "provisional"
    assert len(body["backups"]) == backups
    (out,) = body["copies"]
    assert out["file_hash"] == SampleFile.objects.get(study=study).sha256
    said = [json.loads(one["body"]) for one in body["records"]]
    assert {"unread": 2} in [
        one["counts"] for one in said if one["event"] == Event.TEXTS_DESTROYED
    ]


def test_of_those_kept_no_key_is_left_but_that_of_their_contact() -> None:
    ready = make_ready()
    rows = {
        (row.ref, row.part): bytes(row.blob)
        for row in Sealed.objects.filter(ref__in=ready.kept)
    }
    make_certificate(ready)
    held = holder.store(ready.study.slug)
    for ref in ready.kept:
        contact, case = (
            held.opens(ref, part, rows[ref, part.value])
            for part in (KeyName.CONTACT, KeyName.CASE)
        )
        assert (contact, case) == (True, False)
    left = {model for model, count in _leading_to_people().items() if count}
    assert left == STAY


def test_a_key_that_was_left_by_mistake_makes_the_certificate_invalid(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The trial opening is no formality: it has the keys that are really there."""
    ready = make_ready()
    approve(ready.study)
    rotate = holder.Keys.rotate

    def one_too_many(
        held: holder.Keys, consents: Iterable[CaseRef], *, through: int | None = None
    ) -> None:
        rotate(held, [*consents, ready.doomed[0]], through=through)

    monkeypatch.setattr(holder.Keys, "rotate", one_too_many)
    made = execute.execute(ready.study, by=GUARDIAN, at=DAY)
    with pytest.raises(NotValid, match="the scan found something"):
        verify(made.text.encode(), operator_key())
    assert list((data / "certificates").glob("*.pdf")) == []


def test_a_witness_who_saw_only_what_came_before_makes_nothing_final(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "controller"
    key = witness.make_key(folder, "controller")
    ledger.appoint_witness(key, by=OPERATOR, at=AT)
    ready: Ready = make_ready()
    asked = entries.request(ledger.checkpoint(at=AT)).text()
    line = witness.answer(folder, asked, log_key=operator_key(), now=1_780_000_000)
    ledger.adopt(line, by=OPERATOR, at=AT)
    made = make_certificate(ready)
    shown = verify(made.text.encode(), operator_key())
    assert (shown.stage, shown.witness) == ("provisional", "")
    assert queries.last_certificate(ready.study.slug) == made
    assert keys.overview(ready.study.slug).recontact == 2


def test_a_text_that_a_search_finds_holds_the_certificate_until_it_is_gone(
    data: Path,
    tmp_path_factory: pytest.TempPathFactory,
    capsys: pytest.CaptureFixture[str],
) -> None:
    ready = make_ready()
    make_certificate(ready)
    needles = tmp_path_factory.mktemp("n") / "needles"
    needles.write_text(make_identity(7).surname + " 7\n")
    leak = data / "notes.txt"
    leak.write_text(f"rang {make_identity(7).surname} 7\n")
    search = ["destroy", "scan", "--needles", str(needles)]
    search += ["--study", ready.study.slug]
    assert cli.main(search) == Exit.NOT_VERIFIED
    said = capsys.readouterr().out
    assert "found in notes.txt" in said
    assert "It is NOT valid: the scan found something." in said
    assert cli.main(["destroy", "certify", ready.study.slug]) == Exit.NOT_VERIFIED
    leak.unlink()
    assert cli.main(search) == Exit.DONE
    made = queries.last_certificate(ready.study.slug)
    assert verify(made.text.encode(), operator_key()).stage == "final"
    assert (data / "certificates" / made.file_name).with_suffix(".pdf").exists()
