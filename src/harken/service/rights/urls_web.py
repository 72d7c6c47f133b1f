"""The respondent's page to ask something about their data."""

from __future__ import annotations

from django.urls import path

from harken.service.rights import views

app_name = "ask"
urlpatterns = [path("start/your-data", views.ask, name="ask")]
