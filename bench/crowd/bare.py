"""The bare prototype: what a page of this kind costs at the least under Django.

Twelve pages of about 8 kB, the house's own middleware of the framework only, one JSON
document sealed with AES-GCM, one durable transaction a page in SQLite or PostgreSQL.
No routes, languages, checks, codes, ledger or receipts: a floor, not a product.
"""

from __future__ import annotations

import json
import os
import secrets

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.core.wsgi import get_wsgi_application
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template import engines
from django.urls import path

PAGES = 11
KEY = AESGCM(bytes(range(32)))

PAGE = """<!doctype html><html lang="en" class="govuk-template"><head><meta charset="utf-8">
<title>Community survey</title><meta name="viewport" content="width=device-width"></head>
<body class="govuk-template__body">{% if page %}
<form method="post" action="/" novalidate>{% csrf_token %}
<input type="hidden" name="page" value="{{ page }}">
<input type="hidden" name="version" value="{{ version }}">
<fieldset class="govuk-fieldset"><legend class="govuk-fieldset__legend">
<h1 class="govuk-fieldset__heading">Question {{ page }}</h1></legend>
<div class="govuk-radios">{% for code, text in options %}
<div class="govuk-radios__item"><input class="govuk-radios__input" id="value-{{ forloop.counter }}"
 name="value" type="radio" value="{{ code }}"{% if code == given %} checked{% endif %}>
<label class="govuk-label govuk-radios__label" for="value-{{ forloop.counter }}">{{ text }}</label>
</div>{% endfor %}</div></fieldset>
<button class="govuk-button">Continue</button></form>
{% else %}<h1>Thank you</h1>{% endif %}
<div class="govuk-footer">FILLING</div></body></html>"""

OPTIONS = [("very", "Very"), ("fairly", "Fairly"), ("little", "A little"), ("no", "No")]


def _database() -> dict[str, object]:
    dsn = os.environ.get("BARE_DSN", "")
    if dsn:
        user, _, place = dsn.removeprefix("postgresql://").partition("@")
        host, _, name = place.partition("/")
        address, _, port = host.partition(":")
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": name,
            "USER": user,
            "HOST": address,
            "PORT": port,
            "CONN_MAX_AGE": 60,
        }
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": os.environ["BARE_FILE"],
        "CONN_MAX_AGE": 60,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
        },
    }


def _document(handle: str, *, lock: bool) -> tuple[int, dict[str, str]]:
    more = " FOR UPDATE" if lock and connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT version, state FROM response WHERE id = %s" + more,  # noqa: S608 - our own names only
            [handle],
        )
        version, state = cursor.fetchone()
    state = bytes(state)
    return version, json.loads(KEY.decrypt(state[:12], state[12:], handle.encode()))


def _sealed(handle: str, answers: dict[str, str]) -> bytes:
    nonce = os.urandom(12)
    return nonce + KEY.encrypt(nonce, json.dumps(answers).encode(), handle.encode())


def page(request: HttpRequest) -> HttpResponse:
    """Begin, answer or show, at one address."""
    try:
        handle = Signer().unsign(request.COOKIES.get("who", ""))
    except BadSignature:
        handle = ""
    if request.method == "POST":
        with transaction.atomic():
            version, answers = _document(handle, lock=True)
            answers[request.POST["page"]] = request.POST["value"]
            with connection.cursor() as cursor:
                cursor.execute(
                    "UPDATE response SET version = version + 1, state = %s"
                    " WHERE id = %s AND version = %s",
                    [_sealed(handle, answers), handle, version],
                )
        return HttpResponseRedirect("/")
    if not handle:
        handle = secrets.token_hex(16)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO response (id, version, state) VALUES (%s, 0, %s)",
                [handle, _sealed(handle, {})],
            )
    version, answers = _document(handle, lock=False)
    number = len(answers) + 1
    shown = {"page": number, "version": version, "options": OPTIONS}
    context = shown if number <= PAGES else {}
    response = HttpResponse(template.render(context, request))
    response.set_cookie("who", Signer().sign(handle), httponly=True, samesite="Strict")
    return response


settings.configure(
    SECRET_KEY="bare" * 16,
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    DATABASES={"default": _database()},
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
    USE_TZ=True,
)
urlpatterns = [path("", page)]
application = get_wsgi_application()
filling = "<p class='govuk-body'>Words that every page of a survey carries along.</p>\n"
template = engines["django"].from_string(PAGE.replace("FILLING", filling * 85))
with connection.cursor() as first:
    kind = "BYTEA" if connection.vendor == "postgresql" else "BLOB"
    first.execute(
        "CREATE TABLE IF NOT EXISTS response (id TEXT PRIMARY KEY,"
        f" version INTEGER NOT NULL, state {kind} NOT NULL)"
    )
connection.close()
