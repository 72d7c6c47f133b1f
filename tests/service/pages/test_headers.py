"""What every answer carries, and what an error page never says: web.md 2.3, privacy.md 8.3.

Proves PRV 3, 4 and 8: what the house refuses to start with.
"""

from __future__ import annotations

import errno
import hashlib
import io
import logging
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.checks import run_checks
from django.db import connections
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import path

from harken.method.errors import HarkenError
from harken.service import serve
from harken.service.logs import PlaceOnly
from harken.service.pages import checks, views
from tests.make.visit import held_by

pytestmark = pytest.mark.django_db(databases=["default", "answers"])

SECRET = "Zażółć gęślą 020 7946 0001"


def boom(request: HttpRequest) -> HttpResponse:
    """A view that fails with a value in its message and its locals."""
    private = request.POST.get("answer", SECRET)
    raise ValueError(f"cannot use {private}")


urlpatterns = [path("boom", boom)]
handler404 = views.not_found
handler500 = views.server_error

EXPECTED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-store",
}


@pytest.mark.parametrize(
    "address", ["/staff/login/", "/staff/", "/nowhere", "/staff/first/"]
)
def test_every_answer_carries_the_headers(client: Client, address: str) -> None:
    answer = client.get(address)
    for name, value in EXPECTED.items():
        assert answer.headers[name] == value, name
    assert "camera=()" in answer.headers["Permissions-Policy"]
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "http" not in policy


def test_no_cookie_outlives_the_visit(client: Client) -> None:
    answer = client.get("/staff/login/")
    assert answer.cookies
    for cookie in answer.cookies.values():
        assert not cookie["expires"]
        assert not cookie["max-age"]
        assert cookie["httponly"]
        assert cookie["samesite"] == "Strict"


@pytest.mark.parametrize(
    ("view", "status"),
    [
        (views.bad_request, 400),
        (views.forbidden, 403),
        (views.forged, 403),
        (views.not_found, 404),
        (views.server_error, 500),
    ],
)
def test_error_pages_are_neutral(rf: RequestFactory, view: object, status: int) -> None:
    assert callable(view)
    request = rf.get("/start", {"answer": SECRET})
    request.session = {}
    answer = view(request)
    text = answer.content.decode().lower()
    assert answer.status_code == status
    assert "<h1" in text
    for word in ("victim", "police", "crime", "harken", SECRET.lower(), "traceback"):
        assert word not in text, word


