"""Whose request it is: by any code a person holds, for as long as keys live. Proves DP-06, PRV 35.

An opt-out, a finished interview and the end of fieldwork close the door to the survey.
None of them closes the way to one's own data.
"""

from __future__ import annotations

import datetime as dt
import os
from dataclasses import replace

import pytest
from django.test import Client
from django.utils import timezone

from harken.method.errors import HarkenError
from harken.method.rights import RequestKind
from harken.method.terms import RESPONDENT, SYSTEM, Actor, CaseRef, Role
from harken.method.vault import make_code
from harken.method.vault.keyring import Fact
from harken.service.contact import actions as contact
from harken.service.interview import actions as interviews
from harken.service.response import intake
from harken.service.response.models import Response
from harken.service.rights import actions, emergency, queries
from harken.service.rights.models import Asker, Request
from harken.service.sampling import queries as cases
from harken.service.study import actions as studies
from harken.service.study.models import Study
from harken.service.vault import actions as vault
from harken.service.vault import custody
from harken.service.vault import queries as keys
from harken.service.vault.queries import KeyStatus
from tests.make.accounts import sign_in
from tests.make.anonymisation import make_certificate, make_ready
from tests.make.contact import make_invitation, within_one_minute
from tests.make.sampling import make_values
from tests.make.sitting import NOW, make_open_study, make_sitting
from tests.make.vault import (
    AFTER_DEADLINE,
    AT,
    GUARDIAN,
    HELPDESK,
    MANAGER,
    make_identity,
    make_people,
    make_study,
)

pytestmark = pytest.mark.django_db(databases=["default", "answers"])

SHIFT = (timezone.now().date() - NOW.date()).days
LATER = NOW + dt.timedelta(days=100)
PAGES = ("/start/withdraw", "/start/your-data")


def _case(study: Study) -> CaseRef:
    case = cases.issued(study).first()
    assert case is not None
    return CaseRef(case.ref)


def _finished(study: Study, ref: CaseRef, *, at: dt.datetime = NOW) -> str:
    """An interview handed in and collected; returns its receipt."""
    receipt = interviews.submit(make_sitting(study, ref, at=at), by=RESPONDENT, at=at)
    intake.collect(study, by=SYSTEM, at=at)
    return receipt


def test_the_code_of_a_letter_says_whose_request_it_is_until_the_keys_are_gone() -> (
    None
):
    study = make_open_study()
    ref = _case(study)
    code = make_invitation(study)
    _finished(study, ref)
    contact.opt_out(study, ref, channel="phone", by=HELPDESK, at=NOW)
    studies.close_study(study, by=MANAGER, at=LATER)
    row = actions.take_in(
        study, RequestKind.ERASURE, channel="letter", code=code, by=HELPDESK, at=LATER
    )
    assert Asker.objects.get(request=row).ref == ref
    actions.answer(row, checked="two_facts", reason="Asked.", by=GUARDIAN, at=LATER)
    assert not Response.objects.exists()
    assert keys.status(study, ref) is keys.KeyStatus.WITHDRAWN
    again = actions.take_in(
        study, RequestKind.ACCESS, channel="letter", code=code, by=HELPDESK, at=LATER
    )
    assert not Asker.objects.filter(request=again).exists()
    with pytest.raises(HarkenError, match="CON-010"):
        contact.redeem(study, code, at=LATER)


def test_answers_are_taken_back_on_the_web_after_an_opt_out_and_after_fieldwork() -> (
    None
):
    study = make_open_study(shift_days=SHIFT)
    now = timezone.now()
    ref = _case(study)
    receipt = _finished(study, ref, at=now)
    contact.opt_out(study, ref, channel="phone", by=HELPDESK, at=now)
    studies.close_study(study, by=MANAGER, at=now)
    letter = make_invitation(study)
    client = Client()
    client.post(PAGES[0], {"code": letter})
    assert Response.objects.count() == 1
    client.post(PAGES[0], {"code": receipt})
    assert not Response.objects.exists()


