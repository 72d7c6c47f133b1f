"""Registers the response room with Django."""

from django.apps import AppConfig


class ResponseConfig(AppConfig):
    """The response room."""

    name = "harken.service.response"
    label = "response"
    default_auto_field = "django.db.models.BigAutoField"
