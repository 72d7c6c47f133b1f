"""Makes studies with a promise, invented people, and keystores in a folder of a test."""

from __future__ import annotations

import datetime as dt
import os
from itertools import count
from pathlib import Path

from harken.method.ledger import Signer
from harken.method.study import State
from harken.method.terms import Actor, CaseRef, Role
from harken.method.vault import Identity, keyring
from harken.method.vault.keyring import Entry, Header, Retention
from harken.service.study.models import Study
from harken.service.vault.keystore import Keystore

FOLDER = Path(__file__).parents[2] / "studies" / "victims-review"
AT = dt.datetime(2026, 3, 2, 10, 0, tzinfo=dt.UTC)
AFTER_DEADLINE = dt.datetime(2026, 10, 1, 9, 0, tzinfo=dt.UTC)
DEADLINE_DAY = dt.date(2026, 9, 30)

MANAGER = Actor("manager-1", Role.MANAGER)
INTERVIEWER = Actor("interviewer-1", Role.INTERVIEWER)
HELPDESK = Actor("helpdesk-1", Role.HELPDESK)
GUARDIAN = Actor("guardian-1", Role.GUARDIAN)
CONTROLLER = Actor("controller-1", Role.CONTROLLER)
OPERATOR = Actor("operator", Role.ADMINISTRATOR)

HOLDER = Signer("harken/holder-test", bytes(range(32)))

_number = count(1)


def make_ref() -> CaseRef:
    """A random case reference."""
    return CaseRef(os.urandom(16).hex())


def make_identity(n: int = 1, **changes: object) -> Identity:
    """An invented person; the telephone is one of Ofcom's for drama."""
    values: dict[str, object] = {
        "given_name": f"Vireo{n}",
        "surname": f"Quenhallow{n}",
        "date_of_birth": dt.date(1980, 1, 1) + dt.timedelta(days=n % 9000),
        "address_lines": (f"{n} Sallowmere Rise",),
        "town": "Estuary City",
        "postcode": "ZZ9 9ZZ",
        "telephone": f"07700 900{n % 1000:03}",
        "email": f"vireo{n}@quenhallow.example",
        "crime_reference": f"CR/{n:07}/26",
        "safe_contact": "any",
    }
    return Identity(**(values | changes))  # type: ignore[arg-type]  # a maker's freedom


def make_people(number: int) -> list[tuple[CaseRef, Identity]]:
    """So many invented people under random references."""
    return [(make_ref(), make_identity(n)) for n in range(number)]


def make_study(slug: str | None = None, *, state: State = State.OPEN) -> Study:
    """A saved study with the demo's charter; destroy by 30 September 2026."""
    name = slug or f"study-{next(_number)}-{os.urandom(3).hex()}"
    files = {
        path: (FOLDER / path).read_text(encoding="utf-8")
        for path in ("study.yaml", "support.yaml")
    }
    return Study.objects.create(
        slug=name,
        state=state.value,
        files=files,
        digest=os.urandom(32).hex(),
        loaded_at=AT,
        opened_at=AT,
        closed_at=AT if state is not State.OPEN else None,
    )


def make_policy() -> dict[str, str]:
    """A promise as a keyring header holds it."""
    return {
        "policy_version": "1",
        "digest": "d" * 64,
        "destroy_by": "2026-09-30",
        "recontact_until": "2028-03-31",
    }


def make_start(study: str = "small", *, stated_clock: bool = True) -> Header:
    """The header that a first keyring is made from."""
    return Header(
        study,
        Retention.STANDARD,
        0,
        (make_policy(),),
        b"",
        b"",
        stated_clock=stated_clock,
    )


def make_entries(number: int) -> list[Entry]:
    """So many people's keys under random references."""
    return [keyring.make_entry(make_ref(), os.urandom) for _ in range(number)]


def make_keystore(folder: Path, study: str = "small") -> Keystore:
    """A keystore in a folder, its holder signing with a key of the test."""
    return Keystore(folder, study, lambda: HOLDER)
