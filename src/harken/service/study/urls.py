"""Addresses of the study room, below /field/."""

from __future__ import annotations

from django.urls import path

from harken.service.study import views

app_name = "study"
urlpatterns = [
    path("studies/", views.studies, name="studies"),
    path("studies/load", views.load, name="load"),
    path("studies/<slug:slug>/papers/", views.papers, name="papers"),
    path("studies/<slug:slug>/papers/<str:name>", views.paper, name="paper"),
]
