"""Those kept are contacted again: one person, one purpose, opened once, by hand.

Their rows are the vault's; no other of theirs is left. What was done stands there as
purpose, day and ending, and goes with the consent. Nothing here opens two people.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from django.db import IntegrityError, transaction
from django.utils import timezone

from harken.method.contact import again as method
from harken.method.contact import schedule
from harken.method.contact.again import Ending, Try
from harken.method.errors import refuse
from harken.method.ledger import Event
from harken.method.terms import RESPONDENT, Actor, CaseRef
from harken.method.vault.keyring import Retention
from harken.service.accounts.permissions import Permission, check
from harken.service.contact import calls, faults
from harken.service.ledger import actions as ledger
from harken.service.study import queries as studies
from harken.service.study.models import Study
from harken.service.vault import actions as vault
from harken.service.vault import custody, holder
from harken.service.vault import queries as keys
from harken.service.vault.models import RecontactConsent

LEASE = dt.timedelta(minutes=20)
"""After so long somebody else may open a person about whom nothing was said."""


@dataclass(frozen=True, slots=True)
class Line:
    """How one purpose stands, in people."""

    purpose: str
    agreed: int
    reached: int
    due: int

    @property
    def words(self) -> str:
        """The purpose in words."""
        return method.said(self.purpose)


@dataclass(frozen=True, slots=True)
class Counts:
    """How it stands with those who agreed to be contacted again. Counts, no person."""

    agreed: int
    kept: int
    ended: int
    silent: int
    open: int
    lines: tuple[Line, ...]
    days: tuple[tuple[dt.date, int], ...]
    end: dt.date
    rings: bool


@dataclass(frozen=True, slots=True)
class Card:
    """The one person opened, for the one time they are shown."""

    purpose: str
    given_name: str = field(repr=False)
    surname: str = field(repr=False)
    telephone: str = field(repr=False)
    email: str = field(repr=False)
    address: tuple[str, ...] = field(repr=False)
    obey: tuple[str, ...]
    agreed_on: dt.date
    until: dt.date
    earlier: tuple[Try, ...]
    lent_until: dt.datetime

    @property
    def words(self) -> str:
        """The purpose in words."""
        return method.said(self.purpose)


def counts(study: Study, *, by: Actor, at: dt.datetime) -> Counts:
    """How many agreed, for what, until when, and what was done. Raises ACC-001."""
    check(by, Permission.FIELD_MANAGE)
    today, most = timezone.localdate(at), _most(study)
    everybody = list(RecontactConsent.objects.filter(study=study.slug))
    rows = [row for row in everybody if row.until >= today]
    kept = _kept(study.slug)
    lines = []
    for purpose in sorted({one for row in rows for one in row.purposes}):
        mine = [row for row in rows if purpose in row.purposes]
        lines.append(
            Line(
                purpose,
                agreed=len(mine),
                reached=sum(method.reached(_tries(row), purpose) for row in mine),
                due=sum(
                    row.ref in kept and _is_due(row, purpose, most=most, at=at)
                    for row in mine
                ),
            )
        )
    return Counts(
        agreed=len(rows),
        kept=sum(row.ref in kept for row in rows),
        ended=len(everybody) - len(rows),
        silent=sum(method.silent(_tries(row)) for row in rows),
        open=sum(_is_lent(row, at) for row in rows),
        lines=tuple(lines),
        days=tuple(sorted(Counter(row.until for row in rows).items())),
        end=_end(study),
        rings=_rings(study, at=at),
    )


def pending(*, by: Actor) -> tuple[str, str]:
    """In which study, and for what, this manager has somebody open; empty when not."""
    row = RecontactConsent.objects.filter(lent_to=by.label).first()
    return (row.study, method.said(_opening(row).purpose)) if row else ("", "")


def open_next(study: Study, purpose: str, *, by: Actor, at: dt.datetime) -> Card:
    """Open the next person who agreed to this purpose; they are shown this once.

    Who was tried least comes first. Raises HarkenError ACC-001, CON-025, CON-026,
    CON-027, VAU-105 after the last day, VAU-106, VAU-117 when the hour is used up, and
    AwayError while the key holder is away: then nobody was opened.
    """
    check(by, Permission.FIELD_MANAGE)
    try:
        with transaction.atomic():
            return _opened(study, purpose, by=by, at=at)
    except IntegrityError:
        # Sent twice at once, or somebody of another study is open with this manager.
        raise refuse(faults.STILL_OPEN) from None


def settle(study: Study, ending: Ending, *, by: Actor, at: dt.datetime) -> None:
    """Say how it ended with the person whom this manager has open.

    Who does not want it any more is refused at once, with their key and consent, as if
    they had asked themselves. Raises HarkenError ACC-001, CON-028.
    """
    check(by, Permission.FIELD_MANAGE)
    mine = RecontactConsent.objects.select_for_update()
    with transaction.atomic():
        row = mine.filter(study=study.slug, lent_to=by.label).first()
        if row is None:
            raise refuse(faults.NOBODY_OPEN)
        ref, opening = CaseRef(row.ref), _opening(row)
        ledger.record(
            Event.CONTACTED_AGAIN,
            study=study.slug,
            by=by,
            at=at,
            subject=holder.handle_of(study.slug, ref),
            reason=f"{opening.purpose}: {ending.value}",
        )
        if ending is Ending.REFUSED:
            vault.withdraw(study, ref, by=RESPONDENT, at=at)
        else:
            place = row.done.index(opening.row())
            row.done[place] = replace(opening, how=ending).row()
            row.lent_to, row.lent_until = "", None
            row.save(update_fields=["done", "lent_to", "lent_until"])
        custody.close(study, ref, by=by)


def restrict(study: Study, ref: CaseRef, *, by: Actor, at: dt.datetime) -> None:
    """Their details are not used for now, because they asked so; nobody opens them.

    Raises HarkenError ACC-001.
    """
    check(by, Permission.RIGHTS)
    mine = RecontactConsent.objects.select_for_update()
    with transaction.atomic():
        for row in mine.filter(study=study.slug, ref=ref):
            asked = Try("", timezone.localdate(at), Ending.RESTRICTED)
            row.done = [one.row() for one in (*_tries(row), asked)]
            row.save(update_fields=["done"])


def _opened(study: Study, purpose: str, *, by: Actor, at: dt.datetime) -> Card:
    slug, today = study.slug, timezone.localdate(at)
    holder.store(slug).check_day(custody.Purpose.RECONTACT, at=at)
    _check_free(by)
    row = _next(study, purpose, at=at)
    earlier = _tries(row)
    now = Try(purpose, today, Ending.OPENED)
    row.done = [one.row() for one in (*earlier, now)]
    row.lent_to, row.lent_until = by.label, at + LEASE
    row.save(update_fields=["done", "lent_to", "lent_until"])
    person = custody.open_identity(
        study,
        CaseRef(row.ref),
        purpose=custody.Purpose.RECONTACT,
        agreed=purpose,
        by=by,
        at=at,
    )
    told = row.ways
    if studies.folder(study).charter.contact.voicemail == "none":
        told = {**told, "voicemail": False}
    ways = method.ways_of(person.safe_contact, told, rings=_rings(study, at=at))
    home = (*person.address_lines, person.town, person.postcode)
    return Card(
        purpose=purpose,
        given_name=person.given_name,
        surname=person.surname,
        telephone=person.telephone if ways.telephone else "",
        email=person.email if ways.email else "",
        address=tuple(filter(None, home)) if ways.address else (),
        obey=ways.obey,
        agreed_on=row.agreed_on,
        until=row.until,
        earlier=tuple(one for one in earlier if one.how is not Ending.NOT_TRIED),
        lent_until=row.lent_until,
    )


def _check_free(by: Actor) -> None:
    if RecontactConsent.objects.filter(lent_to=by.label).exists():
        raise refuse(faults.STILL_OPEN)


def _next(study: Study, purpose: str, *, at: dt.datetime) -> RecontactConsent:
    """Who comes next by ``method.turn``, then in the order of their random references."""
    today, most = timezone.localdate(at), _most(study)
    locked = RecontactConsent.objects.select_for_update()
    rows = list(locked.filter(study=study.slug, until__gte=today).order_by("ref"))
    if not any(purpose in row.purposes for row in rows):
        raise refuse(faults.NOT_AGREED)
    kept = _kept(study.slug)
    due = [
        row
        for row in rows
        if row.ref in kept and _is_due(row, purpose, most=most, at=at)
    ]
    if not due:
        raise refuse(faults.NOBODY_DUE)
    rings = _rings(study, at=at)
    return min(
        due,
        key=lambda row: method.turn(_tries(row), purpose, today=today, rings=rings),
    )


def _is_due(row: RecontactConsent, purpose: str, *, most: int, at: dt.datetime) -> bool:
    """Whether this person may be opened for a purpose now, as far as rows can tell."""
    if purpose not in row.purposes or _is_lent(row, at):
        return False
    today = timezone.localdate(at)
    return method.may_open(_tries(row), purpose, today=today, most=most)


def _is_lent(row: RecontactConsent, at: dt.datetime) -> bool:
    return bool(row.lent_to) and row.lent_until is not None and row.lent_until > at


def _tries(row: RecontactConsent) -> list[Try]:
    return [Try.of(one) for one in row.done]


def _opening(row: RecontactConsent) -> Try:
    """The opening of which nobody has said how it ended."""
    waiting = [one for one in _tries(row) if one.how is Ending.OPENED]
    return waiting[-1]


def _rings(study: Study, *, at: dt.datetime) -> bool:
    """Whether it is an hour at which this study rings people (SAF-14)."""
    local = timezone.localtime(at)
    rules = studies.folder(study).charter.contact
    hours = schedule.hours_of(rules, local.date())
    if hours is None or local.date() in calls.holidays_of(study, local.year):
        return False
    return hours[0] <= local.time() < hours[1]


def _most(study: Study) -> int:
    """How often somebody is tried: no more than in fieldwork."""
    return int(studies.folder(study).charter.contact.max_attempts)


def _end(study: Study) -> dt.date:
    """The last day of all, whichever promise people were given."""
    charter = studies.folder(study).charter
    later = [one.day("recontact_until") for one in keys.promises(study.slug)]
    return max([charter.calendar.recontact_until, *later])


def _kept(slug: str) -> set[str]:
    """Those of whom nothing is left but the contact, and who have not left since."""
    held = holder.store(slug)
    again = set(_living(held, Retention.RECONTACT))
    return again - set(_living(held, Retention.STANDARD)) if again else again


def _living(held: holder.Keys, retention: Retention) -> Iterator[str]:
    return (one.ref for one in held.people(retention) if not one.withdrawn)
