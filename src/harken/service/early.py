"""Loads what the first page of a process would load, before any process is made.

Web processes are made all day long (``retire``), and somebody waits for each one's first
page. All of this is code and text of the house: no database, no key, nobody's data.
"""

from __future__ import annotations

from pathlib import Path

import holidays
from babel import Locale
from django.conf import settings
from django.contrib.auth import get_backends
from django.template import Engine
from django.template.utils import get_app_template_dirs
from django.urls import get_resolver
from django.utils import formats


def load() -> None:
    """Addresses, templates and what they name, sign-in, forms of dates, calendar, languages."""
    addresses = get_resolver()
    addresses.reverse_dict.keys()
    for name in addresses.namespace_dict:
        addresses.namespace_dict[name][1].reverse_dict.keys()
    pages = Engine.get_default()
    for folder in map(Path, get_app_template_dirs("templates")):
        if folder.is_relative_to(settings.ROOT):
            for file in sorted(folder.rglob("*.html")):
                pages.get_template(str(file.relative_to(folder)))
    pages.template_context_processors  # noqa: B018 - found at the first look
    get_backends()
    formats.get_format("DATE_FORMAT")
    holidays.country_holidays("GB")
    Locale("en").languages.keys()
