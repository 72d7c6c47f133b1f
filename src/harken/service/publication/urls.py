"""Addresses below /results/: the public ones, and the staff's below /results/staff/."""

from __future__ import annotations

from django.urls import path

from harken.service.publication import views

app_name = "publication"

urlpatterns = [
    path("", views.releases, name="releases"),
    path("staff/", views.staff, name="staff"),
    path("staff/<slug:slug>/preview", views.make_preview, name="make_preview"),
    path("staff/<slug:slug>/preview/<path:path>", views.preview, name="preview"),
    path("staff/<slug:slug>/publish", views.publish, name="publish"),
    path("staff/<slug:slug>/<int:version>/withdraw", views.withdraw, name="withdraw"),
    path("<slug:slug>/", views.page, name="release"),
    path("<slug:slug>/versions", views.history, name="history"),
    path("<slug:slug>/v<int:version>/", views.page, name="version"),
    path("<slug:slug>/v<int:version>/<path:path>", views.page, name="version_file"),
    path("<slug:slug>/<path:path>", views.page, name="file"),
]
