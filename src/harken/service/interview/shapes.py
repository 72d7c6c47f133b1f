"""Pages that many people see alike: rendered once, kept, and filled for each person.

A kept page holds nothing of anybody. Its key names everything it was made from; what
differs from person to person (the form's token, the version, a receipt) is a slot, and
is put in each time. A page on which anything was said, chosen or wrong is never kept.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Hashable, Mapping

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.html import escape

TOKEN = "csrf_token"  # noqa: S105 - the name of the slot
ROOM = 600
MARK = secrets.token_hex(12)
"""Stands around a slot's name; no text can hold it by chance or by intent."""

Page = tuple[bytes | str, ...]
"""Bytes as they are sent, and between them the names of slots."""

_PAGES: dict[tuple[Hashable, ...], Page] = {}


def kept(key: tuple[Hashable, ...]) -> Page | None:
    """The page of this key, if it was made before."""
    return _PAGES.get(key)


def keep(
    key: tuple[Hashable, ...],
    template: str,
    context: Mapping[str, object],
    slots: Mapping[str, str],
    request: HttpRequest,
) -> Page:
    """Render a page with its slots left open, and keep it."""
    open_slots = {name: f"{MARK}{name}{MARK}" for name in (*slots, TOKEN)}
    html = render_to_string(template, {**context, **open_slots}, request)
    parts = re.split(f"{MARK}([a-z_]+){MARK}", html)
    page = tuple(
        name if place % 2 else name.encode() for place, name in enumerate(parts)
    )
    if len(_PAGES) >= ROOM:
        _PAGES.clear()
    _PAGES[key] = page
    return page


def filled(page: Page, slots: Mapping[str, str]) -> bytes:
    """The page with its slots filled."""
    texts = {name: escape(text).encode() for name, text in slots.items()}
    return b"".join(texts[one] if isinstance(one, str) else one for one in page)
