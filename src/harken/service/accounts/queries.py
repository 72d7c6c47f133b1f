"""Reads of staff accounts, for managers' pages and the command line."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from harken.method.errors import refuse
from harken.method.ledger import Event
from harken.method.terms import Role
from harken.service.accounts import faults
from harken.service.accounts.models import User
from harken.service.ledger import queries as ledger

PERIOD = 30


@dataclass(frozen=True, slots=True)
class StaffRow:
    """One account as a manager sees it; ``state`` is invited, half, ready or disabled."""

    number: int
    username: str
    role: Role
    state: str
    last_seen: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Lately:
    """One's sign-in before this one, and what happened to it since."""

    before: dt.datetime | None
    changes: tuple[tuple[dt.datetime, str], ...]
    wrong_codes: int


def account(username: str) -> User:
    """The account of this name; raises HarkenError ACC-003."""
    try:
        return User.objects.get(username=username)
    except User.DoesNotExist:
        raise refuse(faults.NO_ACCOUNT, username=username) from None


def lately(user: User) -> Lately:
    """What a person is told at their door about their own sign-in (ASVS 6.3.5, 6.3.7)."""
    own = ledger.entries(subject=f"{user.role}/{user.pk}")
    signed = own.filter(event=Event.STAFF_SIGNED_IN.value).order_by("-position")[:2]
    before = signed[1] if len(signed) > 1 else None
    since = own.filter(position__gt=before.position) if before else own
    changed = since.filter(event=Event.STAFF_CHANGED.value)
    refused = since.filter(event=Event.ACCESS_REFUSED.value)
    return Lately(
        before=before.at if before else None,
        changes=tuple(
            (row.at, str(json.loads(row.body).get("reason", ""))) for row in changed
        ),
        wrong_codes=sum(
            json.loads(row.body)["counts"]["wrong_codes"] for row in refused
        ),
    )


def handlers(username: str) -> frozenset[str]:
    """Who else made this account, gave it its role or took its proofs away."""
    user = User.objects.filter(username=username).first()
    if user is None:
        return frozenset()
    events = (Event.STAFF_ADDED.value, Event.STAFF_CHANGED.value)
    acts = ledger.entries().filter(event__in=events, subject__endswith=f"/{user.pk}")
    return frozenset(json.loads(row.body)["by"] for row in acts) - {username}


def staff() -> Sequence[StaffRow]:
    """Every account, by name."""
    factors = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    secured = set(
        Authenticator.objects.filter(type__in=factors).values_list("user_id", flat=True)
    )
    return [
        StaffRow(
            user.pk,
            user.username,
            Role(user.role),
            _state(user, secured=user.pk in secured),
            user.last_login,
        )
        for user in User.objects.order_by("username")
    ]


def _state(user: User, *, secured: bool) -> str:
    if not user.is_active:
        return "disabled"
    if not user.has_usable_password():
        return "invited"
    return "ready" if secured else "no second factor yet"


def totp_code(secret: str, *, at: dt.datetime) -> str:
    """The six digits an authenticator app shows for a base-32 secret (RFC 6238).

    For the demo's printed accounts and for tests; real secrets live in people's phones.
    """
    return str(format_hotp_value(hotp_value(secret, int(at.timestamp()) // PERIOD)))
