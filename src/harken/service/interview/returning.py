"""Coming back to an interview that was saved behind a PIN, and beginning it anew.

A letter's code alone never opens one, and is answered as any bad code is: whoever opens
the letter does not learn that somebody began (docs/decisions/0043-a-saved-interview.md).
"""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils import timezone

from harken.method.errors import HarkenError, refuse
from harken.method.terms import Arm, CaseRef, Language, Mode
from harken.service.contact import actions as contact
from harken.service.interview import faults, models, queries, steps
from harken.service.study.models import Study

PIN_TRIES = 5
CODE_REFUSED = "CON-010"
"""What the contact room says of every code that opens nothing."""


def resume(
    study: Study, code: str, *, pin: str, at: dt.datetime, source: str = ""
) -> models.Interview:
    """Come back with the PIN and the return code, or the letter's; goes on at the first
    page not shown.

    A return code serves once, when the PIN is right. One refusal (INT-024) after the
    same work, whatever is wrong with the code or the PIN, except a typing mistake in the
    code and too many tries. After five wrong PINs, or too late, the interview starts
    anew: nobody reaches the earlier answers from the web again (PRV 52).
    """

    def opens(ref: CaseRef) -> bool:
        return _fits(queries.of_case(study, ref), pin, at=at)

    try:
        case = contact.find(study, code, at=at, kind=None, source=source, gate=opens)
    except HarkenError as error:
        if error.findings[0].fault.code == CODE_REFUSED:
            raise refuse(faults.NOT_RESUMED) from None
        raise
    row = queries.of_case(study, CaseRef(case.ref))
    if row is None:
        raise refuse(faults.NOT_RESUMED)
    _unpin(row)
    row = steps.take_up(row, mode=Mode(row.mode))
    contact.redeem(study, code, at=at, kind=None, source=source)
    return row


def start_anew(row: models.Interview, *, at: dt.datetime) -> models.Interview:
    """A new beginning for the same case, as the next version; the PIN is gone."""
    book, arm = queries.book_of(row), Arm(row.arm)
    with transaction.atomic():
        row = steps.locked(row)
        tongue, mode = Language(row.language), Mode(row.mode)
        begun = steps.begun(book, mode=mode, arm=arm, language=tongue, at=at)
        steps.store(row, begun)
        _unpin(row)
    return row


def _fits(row: models.Interview | None, pin: str, *, at: dt.datetime) -> bool:
    """Whether a PIN opens a saved interview; the same hash when there is none."""
    if row is None or not row.pin:
        make_password(pin)
        return False
    with transaction.atomic():
        row = steps.locked(row)
        # Counted before the check, so that a crash cannot give a free try.
        row.pin_tries += 1
        row.save(update_fields=["pin_tries"])
    late = queries.late(row, today=timezone.localdate(at))
    right = check_password(pin, row.pin) and row.pin_tries <= PIN_TRIES
    if late or (not right and row.pin_tries >= PIN_TRIES):
        start_anew(row, at=at)
    return right and not late


def _unpin(row: models.Interview) -> None:
    row.pin, row.pin_tries, row.return_by = "", 0, None
    row.save(update_fields=["pin", "pin_tries", "return_by"])
