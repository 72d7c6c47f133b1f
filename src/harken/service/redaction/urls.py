"""Addresses of the free-text desk, below /desk/. None names a text, a case or a person."""

from __future__ import annotations

from django.urls import path

from harken.service.redaction import views

app_name = "redaction"
urlpatterns = [
    path("free-text/", views.texts, name="texts"),
    path("free-text/<slug:slug>/", views.read, name="read"),
    path("coding/", views.coding, name="coding"),
    path("coding/<slug:slug>/", views.code, name="code"),
    path("texts/", views.progress, name="progress"),
    path("texts/<slug:slug>/", views.study, name="study"),
]
