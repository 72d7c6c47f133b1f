"""What a person said about reaching them safely, until when it counts (SAF-10, SAF-12).

The hours, the channels and the rule after a drop steer calls and letters. Who may answer
and the code word are for the interviewer's eyes; ``repr`` tells neither.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, field
from enum import StrEnum

from harken.method.contact import faults
from harken.method.errors import refuse

DAYS = ("weekday",) * 5 + ("saturday", "sunday")
KINDS_OF_DAY = tuple(dict.fromkeys(DAYS))
COUNTS_FOR = dt.timedelta(days=60)
"""How long a record counts before the person is asked again."""
TEXT_LIMIT = 120


class CallBack(StrEnum):
    """Who calls back after a call dropped."""

    US = "us"
    THEM = "them"


@dataclass(frozen=True, slots=True)
class SafeHours:
    """When a call is safe: the kinds of day, and the time between two clocks."""

    earliest: dt.time
    latest: dt.time
    days: frozenset[str]

    def allow(self, now: dt.datetime) -> bool:
        """Whether ``now``, in the person's own time zone, lies in these hours."""
        today = DAYS[now.weekday()] in self.days
        return today and self.earliest <= now.time() < self.latest


@dataclass(frozen=True, slots=True)
class SafeWays:
    """The whole record, as the person gave it."""

    hours: SafeHours
    phone: bool
    post: bool
    voicemail: bool
    call_back: CallBack
    who_may_answer: str = field(repr=False)
    code_word: str = field(repr=False)

    def check(self) -> None:
        """Pass when the record can be obeyed. Raises HarkenError CON-007."""
        texts = (self.who_may_answer, self.code_word)
        tests = (
            (not self.hours.days, "no day is chosen"),
            (
                self.hours.earliest >= self.hours.latest,
                "the hours end before they begin",
            ),
            (any(len(one) > TEXT_LIMIT for one in texts), "a text is too long"),
        )
        for wrong, why in tests:
            if wrong:
                raise refuse(faults.UNSAFE_WAYS, why=why)

    def words(self) -> bytes:
        """The two texts, to be sealed."""
        return json.dumps([self.who_may_answer, self.code_word]).encode()


def words_of(opened: bytes) -> tuple[str, str]:
    """Who may answer, and the code word, as ``SafeWays.words`` wrote them."""
    who, word = json.loads(opened)
    return str(who), str(word)
