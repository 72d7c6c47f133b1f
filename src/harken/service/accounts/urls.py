"""Staff addresses below /staff/."""

from __future__ import annotations

from django.urls import path

from harken.service.accounts import views

app_name = "accounts"
urlpatterns = [path("", views.doors, name="doors")]
