"""Every role at every real object, its own and another's: PRV 56, ASVS 8.2.2, 3.5.3.

``test_access`` tries every address with a name that nobody has. Here the names are those
of a house in the field: a study, a print run, an alert, the registers, a destroyed study's
certificate, an analysis. An address with an object that is in no list fails the test.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from harken.method.rights import RequestKind
from harken.method.terms import Role
from harken.service.accounts.models import User
from harken.service.accounts.permissions import ROLE_PERMISSIONS, Permission
from harken.service.contact.models import PrintRun
from harken.service.publication.models import Release
from harken.service.redaction import actions as desk
from harken.service.rights import actions as rights
from harken.service.rights import emergency, registers
from harken.service.safeguarding import actions as safeguarding
from tests.make.accounts import make_staff, sign_in
from tests.make.anonymisation import make_certificate, make_ready
from tests.make.contact import make_invitation, ref_of
from tests.make.publication import make_run
from tests.make.redaction import FRAMES, READER, TEXTS, make_desk
from tests.make.sitting import NOW
from tests.make.vault import GUARDIAN, HELPDESK, INTERVIEWER, MANAGER
from tests.service.accounts.test_access import STAFF

pytestmark = pytest.mark.django_db(databases=["default", "answers"], transaction=True)

SECRETS = ("A threat was made.", "He is outside.", TEXTS[0])
"""What one of the objects holds, and no page may show to a role that is not meant to."""
NOBODYS = {
    "staff/sso/<slug:provider_id>/callback/": "the way in",
    "staff/proofs/<int:number>/remove/": "one's own passkey alone: test_proofs",
}


@dataclass
class House:
    """What there is, by the route that leads to it."""

    urls: dict[str, str] = field(default_factory=dict)
    alert: str = ""
    emergency: str = ""
    above: str = ""


def routes() -> Iterator[tuple[str, Permission | None]]:
    """Every address of the staff that names an object."""
    yield from _walk(get_resolver().url_patterns, "")


def _walk(
    patterns: list[URLPattern | URLResolver], prefix: str
) -> Iterator[tuple[str, Permission | None]]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, route)
        elif "<" in route and "/<" in route:
            need = getattr(pattern.callback, "permission", None)
            if need is not None or route in NOBODYS:
                yield route, need


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> House:
    """A house in the field with one of everything, each made by somebody else."""
    gone = make_certificate(make_ready())
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    study = make_desk(*TEXTS, frames=FRAMES)
    desk.take_next(study, by=READER, at=NOW)
    run = PrintRun.objects.create(
        study=study,
        kind="invitation",
        count=1,
        recipient="the print room",
        made_at=NOW,
        made_by="manager-9",
        destroy_by=NOW.date() + dt.timedelta(days=60),
    )
    ref = ref_of(study)
    said = {"facts": "He is outside.", "by": INTERVIEWER, "at": NOW}
    alert = safeguarding.raise_alert(study, ref, kind="disclosure", **said)
    request = rights.take_in(
        study, RequestKind.ACCESS, channel="letter", by=HELPDESK, at=NOW
    )
    complaint = registers.complain(
        study, about="security", channel="letter", by=HELPDESK, at=NOW
    )
    incident = registers.notice(
        study, kind="disclosed", people=1, noticed_at=NOW, by=INTERVIEWER, at=NOW
    )
    asked = emergency.ask(
        study, make_invitation(study), reason="A threat was made.", by=MANAGER, at=NOW
    )
    emergency.allow(asked, by=GUARDIAN, at=NOW)
    analysis = make_run(study.slug)
    Release.objects.create(
        study=study.slug,
        version=1,
        title="t",
        publisher="p",
        issued=NOW.date(),
        digest="0" * 64,
        results_digest="0" * 64,
        published_at=NOW,
        published_by="controller-9",
    )
    controller = make_staff(Role.CONTROLLER)
    names = {
        "field/fieldwork/<slug:slug>/letters/<int:number>": {"number": run.pk},
        "field/safeguarding/<int:number>/": {"number": alert.pk},
        "guard/certificates/": {"number": gone.pk},
        "guard/verifiers/<str:name>": {"name": "verify.py"},
        "guard/rights/requests/": {"number": request.number},
        "guard/rights/complaints/": {"number": complaint.number},
        "guard/rights/incidents/": {"number": incident.number},
        "guard/rights/emergencies/": {"number": asked.number},
        "desk/responses/<slug:slug>/<str:name>": {"name": "codebook.json"},
        "desk/analysis/": {"number": analysis.pk},
        "field/studies/<slug:slug>/papers/": {"name": "retention-schedule.md"},
        "letters/specimen/": {"kind": "invitation", "language": "en"},
        "results/staff/": {"path": "index.html", "version": 1},
        "staff/accounts/": {"number": controller.pk},
    }
    made = House(
        alert=f"/field/safeguarding/{alert.pk}/",
        emergency=f"/guard/rights/emergencies/{asked.number}/",
        above=f"/staff/accounts/{controller.pk}/",
    )
    for route, need in routes():
        if need is None:
            continue
        values: dict[str, object] = {"slug": study.slug}
        for start, more in names.items():
            if start in route:
                values |= more
        made.urls[route] = "/" + _filled(route, values)
    return made


def _filled(route: str, values: dict[str, object]) -> str:
    """The route with real names; a name that is in no list stops the test."""
    for name, value in values.items():
        for kind in ("slug", "str", "int", "path"):
            route = route.replace(f"<{kind}:{name}>", str(value))
    assert "<" not in route, f"whose is the object of {route}?"
    return route


def test_every_role_at_every_object_its_own_and_anothers(house: House) -> None:
    needs = dict(routes())
    assert {route for route, need in needs.items() if need is None} == set(NOBODYS)
    let_in: list[tuple[Role, str, int]] = []
    reached: set[str] = set()
    for role in STAFF:
        client = Client()
        sign_in(client, role)
        for route, url in house.urls.items():
            need = needs[route]
            assert need is not None
            if need in ROLE_PERMISSIONS[role]:
                if route not in reached and client.get(url).status_code != 403:
                    reached.add(route)
                continue
            answer = client.get(url)
            if answer.status_code == 405:
                answer = client.post(url, {"act": "open"})
            User.objects.update(denials=0)
            if answer.status_code != 403:
                let_in.append((role, url, answer.status_code))
            said = answer.content.decode()
            assert not any(one in said for one in SECRETS), (role, url)
    assert let_in == []
    assert reached == set(house.urls), "nobody at all comes to these"


def test_what_a_colleague_holds_is_not_ones_own(house: House) -> None:
    """The same role, the same address, and somebody else's object."""
    lead = Client()
    sign_in(lead, Role.SAFEGUARDING)
    answer = lead.post(house.alert, {"act": "open"})
    assert answer.status_code == 400
    assert b"Telephone" not in answer.content
    for role in (Role.MANAGER, Role.GUARDIAN, Role.SAFEGUARDING):
        other = Client()
        sign_in(other, role)
        assert other.post(house.emergency, {"act": "open"}).status_code == 422
    reader = Client()
    sign_in(reader, Role.REDACTOR)
    free_text = house.urls["desk/free-text/<slug:slug>/"]
    page = reader.get(free_text).content.decode()
    assert "Next text" in page
    assert not any(one in page for one in TEXTS)
    assert reader.post(free_text, {"do": "confirm", "words": "x"}).status_code == 422
    manager = Client()
    sign_in(manager, Role.MANAGER)
    for do in ("disable", "reset", "role"):
        answer = manager.post(house.above, {"do": do, "role": "manager"})
        assert answer.status_code == 400, do
    assert User.objects.get(pk=int(house.above.split("/")[3])).is_active
    assert Authenticator.objects.filter(user__role="controller").exists()


def test_looking_changes_nothing(house: House) -> None:
    """ASVS 3.5.3: whoever opens every page of every object has changed no row; that
    somebody looked at what is sealed, or fetched a file, stands in the ledger alone."""
    clients = {}
    for role in STAFF:
        clients[role] = Client()
        sign_in(clients[role], role)
    before = _rows()
    for route, need in routes():
        if need is None:
            continue
        able = [role for role in STAFF if need in ROLE_PERMISSIONS[role]]
        clients[able[0]].get(house.urls[route])
    changed = {name for name, rows in _rows().items() if rows != before[name]}
    assert changed == set()


def _rows() -> dict[str, list[object]]:
    """Every row of ours, but the ledger's and the staff's own."""
    return {
        model._meta.label: sorted(map(repr, model._base_manager.values_list()))
        for model in apps.get_models()
        if hasattr(model, "DATA_CLASS")
        and model._meta.app_label not in {"ledger", "accounts"}
    }
