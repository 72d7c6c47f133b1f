"""Addresses of safeguarding, below /field/."""

from __future__ import annotations

from django.urls import path

from harken.service.safeguarding import views

app_name = "safeguarding"
urlpatterns = [
    path("safeguarding/", views.alerts, name="alerts"),
    path("safeguarding/<int:number>/", views.alert, name="alert"),
    path("alerts/", views.supervisor, name="supervisor"),
]
