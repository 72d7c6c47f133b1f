"""Registers the pages room with Django, and its start-up checks."""

from django.apps import AppConfig
from django.core import checks

from harken.service.pages.checks import safe_to_start, silent_servers


class PagesConfig(AppConfig):
    """The pages room."""

    name = "harken.service.pages"
    label = "pages"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Add the checks that refuse an unsafe start."""
        checks.register(safe_to_start)
        checks.register(silent_servers, checks.Tags.database)
