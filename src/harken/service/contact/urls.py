"""Addresses of the contact room, below /field/."""

from __future__ import annotations

from django.urls import path

from harken.service.contact import again_views, views

app_name = "contact"
urlpatterns = [
    path("fieldwork/", views.fieldwork, name="fieldwork"),
    path("fieldwork/<slug:slug>/", views.monitoring, name="monitoring"),
    path("fieldwork/<slug:slug>/letters", views.letters, name="letters"),
    path(
        "fieldwork/<slug:slug>/letters/specimen/<str:kind>/<str:language>",
        views.specimen,
        name="specimen",
    ),
    path("fieldwork/<slug:slug>/letters/make", views.make, name="make"),
    path("fieldwork/<slug:slug>/letters/<int:number>", views.confirm, name="confirm"),
    path("fieldwork/<slug:slug>/again", again_views.again, name="again"),
    path("fieldwork/<slug:slug>/again/next", again_views.show, name="again_next"),
    path("fieldwork/<slug:slug>/again/ended", again_views.ended, name="again_ended"),
    path("desk/", views.desk, name="desk"),
]
