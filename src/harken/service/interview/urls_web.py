"""The respondent's addresses: short, neutral, the same for everybody (SAF-24)."""

from __future__ import annotations

from django.urls import path
from django.views.generic import RedirectView

from harken.service.interview import aloud, leaflets, web

app_name = "interview"
urlpatterns = [
    path("", RedirectView.as_view(pattern_name="interview:start"), name="front"),
    path("start", web.start, name="start"),
    path("exit", leaflets.leave, name="exit"),
    path("weather", leaflets.weather, name="weather"),
    path("help", leaflets.support, name="help"),
    path("privacy", leaflets.privacy, name="privacy"),
    path("privacy-open", leaflets.privacy, {"arm": "open"}, name="privacy-open"),
    path("message", leaflets.message, name="message"),
    path("by-phone", leaflets.by_phone, name="by-phone"),
    path("easy", leaflets.easy, name="easy"),
    path("easy-data", leaflets.easy, {"about": "privacy"}, name="easy-privacy"),
    path("accessibility", leaflets.accessibility, name="accessibility"),
    path("safety", leaflets.safety, name="safety"),
    path("sound/<slug:name>.<slug:ending>", aloud.sound, name="sound"),
]
