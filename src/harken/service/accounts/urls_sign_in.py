"""The parts of allauth that this house uses, and no others.

Password reset by mail, sign-up, e-mail and social pages have no address at all: a path
that does not exist cannot be used to get round the second factor.
"""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from django.urls import path

from harken.service.accounts import views

urlpatterns = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("again/", account.reauthenticate, name="account_reauthenticate"),
    path("second/", mfa.authenticate, name="mfa_authenticate"),
    path("second/again/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path(
        "second/set-up/",
        views.SetUpSecondFactor.as_view(),
        name="mfa_activate_totp",
    ),
    path("second/codes/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
]
