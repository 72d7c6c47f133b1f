"""Addresses of the sampling room, below /field/."""

from __future__ import annotations

from django.urls import path

from harken.service.sampling import views

app_name = "sampling"
urlpatterns = [
    path("samples/", views.samples, name="samples"),
    path("samples/<slug:slug>/", views.sample, name="sample"),
    path("samples/<slug:slug>/load", views.load, name="load"),
    path("samples/<slug:slug>/draw", views.draw, name="draw"),
    path("samples/<slug:slug>/discard", views.discard, name="discard"),
]