@pytest.mark.parametrize("page", PAGES)
def test_nobody_is_told_it_is_done_when_no_code_was_looked_at(
    page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    within_one_minute(monkeypatch)
    study = make_open_study(shift_days=SHIFT)
    receipt = _finished(study, _case(study), at=timezone.now())
    client = Client(REMOTE_ADDR="198.51.100.7")
    form = {"kind": "access"}
    told = [client.post(page, form | {"code": make_code(os.urandom)}) for _ in range(6)]
    assert [one.status_code for one in told] == [200] * 5 + [422]
    assert "Too many codes were tried" in told[-1].content.decode()
    assert client.post(page, form | {"code": receipt}).status_code == 422
    assert Response.objects.count() == 1
    assert not Request.objects.exists()
    elsewhere = Client(REMOTE_ADDR="203.0.113.7")
    assert elsewhere.post(page, form | {"code": receipt}).status_code == 200


def test_an_emergency_may_concern_somebody_who_has_answered() -> None:
    study = make_open_study()
    code = make_invitation(study)
    _finished(study, _case(study))
    row = emergency.ask(study, code, reason="In danger.", by=GUARDIAN, at=LATER)
    assert row.whom.ref == _case(study)


def _asked_by(study: Study, fact: str, text: str, *, by: Actor = HELPDESK) -> Request:
    return actions.take_in(
        study,
        RequestKind.ACCESS,
        channel="phone",
        known=(fact, text),
        by=by,
        at=AT,
    )


def test_who_has_no_code_is_found_by_one_whole_fact_and_seen_by_nobody() -> None:
    study = make_study()
    (ref, person), (other, _) = people = make_people(2)
    shared = replace(people[1][1], telephone=person.telephone)
    custody.enrol(study, [(ref, person), (other, shared)], by=MANAGER, at=AT)
    for fact, text in (
        ("crime_reference", person.crime_reference.lower()),
        ("email", person.email),
        ("name", f"{person.surname} {person.postcode}"),
    ):
        assert Asker.objects.get(request=_asked_by(study, fact, text)).ref == ref
    for fact, text in (("email", "nobody@quenhallow.example"), ("name", "Quen")):
        row = _asked_by(study, fact, text)
        assert not Asker.objects.filter(request=row).exists()
    for (fact, text), code in (
        (("telephone", person.telephone), "RIG-012"),
        (("telephone", " "), "RIG-013"),
        (("shoe_size", "42"), "RIG-013"),
    ):
        with pytest.raises(HarkenError, match=code):
            _asked_by(study, fact, text)
    with pytest.raises(HarkenError, match="ACC-001"):
        _asked_by(study, "email", person.email, by=MANAGER)
    report = queries.access_report(study, ref, by=GUARDIAN)
    assert [row[2:] for row in report] == [
        ("person_looked_up", fact) for fact in ("crime_reference", "email", "name")
    ]


def test_who_has_withdrawn_is_found_by_no_fact_and_hides_nobody_else() -> None:
    study = make_study()
    (gone, person), (living, other) = people = make_people(2)
    shared = replace(people[1][1], telephone=person.telephone)
    custody.enrol(study, [(gone, person), (living, shared)], by=MANAGER, at=AT)
    vault.withdraw(study, gone, by=HELPDESK, at=AT)
    row = _asked_by(study, "email", person.email)
    assert not Asker.objects.filter(request=row).exists()
    row = _asked_by(study, "telephone", person.telephone)
    assert Asker.objects.get(request=row).ref == living
    assert other.email != person.email


def test_after_the_destruction_no_fact_finds_anybody_and_the_certificate_says_so() -> (
    None
):
    ready = make_ready()
    person = make_identity(7)
    row = _asked_by(ready.study, "telephone", person.telephone)
    assert Asker.objects.filter(request=row).exists()
    certificate = make_certificate(ready)
    row = _asked_by(ready.study, "telephone", person.telephone)
    assert not Asker.objects.filter(request=row).exists()
    assert queries.certificate_of(ready.study) in certificate.file_name


def test_the_helpdesk_finds_by_a_fact_on_its_page() -> None:
    study = make_open_study(shift_days=SHIFT)
    person = make_values(1)
    desk = Client()
    sign_in(desk, Role.HELPDESK)
    form = {"study": study.slug, "kind": "access", "channel": "phone"}
    form |= {"fact": "email", "known": person["email"]}
    new = "/guard/rights/requests/new"
    assert "E-mail address" in desk.get(new).content.decode()
    empty = desk.post(new, form | {"known": ""}).content.decode()
    assert "Nobody can be looked up by this" in empty
    page = desk.post(new, form, follow=True).content.decode()
    assert ">found<" in page
    assert person["surname"] not in page


@pytest.mark.parametrize("page", PAGES)
def test_once_the_link_is_gone_the_pages_say_so_and_name_the_certificate(
    page: str,
) -> None:
    ready = make_ready()
    client = Client()
    assert "receipt code" in client.get(page).content.decode().lower()
    certificate = make_certificate(ready)
    for answer in (
        client.get(page),
        client.post(page, {"code": "x", "kind": "access"}),
    ):
        said = answer.content.decode()
        assert "We can no longer tell whose answers are whose" in said
        assert "30 September 2026" in said
        assert certificate.file_name.removesuffix(".json") in said
    polish = client.get(page, headers={"accept-language": "pl"}).content.decode()
    assert "Nie możemy już ustalić" in polish


def _asks(study: Study, kind: RequestKind, fact: Fact, text: str) -> Request:
    return actions.take_in(
        study,
        kind,
        channel="phone",
        known=(fact.value, text),
        by=HELPDESK,
        at=AFTER_DEADLINE,
    )


@pytest.mark.parametrize("kind", [RequestKind.RECONTACT_END, RequestKind.WITHDRAWAL])
def test_who_was_kept_is_found_after_all_others_are_gone_and_ends_it(
    kind: RequestKind,
) -> None:
    """A consent is as easy to take back as to give, though every code is gone (DP-05)."""
    ready = make_ready()
    make_certificate(ready)
    study, kept = ready.study, make_identity(0)
    for fact, text in (
        (Fact.TELEPHONE, kept.telephone),
        (Fact.EMAIL, kept.email),
        (Fact.NAME, f"{kept.surname} {kept.postcode}"),
    ):
        row = _asks(study, kind, fact, text)
        assert queries.asker(row) == ready.kept[0]
    unfound = [
        _asks(study, kind, Fact.CRIME_REFERENCE, kept.crime_reference),
        _asks(study, kind, Fact.TELEPHONE, make_identity(7).telephone),
    ]
    assert not Asker.objects.filter(request__in=unfound).exists()
    actions.answer(
        row, checked="called_back", reason="Asked.", by=GUARDIAN, at=AFTER_DEADLINE
    )
    assert keys.status(study, ready.kept[0]) is KeyStatus.WITHDRAWN
    assert keys.status(study, ready.kept[1]) is KeyStatus.RECONTACT
    vault.rotate(study, by=GUARDIAN, at=AFTER_DEADLINE)
    assert keys.status(study, ready.kept[0]) is KeyStatus.GONE
    row = _asks(study, kind, Fact.TELEPHONE, kept.telephone)
    assert not Asker.objects.filter(request=row).exists()


def test_nobody_is_looked_for_once_the_promised_day_is_over() -> None:
    ready = make_ready()
    text = make_identity(0).telephone
    with pytest.raises(HarkenError, match="VAU-104"):
        _asks(ready.study, RequestKind.WITHDRAWAL, Fact.TELEPHONE, text)
    assert not Request.objects.exists()
