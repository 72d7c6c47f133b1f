"""A staff page that breaks the content policy is heard of, not whose it was: ASVS 3.4.7."""

from __future__ import annotations

import json
import logging

import pytest
from django.test import Client

from harken.service.accounts import reports

ADDRESS = "/staff/policy-report"
SECRET = "https://evil.example/MH83-3D8X-2KTW"


@pytest.fixture(autouse=True)
def _nothing_written() -> None:
    reports._written.clear()


def report(rule: str) -> bytes:
    """What a browser sends."""
    told = {"document-uri": SECRET, "blocked-uri": SECRET, "script-sample": SECRET}
    return json.dumps({"csp-report": told | {"effective-directive": rule}}).encode()


def send(body: bytes) -> int:
    """Send it as a browser does: no cookie, no token."""
    answer = Client(enforce_csrf_checks=True).post(
        ADDRESS, body, content_type="application/csp-report"
    )
    assert answer.content == b""
    return answer.status_code


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (report("script-src-elem"), "content policy: script-src"),
        (report("img-src https://x.example"), "content policy: img-src"),
        (report(SECRET), "content policy: another rule"),
        (b"{", "content policy: another rule"),
        (b"[1]", "content policy: another rule"),
        (b'{"csp-report": {"violated-directive": "font-src"}}', "policy: font-src"),
    ],
)
def test_a_report_leaves_the_broken_rule_and_nothing_else(
    body: bytes, said: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert send(body) == 204
    (record,) = caplog.records
    assert (record.levelno, record.args) == (logging.WARNING, ())
    assert record.getMessage().endswith(said)
    assert SECRET not in caplog.text


def test_nobody_fills_the_log_with_reports(caplog: pytest.LogCaptureFixture) -> None:
    assert send(b" " * (reports.LARGEST + 1)) == 204
    assert caplog.records == []
    for _ in range(reports.MOST + 5):
        send(report("img-src"))
    assert len(caplog.records) == reports.MOST
    assert Client().get(ADDRESS).status_code == 405


@pytest.mark.django_db(databases=["default", "answers"])
@pytest.mark.parametrize(
    ("page", "told"),
    [
        ("/staff/login/", True),
        ("/guard/", True),
        ("/start", False),
        ("/results/", False),
    ],
)
def test_only_browsers_of_staff_are_asked_to_report(page: str, told: bool) -> None:
    policy = Client().get(page).headers["Content-Security-Policy"]
    assert (f"report-uri {ADDRESS}" in policy) is told
