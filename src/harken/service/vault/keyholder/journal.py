"""The key holder's own list of what it opened and what it refused. Never a value.

The ledger is written by those who ask; this is written by the one who opens, so that an
opening which nobody put into the ledger is seen. A person is a handle, as in the ledger.
"""

from __future__ import annotations

import os
import time
from functools import lru_cache
from json.encoder import encode_basestring_ascii as quoted
from pathlib import Path

from harken.method.errors import HarkenError
from harken.method.terms import Role
from harken.service.vault.keyholder.limits import Who

MODE = 0o600


class Journal:
    """One line an act, appended; the file is made at the first."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.openings = 0
        self.refusals = 0
        self._handle = -1

    def opened(self, study: str, purpose: str, who: Who, handle: str) -> None:
        """An identity was opened."""
        self.openings += 1
        self._write(study, purpose, who, f'"opened","handle":"{handle}"')

    def looked_up(self, study: str, who: Who) -> None:
        """Somebody was looked for by a fact."""
        self.openings += 1
        self._write(study, "look_up", who, '"looked_up"')

    def refused(self, study: str, purpose: str, who: Who, error: HarkenError) -> None:
        """An opening was refused; the code says why."""
        self.refusals += 1
        code = error.findings[0].fault.code
        self._write(study, purpose, who, f'"refused","code":"{code}"')

    def alarm(self, study: str, who: Who) -> None:
        """Somebody was shut out."""
        self._write(study, "", who, '"alarm"')

    def lost(self, places: int) -> None:
        """A place that should have an epoch key no longer has it."""
        who = Who(Role.SYSTEM, f"{places} lost", time.time())
        self._write("", "", who, '"key_lost"')

    def turned_away(self, uid: int) -> None:
        """A process of a user that is not ours tried to connect."""
        self.refusals += 1
        who = Who(Role.SYSTEM, f"uid {uid}", time.time())
        self._write("", "", who, '"turned_away"')

    def close(self) -> None:
        """Let go of the file."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1

    def _write(self, study: str, purpose: str, who: Who, what: str) -> None:
        if self._handle < 0:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC
            self._handle = os.open(self.path, flags, MODE)
        words = _words(study, purpose, who.role, who.label)
        line = f'{{"at":{who.at:.0f},{words},"what":{what}}}\n'
        os.write(self._handle, line.encode("utf-8"))


@lru_cache(maxsize=500)
def _words(study: str, purpose: str, role: Role, label: str) -> str:
    return (
        f'"study":"{study}","purpose":"{purpose}","role":"{role}","by":{quoted(label)}'
    )
