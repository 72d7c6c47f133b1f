"""Which second factors count for whom. A password never opens anything alone.

Interviewers may use an authenticator app. Where the operator demands passkeys
(HARKEN_PASSKEYS_REQUIRED), every other role needs one, for a code can be talked out of a
person and a passkey cannot.
"""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.conf import settings

from harken.method.terms import Role
from harken.service.accounts.models import User

Kind = Authenticator.Type
APP_IS_ENOUGH = frozenset({Role.INTERVIEWER})


def passkey_only(user: User) -> bool:
    """Whether nothing but a passkey counts for this account."""
    return bool(settings.PASSKEYS_REQUIRED) and Role(user.role) not in APP_IS_ENOUGH


def accepted(user: User) -> tuple[str, ...]:
    """The kinds of second factor that count for this account."""
    if passkey_only(user):
        return (Kind.WEBAUTHN,)
    return (Kind.TOTP, Kind.WEBAUTHN)


def secured(user: User) -> bool:
    """Whether the account has a factor that counts."""
    rows = Authenticator.objects.filter(user_id=user.pk, type__in=accepted(user))
    return bool(rows.exists())


def counts(user: User, kind: str) -> bool:
    """Whether a factor of this kind, just shown, lets the account in.

    A recovery code stands in for an app that was lost, never for a passkey where only
    passkeys count: what can be read out over a telephone must not be a way round.
    """
    if passkey_only(user):
        return bool(kind == Kind.WEBAUTHN)
    return True
