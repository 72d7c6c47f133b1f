"""One staff session each: 15 minutes idle, 8 hours at most, dead when the mark changes.

Every session carries the mark that its account carried when the sign-in began. Signing
in elsewhere, signing out, a change of role or a disabled account gives the account
another mark, and from that moment the old session opens nothing.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable

from allauth.account.authentication import get_authentication_records
from django.contrib.auth import SESSION_KEY, logout
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from harken.service.accounts.models import User

IDLE = dt.timedelta(minutes=15)
LONGEST = dt.timedelta(hours=8)
STEP = dt.timedelta(seconds=30)
FRESH = dt.timedelta(minutes=5)
MARK, BEGAN, SEEN = "staff_mark", "staff_began", "staff_seen"


def new_mark() -> str:
    """128 random bits in hexadecimal."""
    return secrets.token_hex(16)


def begin(request: HttpRequest, user: User, *, at: dt.datetime) -> None:
    """Start this account's only session; every other one dies."""
    user.session_mark = new_mark()
    user.save(update_fields=["session_mark"])
    request.session[MARK] = user.session_mark
    request.session[BEGAN] = request.session[SEEN] = at.timestamp()


def alive(request: HttpRequest, user: User, *, at: dt.datetime) -> bool:
    """Whether this session may still act for its account."""
    session = request.session
    if not user.session_mark or session.get(MARK) != user.session_mark:
        return False
    now = at.timestamp()
    if now - float(session.get(BEGAN, 0)) > LONGEST.total_seconds():
        return False
    return now - float(session.get(SEEN, 0)) <= IDLE.total_seconds()


def fresh(request: HttpRequest, *, at: dt.datetime) -> bool:
    """Whether somebody proved who they are in the last five minutes (ASVS 7.5.3)."""
    if not request.user.is_authenticated:
        return False
    given = [float(request.session.get(BEGAN, 0))]
    records = get_authentication_records(request, request.user)
    given += [float(record["at"]) for record in records]
    return 0 <= at.timestamp() - max(given) + 1 <= FRESH.total_seconds()


class StaffSession:
    """Middleware: ends a staff session that is idle, old or superseded.

    Respondents have no account, so for them this reads one session key and nothing else.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """End or extend the session, then answer the request."""
        if SESSION_KEY in request.session:
            at = timezone.now()
            user = request.user
            if not isinstance(user, User) or not alive(request, user, at=at):
                logout(request)
            elif at.timestamp() - request.session[SEEN] > STEP.total_seconds():
                request.session[SEEN] = at.timestamp()
        return self.get_response(request)
