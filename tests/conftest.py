"""Gives every test process a data folder of its own before Django reads its settings."""

from __future__ import annotations

import os
import tempfile

os.environ["HARKEN_DATA"] = tempfile.mkdtemp(prefix="harken-test-")
