"""What journeys against a server in the test's own process share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings
from playwright.sync_api import Browser

from tests.make.journey import make_browser_beside


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser beside the server; a journey of another kind has its own."""
    with make_browser_beside() as running:
        yield running


@pytest.fixture
def own_data(tmp_path: Path, settings: LazySettings) -> Path:
    """The folder that DATA names during the test."""
    settings.DATA = tmp_path
    return tmp_path
