"""A person's own proofs: second factors, passkeys, recovery codes, single sign-on.

Here nobody changes anybody else's account. Every change needs a proof of who it is that
is younger than five minutes; the very first factor is set up with the password just given.
"""

from __future__ import annotations

import json
import logging
from typing import Any

from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.flows import generate_recovery_codes
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.internal.flows import remove_authenticator
from allauth.mfa.webauthn.views import AddWebAuthnView, ReauthenticateWebAuthnView
from allauth.socialaccount.adapter import get_adapter as get_social_adapter
from allauth.socialaccount.models import SocialAccount, SocialApp
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.views import (
    OpenIDConnectOAuth2Adapter,
)
from django.conf import settings
from django.contrib.auth import authenticate, logout, update_session_auth_hash
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST
from django.views.generic.edit import FormView

from harken.method.errors import HarkenError, refuse
from harken.service.accounts import actions, factors, faults
from harken.service.accounts.models import User
from harken.service.accounts.permissions import SECOND_FACTOR, signed_in

log = logging.getLogger(__name__)

PROVIDER = "staff"
SILENT = (OSError, KeyError)
"""A provider that is away (every error of ``requests`` is an OSError), or that answers
something else than its own description."""


class GiveFactor(AuthenticateView):  # type: ignore[misc] # allauth has no types
    """The second factor at sign-in: a passkey where there is one, else a code."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What the browser needs for the passkeys of this account, when it has some."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        user = self.stage.login.user
        wanted = context["js_data"]["request_options"]
        if wanted["publicKey"].get("allowCredentials"):
            context["options"] = json.dumps(wanted)
        context["alone"] = factors.passkey_only(user) and factors.secured(user)
        return context


class ProveByPasskey(ReauthenticateWebAuthnView):  # type: ignore[misc] # no types
    """A fresh proof by passkey."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What the browser needs to ask for it."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["options"] = json.dumps(context["js_data"]["request_options"])
        return context


