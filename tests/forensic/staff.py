"""A house with people made of markers, and a helpdesk that is signed in.

``python -m tests.forensic.staff ROOT PEOPLE`` writes ROOT/markers.json and, for the one
who then asks the served house for a card, ROOT/staff.json: a session and codes.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from unittest import mock

import django

from tests.forensic.drive import needles, person


def main(root: Path, count: int) -> None:
    """Make the house of today, a session, and a code for each card to be opened."""
    django.setup()
    from django.test import Client
    from django.utils import timezone

    from harken.method.terms import Role
    from harken.service import serve
    from harken.service.sampling import queries
    from tests.make import sitting
    from tests.make.accounts import sign_in
    from tests.make.contact import make_invitation
    from tests.make.sampling import make_values

    serve.make()
    people = [person(number) for number in range(count)]
    said = {"people": needles(people), "words": []}
    (root / "markers.json").write_text(json.dumps(said), encoding="utf-8")
    real = make_values
    with mock.patch.object(sitting, "make_values", lambda n: real(n, **people[n])):
        study = sitting.make_open_study(
            people=count,
            total=count * 2 // 3,
            shift_days=(timezone.now().date() - sitting.NOW.date()).days,
        )
    client = Client()
    sign_in(client, Role.HELPDESK)
    codes = [make_invitation(study, case) for case in list(queries.issued(study))[:6]]
    told = {"session": client.cookies["session"].value, "codes": codes}
    (root / "staff.json").write_text(json.dumps(told), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
