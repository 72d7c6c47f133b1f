"""Where allauth asks this house how sign-in goes: no sign-up, no mail, one session each.

It must never mark a session as having passed the second factor unless allauth recorded
that factor for this very sign-in.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from harken.service.accounts import actions, session
from harken.service.accounts.models import User
from harken.service.accounts.permissions import SECOND_FACTOR

FRESH = dt.timedelta(minutes=5)


class StaffAdapter(DefaultAccountAdapter):  # type: ignore[misc] # allauth has no types
    """The account side of allauth."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: a manager invites."""
        return False

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """No flash messages: pages say what happened themselves."""

    def post_login(
        self, request: HttpRequest, user: User, **kwargs: Any
    ) -> HttpResponse:
        """Begin the one session, and note the second factor if it was just given."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        at = timezone.now()
        session.begin(request, user, at=at)
        records = get_authentication_records(request, user)
        if any(record["method"] == "mfa" for record in records):
            request.session[SECOND_FACTOR] = at.timestamp()
            actions.signed_in(user, at=at)
        return response

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not in the first five minutes of a sign-in: the proof is still fresh."""
        began = float(self.request.session.get(session.BEGAN, 0))
        return timezone.now().timestamp() - began > FRESH.total_seconds()

    def logout(self, request: HttpRequest) -> None:
        """End the session and the mark, so that a copy of the cookie opens nothing."""
        if isinstance(request.user, User):
            actions.signed_out(request.user)
        super().logout(request)


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc] # allauth has no types
    """The second-factor side of allauth."""

    def get_totp_issuer(self) -> str:
        """The name shown in the authenticator app; it says nothing of the subject."""
        return "Harken"


class SecondFactorForm(AuthenticateForm):  # type: ignore[misc] # allauth has no types
    """The second factor at sign-in; counts wrong codes in a row."""

    def clean_code(self) -> str:
        """Check the code; ten wrong ones in a row disable the account."""
        try:
            code: str = super().clean_code()
        except ValidationError:
            actions.second_factor_failed(self.user, at=timezone.now())
            raise
        actions.second_factor_passed(self.user)
        return code


def typed_name(request: HttpRequest, credentials: dict[str, str] | None = None) -> str:
    """What axes counts failures under: a hash, for people type passwords in the wrong box."""
    typed = (credentials or {}).get("username") or request.POST.get("login", "")
    return hashlib.sha256(typed.encode("utf-8")).hexdigest()[:32]
