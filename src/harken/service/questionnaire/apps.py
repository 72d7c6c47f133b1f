"""Registers the questionnaire room with Django."""

from django.apps import AppConfig


class QuestionnaireConfig(AppConfig):
    """The questionnaire room."""

    name = "harken.service.questionnaire"
    label = "questionnaire"
    default_auto_field = "django.db.models.BigAutoField"
