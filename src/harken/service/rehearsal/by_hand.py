"""A few web interviews taken page by page, with a code from a letter and a receipt.

The others are stored whole, which is quicker; these go the long way that a browser goes.
"""

from __future__ import annotations

import datetime as dt

from harken.method import rehearsal as method
from harken.method.terms import RESPONDENT, Missing, Mode
from harken.service.contact import actions as contact
from harken.service.contact import codes
from harken.service.interview import actions as interviews
from harken.service.interview import queries as sittings
from harken.service.rehearsal.fieldwork import Field, Party
from harken.service.sampling import queries as sampling


def take_part(field: Field, party: Party, *, at: dt.datetime) -> str:
    """Redeem a code, answer every page, hand in; returns the receipt code."""
    study, by = field.study, RESPONDENT
    case = sampling.case(party.ref)
    (issued,) = codes.make_codes(study, [case])
    issued.row.save()
    ref = contact.redeem(study, issued.code, at=at)
    held = field.hold(party, Mode.WEB)
    row = interviews.begin(
        study, ref=ref, mode=Mode.WEB, language=held.language, by=by, at=at
    )
    place = sittings.sitting(row).interview.position
    while place is not None:
        form = method.form_of(held.answers.get(place, Missing.NO_ANSWER))
        row = interviews.answer(row, place, form, version=row.version, by=by, at=at)
        place = sittings.sitting(row).interview.position
    return interviews.submit(row, by=by, at=at)
