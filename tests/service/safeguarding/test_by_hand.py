"""What the house never does by itself: dial, or tell an agency what somebody answered.

Proves SAF-13 (manual dialling, one case to one interviewer who asks), SAF-46 (how to
complain is shown, nothing is forwarded), SAF-52 in part (no quote is published) and DP-09
(no answer goes to police or courts).
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from harken.method.study import Folder, read_folder
from harken.method.terms import Language, Role
from harken.service.contact.models import Attempt, Lease
from harken.service.interview import support
from harken.service.interview.words import words
from tests.architecture.tree import ROOT
from tests.make.accounts import sign_in
from tests.make.journey import country_without_holiday
from tests.make.sitting import NOW, make_open_study

pytestmark = pytest.mark.django_db(databases=["default", "answers"])

PACKAGE = ROOT / "src" / "harken"
ALWAYS = (
    '{weekday: ["00:00", "23:59"], saturday: ["00:00", "23:59"],'
    ' sunday: ["00:00", "23:59"]}'
)
LEADS_OUT = {
    "aiohttp",
    "django.core.mail",
    "ftplib",
    "harken.service.mail",
    "http.client",
    "httpx",
    "requests",
    "smtplib",
    "telnetlib",
    "twilio",
    "urllib.request",
    "websockets",
}
"""Modules by which a program could send anything to somewhere else, or ring somebody."""


def _imports(path: Path) -> set[str]:
    """Every module a file imports, with the names taken out of it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def test_only_mails_that_name_nobody_and_the_key_holder_lead_out() -> None:
    """The mails go to the controller and the safeguarding lead and hold a number."""
    lead = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if _imports(path) & LEADS_OUT
    }
    assert lead == {
        "service/mail.py",
        "service/rights/emergency.py",
        "service/safeguarding/escalate.py",
        "service/vault/keyholder/transit.py",
    }


def test_a_case_comes_only_to_an_interviewer_who_asks_and_rings_nobody() -> None:
    today = timezone.localdate()
    country, part = country_without_holiday(today)
    make_open_study(
        shift_days=(today - NOW.date()).days,
        windows=ALWAYS,
        country=country,
        subdivision=part,
    )
    callers = [Client(), Client()]
    for client in callers:
        sign_in(client, Role.INTERVIEWER)
        client.get("/call/")
    assert not Lease.objects.exists()
    shown = []
    for client in callers:
        for _ in range(3):
            client.post("/call/", {"do": "next"})
        shown.append(client.session["call"]["ref"])
    assert len(set(shown)) == 2
    assert Lease.objects.count() == 2
    page = callers[0].get("/call/").content.decode()
    assert 'href="tel:' in page
    assert not Attempt.objects.exists()


def demo_study() -> Folder:
    here = ROOT / "studies" / "victims-review"
    return read_folder(
        {
            path.relative_to(here).as_posix(): path.read_text(encoding="utf-8")
            for path in here.rglob("*")
            if path.suffix in {".yaml", ".md", ".csv"}
        }
    )


@pytest.mark.parametrize("language", ["en", "pl", "ur"])
def test_the_help_list_says_once_how_to_call_without_speaking(language: str) -> None:
    services = support.services_in(demo_study(), Language(language))
    needs = [one.need for one in services]
    assert "55" in words(Language(language))["help_now"]
    assert not any("55" in need for need in needs)


@pytest.mark.parametrize("language", ["en", "pl", "ur"])
def test_how_to_complain_is_shown_in_each_language(language: str) -> None:
    services = support.services_in(demo_study(), Language(language))
    (line,) = [one for one in services if one.name == "Code Complaints Line"]
    told = {"en": "pass none of your", "pl": "Nie przekazujemy", "ur": "ہم آپ کا کوئی"}
    assert told[language] in line.need


def test_nobodys_own_words_are_published_at_all() -> None:
    """SAF-52: no quote without consent, for there is no way for one into a release."""
    named_so = {"ReadText", "FreeText", "Reading", "read_texts"}
    for room in ("analysis", "publication"):
        for path in (PACKAGE / "service" / room).rglob("*.py"):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            named = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
            named |= {
                node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)
            }
            assert not named & named_so, path
