"""The settings the tests run under."""

from __future__ import annotations

import os

from django.conf import settings


def test_each_test_process_has_a_data_folder_of_its_own() -> None:
    assert str(settings.DATA) == os.environ["HARKEN_DATA"]
