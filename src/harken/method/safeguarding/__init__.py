"""Safeguarding: whose turn it is to act, and what interviewers may be asked to bear.

In go times, a study's safety rules and how somebody's shift stands; out come how far an
alert is escalated, whether a sensitive case may be given, and until when to rest. It
knows no person and no case.
"""

from harken.method.safeguarding.care import ShiftState, may_take_sensitive, rest_until
from harken.method.safeguarding.escalation import Escalation, escalation

__all__ = [
    "Escalation",
    "ShiftState",
    "escalation",
    "may_take_sensitive",
    "rest_until",
]
