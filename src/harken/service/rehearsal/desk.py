"""Two invented readers and a coder at the free-text desk, through the desk's own actions.

They confirm what the machine proposes, which suits texts that were invented with it. They
stop after a while: what they leave shows that the unread dies.
"""

from __future__ import annotations

import datetime as dt

from harken.method.terms import SYSTEM
from harken.service.redaction import actions, crossing, queries
from harken.service.rehearsal.cast import CODER, REDACTOR, SECOND_READER
from harken.service.study.models import Study

TEXTS = 12
CODES = {
    "closed": "keep_informed",
    "what would happen": "keep_informed",
    "ring": "easy_to_reach",
    "rang": "easy_to_reach",
    "number": "easy_to_reach",
    "kind": "kindness",
    "listened": "kindness",
    "again to each": "joined_up",
}
"""Words of the invented texts, and the code of the demo study's frame that they mean."""


def work(study: Study, *, at: dt.datetime) -> crossing.Crossed:
    """Read some texts, by two people where that is asked, code them, let them cross."""
    for reader in (REDACTOR, SECOND_READER):
        for _ in range(TEXTS):
            by = reader.actor
            reading = actions.take_next(study, by=by, at=at)
            page = queries.page(study, by=by, at=at)
            if reading is None or page is None:
                break
            actions.confirm(reading, page.words, looked=True, by=by, at=at)
    while (text := actions.take_next_to_code(study, by=CODER.actor, at=at)) is not None:
        sheet = queries.sheet(study, by=CODER.actor, at=at)
        words = sheet.words if sheet else ""
        chosen = {code for sign, code in CODES.items() if sign in words}
        actions.code(text, chosen or {"other"}, by=CODER.actor, at=at)
    return crossing.hand_over(study, by=SYSTEM, at=at)
