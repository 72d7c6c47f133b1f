"""Makes staff, and signs them in with both factors as sessions have it."""

from __future__ import annotations

import datetime as dt
from itertools import count
from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from harken.method.terms import Actor, Role
from harken.service.accounts import actions, session
from harken.service.accounts.models import User
from harken.service.accounts.permissions import SECOND_FACTOR

PASSWORD = "seven green bicycles sing"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
OPERATOR = Actor("operator", Role.ADMINISTRATOR)
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"

_number = count(1)


def stop_the_codes(monkeypatch: pytest.MonkeyPatch) -> dt.datetime:
    """One-time codes stand still at this moment, so that none can run out in a test.

    The codes that earlier tests used are forgotten: their accounts may have had one's
    number.
    """
    cache.clear()
    now = timezone.now()
    clock = SimpleNamespace(time=now.timestamp)
    monkeypatch.setattr("allauth.mfa.totp.internal.auth.time", clock)
    return now


def make_staff(
    role: Role = Role.MANAGER,
    *,
    username: str | None = None,
    secured: bool = True,
    at: dt.datetime | None = None,
) -> User:
    """A ready account of this role; without ``secured`` its second factor is not set."""
    return actions.make_account(
        username or f"{role.value}-{next(_number)}",
        role,
        PASSWORD,
        SECRET if secured else None,
        by=OPERATOR,
        at=at or timezone.now(),
    )


def sign_in(client: Client, role: Role, *, username: str | None = None) -> Actor:
    """Put a session in the client that has passed both factors; returns its Actor."""
    user = make_staff(role, username=username)
    client.force_login(user, backend=BACKEND)
    now = timezone.now()
    user.session_mark = session.new_mark()
    user.save(update_fields=["session_mark"])
    store = client.session
    store[session.MARK] = user.session_mark
    store[session.BEGAN] = store[session.SEEN] = store[SECOND_FACTOR] = now.timestamp()
    store.save()
    return Actor(user.username, role)
