"""Drives the real application over people made of markers, as a program of its own.

``python -m tests.forensic.drive ROOT PEOPLE [SABOTAGE ...]`` works in ROOT/data, ROOT/temp,
ROOT/exports and ROOT/backup; letters go to ROOT/outside, which is the print house. It
writes ROOT/markers.json for the search. Each sabotage is a mistake a programmer might
make; it leaks the person of its own number, so that every one must be caught. A run with
sabotage leaves out the letters and all errors but one, which are slow.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import string
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

import django

KINDS = ("surname", "given_name", "address_line_1", "email", "crime_reference")
SABOTAGES = ("column", "print", "audit", "exception", "cache")
FAULTS = (
    ValueError,
    KeyError,
    TypeError,
    RuntimeError,
    LookupError,
    OSError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    BufferError,
    EOFError,
    ImportError,
    IndexError,
    MemoryError,
    NameError,
    NotImplementedError,
    OverflowError,
    RecursionError,
    UnicodeError,
    ZeroDivisionError,
)
"""Twenty kinds of error, each raised with an open identity in scope (PRV 7)."""


def marker(size: int = 12) -> str:
    """Letters that nobody can guess and that occur nowhere by chance."""
    letters = string.ascii_lowercase
    return secrets.choice(letters).upper() + "".join(
        secrets.choice(letters) for _ in range(size - 1)
    )


def person(number: int) -> dict[str, str]:
    """One row of a sample file, every identifying field a marker."""
    return {
        "surname": marker(),
        "given_name": marker(),
        "address_line_1": f"{number + 1} {marker()} Rise",
        "email": f"{marker().lower()}@{marker().lower()}.example",
        "crime_reference": f"CR/{secrets.randbelow(10**9):09}/25",
        "telephone": f"07700 900{number:03}",
    }


def needles(people: list[dict[str, str]]) -> list[list[str]]:
    """For each person what must be found nowhere: fields, and numbers as kept too."""
    return [
        [
            *(one[kind] for kind in KINDS),
            one["telephone"],
            "+44" + one["telephone"].replace(" ", "")[1:],
        ]
        for one in people
    ]


def main(root: Path, count: int, wrongs: set[str]) -> None:
    """Import, letters, web, calls, people's requests, alerts, errors, exports, backup, a
    withdrawal with its rotation, the free-text desk; those kept of a destroyed study."""
    from tests.forensic import kept

    people = [person(number) for number in range(count)]
    others = kept.people()
    words = [f"{marker()} told me at {marker()} Street" for _ in range(6)]
    (root / "markers.json").write_text(
        json.dumps({"people": needles(people + others), "words": words}),
        encoding="utf-8",
    )
    Fieldwork(root, people, words, wrongs).run()
    with contextlib.ExitStack() as held:
        if "cache" in wrongs:
            held.enter_context(_cached(people[4]["surname"]))
        show_kept(others)


def show_kept(others: list[dict[str, str]]) -> None:
    """A manager has one of those kept on a page, and writes down how it ended."""
    from django.test import Client

    from harken.method.terms import Role
    from tests.forensic import kept
    from tests.make.accounts import sign_in
    from tests.make.again import FOR

    start = f"/field/fieldwork/{kept.make(others).slug}/again"
    client = Client()
    sign_in(client, Role.MANAGER)
    page = client.get(start).content.decode()
    mark = re.search(r'name="mark" value="([^"]+)"', page)
    form = {"purpose": FOR, "mark": mark[1] if mark else ""}
    shown = client.post(f"{start}/next", form).content.decode()
    if not any(one["surname"] in shown for one in others):
        raise RuntimeError("nobody of those kept was shown")
    client.post(f"{start}/next", form)
    client.post(f"{start}/ended", {"ending": "try_again"})


def _cached(name: str) -> Any:
    """A colleague's cache of whom the page showed last."""
    from django.core.cache import cache

    from harken.service.contact import again

    real = again.open_next

    def kept(*args: Any, **more: Any) -> Any:
        found = real(*args, **more)
        cache.set("shown last", name)
        return found

    return mock.patch.object(again, "open_next", kept)


