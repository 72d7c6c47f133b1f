"""Where allauth asks this house how sign-in goes: no sign-up, no mail, one session each.

It must never mark a session as having passed the second factor unless allauth recorded
that factor for this very sign-in.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from harken.method.vault import envelope
from harken.service.accounts import actions, factors, session
from harken.service.accounts.models import User
from harken.service.accounts.permissions import SECOND_FACTOR


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
        shown = [one["type"] for one in records if one["method"] == "mfa"]
        if any(factors.counts(user, kind) for kind in shown):
            request.session[SECOND_FACTOR] = at.timestamp()
            actions.signed_in(user, at=at)
        return response

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not in the first five minutes after a proof: it is still fresh."""
        return not session.fresh(self.request, at=timezone.now())

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

    def encrypt(self, text: str) -> str:
        """Seal the app's secret: a copy of the database alone makes no codes."""
        sealed = envelope.seal(_key(), text.encode(), PLACE, os.urandom)
        return sealed.hex()

    def decrypt(self, encrypted_text: str) -> str:
        """Open what ``encrypt`` sealed."""
        return envelope.unseal(_key(), bytes.fromhex(encrypted_text), PLACE).decode()

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """The house's name and host, as the browser's passkey window shows them."""
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return entity | {"name": "Harken"}

    def generate_authenticator_name(self, user: User, kind: Authenticator.Type) -> str:
        """A plain name for a new passkey."""
        kept = Authenticator.objects.filter(user_id=user.pk, type=kind).count()
        return f"Passkey {kept + 1}"


class ProviderAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc] # no types
    """The single sign-on side: it replaces the password of a linked account, no more."""

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Keep nothing of what the provider tells: its subject number is enough."""
        sociallogin.account.extra_data = {}
        sociallogin.email_addresses = []

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Never: whom no account is linked to is nobody here."""
        return False

    def get_requests_session(self) -> Any:
        """Ask the provider of the settings and nobody it sends us to."""
        asking = super().get_requests_session()
        asking.max_redirects = 0
        return asking

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: Any) -> str:
        """Back to one's proofs."""
        return "/staff/proofs/"


class SecondFactorForm(AuthenticateForm):  # type: ignore[misc] # allauth has no types
    """The second factor at sign-in; counts wrong codes in a row."""

    def clean_code(self) -> str:
        """Check the code; ten wrong ones in a row disable the account."""
        if factors.passkey_only(self.user) and factors.secured(self.user):
            raise ValidationError("Your role signs in with its passkey.")
        try:
            code: str = super().clean_code()
        except ValidationError:
            actions.second_factor_failed(self.user, at=timezone.now())
            raise
        actions.second_factor_passed(self.user, at=timezone.now())
        return code


def typed_name(request: HttpRequest, credentials: dict[str, str] | None = None) -> str:
    """What axes counts failures under: a hash, for people type passwords in the wrong box."""
    typed = (credentials or {}).get("username") or request.POST.get("login", "")
    return hashlib.sha256(typed.encode("utf-8")).hexdigest()[:32]


PLACE = envelope.Place("staff", "1", "second factor", "secret")


def _key() -> bytes:
    """A key from the session secret, which lies in no database and no backup of one."""
    secret = str(settings.SECRET_KEY).encode()
    return hmac.digest(secret, b"harken second factor 1", "sha256")
