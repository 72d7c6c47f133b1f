"""The statistician's addresses of the data file, below /desk/."""

from __future__ import annotations

from django.urls import path

from harken.service.response import views

app_name = "response"
urlpatterns = [
    path("responses/", views.overview, name="overview"),
    path("responses/<slug:slug>/", views.codebook, name="codebook"),
    path("responses/<slug:slug>/quality/", views.quality, name="quality"),
    path("responses/<slug:slug>/<str:name>", views.file, name="file"),
]
