"""An emergency: two people, thirty minutes, the controller told: PRV 62, PRV 63."""

from __future__ import annotations

import ast
import datetime as dt

import pytest
from django.conf import LazySettings
from django.core import mail
from django.db.utils import IntegrityError
from django.test import Client
from django.utils import timezone

from harken.method.errors import HarkenError
from harken.method.terms import Actor, CaseRef, Role
from harken.service.accounts import actions as accounts
from harken.service.ledger import actions as ledger
from harken.service.ledger.models import Entry
from harken.service.rights import emergency
from harken.service.rights.models import Emergency
from harken.service.study.models import Study
from harken.service.vault import custody
from harken.service.vault.keyholder.limits import RULES, Purpose
from tests.architecture.tree import PACKAGE, python, shown
from tests.make.accounts import OPERATOR, sign_in
from tests.make.contact import make_invitation, ref_of
from tests.make.sitting import NOW, make_open_study
from tests.make.vault import GUARDIAN, HELPDESK, MANAGER

pytestmark = pytest.mark.django_db(databases=["default", "answers"])

MINUTE = dt.timedelta(minutes=1)


def asked(study: Study, *, at: dt.datetime = NOW) -> Emergency:
    code = make_invitation(study)
    return emergency.ask(study, code, reason="A threat was made.", by=MANAGER, at=at)


def test_nothing_opens_before_a_second_person_and_after_thirty_minutes(
    settings: LazySettings,
) -> None:
    settings.EMAIL_HOST = "mail.example"
    study = make_open_study()
    row = asked(study)
    with pytest.raises(HarkenError, match="RIG-011"):
        emergency.open_person(row, by=MANAGER, at=NOW)
    with pytest.raises(HarkenError, match="RIG-010"):
        emergency.allow(row, by=MANAGER, at=NOW)
    emergency.allow(row, by=GUARDIAN, at=NOW)
    with pytest.raises(HarkenError, match="RIG-011"):
        emergency.open_person(row, by=GUARDIAN, at=NOW)
    person = emergency.open_person(row, by=MANAGER, at=NOW + 30 * MINUTE)
    assert person.telephone
    with pytest.raises(HarkenError, match="RIG-011"):
        emergency.open_person(row, by=MANAGER, at=NOW + 31 * MINUTE)
    with pytest.raises(HarkenError, match="RIG-011"):
        emergency.allow(row, by=GUARDIAN, at=NOW)


def test_the_controller_hears_at_once_and_of_nobody_by_name(
    settings: LazySettings,
) -> None:
    settings.EMAIL_HOST = "mail.example"
    row = asked(make_open_study())
    emergency.allow(row, by=GUARDIAN, at=NOW + MINUTE)
    (message,) = mail.outbox
    assert message.to == ["office@example.org"]
    assert row.number in message.body
    held = Emergency.objects.get()
    assert held.told_at == NOW + MINUTE
    assert held.whom.ref not in message.body
    assert "threat" not in message.body
    events = Entry.objects.filter(subject=row.number).values_list("event", flat=True)
    assert list(events) == ["emergency_asked", "emergency_allowed"]
    size = Entry.objects.count()
    assert f"\n{size}\n" in ledger.checkpoint(at=NOW)


@pytest.mark.parametrize("maker", [MANAGER, OPERATOR])
def test_the_controller_reads_when_who_asked_had_made_the_second_persons_account(
    settings: LazySettings, maker: Actor
) -> None:
    settings.EMAIL_HOST = "mail.example"
    accounts.invite("second-1", Role.SAFEGUARDING, by=maker, at=NOW)
    row = asked(make_open_study())
    emergency.allow(row, by=Actor("second-1", Role.SAFEGUARDING), at=NOW)
    (message,) = mail.outbox
    assert ("has made or changed" in message.body) is (maker is MANAGER)


def test_without_mail_the_controllers_own_page_tells_them() -> None:
    row = asked(make_open_study())
    emergency.allow(row, by=GUARDIAN, at=NOW)
    assert Emergency.objects.get().told_at is None
    controller = Client()
    sign_in(controller, Role.CONTROLLER)
    page = controller.get("/guard/rights/").content.decode()
    assert row.number in page
    assert Emergency.objects.get().told_at is not None


def test_reading_that_it_was_asked_for_is_not_being_told_that_it_was_allowed() -> None:
    shift = (timezone.now().date() - NOW.date()).days
    row = asked(make_open_study(shift_days=shift), at=timezone.now())
    controller, desk = Client(), Client()
    sign_in(controller, Role.CONTROLLER)
    sign_in(desk, Role.HELPDESK)
    for client in (controller, desk):
        page = client.get("/guard/rights/").content.decode()
        assert "controller told" not in page
    assert Emergency.objects.get().told_at is None
    emergency.allow(row, by=GUARDIAN, at=timezone.now())
    page = desk.get("/guard/rights/").content.decode()
    assert "controller told not by mail: ring them" in page
    page = controller.get("/guard/rights/").content.decode()
    assert "controller told now, by this page" in page
    assert Emergency.objects.get().told_at is not None


def test_a_page_offers_to_allow_it_for_four_hours_and_says_when_it_is_too_late() -> (
    None
):
    shift = (timezone.now().date() - NOW.date()).days
    study = make_open_study(shift_days=shift)
    second = Client()
    sign_in(second, Role.GUARDIAN)
    home = "/guard/rights/emergencies/"
    for hours, offered in ((3, True), (5, False)):
        at = timezone.now() - dt.timedelta(hours=hours)
        row = asked(study, at=at)
        page = second.get(f"{home}{row.number}/").content.decode()
        assert ("Allow it for thirty minutes" in page) is offered
        assert ("Nobody allowed it in time" in page) is not offered
        assert "when it is allowed" in page
    listed = second.get(home).content.decode()
    assert "waits for a second person" in listed
    assert "not allowed in time" in listed