class _SetUp(FormView):  # type: ignore[type-arg] # its forms are allauth's
    """Adds a factor: the first one right after the password, others for who is in."""

    def dispatch(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        """Send away who is not signed in; sign out who has a factor but did not use it."""
        user = request.user
        if not isinstance(user, User):
            return redirect("account_login")
        if factors.secured(user) and not request.session.get(SECOND_FACTOR):
            logout(request)
            return redirect("account_login")
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        """Keep the factor; the first one has just been shown by setting it up."""
        response: HttpResponse = super().form_valid(form)
        at = timezone.now()
        first = not self.request.session.get(SECOND_FACTOR)
        if isinstance(self.request.user, User):
            actions.second_factor_set(self.request.user, at=at)
        if first:
            self.request.session[SECOND_FACTOR] = at.timestamp()
        return response


class SetUpApp(_SetUp, ActivateTOTPView):  # type: ignore[misc] # allauth has no types
    """An authenticator app: six digits that change every half minute."""

    template_name = "accounts/second_set_up.html"

    def dispatch(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        """Whoever needs a passkey is led to it; whoever has an app, to their proofs."""
        user = request.user
        if isinstance(user, User) and factors.passkey_only(user):
            if not request.session.get(SECOND_FACTOR):
                return redirect("mfa_add_webauthn")
            return redirect("accounts:proofs")
        kinds = Authenticator.objects.filter(user_id=user.pk, type=factors.Kind.TOTP)
        if request.session.get(SECOND_FACTOR) and kinds.exists():
            return redirect("accounts:proofs")
        return super().dispatch(request, *args, **kwargs)


class SetUpPasskey(_SetUp, AddWebAuthnView):  # type: ignore[misc] # allauth has no types
    """A passkey: the device's own lock, or a key one carries."""

    template_name = "accounts/passkey_set_up.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What the browser needs to make the passkey, as JSON."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["options"] = json.dumps(context["js_data"]["creation_options"])
        context["alone"] = factors.passkey_only(_user(self.request))
        return context

    def get_success_url(self) -> str:
        """The recovery codes when they were just made, else one's proofs."""
        made = self.did_generate_recovery_codes
        return "/staff/second/codes/" if made else "/staff/proofs/"


@require_GET
@signed_in()
def proofs(request: HttpRequest) -> HttpResponse:
    """What this person signs in with."""
    rows = Authenticator.objects.filter(user_id=request.user.pk)
    codes = rows.filter(type=factors.Kind.RECOVERY_CODES).first()
    context = {
        "app": rows.filter(type=factors.Kind.TOTP).exists(),
        "passkeys": rows.filter(type=factors.Kind.WEBAUTHN).order_by("created_at"),
        "codes_left": len(codes.wrap().get_unused_codes()) if codes else 0,
        "provider": settings.OIDC_NAME,
        "linked": SocialAccount.objects.filter(user_id=request.user.pk).exists(),
    }
    return render(request, "accounts/proofs.html", context)


@sensitive_post_parameters()
@signed_in(fresh=True)
def password(request: HttpRequest) -> HttpResponse:
    """Change one's password: the one before, then the new one twice.

    The session goes on under another key, so that a copy of its cookie opens nothing.
    """
    if request.method != "POST":
        return render(request, "accounts/password.html")
    user, form = _user(request), request.POST
    try:
        if form.get("password") != form.get("repeated"):
            return _password_again(request, {"different": True})
        known = authenticate(
            request, username=user.username, password=form.get("old", "")
        )
        if known is None:
            raise refuse(faults.NOT_THIS_PASSWORD)
        actions.change_password(user, form.get("password", ""), at=timezone.now())
    except HarkenError as error:
        return _password_again(request, {"findings": error.findings})
    update_session_auth_hash(request, user)
    return redirect("accounts:proofs")


def _password_again(request: HttpRequest, context: dict[str, object]) -> HttpResponse:
    return render(request, "accounts/password.html", context, status=422)


@require_POST
@signed_in(fresh=True)
def remove_passkey(request: HttpRequest, number: int) -> HttpResponse:
    """Take one passkey away; never the last factor, for that would close the account."""
    rows = Authenticator.objects.filter(user_id=request.user.pk)
    found = get_object_or_404(rows, pk=number, type=factors.Kind.WEBAUTHN)
    others = rows.exclude(pk=found.pk).filter(type__in=factors.accepted(_user(request)))
    if others.exists():
        remove_authenticator(request, found)
        actions.second_factor_set(_user(request), at=timezone.now())
    return redirect("accounts:proofs")


@require_POST
@signed_in(fresh=True)
def new_codes(request: HttpRequest) -> HttpResponse:
    """New recovery codes; the old ones open nothing any more."""
    generate_recovery_codes(request)
    return redirect("mfa_view_recovery_codes")


@require_POST
def single_sign_on(request: HttpRequest) -> HttpResponse:
    """Begin at the identity provider: to sign in, or to link it to one's account.

    The answer is a page with a link and no redirect, for the page's own policy allows
    forms to lead nowhere but here.
    """
    if not settings.OIDC_NAME:
        raise Http404
    process = "connect" if request.user.is_authenticated else "login"
    if process == "connect":
        return _link(request)
    return _onward(request, process)


@signed_in(fresh=True)
def _link(request: HttpRequest) -> HttpResponse:
    return _onward(request, "connect")


def came_back(request: HttpRequest, provider_id: str) -> HttpResponse:
    """The return from the provider; it must still be there to say who it was."""
    try:
        response: HttpResponse = _return(request, provider_id)
    except SILENT:
        return _away(request)
    return response


class _Signed(OpenIDConnectOAuth2Adapter):  # type: ignore[misc] # allauth has no types
    """Checks the signature of what the provider says, over its own connection too.

    The standard lets a house skip that; then whoever reads or bends that one connection
    says who signs in here.
    """

    @property
    def did_fetch_access_token(self) -> bool:
        """Never a reason to take a token on trust."""
        return False

    @did_fetch_access_token.setter
    def did_fetch_access_token(self, value: bool) -> None:
        """What allauth notes here changes nothing."""


def _return(request: HttpRequest, provider_id: str) -> HttpResponse:
    try:
        view = OAuth2CallbackView.adapter_view(_Signed(request, provider_id))
        response: HttpResponse = view(request)
    except SocialApp.DoesNotExist:
        raise Http404 from None
    return response


def _onward(request: HttpRequest, process: str) -> HttpResponse:
    provider = get_social_adapter().get_provider(request, PROVIDER)
    try:
        answer = provider.redirect(request, process)
    except SILENT:
        return _away(request)
    context = {"to": answer.headers.get("Location", ""), "name": settings.OIDC_NAME}
    return render(request, "accounts/onward.html", context)


def _away(request: HttpRequest) -> HttpResponse:
    """503: the provider is away, and the password still signs in."""
    log.warning("the single sign-on provider does not answer")
    context = {"name": settings.OIDC_NAME}
    return render(request, "accounts/away.html", context, status=503)


@require_POST
@signed_in(fresh=True)
def unlink(request: HttpRequest) -> HttpResponse:
    """Take the link to the identity provider away."""
    SocialAccount.objects.filter(user_id=request.user.pk).delete()
    actions.second_factor_set(_user(request), at=timezone.now())
    return redirect("accounts:proofs")


def _user(request: HttpRequest) -> User:
    user = request.user
    if not isinstance(user, User):
        raise Http404
    return user
