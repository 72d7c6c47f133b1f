"""Makes studies in the field: open, drawn, with codes in hand that letters would carry."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from itertools import product

import pytest
from django.utils import timezone

from harken.method.contact.safe import CallBack, SafeHours, SafeWays
from harken.method.errors import HarkenError
from harken.method.study import State
from harken.method.terms import Actor, CaseRef, Role
from harken.method.vault import read_code
from harken.method.vault.codes import ALPHABET
from harken.service.contact import calls
from harken.service.contact.codes import make_codes
from harken.service.contact.models import Standing
from harken.service.sampling import queries
from harken.service.sampling.models import Case
from harken.service.study.models import Study
from tests.make.sampling import make_drawn_study

MANAGER = Actor("m.field", Role.MANAGER)
INTERVIEWER = Actor("i.one", Role.INTERVIEWER)
SECOND = Actor("i.two", Role.INTERVIEWER)
HELPDESK = Actor("h.one", Role.HELPDESK)
LETTERS_ON = dt.date(2026, 2, 2)
LETTERS_AT = dt.datetime(2026, 2, 2, 9, tzinfo=dt.UTC)
CALLING = dt.datetime(2026, 2, 24, 11, tzinfo=dt.UTC)
"""A Tuesday morning in the calling hours, three weeks after the letters."""

WAYS = SafeWays(
    hours=SafeHours(dt.time(10), dt.time(12), frozenset({"weekday"})),
    phone=True,
    post=False,
    voicemail=False,
    call_back=CallBack.US,
    who_may_answer="my sister Quillanne",
    code_word="umbrella-heron",
)
"""What one person said about reaching them safely."""


def make_field_study(
    *, people: int = 8, total: int = 6, slug: str = "trial", letters: bool = True
) -> Study:
    """An open study with a drawn sample; with ``letters`` everybody has had one."""
    study = make_drawn_study(people=people, total=total, slug=slug)
    study.state, study.opened_at = State.OPEN.value, LETTERS_AT
    study.save()
    if letters:
        calls.ensure_standings(study, at=LETTERS_AT)
        Standing.objects.update(letter_on=LETTERS_ON, disposition="0.1")
    return study


def first_case(study: Study) -> Case:
    """An issued case of the study, always the same."""
    case = queries.issued(study).first()
    assert case is not None
    return case


def ref_of(study: Study) -> CaseRef:
    """The reference of ``first_case``."""
    return CaseRef(first_case(study).ref)


def other_code(code: str) -> str:
    """A well-formed code with the same locator and another secret."""
    start, middle = code[:4], code[6:13]
    for symbol, check in product(ALPHABET, repeat=2):
        with suppress(HarkenError):
            text = read_code(f"{start}-{symbol}{middle}{check}")
            if text != code:
                return text
    raise AssertionError


def make_invitation(study: Study, case: Case | None = None) -> str:
    """A live invitation code of a case, in clear."""
    (issued,) = make_codes(study, [case or first_case(study)])
    issued.row.save()
    return issued.code


def within_one_minute(patch: pytest.MonkeyPatch) -> None:
    """Stop the clock: wrong codes are counted anew with each minute of it."""
    now = timezone.now()
    patch.setattr(timezone, "now", lambda: now)
