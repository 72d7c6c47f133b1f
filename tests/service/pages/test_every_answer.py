"""Headers on every answer of every address, whoever asks and however: PRV 64, ASVS 3.3, 3.4."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.test import Client, override_settings

from harken.method.terms import Role
from harken.service.accounts.models import User
from tests.make.accounts import sign_in
from tests.service.accounts.test_access import addresses, staff_addresses

pytestmark = pytest.mark.django_db(databases=["default", "answers"])

STATIC = ("/static/pages/theme.css", "/static/pages/start.js")
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def all_urls() -> list[str]:
    """Every address there is, and some that are not."""
    return sorted({a.url for a in addresses()} | {"/nowhere", "/staff/x", *STATIC})


def wrong(answer: HttpResponse, url: str) -> list[str]:
    """What an answer lacks."""
    found = [
        f"{url}: {name}"
        for name, value in ALWAYS.items()
        if answer.headers.get(name) != value
    ]
    policy = answer.headers.get("Content-Security-Policy", "")
    static = url.startswith("/static/")
    if not static and ("unsafe" in policy or "default-src 'none'" not in policy):
        found.append(f"{url}: policy")
    if not static and "frame-ancestors 'none'" not in policy:
        found.append(f"{url}: frames")
    kept = static or url.startswith("/results/")
    if not kept and "no-store" not in answer.headers.get("Cache-Control", ""):
        found.append(f"{url}: no-store")
    if answer.headers.get("Strict-Transport-Security") != "max-age=31536000":
        found.append(f"{url}: HSTS")
    if "Access-Control-Allow-Origin" in answer.headers:
        found.append(f"{url}: CORS")
    if not answer.streaming and answer.content and "Content-Type" not in answer.headers:
        found.append(f"{url}: type")
    return found


@override_settings(SECURE_HSTS_SECONDS=31_536_000)
@pytest.mark.parametrize("role", [None, Role.GUARDIAN])
def test_every_answer_of_every_address_carries_them(role: Role | None) -> None:
    client = Client(raise_request_exception=False)
    if role:
        sign_in(client, role)
    lacks = []
    for url in [a.url for a in staff_addresses()] if role else all_urls():
        for method in ("get", "trace") if role else ("post", "trace"):
            User.objects.update(denials=0)
            answer = getattr(client, method)(url, secure=True)
            lacks += wrong(answer, url)
            if not answer.streaming:
                assert b"TRACE" not in answer.content, url
    assert lacks == []


SECURE = """
import json, django
django.setup()
from django.conf import settings
from django.test import Client
answer = Client(SERVER_NAME="localhost").get("/staff/login/", secure=True)
made = {
    name: [cookie["secure"], cookie["httponly"], cookie["path"], cookie["domain"]]
    for name, cookie in answer.cookies.items()
}
print(json.dumps({
    "cookies": made,
    "names": [settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME],
    "secure": settings.SESSION_COOKIE_SECURE,
    "hsts": answer["Strict-Transport-Security"],
}))
"""


def test_over_https_cookies_are_bound_to_the_host(tmp_path: Path) -> None:
    environment = os.environ | {
        "HARKEN_HTTPS": "yes",
        "HARKEN_DATA": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "harken.service.settings",
    }
    ran = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", SECURE],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    said = json.loads(ran.stdout)
    assert said["names"] == ["__Host-session", "__Host-csrf"]
    assert said["secure"]
    assert said["cookies"] == {"__Host-csrf": [True, True, "/", ""]}
    assert said["hsts"] == "max-age=31536000"
