"""Whom an alert that nobody has decided on is passed to, by how long it has waited (SAF-41)."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum


class Escalation(StrEnum):
    """Who is told that an alert waits, each beside those before; empty: nobody yet."""

    NONE = ""
    LEAD = "lead"
    MANAGER = "manager"
    OFFICER = "officer"


def escalation(raised: dt.datetime, due: dt.datetime, now: dt.datetime) -> Escalation:
    """How far: the lead at half time, the manager when it is due, and when as much time
    again has passed the processor's data protection officer."""
    span = due - raised
    if now >= due + span:
        return Escalation.OFFICER
    if now >= due:
        return Escalation.MANAGER
    if now >= raised + span / 2:
        return Escalation.LEAD
    return Escalation.NONE
