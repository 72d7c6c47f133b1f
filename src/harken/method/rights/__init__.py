"""What a person may ask of those who hold their data, and by when it must be answered.

In: when something was asked, what kind, what is known about one person. Out: the day it
is due, the grounds on which it may be refused, the document that answers a request for a
copy, and texts that are safe to send. It knows no table, no code and no key.
"""

from harken.method.rights import clocks, records
from harken.method.rights.answers import in_words
from harken.method.rights.clocks import Clock
from harken.method.rights.document import AccessDocument, access_document
from harken.method.rights.kinds import Ground, RequestKind, check_ground
from harken.method.rights.messages import incident_message

__all__ = [
    "AccessDocument",
    "Clock",
    "Ground",
    "RequestKind",
    "access_document",
    "check_ground",
    "clocks",
    "in_words",
    "incident_message",
    "records",
]
