#!/usr/bin/env python3
"""Django's own command, for maintainers: migrations and the like. Operators use ``harken``."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "harken.service.settings")
    execute_from_command_line(sys.argv)
