"""Paradata: how questionnaires are filled in, and never by whom.

In: coarse notes taken while a person answers (a step of time a page, how often it was
answered anew, phone or computer). Out: a report on the questionnaire: where people leave,
which pages take long, where everybody ticks down one column. Nothing finer than a step is
ever noted, and a group of fewer than ten people is not shown.
"""

from harken.method.interview.paradata.report import (
    Battery,
    Door,
    Noted,
    Page,
    doors,
    pages,
    straight_lines,
)
from harken.method.interview.paradata.trace import STEPS, Device, Trace

__all__ = [
    "STEPS",
    "Battery",
    "Device",
    "Door",
    "Noted",
    "Page",
    "Trace",
    "doors",
    "pages",
    "straight_lines",
]
