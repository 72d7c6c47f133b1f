"""A data folder for each test, so that no test meets another's keys."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import LazySettings


@pytest.fixture(autouse=True)
def data(tmp_path: Path, settings: LazySettings) -> Path:
    """The folder that DATA names during the test."""
    settings.DATA = tmp_path
    return tmp_path
