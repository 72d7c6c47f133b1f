"""Makes a destroyed study with people kept to be contacted again."""

from __future__ import annotations

import json

from harken.method.ledger import Event
from harken.service.ledger import queries as ledger
from harken.service.study.models import Study
from tests.make.anonymisation import Ready, make_certificate, make_ready
from tests.make.vault import AFTER_DEADLINE

FOR = "interviews"
"""What those of ``make_ready`` agreed to."""
NOW = AFTER_DEADLINE


def make_kept(*, people: int = 8, kept: int = 2, withdrawn: int = 2) -> Ready:
    """A destroyed study of which so many people are kept."""
    made = make_ready(people=people, kept=kept, withdrawn=withdrawn)
    make_certificate(made)
    return made


def openings(study: Study) -> list[str]:
    """Why identities were opened, as the ledger has it."""
    rows = ledger.entries(study=study.slug, event=Event.IDENTITY_OPENED)
    return [json.loads(row.body)["reason"] for row in rows]
