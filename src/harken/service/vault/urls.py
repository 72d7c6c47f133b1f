"""The ledger's pages, behind the guardian's door."""

from __future__ import annotations

from django.urls import path

from harken.service.vault import views

app_name = "vault"
urlpatterns = [
    path("ledger/", views.ledger, name="ledger"),
    path("ledger/verify", views.verify, name="verify"),
]
