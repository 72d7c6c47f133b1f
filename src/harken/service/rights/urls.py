"""Addresses of the registers, below /guard/."""

from __future__ import annotations

from django.urls import path

from harken.service.rights import emergency_views, views

app_name = "rights"
urlpatterns = [
    path("rights/", views.registers, name="registers"),
    path("rights/requests/new", views.new_request, name="new_request"),
    path("rights/requests/<str:number>/", views.request, name="request"),
    path("rights/requests/<str:number>/copy", views.copy, name="copy"),
    path("rights/requests/<str:number>/facts", views.facts, name="facts"),
    path("rights/complaints/new", views.new_complaint, name="new_complaint"),
    path("rights/complaints/<str:number>/", views.complaint, name="complaint"),
    path("rights/incidents/new", views.new_incident, name="new_incident"),
    path("rights/incidents/<str:number>/", views.incident, name="incident"),
    path("rights/emergencies/", emergency_views.emergencies, name="emergencies"),
    path(
        "rights/emergencies/<str:number>/", emergency_views.emergency, name="emergency"
    ),
    path(
        "rights/emergencies/<str:number>/review", emergency_views.review, name="review"
    ),
]
