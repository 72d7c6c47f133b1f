"""The statistician's addresses below /desk/."""

from __future__ import annotations

from django.urls import path

from harken.service.analysis import views

app_name = "analysis"

urlpatterns = [
    path("analysis/", views.runs, name="runs"),
    path("analysis/<slug:slug>/run/", views.run, name="run"),
    path("analysis/<slug:slug>/<int:number>/", views.report, name="report"),
    path(
        "analysis/<slug:slug>/<int:number>/indicators/",
        views.indicators,
        name="indicators",
    ),
    path(
        "analysis/<slug:slug>/<int:number>/scorecard/",
        views.scorecard,
        name="scorecard",
    ),
    path("analysis/<slug:slug>/<int:number>/results.json", views.json, name="json"),
    path(
        "analysis/<slug:slug>/<int:number>/indicators.csv",
        views.indicators_csv,
        name="indicators_csv",
    ),
    path(
        "analysis/<slug:slug>/<int:number>/scorecard.csv",
        views.scorecard_csv,
        name="scorecard_csv",
    ),
]