def test_it_waits_four_hours_and_can_be_ended() -> None:
    study = make_open_study()
    row = asked(study)
    with pytest.raises(HarkenError, match="RIG-011"):
        emergency.allow(row, by=GUARDIAN, at=NOW + dt.timedelta(hours=5))
    row = asked(study)
    emergency.allow(row, by=GUARDIAN, at=NOW)
    emergency.end(row, by=GUARDIAN, at=NOW + MINUTE)
    with pytest.raises(HarkenError, match="RIG-011"):
        emergency.open_person(row, by=MANAGER, at=NOW + 2 * MINUTE)
    taken_back = asked(study)
    emergency.end(taken_back, by=MANAGER, at=NOW)
    with pytest.raises(HarkenError, match="RIG-011"):
        emergency.allow(taken_back, by=GUARDIAN, at=NOW + MINUTE)


def test_ending_what_is_over_moves_nothing() -> None:
    row = asked(make_open_study())
    emergency.allow(row, by=GUARDIAN, at=NOW)
    emergency.end(row, by=GUARDIAN, at=NOW + 45 * MINUTE)
    held = Emergency.objects.get()
    assert held.until == NOW + 30 * MINUTE
    assert not Entry.objects.filter(event="emergency_ended").exists()


def test_others_cannot_ask_and_a_reason_is_needed() -> None:
    study = make_open_study()
    code = make_invitation(study)
    with pytest.raises(HarkenError, match="ACC-001"):
        emergency.ask(study, code, reason="x", by=HELPDESK, at=NOW)
    with pytest.raises(HarkenError, match="RIG-003"):
        emergency.ask(study, code, reason=" ", by=MANAGER, at=NOW)
    with pytest.raises(HarkenError):
        emergency.ask(study, "4HQ7-W9RX-C2PM", reason="x", by=MANAGER, at=NOW)


def test_the_table_itself_refuses_one_person_for_two() -> None:
    row = asked(make_open_study())
    with pytest.raises(IntegrityError):
        Emergency.objects.filter(pk=row.pk).update(allowed_by=MANAGER.label)


def test_on_the_pages_two_people_open_one_identity() -> None:
    shift = (timezone.now().date() - NOW.date()).days
    study = make_open_study(shift_days=shift)
    one, two = Client(), Client()
    sign_in(one, Role.MANAGER)
    sign_in(two, Role.SAFEGUARDING)
    home = "/guard/rights/emergencies/"
    assert b"There has been none" in one.get(home).content
    form = {"study": study.slug, "code": make_invitation(study), "reason": "Danger."}
    assert one.post(home, form | {"reason": ""}).status_code == 422
    to = one.post(home, form)["Location"]
    assert one.post(to, {"act": "allow"}).status_code == 422
    assert two.post(to, {"act": "allow"}).status_code == 302
    assert b"Telephone" in one.post(to, {"act": "open"}).content
    assert two.post(to, {"act": "open"}).status_code == 422
    assert one.post(to, {"act": "x"}).status_code == 302
    assert b"Telephone" in one.post(to, {"act": "open"}).content
    assert one.post(to, {"act": "end"}).status_code == 302
    assert one.post(to, {"act": "open"}).status_code == 422
    assert one.get(f"{home}E-NOBODY/").status_code == 404
    assert b"over" in one.get(home).content


BATCH = {
    "service/contact/letters.py": "print runs, registered as copies",
    "service/vault/custody.py": "where it is defined",
}
DOORS = {
    "service/contact/actions.py": "the helpdesk's one masked card",
    "service/contact/again.py": "the one person kept whom a manager contacts again",
    "service/contact/calls.py": "the interviewer's one open case",
    "service/redaction/actions.py": "marks on one text; shown to nobody",
    "service/rights/actions.py": "a person's own copy",
    "service/rights/emergency.py": "two people, half an hour",
    "service/safeguarding/actions.py": "who an alert is about",
    "service/vault/custody.py": "where it is defined",
}


def test_no_path_exports_identities_in_bulk() -> None:
    """PRV 63: only the print run opens several identities; every other file that reaches
    the door is listed, and none of them loops over people or writes a file."""
    batch = {
        shown(path).removeprefix("src/harken/")
        for path in python()
        if "open_batch" in path.read_text(encoding="utf-8")
    }
    assert batch == set(BATCH)
    reaching = {
        shown(path).removeprefix("src/harken/")
        for path in python()
        if "open_identity(" in path.read_text(encoding="utf-8")
    }
    assert reaching == set(DOORS)
    for name in reaching - set(BATCH):
        text = (PACKAGE / name).read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.For | ast.ListComp | ast.SetComp | ast.DictComp):
                assert "open_identity" not in ast.unparse(node), (name, node.lineno)


@pytest.mark.parametrize("purpose", list(Purpose))
def test_no_role_may_open_more_than_its_own_kind_of_work(purpose: Purpose) -> None:
    """Every role at the door itself, for every purpose: the holder's rule and no other."""
    study = make_open_study()
    case = CaseRef(ref_of(study))
    for role in Role:
        if role in RULES[purpose].roles - {Role.ADMINISTRATOR, Role.SYSTEM}:
            continue
        with pytest.raises(HarkenError) as error:
            custody.open_identity(
                study, case, purpose=purpose, by=Actor("x", role), at=NOW
            )
        codes = {one.fault.code for one in error.value.findings}
        assert codes & {"ACC-001", "VAU-106", "VAU-115"}, (role, codes)
