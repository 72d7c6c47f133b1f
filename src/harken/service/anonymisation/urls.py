"""The data guardian's pages."""

from __future__ import annotations

from django.urls import path

from harken.service.anonymisation import views

app_name = "anonymisation"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("studies/<slug:slug>/", views.study, name="study"),
    path("studies/<slug:slug>/rehearse", views.rehearse, name="rehearse"),
    path("studies/<slug:slug>/judge", views.judge, name="judge"),
    path("studies/<slug:slug>/plan", views.plan, name="plan"),
    path("studies/<slug:slug>/approve", views.approve, name="approve"),
    path("studies/<slug:slug>/run", views.run, name="run"),
    path("studies/<slug:slug>/copies", views.copies, name="copies"),
    path("certificates/<int:number>", views.certificate, name="certificate"),
    path("certificates/<int:number>/paper", views.sheet, name="sheet"),
    path("certificates/<int:number>/verify", views.verified, name="verified"),
    path("verifiers/<str:name>", views.verifier, name="verifier"),
    path("withdrawals/", views.withdrawals, name="withdrawals"),
]
