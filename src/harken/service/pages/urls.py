"""Addresses of the small pages."""

from __future__ import annotations

from django.urls import path

from harken.service.pages import views

app_name = "pages"
urlpatterns = [path("look", views.look, name="look")]
