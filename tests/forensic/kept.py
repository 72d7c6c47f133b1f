"""A destroyed study of people made of markers, some of whom are kept to be contacted again.

``python -m tests.forensic.kept ROOT`` adds one to the house in ROOT and its markers to
ROOT/markers.json; for the manager who then asks the served house for the next person it
writes ROOT/kept.json: a session, the page and what it must show.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
from pathlib import Path
from typing import Any

import django

from tests.forensic.drive import needles, person

PEOPLE, KEPT = 8, 3
FIRST = 900
"""The number of the first of them: the others of the house have lower ones."""


def people() -> list[dict[str, str]]:
    """Those of the study: the kept first."""
    return [person(FIRST + number) for number in range(PEOPLE)]


def make(rows: list[dict[str, str]]) -> Any:
    """The study, destroyed on its promised day, which was yesterday."""
    from django.utils import timezone

    from harken.method.study import State
    from harken.method.terms import Arm
    from harken.service.response.models import IssuedCase
    from harken.service.vault import actions as vault
    from harken.service.vault import custody
    from tests.make import anonymisation as ready
    from tests.make.again import FOR
    from tests.make.vault import AT, INTERVIEWER, MANAGER, make_ref, make_study

    shift = timezone.now().date() - ready.DAY.date() - dt.timedelta(days=1)
    study = make_study()
    study.shift_days = shift.days
    study.save(update_fields=["shift_days"])
    enrolled = [(make_ref(), identity(one)) for one in rows]
    custody.enrol(study, enrolled, by=MANAGER, at=AT + shift)
    for ref, _ in enrolled[:KEPT]:
        vault.consent_recontact(
            study,
            ref,
            purposes=[FOR],
            until=ready.UNTIL + shift,
            by=INTERVIEWER,
            at=AT + shift,
        )
    study.state, study.closed_at = State.CLOSED.value, AT + shift
    study.save(update_fields=["state", "closed_at"])
    IssuedCase.objects.create(
        study=study.slug, arm=Arm.SAMPLE.value, design={}, disposition="1.1"
    )
    made = ready.Ready(study, [ref for ref, _ in enrolled[:KEPT]], [], [])
    ready.make_certificate(made, at=ready.DAY + shift)
    return study


def identity(row: dict[str, str]) -> Any:
    """An identity whose every identifying field is the marker of a sample's row."""
    from tests.make.vault import make_identity

    changes: dict[str, Any] = {
        key: value for key, value in row.items() if key != "address_line_1"
    }
    return make_identity(address_lines=(row["address_line_1"],), **changes)


def main(root: Path) -> None:
    """Make the study in a house that is there, and sign a manager in."""
    django.setup()
    from django.test import Client

    from harken.method.terms import Role
    from tests.make.accounts import sign_in
    from tests.make.again import FOR

    rows = people()
    markers = root / "markers.json"
    said = json.loads(markers.read_text(encoding="utf-8"))
    said["people"] += needles(rows)
    markers.write_text(json.dumps(said), encoding="utf-8")
    study = make(rows)
    client = Client()
    sign_in(client, Role.MANAGER)
    told = {
        "session": client.cookies["session"].value,
        "page": f"/field/fieldwork/{study.slug}/again",
        "purpose": FOR,
    }
    (root / "kept.json").write_text(json.dumps(told), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
