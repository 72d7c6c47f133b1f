"""Contact: who is approached when, how, and with what outcome.

In come what is known of a case's contacts, the study's calling rules, the time and the
bank holidays; out go reasons not to call, an order for the queue, dispositions with
their lawful steps, and response rates with the formula named. Also the letters' text:
Markdown in, blocks of plain text out. No identity and no clock ever enters here.
"""

from harken.method.contact import again, safe, schedule
from harken.method.contact.disposition import Disposition, Outcome, after
from harken.method.contact.letter import Letter
from harken.method.contact.rates import Rate, rates
from harken.method.contact.schedule import CallState

__all__ = [
    "CallState",
    "Disposition",
    "Letter",
    "Outcome",
    "Rate",
    "after",
    "again",
    "rates",
    "safe",
    "schedule",
]
