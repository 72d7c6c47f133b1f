"""What the first page of a web process needs is there before the process is made."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

LOOK = """
import json, threading
from harken.service.wsgi import application
from django.core.management import call_command
from django.db import connections
from django.template import Engine
from django.test import RequestFactory
from django.urls import get_resolver

said = {
    "threads": threading.active_count(),
    "connections": [one.connection for one in connections.all(initialized_only=True)],
    "addresses": get_resolver()._populated,
}
kept = Engine.get_default().template_loaders[0].get_template_cache
drawn = len(kept)
for name in ("default", "answers"):
    call_command("migrate", database=name, verbosity=0)
for path in ("/start", "/staff/login/", "/weather", "/results/"):
    request = RequestFactory().get(path, HTTP_HOST="127.0.0.1")
    application(request.environ, lambda status, headers: None)
said["read later"] = len(kept) - drawn
print(json.dumps(said))
"""


def test_before_the_fork_pages_are_loaded_and_no_thread_or_connection_is_there(
    tmp_path: Path,
) -> None:
    settings = {"HARKEN_DATA": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", LOOK],
        env=os.environ | settings,
        check=True,
        capture_output=True,
        text=True,
    )
    assert json.loads(done.stdout.splitlines()[-1]) == {
        "threads": 1,
        "connections": [None],
        "addresses": True,
        "read later": 0,
    }
