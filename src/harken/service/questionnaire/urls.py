"""Addresses of the questionnaire room, below /field/: a study, its gate, its questions."""

from __future__ import annotations

from django.urls import path

from harken.service.questionnaire import views

app_name = "questionnaire"
urlpatterns = [
    path("studies/<slug:slug>/", views.study, name="study"),
    path("studies/<slug:slug>/open", views.open_it, name="open"),
    path("studies/<slug:slug>/close", views.close_it, name="close"),
    path("studies/<slug:slug>/questionnaire", views.pages, name="pages"),
    path("studies/<slug:slug>/questionnaire/form", views.form, name="form"),
    path("studies/<slug:slug>/questionnaire/form.pdf", views.form_pdf, name="form_pdf"),
]
