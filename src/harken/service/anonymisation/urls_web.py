"""The respondent's page to take a response back."""

from __future__ import annotations

from django.urls import path

from harken.service.anonymisation import views

app_name = "withdrawal"
urlpatterns = [path("start/withdraw", views.withdraw, name="withdraw")]
