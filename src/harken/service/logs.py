"""The only way a log line is written: level, logger, place in our code, kind of error.

A log line never carries a message's arguments, a local variable, an address of the site
or of a person, or anything posted: any of them may hold an answer or a code. What is lost
for debugging is the price of the promise.
"""

from __future__ import annotations

import logging
import time
import traceback
from pathlib import PurePath

# A handler that cannot write would print the whole error, its values too, beside the log.
logging.raiseExceptions = False


class PlaceOnly(logging.Formatter):
    """Formats a record as time, level, logger, constant text and places; no values.

    The text is the message *template* of the record (``"%s failed"``), never filled in,
    and only when the logger is ours or says nothing but a constant.
    """

    def format(self, record: logging.LogRecord) -> str:
        """One line, and one line for each frame when an exception is attached."""
        # In UTC: once a year the clock of the land says an hour twice.
        when = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created))
        place = f"{PurePath(record.pathname).name}:{record.lineno}"
        lines = [f"{when} {record.levelname} {record.name} {place}"]
        if record.name.startswith("harken") and not record.args:
            lines[0] += f" {record.msg}"
        error = record.exc_info[1] if record.exc_info else None
        while error is not None:
            lines.append(f"  {type(error).__module__}.{type(error).__qualname__}")
            for frame, number in traceback.walk_tb(error.__traceback__):
                code = frame.f_code
                name = PurePath(code.co_filename).name
                lines.append(f"    {name}:{number} {code.co_name}")
            error = error.__cause__ or (
                None if error.__suppress_context__ else error.__context__
            )
        return "\n".join(lines)


CONFIG: dict[str, object] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"place": {"()": "harken.service.logs.PlaceOnly"}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "place",
            "level": "WARNING",
        }
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        # Addresses that do not exist, refused forms: no use, and they hold addresses.
        "django.request": {
            "handlers": ["stderr"],
            "level": "ERROR",
            "propagate": False,
        },
        "django.security": {
            "handlers": ["stderr"],
            "level": "ERROR",
            "propagate": False,
        },
        "django.server": {"handlers": [], "level": "CRITICAL", "propagate": False},
        "axes": {"handlers": [], "level": "CRITICAL", "propagate": False},
    },
}
"""The logging configuration, for settings.py."""