class Fieldwork:
    """One study from the sample file to the answers handed over."""

    def __init__(
        self,
        root: Path,
        people: list[dict[str, str]],
        words: list[str],
        wrongs: set[str],
    ) -> None:
        self.root, self.people, self.words, self.wrongs = root, people, words, wrongs

    def run(self) -> None:
        """Everything in the order of the rooms."""
        from harken.service import serve

        serve.make()  # bench/forensic has a server that logs all, which prepare refuses
        with self._watched("audit"):
            study = self._load()
        self._sabotage_column()
        if not self.wrongs:
            self._letters(study)
        self._answer(study)
        self._staff(study)
        self._requests(study)
        self._errors(study)
        self._end(study)

    def _load(self) -> Any:
        from tests.make import sitting
        from tests.make.sampling import make_values

        def values(number: int) -> dict[str, str]:
            return make_values(number, **self.people[number])

        with mock.patch.object(sitting, "make_values", values):
            return sitting.make_open_study(
                people=len(self.people), total=len(self.people) * 2 // 3
            )

    def _letters(self, study: Any) -> None:
        from harken.service.contact import letters
        from harken.service.contact.models import Standing
        from tests.make.sampling import MANAGER
        from tests.make.sitting import LETTERS

        Standing.objects.update(letter_on=None, disposition="0.0")
        house = self.root / "outside"
        house.mkdir(exist_ok=True)
        letters.make_letters(
            study,
            kind="invitation",
            out=lambda name, pdf: (house / name).write_bytes(pdf) and None,
            by=MANAGER,
            at=LETTERS,
            address="http://127.0.0.1:8000",
        )

    def _answer(self, study: Any) -> None:
        """Two interviews in their own words, one handed in, one left half way."""
        from django.test import Client

        from harken.method.terms import RESPONDENT, CaseRef
        from harken.service.interview import actions
        from harken.service.sampling import queries
        from tests.make.contact import make_invitation
        from tests.make.sitting import NOW, make_sitting

        cases = list(queries.issued(study))
        for case, said in zip(cases[:2], self.words[:2], strict=True):
            row = make_sitting(study, CaseRef(case.ref), words=said)
            if said is self.words[0]:
                actions.submit(row, by=RESPONDENT, at=NOW)
        visitor = Client(raise_request_exception=False)
        for path in ("/start", "/weather", "/results/", "/nowhere"):
            visitor.get(path)
        for code in (make_invitation(study, cases[2]), "2222-2222-2222"):
            visitor.post("/start", {"code": code})

    def _staff(self, study: Any) -> None:
        """Each role opens its doors; the caller has a person on the screen."""
        from django.test import Client

        from harken.method.terms import Role
        from tests.make.accounts import sign_in

        doors = {
            Role.INTERVIEWER: ("/call/",),
            Role.MANAGER: ("/field/", f"/field/studies/{study.slug}/"),
            Role.GUARDIAN: ("/guard/", f"/guard/studies/{study.slug}/"),
            Role.CONTROLLER: ("/guard/ledger/",),
            Role.STATISTICIAN: ("/desk/",),
            Role.HELPDESK: ("/guard/withdrawals/",),
        }
        for role, paths in doors.items():
            client = Client(raise_request_exception=False)
            sign_in(client, role)
            for path in paths:
                client.get(path)
        with self._watched("print"):
            self._open(study)

    def _requests(self, study: Any) -> None:
        """What staff type about a person: an alert, an emergency, a refusal, a copy."""
        from harken.method.rights import Ground, RequestKind
        from harken.method.terms import CaseRef
        from harken.service.rights import actions, emergency
        from harken.service.safeguarding import actions as safeguarding
        from harken.service.sampling import queries
        from tests.make.contact import make_invitation
        from tests.make.sitting import NOW
        from tests.make.vault import (
            CONTROLLER,
            GUARDIAN,
            HELPDESK,
            INTERVIEWER,
            MANAGER,
        )

        case = list(queries.issued(study))[3]
        facts, why, reason, found = self.words[2:6]
        safeguarding.raise_alert(
            study,
            CaseRef(case.ref),
            kind="disclosure",
            facts=facts,
            by=INTERVIEWER,
            at=NOW,
        )
        code = make_invitation(study, case)
        row = emergency.ask(study, code, reason=why, by=MANAGER, at=NOW)
        emergency.allow(row, by=GUARDIAN, at=NOW)
        emergency.open_person(row, by=MANAGER, at=NOW)
        later = NOW + emergency.LASTS * 2
        emergency.review(row, "justified", reason=found, by=CONTROLLER, at=later)
        for kind in (RequestKind.OBJECTION, RequestKind.ACCESS):
            code = make_invitation(study, case)
            asked = actions.take_in(
                study, kind, channel="letter", code=code, by=HELPDESK, at=NOW
            )
            if kind is RequestKind.ACCESS:
                actions.copy_for(asked, checked="called_back", by=GUARDIAN, at=NOW)
            else:
                ground = next(one for one in Ground if kind in one.kinds)
                actions.turn_down(
                    asked,
                    ground,
                    reason=reason,
                    by=GUARDIAN,
                    at=NOW,
                )

    def _desk(self, study: Any) -> None:
        """A reader confirms what the machine proposes, and it crosses."""
        from harken.method.terms import SYSTEM
        from harken.service.redaction import actions, crossing, queries
        from tests.make.redaction import READER
        from tests.make.sitting import NOW

        reading = actions.take_next(study, by=READER, at=NOW)
        page = queries.page(study, by=READER, at=NOW)
        if reading is None or page is None:
            raise RuntimeError("no text waited on the desk")
        actions.confirm(reading, page.words, by=READER, at=NOW)
        crossing.hand_over(study, by=SYSTEM, at=NOW)

    def _open(self, study: Any) -> None:
        """An interviewer's next person, opened as the console opens one."""
        from harken.service.contact import calls
        from tests.make.contact import INTERVIEWER
        from tests.make.sitting import NOW

        if calls.next_case(study, interviewer=INTERVIEWER, at=NOW) is None:
            raise RuntimeError("nobody could be called")

    def _errors(self, study: Any) -> None:
        """Twenty kinds of error with an identity in a local variable, behind a page."""
        from django.test import Client
        from django.utils import timezone

        from harken.method.terms import Role
        from harken.service.interview import telephone
        from tests.make.accounts import sign_in

        client = Client(raise_request_exception=False)
        sign_in(client, Role.INTERVIEWER)
        for number, kind in enumerate(FAULTS[:1] if self.wrongs else FAULTS):
            victim = dict(self.people[number % len(self.people)])

            def fails(
                *_: object, kind: type[Exception] = kind, victim: Any = victim
            ) -> None:
                raise kind(f"could not show {victim}")

            with mock.patch.object(telephone, "call_of", fails):
                answer = client.get("/call/")
            if answer.status_code != 500:
                raise RuntimeError(f"no error was forced: {answer.status_code}")
        if "exception" in self.wrongs:
            import traceback

            try:
                raise ValueError(f"{timezone.now()} {self.people[3]}")
            except ValueError:
                traceback.print_exc()

    def _end(self, study: Any) -> None:
        from harken.method.terms import SYSTEM, CaseRef
        from harken.service.ledger import actions as ledger
        from harken.service.response import exports, intake
        from harken.service.sampling import queries
        from harken.service.study import actions as studies
        from harken.service.vault import actions as vault
        from tests.make.sampling import MANAGER
        from tests.make.sitting import NOW
        from tests.make.vault import GUARDIAN, HELPDESK, OPERATOR

        last = list(queries.issued(study))[-1]
        vault.withdraw(study, CaseRef(last.ref), by=HELPDESK, at=NOW)
        vault.rotate(study, by=GUARDIAN, at=NOW)
        ledger.checkpoint(at=NOW)
        if not os.environ.get("HARKEN_IDENTITY_DSN"):
            vault.backup(self.root / "backup", by=OPERATOR, at=NOW)
        studies.close_study(study, by=MANAGER, at=NOW)
        intake.collect(study, by=SYSTEM, at=NOW)
        intake.close_sample(study, by=SYSTEM, at=NOW)
        self._desk(study)
        (self.root / "exports").mkdir()
        for name, content in exports.make(study, by=OPERATOR, at=NOW).items():
            (self.root / "exports" / name).write_bytes(content)

    def _sabotage_column(self) -> None:
        if "column" not in self.wrongs:
            return
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE sampling_case ADD COLUMN who varchar(80)")
            name = self.people[0]["surname"]
            cursor.execute("UPDATE sampling_case SET who = %s", [name])

    def _watched(self, wrong: str) -> Any:
        """A colleague's helpful wrapper, when this sabotage is asked for."""
        from harken.service.vault import custody

        if wrong not in self.wrongs:
            return mock.patch.dict(os.environ)
        if wrong == "print":
            return mock.patch.object(
                custody, "open_identity", self._loud(custody.open_identity)
            )
        return mock.patch.object(custody, "enrol", self._audited(custody.enrol))

    def _loud(self, opened: Callable[..., Any]) -> Callable[..., Any]:
        def loud(*args: Any, **more: Any) -> Any:
            found = opened(*args, **more)
            sys.stdout.write(f"opened {self.people[1]['surname']}\n")
            return found

        return loud

    def _audited(self, enrol: Callable[..., Any]) -> Callable[..., Any]:
        """An audit log as the popular ones keep it: the new values, as JSON."""
        from django.db import connection

        def audited(study: Any, people: Any, **more: Any) -> Any:
            batch = list(people)
            with connection.cursor() as cursor:
                cursor.execute("CREATE TABLE IF NOT EXISTS auditlog (changes text)")
                for _, identity in batch:
                    if identity.surname == self.people[2]["surname"]:
                        text = json.dumps({"surname": ["None", identity.surname]})
                        cursor.execute("INSERT INTO auditlog VALUES (%s)", [text])
            return enrol(study, batch, **more)

        return audited


if __name__ == "__main__":
    django.setup()
    main(Path(sys.argv[1]), int(sys.argv[2]), set(sys.argv[3:]))
