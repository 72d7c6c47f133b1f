"""Passwords that are known to thieves, checked on this machine: nothing is sent anywhere.

Always: the common words, whole or repeated, and words of this house. With
HARKEN_BREACHED: a file of SHA-1 hashes in order, as the public list of breached
passwords is handed out (``HASH:count`` a line), searched by halves where it lies.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

HOUSE = ("harken", "interviewer", "helpdesk", "guardian", "survey", "victims", "review")
LINE = 256


class KnownPasswords:
    """Django password validator; its sentences say what to do and repeat nothing."""

    def __init__(self) -> None:
        self.common = CommonPasswordValidator().passwords

    def validate(self, password: str, user: object | None = None) -> None:
        """Raise ValidationError for a password that a thief tries first."""
        plain = password.lower().strip()
        words = {*HOUSE, str(getattr(user, "username", "") or "harken").lower()}
        rest = re.sub("|".join(map(re.escape, sorted(words, key=len))), "", plain)
        if len(re.sub(r"[^a-z]+", "", rest)) < 4 and rest != plain:
            raise ValidationError(
                "It is little more than a name or a word of this house."
            )
        if unit(plain) in self.common or len(unit(plain)) < 4:
            raise ValidationError("It is a common password, or one said several times.")
        if breached(password):
            raise ValidationError("It stands in the list of passwords already stolen.")

    def get_help_text(self) -> str:
        """What a person is told beforehand."""
        return "Your password must not be one that was stolen elsewhere."


def unit(text: str) -> str:
    """The shortest part that the whole text repeats: ``abcabc`` is ``abc``."""
    at = (text + text).find(text, 1)
    return text[:at]


def breached(password: str) -> bool:
    """Whether the operator's list holds the password; False where there is no list."""
    path: Path | None = settings.BREACHED
    if path is None:
        return False
    wanted = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()
    with path.open("rb") as stream:
        low, high = 0, path.stat().st_size
        while low < high:
            middle = (low + high) // 2
            stream.seek(max(middle - 1, 0))
            if middle:
                stream.readline(LINE)
            line = stream.readline(LINE)
            found = line[:40].decode("ascii", "replace").upper()
            if found == wanted:
                return True
            if line and found < wanted:
                low = max(stream.tell(), middle + 1)
            else:
                high = middle
    return False
