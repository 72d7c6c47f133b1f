"""What a process that serves pages has to carry (docs/explanation/performance.md)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

HEAVY = ("polars", "openpyxl", "pyxform", "z3")
LOOK = "import sys, harken.service.wsgi; print(*sys.modules)"


def test_a_web_worker_loads_no_library_that_only_files_and_commands_need(
    tmp_path: Path,
) -> None:
    env = os.environ | {"HARKEN_DATA": str(tmp_path), "HARKEN_HOLDER": ""}
    done = subprocess.run(
        [sys.executable, "-c", LOOK],
        env=env,
        check=True,
        capture_output=True,
        text=True,
    )
    loaded = set(done.stdout.split())
    assert "harken.service.response.exports" in loaded
    assert loaded.isdisjoint(HEAVY)
