"""Registers the interview room with Django."""

from django.apps import AppConfig


class InterviewConfig(AppConfig):
    """The interview room."""

    name = "harken.service.interview"
    label = "interview"
    default_auto_field = "django.db.models.BigAutoField"
