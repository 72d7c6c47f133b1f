"""The redaction room: free text is identity until a person has read it.

In go a text, what is known of its writer, and a study's code frames; out come marks,
a proposal, the judgement on a reader's redaction, and codes. It decides nothing: a
person reads every text. Only the service room of the same name may open the door.
"""

from harken.method.redaction.frame import CodeFrame, read_frames
from harken.method.redaction.kinds import Mark, MarkKind, MarkSource
from harken.method.redaction.known import Known
from harken.method.redaction.text import check_redaction, mark, propose, tidy

__all__ = [
    "CodeFrame",
    "Known",
    "Mark",
    "MarkKind",
    "MarkSource",
    "check_redaction",
    "mark",
    "propose",
    "read_frames",
    "tidy",
]
