"""Dispositions on the AAPOR standard, their lawful steps, and what an interviewer chooses.

Final codes follow AAPOR, Standard Definitions, 10th edition (2023), sections on samples
of specifically named persons. Codes 0.x are ours: the standard numbers final codes only.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from harken.method.contact import faults
from harken.method.errors import refuse


class Group(StrEnum):
    """The letters of the standard's formulas; OPEN is for cases still in the field."""

    I = "I"  # noqa: E741 - the standard's own letter for complete interviews
    P = "P"
    R = "R"
    NC = "NC"
    O = "O"  # noqa: E741 - the standard's own letter for other non-response
    UH = "UH"
    UO = "UO"
    NE = "NE"
    OPEN = "open"


class Disposition(StrEnum):
    """Where a case stands. The value is the code that files and tables show."""

    NOT_STARTED = "0.0"
    LETTER_SENT = "0.1"
    NO_REPLY = "0.2"
    APPOINTMENT = "0.3"
    CALL_BACK = "0.4"
    SOFT_REFUSAL = "0.5"
    BEGUN = "0.6"
    COMPLETE = "1.1"
    PARTIAL = "1.2"
    REFUSAL = "2.11"
    BREAK_OFF = "2.12"
    NEVER_AVAILABLE = "2.21"
    DECEASED = "2.31"
    UNABLE = "2.32"
    LANGUAGE = "2.33"
    NOT_ATTEMPTED = "3.11"
    NO_ANSWER = "3.13"
    LINE_PROBLEM = "3.16"
    NOTHING_RETURNED = "3.19"
    NOT_ELIGIBLE = "4.7"

    @property
    def word(self) -> str:
        """The disposition in words, such as ``no reply``."""
        return self.name.lower().replace("_", " ")

    @property
    def group(self) -> Group:
        """The letter under which the standard's formulas count it."""
        return _GROUPS.get(self.value[0], _FINE_GROUPS.get(self, Group.OPEN))

    @property
    def final(self) -> bool:
        """Whether it is one of the standard's final codes."""
        return not self.value.startswith("0")

    @property
    def closed(self) -> bool:
        """Whether no step leads on: nobody is contacted about this case again."""
        return not TRANSITIONS[self]

    def may_become(self, wanted: Disposition) -> bool:
        """Whether the step is lawful; staying is."""
        return wanted is self or wanted in TRANSITIONS[self]

    def become(self, wanted: Disposition) -> Disposition:
        """The wanted disposition. Raises HarkenError CON-001 when the step is unlawful."""
        if not self.may_become(wanted):
            raise refuse(faults.UNLAWFUL_STEP, now=self.word, wanted=wanted.word)
        return wanted

    def at_close(self) -> Disposition:
        """The final code a case gets when fieldwork closes."""
        return _AT_CLOSE.get(self, self)


_GROUPS = {"3": Group.UH, "4": Group.NE}
_FINE_GROUPS = {
    Disposition.COMPLETE: Group.I,
    Disposition.PARTIAL: Group.P,
    Disposition.REFUSAL: Group.R,
    Disposition.BREAK_OFF: Group.R,
    Disposition.NEVER_AVAILABLE: Group.NC,
    Disposition.DECEASED: Group.O,
    Disposition.UNABLE: Group.O,
    Disposition.LANGUAGE: Group.O,
}
_AT_CLOSE = {
    Disposition.NOT_STARTED: Disposition.NOT_ATTEMPTED,
    Disposition.LETTER_SENT: Disposition.NOTHING_RETURNED,
    Disposition.NO_REPLY: Disposition.NO_ANSWER,
    Disposition.APPOINTMENT: Disposition.NEVER_AVAILABLE,
    Disposition.CALL_BACK: Disposition.NEVER_AVAILABLE,
    Disposition.SOFT_REFUSAL: Disposition.REFUSAL,
    Disposition.BEGUN: Disposition.BREAK_OFF,
}


