"""The charter: what was agreed and promised before anybody is asked.

In: the texts of a study folder by relative path, and how far its calendar is shifted.
Out: a frozen ``Folder`` with its ``Charter``, the promise other rooms bind to, and the
findings of the launch gate. Every room downstream may open the door; this room knows
dates and duties, and no question, entitlement or person.
"""

from harken.method.study import charter, promised
from harken.method.study.charter import Calendar, Charter, ContactRules
from harken.method.study.folder import Folder, read_folder, text_of
from harken.method.study.gate import gate
from harken.method.study.states import State

__all__ = [
    "Calendar",
    "Charter",
    "ContactRules",
    "Folder",
    "State",
    "charter",
    "gate",
    "promised",
    "read_folder",
    "text_of",
]
