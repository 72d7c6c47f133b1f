"""Reads what a respondent's cookie holds, as the house would."""

from __future__ import annotations

from django.test import Client

from harken.service.pages.sessions import VisitStore


def held_by(client: Client) -> dict[str, object]:
    """The visit that the client's cookie carries; empty when there is none."""
    cookie = client.cookies.get("visit")
    return VisitStore(cookie.value).load() if cookie and cookie.value else {}
