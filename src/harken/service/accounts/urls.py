"""Staff addresses below /staff/."""

from __future__ import annotations

from django.urls import path

from harken.service.accounts import proofs, reports, views

app_name = "accounts"
urlpatterns = [
    path("", views.doors, name="doors"),
    path("first/", views.first, name="first"),
    path("proofs/", proofs.proofs, name="proofs"),
    path("proofs/password/", proofs.password, name="password"),
    path("proofs/<int:number>/remove/", proofs.remove_passkey, name="remove_passkey"),
    path("proofs/codes/", proofs.new_codes, name="new_codes"),
    path("proofs/unlink/", proofs.unlink, name="unlink"),
    path("policy-report", reports.policy_report, name="policy_report"),
    path("accounts/", views.staff, name="staff"),
    path("accounts/invite/", views.invite, name="invite"),
    path("accounts/<int:number>/", views.change, name="change"),
]
