"""Registers the vault room with Django."""

from django.apps import AppConfig


class VaultConfig(AppConfig):
    """The vault room."""

    name = "harken.service.vault"
    label = "vault"
    default_auto_field = "django.db.models.BigAutoField"