def _transitions() -> Mapping[Disposition, frozenset[Disposition]]:
    """The table of lawful steps; staying where one is is always lawful."""
    everything = frozenset(Disposition)
    shut = {
        Disposition.COMPLETE,
        Disposition.REFUSAL,
        Disposition.DECEASED,
        Disposition.NOT_ELIGIBLE,
    }
    backwards = {Disposition.NOT_STARTED, Disposition.LETTER_SENT}
    table: dict[Disposition, frozenset[Disposition]] = {}
    for now in Disposition:
        if now in shut:
            table[now] = frozenset()
        elif now is Disposition.NOT_STARTED:
            table[now] = everything - {now}
        elif now is Disposition.PARTIAL:
            table[now] = frozenset({Disposition.COMPLETE, Disposition.REFUSAL})
        elif now.final:
            # The web door stays open to them; the telephone does not come back.
            final = {one for one in Disposition if one.final}
            table[now] = frozenset(final | {Disposition.BEGUN}) - {now}
        else:
            table[now] = everything - backwards - {now}
    return table


TRANSITIONS = _transitions()


class Line(StrEnum):
    """What the line did, apart from what the person said."""

    ANSWERED = "answered"
    RANG_OUT = "rang_out"
    BUSY = "busy"
    MACHINE = "machine"
    DEAD = "dead"


class Outcome(StrEnum):
    """What an interviewer chooses at the end of a call."""

    INTERVIEW = "interview"
    PARTIAL = "partial"
    BROKEN_OFF = "broken_off"
    APPOINTMENT = "appointment"
    CALL_BACK = "call_back"
    DROPPED = "dropped"
    SOMEBODY_ELSE = "somebody_else"
    NOT_SAFE = "not_safe"
    RANG_OUT = "rang_out"
    BUSY = "busy"
    MACHINE = "machine"
    DEAD_LINE = "dead_line"
    WRONG_NUMBER = "wrong_number"
    SOFT_REFUSAL = "soft_refusal"
    REFUSAL = "refusal"
    LANGUAGE = "language"
    UNABLE = "unable"
    DECEASED = "deceased"
    NOT_ELIGIBLE = "not_eligible"

    @property
    def word(self) -> str:
        """The outcome in words, such as ``rang out``."""
        return self.value.replace("_", " ")

    @property
    def disposition(self) -> Disposition:
        """What the case becomes by this outcome."""
        return _DISPOSITIONS[self]

    @property
    def line(self) -> Line:
        """What the line did when nothing else is recorded."""
        return _LINES.get(self, Line.ANSWERED)


_DISPOSITIONS = {
    Outcome.INTERVIEW: Disposition.COMPLETE,
    Outcome.PARTIAL: Disposition.PARTIAL,
    Outcome.BROKEN_OFF: Disposition.BREAK_OFF,
    Outcome.APPOINTMENT: Disposition.APPOINTMENT,
    Outcome.CALL_BACK: Disposition.CALL_BACK,
    Outcome.DROPPED: Disposition.CALL_BACK,
    Outcome.SOMEBODY_ELSE: Disposition.CALL_BACK,
    Outcome.NOT_SAFE: Disposition.CALL_BACK,
    Outcome.RANG_OUT: Disposition.NO_REPLY,
    Outcome.BUSY: Disposition.NO_REPLY,
    Outcome.MACHINE: Disposition.NO_REPLY,
    Outcome.DEAD_LINE: Disposition.LINE_PROBLEM,
    Outcome.WRONG_NUMBER: Disposition.LINE_PROBLEM,
    Outcome.SOFT_REFUSAL: Disposition.SOFT_REFUSAL,
    Outcome.REFUSAL: Disposition.REFUSAL,
    Outcome.LANGUAGE: Disposition.LANGUAGE,
    Outcome.UNABLE: Disposition.UNABLE,
    Outcome.DECEASED: Disposition.DECEASED,
    Outcome.NOT_ELIGIBLE: Disposition.NOT_ELIGIBLE,
}
_LINES = {
    Outcome.RANG_OUT: Line.RANG_OUT,
    Outcome.BUSY: Line.BUSY,
    Outcome.MACHINE: Line.MACHINE,
    Outcome.DEAD_LINE: Line.DEAD,
}


def after(now: Disposition, outcome: Outcome, *, contacted: bool) -> Disposition:
    """What a case becomes by an outcome.

    A call nobody answered never undoes an appointment, a soft refusal or an earlier
    word with the household (``contacted``). Raises HarkenError CON-001.
    """
    wanted = outcome.disposition
    standing = {Disposition.SOFT_REFUSAL, Disposition.BEGUN}
    if wanted is Disposition.NO_REPLY and now in standing:
        return now
    if wanted is Disposition.NO_REPLY and contacted and not now.final:
        return now.become(Disposition.CALL_BACK)
    return now.become(wanted)