@override_settings(ROOT_URLCONF="tests.service.pages.test_headers")
def test_a_fault_shows_and_logs_no_value(
    client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(PlaceOnly())
    log = logging.getLogger("django.request")
    log.addHandler(handler)
    client.raise_request_exception = False
    try:
        answer = client.post("/boom", {"answer": SECRET}, query_params={"q": "S3CRET"})
    finally:
        log.removeHandler(handler)
    written = capsys.readouterr().err
    assert answer.status_code == 500
    assert "ValueError" in written
    assert "test_headers.py" in written
    for value in (SECRET, "S3CRET", "boom?", "cannot use"):
        assert value not in written
        assert value not in answer.content.decode()


class Full(io.StringIO):
    """A log on a disk that is full."""

    def write(self, text: str) -> int:
        raise OSError(errno.ENOSPC, "full")


def test_a_log_that_cannot_be_written_shows_no_value_elsewhere(
    capsys: pytest.CaptureFixture[str],
) -> None:
    handler = logging.StreamHandler(Full())
    handler.setFormatter(PlaceOnly())
    log = logging.getLogger("harken.full")
    log.addHandler(handler)
    try:
        raise ValueError(f"cannot use {SECRET}")
    except ValueError:
        log.exception("failed")
    finally:
        log.removeHandler(handler)
    assert SECRET not in capsys.readouterr().err


def test_a_form_from_elsewhere_is_refused() -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/look", {"size": "large"}, headers={"origin": "null"})
    assert answer.status_code == 403


def test_text_size_is_kept_for_the_visit_and_never_leads_away(client: Client) -> None:
    answer = client.post("/look", {"size": "large", "next": "//evil.example/x"})
    assert answer["Location"] == "/"
    assert held_by(client)["size"] == "large"
    answer = client.post("/look", {"size": "standard", "next": "/start"})
    assert answer["Location"] == "/start"


def test_text_only_keeps_nothing_but_the_script_that_leaves(client: Client) -> None:
    assert b"stylesheet" in client.get("/start").content
    answer = client.post("/look", {"look": "plain", "next": "/start"})
    assert answer["Location"] == "/start"
    page = client.get("/start").content
    assert b"stylesheet" not in page
    assert page.count(b"<script") == 1
    assert b"interview/journey.js" in page
    client.post("/look", {"look": "usual", "next": "/start"})
    assert b"stylesheet" in client.get("/start").content


def test_a_step_by_script_is_told_where_to_go(client: Client) -> None:
    sent = {"size": "large", "next": "/help"}
    answer = client.post("/look", sent, headers={"X-Step": "1"})
    assert answer.status_code == 204
    assert answer["X-Next"] == "/help"


def test_the_vendored_files_are_those_we_checked() -> None:
    folder = Path(finders.find("pages/vendor/SHA256SUMS") or "").parent
    for line in (folder / "SHA256SUMS").read_text().splitlines():
        wanted, name = line.split()
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == wanted


def test_no_branding_that_is_not_ours_is_served() -> None:
    folder = Path(finders.find("pages/theme.css") or "").parent
    for file in folder.rglob("*.*"):
        if file.name != "LICENCE.txt":
            text = file.read_text(encoding="utf-8").lower()
            for mark in ("gds transport", "crest", "1d70b8", "@font-face"):
                assert mark not in text, (file, mark)


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb (WCAG 2.2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [
        p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("name", ["brand", "link", "link-visited", "link-hover"])
def test_theme_colours_have_contrast_on_white_and_surface(name: str) -> None:
    text = Path(finders.find("pages/theme.css") or "").read_text()
    found = re.search(rf"--govuk-{name}-colour: (#[0-9a-f]{{6}})", text)
    assert found
    for ground in ("#ffffff", "#f0f4f3", "#f5f6f4"):
        low, high = sorted((luminance(found[1]), luminance(ground)))
        assert (high + 0.05) / (low + 0.05) >= 4.5


@override_settings(ALLOWED_HOSTS=["localhost"])
def test_the_house_starts_without_a_complaint() -> None:
    assert run_checks(include_deployment_checks=False) == []


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        ({"DEBUG": True}, "harken.E001"),
        ({"LOGGING": {"formatters": {"x": {"format": "%(message)s"}}}}, "harken.E003"),
        ({"ALLOWED_HOSTS": ["survey.example"], "HTTPS": False}, "harken.W001"),
    ],
)
def test_an_unsafe_start_is_refused(change: dict[str, object], wanted: str) -> None:
    with override_settings(**change):
        assert wanted in {found.id for found in checks.safe_to_start(None)}


def test_sqlite_without_its_pragmas_is_refused() -> None:
    weak = {"default": {"ENGINE": "django.db.backends.sqlite3", "OPTIONS": {}}}
    found = [
        problem
        for name, database in weak.items()
        for problem in checks._sqlite(name, database)
    ]
    assert {problem.id for problem in found} == {"harken.E002"}
    assert len(found) == len(checks.PRAGMAS)


def test_debugging_is_not_a_setting_of_the_environment() -> None:
    assert settings.DEBUG is False


@pytest.mark.parametrize(
    ("name", "value"),
    [("log_statement", "all"), ("log_min_duration_statement", "100")],
)
def test_a_server_that_logs_values_is_refused(name: str, value: str) -> None:
    both = ["default", "answers"]
    assert checks.silent_servers(None, databases=both) == []
    assert checks.silent_servers(None) == []
    if connections["default"].vendor != "postgresql":
        return  # a file has no server, and no log
    with connections["default"].cursor() as cursor:
        cursor.execute(f"SET LOCAL {name} = {value!r}")
    found = checks.silent_servers(None, databases=both)
    assert [one.id for one in found] == ["harken.E004"]
    assert name in found[0].msg
    with pytest.raises(HarkenError, match="TER-004"):
        serve.prepare()
