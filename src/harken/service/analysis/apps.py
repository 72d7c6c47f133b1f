"""Registers the analysis room with Django."""

from django.apps import AppConfig


class AnalysisConfig(AppConfig):
    """The analysis room."""

    name = "harken.service.analysis"
    label = "analysis"
    default_auto_field = "django.db.models.BigAutoField"
