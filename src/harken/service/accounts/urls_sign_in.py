"""The parts of allauth that this house uses, and no others.

Password reset by mail, sign-up, e-mail and social pages have no address at all: a path
that does not exist cannot be used to get round the second factor.
"""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from django.urls import path

from harken.service.accounts import proofs, views

urlpatterns = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("again/", account.reauthenticate, name="account_reauthenticate"),
    path("second/", proofs.GiveFactor.as_view(), name="mfa_authenticate"),
    path("second/again/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path(
        "second/set-up/",
        proofs.SetUpApp.as_view(),
        name="mfa_activate_totp",
    ),
    path("second/passkey/", proofs.SetUpPasskey.as_view(), name="mfa_add_webauthn"),
    path(
        "second/again/passkey/",
        proofs.ProveByPasskey.as_view(),
        name="mfa_reauthenticate_webauthn",
    ),
    path("second/codes/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("sso/start/", proofs.single_sign_on, name="sso"),
    path(
        "sso/<slug:provider_id>/callback/",
        proofs.came_back,
        name="openid_connect_callback",
    ),
    path("sso/nobody/", views.nobody, name="socialaccount_signup"),
    path("sso/stopped/", views.nobody, name="socialaccount_login_cancelled"),
]
