"""Redeeming access codes: one refusal for everything, limits, receipts."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Sequence

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from harken.method.errors import HarkenError
from harken.method.terms import RESPONDENT, CaseRef, Mode
from harken.service.contact import actions, codes
from harken.service.contact.models import AccessCode, Standing, WrongCodes
from harken.service.sampling import queries
from harken.service.study.models import Study
from harken.service.vault import actions as vault
from harken.service.vault import reach
from harken.service.vault.keyholder.wire import Operation
from tests.make.contact import (
    CALLING,
    first_case,
    make_field_study,
    make_invitation,
    other_code,
    ref_of,
)

pytestmark = pytest.mark.django_db(databases=["default", "answers"])


def refusal(study: Study, text: str, **options: object) -> str:
    """The whole text of the refusal."""
    values: dict[str, object] = {"at": CALLING} | options
    with pytest.raises(HarkenError) as error:
        actions.redeem(study, text, **values)  # type: ignore[arg-type]  # a test's freedom
    return str(error.value)


def test_a_code_opens_its_case_however_it_is_typed() -> None:
    study = make_field_study()
    code = make_invitation(study)
    typed = code.lower().replace("-", " ")
    assert actions.redeem(study, typed, at=CALLING) == ref_of(study)
    assert Standing.objects.get(case=first_case(study)).disposition == "0.6"


def test_unknown_used_expired_and_withdrawn_codes_are_refused_alike() -> None:
    study = make_field_study()
    unknown = make_invitation(study)
    AccessCode.objects.all().delete()
    used = make_invitation(study)
    actions.complete(study, ref_of(study), mode=Mode.WEB, at=CALLING)
    cases = list(Standing.objects.exclude(case=first_case(study)))
    withdrawn = make_invitation(study, cases[0].case)
    actions.opt_out(
        study, cases[0].case.ref, channel="web", by=actions.RESPONDENT, at=CALLING
    )
    expired = make_invitation(study, cases[1].case)
    AccessCode.objects.filter(case=cases[1].case).update(expires=dt.date(2026, 2, 1))
    texts = {refusal(study, code) for code in (unknown, used, withdrawn, expired)}
    assert len(texts) == 1
    assert "CON-010" in texts.pop()


def test_every_well_formed_code_costs_exactly_one_verification(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    study = make_field_study()
    code = make_invitation(study)
    calls: list[str] = []
    real = codes.verify_secret

    def counted(text: str, salt: bytes, stored: bytes) -> None:
        calls.append(text)
        real(text, salt, stored)

    monkeypatch.setattr(codes, "verify_secret", counted)
    refusal(study, other_code(code))
    actions.redeem(study, code, at=CALLING)
    AccessCode.objects.all().delete()
    refusal(study, code)
    assert len(calls) == 3


def test_a_typing_mistake_is_told_and_not_counted() -> None:
    study = make_field_study()
    code = make_invitation(study)
    wrong = code[:-1] + ("2" if code[-1] != "2" else "3")
    assert "VAU-003" in refusal(study, wrong)
    assert not WrongCodes.objects.exists()


def test_five_wrong_codes_from_one_address_make_it_wait() -> None:
    study = make_field_study()
    code = make_invitation(study)
    wrong = other_code(code)
    for _ in range(5):
        assert "CON-010" in refusal(study, wrong, source="192.0.2.0")
    assert "CON-011" in refusal(study, code, source="192.0.2.0")
    assert actions.redeem(study, code, at=CALLING, source="198.51.100.0")
    stored = " ".join(WrongCodes.objects.values_list("key", flat=True))
    assert "192.0.2" not in stored


def test_an_address_at_its_limit_costs_the_database_nothing_for_a_minute() -> None:
    study = make_field_study()
    code = make_invitation(study)
    for _ in range(5):
        refusal(study, other_code(code), source="192.0.2.0")
    refusal(study, code, source="192.0.2.0")
    with CaptureQueriesContext(connection) as asked:
        assert "CON-011" in refusal(study, code, source="192.0.2.0")
    assert not asked.captured_queries
    later = CALLING + dt.timedelta(minutes=15)
    assert actions.redeem(study, code, at=later, source="192.0.2.0")


def test_a_code_guessed_ten_times_a_day_needs_the_telephone() -> None:
    study = make_field_study()
    code = make_invitation(study)
    wrong = other_code(code)
    for number in range(10):
        refusal(study, wrong, at=CALLING + dt.timedelta(minutes=number))
    assert "CON-010" in refusal(study, code)
    later = CALLING + dt.timedelta(days=1)
    assert actions.redeem(study, code, at=later) == ref_of(study)


def test_a_receipt_serves_once_and_a_new_one_ends_the_old() -> None:
    study = make_field_study()
    ref = ref_of(study)
    first = actions.issue_receipt(study, ref, at=CALLING)
    second = actions.issue_receipt(study, ref, at=CALLING)
    assert "CON-010" in refusal(study, first, kind="receipt")
    assert "CON-010" in refusal(study, second, kind="invitation")
    assert actions.redeem(study, second, at=CALLING, kind="receipt") == ref
    assert "CON-010" in refusal(study, second, kind="receipt")


def test_a_receipt_raced_for_serves_one_of_two(monkeypatch: pytest.MonkeyPatch) -> None:
    study = make_field_study()
    code = actions.issue_receipt(study, ref_of(study), at=CALLING)
    case = codes.find(study, code, at=CALLING, kind="receipt")
    actions.redeem(study, code, at=CALLING, kind="receipt")
    monkeypatch.setattr(codes, "find", lambda *args, **options: case)
    assert "CON-010" in refusal(study, code, kind="receipt")


def test_redeeming_gives_a_fresh_case_its_standing_and_leaves_a_final_one() -> None:
    study = make_field_study(letters=False)
    actions.redeem(study, make_invitation(study), at=CALLING)
    row = Standing.objects.get()
    assert (row.disposition, row.web_at) == ("0.6", CALLING)
    Standing.objects.update(disposition="1.2")
    actions.redeem(study, make_invitation(study), at=CALLING)
    assert Standing.objects.get().disposition == "1.2"


def test_new_codes_keep_clear_of_the_locators_of_live_ones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    study = make_field_study()
    first = make_invitation(study)
    made = iter([first, other_code(first), "2222-2222-222" + "2"])
    monkeypatch.setattr(codes, "make_code", lambda source: next(made))
    assert make_invitation(study).startswith("2222")


def test_a_study_with_many_invitations_finds_them_by_five_symbols(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    study = make_field_study()
    short, other = "3333-2222-2222", "3333-4222-2222"
    made = iter([short, other, "4444-2222-2222", "4444-3222-2222", "4444-3333-2222"])
    monkeypatch.setattr(codes, "read_code", lambda text: text)
    monkeypatch.setattr(codes, "make_code", lambda source: next(made))
    monkeypatch.setattr(codes, "SHORT_ROOM", AccessCode.objects.count() + 1)
    cases = list(queries.issued(study))
    assert make_invitation(study, cases[0]) == short
    assert make_invitation(study, cases[1]) == "4444-2222-2222"
    assert make_invitation(study, cases[2]) == "4444-3222-2222"
    for case, code in zip(cases, (short, "4444-2222-2222"), strict=False):
        assert actions.redeem(study, code, at=CALLING) == case.ref
    assert "CON-010" in refusal(study, other)
    assert "CON-010" in refusal(study, "4444-3333-2222")


def test_guessing_from_everywhere_raises_the_alarm_and_keeps_nobody_out(
    caplog: pytest.LogCaptureFixture,
) -> None:
    study = make_field_study()
    code = make_invitation(study)
    wrong = other_code(code)
    for number in range(codes.ALARM_AT):
        assert not codes.alarm(at=CALLING)
        refusal(study, wrong, source=f"192.0.2.{number}")
    assert codes.alarm(at=CALLING + dt.timedelta(seconds=60))
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert "CON-011" in refusal(study, wrong, source="192.0.2.1")
    fresh = make_invitation(study)
    assert actions.redeem(study, fresh, at=CALLING, source="198.51.100.7")
    later = CALLING + codes.ALARM_LASTS + dt.timedelta(minutes=1)
    assert not codes.alarm(at=later)
    assert "CON-010" in refusal(study, wrong, source="192.0.2.1", at=later)


def test_used_expired_withdrawn_and_unknown_codes_cost_the_same_work(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    study = make_field_study()
    cases = list(queries.issued(study))
    used, late, gone = (make_invitation(study, case) for case in cases[:3])
    codes.kill(cases[0])
    AccessCode.objects.filter(case=cases[1]).update(expires=dt.date(2026, 1, 1))
    vault.withdraw(study, CaseRef(cases[2].ref), by=RESPONDENT, at=CALLING)
    done: list[str] = []
    verify, call = codes.verify_secret, reach.call

    def counted(code: str, salt: bytes, stored: bytes) -> None:
        done.append("verified")
        verify(code, salt, stored)

    def counted_call(
        kind: Operation, fields: Sequence[bytes], *, repeat: bool = True
    ) -> list[bytes]:
        done.append(f"holder {kind}")
        return call(kind, fields, repeat=repeat)

    monkeypatch.setattr(codes, "verify_secret", counted)
    monkeypatch.setattr(reach, "call", counted_call)
    said, work = set(), []
    for code in (used, late, gone, codes.make_code(os.urandom)):
        WrongCodes.objects.all().delete()
        done.clear()
        with CaptureQueriesContext(connection) as asked:
            said.add(refusal(study, code))
        work.append((*done, len(asked)))
    assert len(said) == 1
    assert len(set(work)) == 1
    assert work[0].count("verified") == 1
