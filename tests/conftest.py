"""Gives every test process a data folder of its own before Django reads its settings.

The settings module is named here and not in pyproject.toml: pytest-django would read it
before this file, and the tests would write into the developer's own data folder.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

import django
from django.conf import settings

_DATA = tempfile.mkdtemp(prefix="harken-test-")
atexit.register(shutil.rmtree, _DATA, ignore_errors=True)
os.environ["HARKEN_DATA"] = _DATA
# Keys within the test's process, on the time the test states, in the journeys too; what a
# key holder of its own adds is proved in tests/service/vault.
os.environ["HARKEN_HOLDER"] = "within"
os.environ["HARKEN_CLOCK"] = "stated"
os.environ["DJANGO_SETTINGS_MODULE"] = "harken.service.settings"


def pytest_configure() -> None:
    """Read the settings now that the data folder is named; hash passwords quickly.

    The module's name is then taken back: pytest's workers inherit this environment, and
    pytest-django would read the settings there before this file names their own folder.
    """
    django.setup()
    settings.PASSWORD_HASHERS = ["tests.make.hasher.QuickArgon2"]
    del os.environ["DJANGO_SETTINGS_MODULE"]
