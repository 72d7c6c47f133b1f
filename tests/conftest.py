"""Gives every test process a data folder of its own before Django reads its settings.

The settings module is named here and not in pyproject.toml: pytest-django would read it
before this file, and the tests would write into the developer's own data folder.
"""

from __future__ import annotations

import atexit
import os
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Generator

import django
import hypothesis
import pytest
from django.conf import settings

_DATA = tempfile.mkdtemp(prefix="harken-test-")
atexit.register(shutil.rmtree, _DATA, ignore_errors=True)

LONG = (
    *("test_demo", "test_accessible", "test_forensic", "test_web", "test_respondents"),
    *("test_kill", "test_telephone", "test_results", "test_durability", "test_staff"),
    *("test_crash", "test_keyholder", "test_reference", "test_codes", "test_forms"),
)
"""Files of few tests that take long: begun first, so that no worker ends on one alone."""
# A machine that is busy for a moment is no fault of the code that was tried in it.
hypothesis.settings.register_profile("house", deadline=None)
hypothesis.settings.load_profile("house")
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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the long files first, then those of most tests."""
    tests = Counter(item.path for item in items)
    place = {name: at for at, name in enumerate(LONG)}
    items.sort(
        key=lambda item: (place.get(item.path.stem, len(LONG)), -tests[item.path])
    )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Run a test of large numbers at its own speed: watched, it takes two to four times it.

    What it reaches, other tests reach in small.
    """
    if item.get_closest_marker("unwatched") is None:
        return (yield)
    watch = sys.gettrace()
    sys.settrace(None)
    try:
        return (yield)
    finally:
        sys.settrace(watch)
