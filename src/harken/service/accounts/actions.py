"""Every change to staff accounts, each in the ledger. No change shows or logs a password."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import re
import secrets

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from harken.method.errors import refuse
from harken.method.ledger import Event
from harken.method.terms import SYSTEM, Actor, Role
from harken.service.accounts import faults
from harken.service.accounts.models import STAFF_ROLES, User
from harken.service.accounts.permissions import Permission, check
from harken.service.ledger import actions as ledger

LINK_LIVES = dt.timedelta(days=3)
FAILURES_ALLOWED = 10
DENIALS_ALLOWED = 10
DENIAL_SPAN = dt.timedelta(hours=1)
_NAME = re.compile(r"[a-z][a-z0-9.-]{2,29}")

# The commissioner's people approve what the research company does, so its managers
# cannot make accounts for them.
_ABOVE_MANAGERS = frozenset({Role.CONTROLLER, Role.ADMINISTRATOR})


@transaction.atomic
def invite(username: str, role: Role, *, by: Actor, at: dt.datetime) -> str:
    """Make an account without a password; returns the one-time set-up code.

    Raises HarkenError ACC-001, ACC-004, ACC-005 or ACC-009.
    """
    user = _new(username, role, by=by)
    user.set_unusable_password()
    code = _set_link(user, at=at)
    user.save()
    _record(Event.STAFF_ADDED, user, by=by, at=at)
    return code


@transaction.atomic
def make_account(
    username: str,
    role: Role,
    password: str,
    totp_secret: str | None = None,
    *,
    by: Actor,
    at: dt.datetime,
) -> User:
    """Make a ready account at once, for the demo and for tests.

    ``totp_secret`` is base-32; without it the first sign-in asks to set one up. Raises
    HarkenError ACC-001, ACC-004, ACC-005, ACC-006 or ACC-009.
    """
    user = _new(username, role, by=by)
    _set_password(user, password)
    user.save()
    if totp_secret is not None:
        TOTP.activate(user, totp_secret)
    _record(Event.STAFF_ADDED, user, by=by, at=at)
    return user


@transaction.atomic
def set_up(username: str, code: str, password: str, *, at: dt.datetime) -> User:
    """Use a set-up code once: the person chooses their own password.

    Raises HarkenError ACC-006 or ACC-007; the latter never says which part was wrong.
    """
    user = User.objects.filter(username=username, is_active=True).first()
    given = _hashed(code)
    known = user.setup_hash if user else ""
    if not hmac.compare_digest(given, known or "-" * len(given)):
        raise refuse(faults.BAD_LINK)
    if user is None or user.setup_until is None or user.setup_until < at:
        raise refuse(faults.BAD_LINK)
    _set_password(user, password)
    user.setup_hash, user.setup_until = "", None
    user.save()
    _record(Event.STAFF_CHANGED, user, by=_actor(user), at=at, reason="password set")
    return user


@transaction.atomic
def change_password(user: User, password: str, *, at: dt.datetime) -> None:
    """Give oneself another password; whoever calls has checked the one before.

    Raises HarkenError ACC-006.
    """
    _set_password(user, password)
    user.save(update_fields=["password"])
    _record(
        Event.STAFF_CHANGED, user, by=_actor(user), at=at, reason="password changed"
    )


@transaction.atomic
def reset(user: User, *, by: Actor, at: dt.datetime) -> str:
    """Take away password and second factor; returns a new one-time set-up code."""
    _check_over(user, by=by)
    user.set_unusable_password()
    user.is_active, user.failures, user.session_mark = True, 0, ""
    code = _set_link(user, at=at)
    user.save()
    Authenticator.objects.filter(user=user).delete()
    SocialAccount.objects.filter(user=user).delete()
    _record(Event.STAFF_CHANGED, user, by=by, at=at, reason="reset")
    return code


@transaction.atomic
def disable(user: User, *, by: Actor, at: dt.datetime) -> None:
    """Close an account; its session dies with this transaction."""
    _check_over(user, by=by)
    _close(user)
    _record(Event.STAFF_REMOVED, user, by=by, at=at)


@transaction.atomic
def change_role(user: User, role: Role, *, by: Actor, at: dt.datetime) -> None:
    """Give an account another role; its session dies, so the old rights end at once."""
    _check_over(user, by=by)
    _check_role(role, by=by)
    user.role, user.session_mark = role.value, ""
    user.save()
    _record(Event.STAFF_CHANGED, user, by=by, at=at, reason="role")


@transaction.atomic
def signed_in(user: User, *, at: dt.datetime) -> None:
    """Note a sign-in that passed both factors."""
    _record(Event.STAFF_SIGNED_IN, user, by=_actor(user), at=at)


def signed_out(user: User) -> None:
    """Take the account's mark, so that no session of it lives, not even a copied one.

    Not in the ledger: leaving gives nobody anything.
    """
    user.session_mark = ""
    user.save(update_fields=["session_mark"])


@transaction.atomic
def second_factor_set(user: User, *, at: dt.datetime) -> None:
    """Note that the person set up their second factor."""
    _record(
        Event.STAFF_CHANGED, user, by=_actor(user), at=at, reason="second factor set"
    )


@transaction.atomic
def second_factor_failed(user: User, *, at: dt.datetime) -> None:
    """Count a wrong code; the tenth in a row disables the account.

    Codes that are tried at the same moment are counted one by one.
    """
    held = User.objects.select_for_update().get(pk=user.pk)
    held.failures += 1
    held.save(update_fields=["failures"])
    if held.failures >= FAILURES_ALLOWED and held.is_active:
        _close(held)
        _record(Event.STAFF_REMOVED, held, by=SYSTEM, at=at, reason="second factor")
    user.refresh_from_db()


@transaction.atomic
def second_factor_passed(user: User, *, at: dt.datetime) -> None:
    """Forget earlier wrong codes, but write down that somebody had the password."""
    held = User.objects.select_for_update().get(pk=user.pk)
    if held.failures:
        ledger.record(
            Event.ACCESS_REFUSED,
            study="",
            by=SYSTEM,
            at=at,
            subject=f"{user.role}/{user.pk}",
            counts={"wrong_codes": held.failures},
        )
        held.failures = 0
        held.save(update_fields=["failures"])
    user.failures = 0


@transaction.atomic
def denied(user: User, *, at: dt.datetime) -> bool:
    """Count a page that was refused or is not there; True when that raised the alarm.

    Ten within an hour is somebody trying doors: the session ends and the ledger says so.
    """
    held = User.objects.select_for_update().get(pk=user.pk)
    if held.denials_from is None or at - held.denials_from > DENIAL_SPAN:
        held.denials, held.denials_from = 0, at
    held.denials += 1
    alarm = held.denials >= DENIALS_ALLOWED
    if alarm:
        held.denials, held.denials_from, held.session_mark = 0, None, ""
        _record(Event.ACCESS_ALARM, held, by=SYSTEM, at=at, reason="trying doors")
    held.save(update_fields=["denials", "denials_from", "session_mark"])
    return alarm


def _new(username: str, role: Role, *, by: Actor) -> User:
    check(by, Permission.STAFF_MANAGE)
    _check_role(role, by=by)
    if not _NAME.fullmatch(username):
        raise refuse(faults.BAD_NAME, username=username)
    if User.objects.filter(username=username).exists():
        raise refuse(faults.TAKEN, username=username)
    return User(username=username, role=role.value)


def _check_role(role: Role, *, by: Actor) -> None:
    known = [value for value, _ in STAFF_ROLES]
    if role.value not in known:
        raise refuse(faults.BAD_ROLE, role=role.value, known=", ".join(known))
    if role in _ABOVE_MANAGERS and by.role is Role.MANAGER:
        raise refuse(faults.ABOVE_YOU, role=role.value)


def _check_over(user: User, *, by: Actor) -> None:
    check(by, Permission.STAFF_MANAGE)
    if user.username == by.label:
        raise refuse(faults.NOT_YOURSELF)
    _check_role(Role(user.role), by=by)


def _close(user: User) -> None:
    user.is_active, user.session_mark = False, ""
    user.setup_hash, user.setup_until = "", None
    user.save()


def _set_link(user: User, *, at: dt.datetime) -> str:
    code = secrets.token_hex(16)
    user.setup_hash, user.setup_until = _hashed(code), at + LINK_LIVES
    return "-".join(code[start : start + 8] for start in range(0, 32, 8))


def _hashed(code: str) -> str:
    plain = re.sub(r"[^0-9a-f]", "", code.lower())
    return hashlib.sha256(plain.encode("ascii")).hexdigest()


def _set_password(user: User, password: str) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise refuse(faults.WEAK, problem=" ".join(error.messages)) from None
    user.set_password(password)


def _actor(user: User) -> Actor:
    return Actor(user.username, Role(user.role))


def _record(
    event: Event, user: User, *, by: Actor, at: dt.datetime, reason: str = ""
) -> None:
    ledger.record(
        event, study="", by=by, at=at, subject=f"{user.role}/{user.pk}", reason=reason
    )
