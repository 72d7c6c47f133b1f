"""Registers the study room with Django."""

from django.apps import AppConfig


class StudyConfig(AppConfig):
    """The study room."""

    name = "harken.service.study"
    label = "study"
    default_auto_field = "django.db.models.BigAutoField"
