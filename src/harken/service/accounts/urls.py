"""Staff addresses below /staff/."""

from __future__ import annotations

from django.urls import path

from harken.service.accounts import views

app_name = "accounts"
urlpatterns = [
    path("", views.doors, name="doors"),
    path("first/", views.first, name="first"),
    path("accounts/", views.staff, name="staff"),
    path("accounts/invite/", views.invite, name="invite"),
    path("accounts/<int:number>/", views.change, name="change"),
]
