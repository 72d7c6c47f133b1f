"""The interviewer's one address."""

from __future__ import annotations

from django.urls import path

from harken.service.interview import telephone

app_name = "call"
urlpatterns = [path("", telephone.call, name="call")]
