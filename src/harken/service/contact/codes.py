"""Access codes: made, hashed, redeemed. A code exists in clear only in the letter.

Every refusal is the same sentence after the same work, whatever was wrong with the code,
so that nobody learns from it whether a code exists, was used or was withdrawn.
"""

from __future__ import annotations

import datetime as dt
import logging
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Literal

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from harken.method.contact import Disposition
from harken.method.errors import HarkenError, refuse
from harken.method.ledger import Event
from harken.method.terms import RESPONDENT, CaseRef
from harken.method.vault import (
    hash_secret,
    locator,
    make_code,
    read_code,
    verify_secret,
)
from harken.service.contact import faults, rows
from harken.service.contact.models import AccessCode, OptOut, Standing, WrongCodes
from harken.service.ledger import actions as ledger
from harken.service.sampling.models import Case
from harken.service.study import queries as studies
from harken.service.study.models import Study
from harken.service.vault import queries as keys
from harken.service.vault import sealing

Kind = Literal["invitation", "receipt"]
Gate = Callable[[CaseRef], bool]
"""A last condition of another room for a code to open; asked for NOBODY too."""
SALT = 16
THREADS = 2
LOCATOR_LIMIT = 10
SHORT_ROOM = 139_920
"""Half of the locators of four symbols: a study's further invitations have five."""
NOBODYS_SALT = bytes(SALT)
NOBODY = CaseRef("0" * 32)

SPANS = (
    ("address", dt.timedelta(minutes=15), 5),
    ("address", dt.timedelta(hours=1), 10),
)
"""Scope, span and how many wrong codes are borne in it (research/privacy.md 8.1)."""

MINUTE = dt.timedelta(minutes=1)
ALARM_AT = 30
ALARM_LASTS = dt.timedelta(minutes=15)
IN_ALARM = 1
"""Wrong codes a minute, from everywhere, that raise the alarm; and how many an address
has in a quarter of an hour while it lasts. Nobody with a right code is kept out: an
address that made no mistake is let in as before."""

FULL: dict[str, dt.datetime] = {}
REMEMBERED = 10_000
"""Addresses seen at their limit, by keyed hash, and in which minute: for the rest of it
their guesses cost the database nothing. Every span ends with a minute."""

LOG = logging.getLogger("harken.contact")


@dataclass(frozen=True, slots=True)
class Issued:
    """A new code in clear, on its way to a letter, and the row that remembers it."""

    ref: CaseRef
    code: str
    row: AccessCode

    def __repr__(self) -> str:
        return "Issued(...)"


def make_codes(
    study: Study,
    cases: Sequence[Case],
    *,
    progress: Callable[[int, int], None] | None = None,
) -> Iterator[Issued]:
    """An invitation for each case, rows unsaved; hashing uses two threads.

    Argon2 gives up the interpreter's lock, so two threads keep two cores busy.
    """
    expires = studies.folder(study).charter.calendar.telephone_closes

    def secret(code: str) -> tuple[bytes, bytes]:
        salt = os.urandom(SALT)
        return salt, hash_secret(code, salt)

    marked = _free_codes(study, len(cases))
    with ThreadPoolExecutor(max_workers=THREADS) as pool:
        hashed = pool.map(secret, [code for code, _ in marked])
        rows = zip(cases, marked, hashed, strict=True)
        for done, (case, (code, mark), (salt, digest)) in enumerate(rows, start=1):
            row = AccessCode(
                case=case,
                kind="invitation",
                locator=mark,
                salt=salt,
                secret_hash=digest,
                expires=expires,
            )
            yield Issued(CaseRef(case.ref), code, row)
            if progress:
                progress(done, len(cases))


def _free_codes(study: Study, wanted: int) -> list[tuple[str, bytes]]:
    """New codes, each with a locator that no live code has: one look-up finds one row.

    Once the short locators are half used, new codes have a long one, and begin as no
    live code with a short one does.
    """
    ours = AccessCode.objects.filter(case__study=study, kind="invitation")
    live = ours.filter(state=AccessCode.State.LIVE)
    taken = {bytes(mark) for mark in live.values_list("locator", flat=True)}
    ever = ours.count()
    found: list[tuple[str, bytes]] = []
    while len(found) < wanted:
        missing = wanted - len(found)
        short = max(0, min(missing, SHORT_ROOM - ever - len(found)))
        drawn = [make_code(os.urandom) for _ in range(short or missing)]
        for code, marks in zip(drawn, _marks(study, drawn), strict=True):
            mark = marks[0] if short else marks[1]
            if not taken & {marks[0], mark}:
                taken.add(mark)
                found.append((code, mark))
    return found


def _marks(study: Study, codes: Sequence[str]) -> list[tuple[bytes, bytes]]:
    """What finds the rows of invitations: keyed hashes of a short and a long locator.

    The key is with the person keys. An invitation is proved by Argon2.
    """
    texts = [f"locator {locator(code)}" for code in codes]
    texts += [f"locator {locator(code, long=True)}" for code in codes]
    hashes = sealing.keyed_hashes(study, texts)
    return list(zip(hashes[: len(codes)], hashes[len(codes) :], strict=True))


def _receipt_mark(study: Study, code: str) -> bytes:
    """A receipt is found by the whole code, and that proves it.

    Whoever has the key of this hash has the keys of all that a receipt opens
    (docs/decisions/0021-receipts-and-invitations.md).
    """
    return sealing.keyed_hash(study, f"receipt {code}")


def issue_receipt(study: Study, ref: CaseRef, *, at: dt.datetime) -> str:
    """A code the person keeps, to return with; an earlier receipt dies.

    It takes answers back for as long as they can be told apart (DP-06). Raises
    HarkenError CON-015.
    """
    code = make_code(os.urandom)
    mark = _receipt_mark(study, code)
    last = keys.promised(study, ref).destroy_by
    with transaction.atomic(savepoint=False):
        if not rows.replace_receipt(study, ref, mark, expires=last):
            raise refuse(faults.NO_CASE)
        ledger.record(
            Event.CODES_ISSUED,
            study=study.slug,
            by=RESPONDENT,
            at=at,
            counts={"codes": 1},
            reason="receipt",
        )
    return code


def kill(case: Case, *, kind: Kind | None = None) -> int:
    """End every live code of a case, or those of one kind; returns how many."""
    return rows.kill(case.pk, kind=kind or "")


def redeem(
    study: Study,
    text: str,
    *,
    at: dt.datetime,
    kind: Kind | None = "invitation",
    source: str = "",
    gate: Gate = lambda _: True,
) -> CaseRef:
    """The case a typed code opens. Call it outside a transaction: wrong codes count.

    ``kind`` None takes either. ``source`` is an opaque word for where the request came
    from, such as an address prefix; only its keyed hash is kept. Raises HarkenError
    VAU-001 to VAU-003 for a typing mistake (not counted), CON-010 for any other refusal,
    CON-011 for too many.
    """
    row = _proven(study, text, at=at, kind=kind, source=source, gate=gate)
    case = row.case
    with transaction.atomic():
        if row.kind == "receipt" and not kill(case, kind="receipt"):
            # Somebody was a moment faster with the same receipt: it serves once.
            raise refuse(faults.CODE_REFUSED)
        standing, _ = Standing.objects.select_for_update().get_or_create(
            case=case, defaults={"changed_at": at}
        )
        if Disposition(standing.disposition).may_become(Disposition.BEGUN):
            standing.disposition = Disposition.BEGUN
        standing.web_at = standing.changed_at = at
        standing.save()
        ledger.record(Event.CODE_REDEEMED, study=study.slug, by=RESPONDENT, at=at)
    return CaseRef(case.ref)


def find(
    study: Study,
    text: str,
    *,
    at: dt.datetime,
    kind: Kind | None,
    source: str = "",
    gate: Gate = lambda _: True,
) -> Case:
    """The case of a live code; opens nothing and ends nothing. Refuses as ``redeem``.

    Unless only receipts are looked for it costs exactly one Argon2 verification,
    whether the code exists or not.
    """
    return _proven(study, text, at=at, kind=kind, source=source, gate=gate).case


def _proven(
    study: Study,
    text: str,
    *,
    at: dt.datetime,
    kind: Kind | None,
    source: str,
    gate: Gate,
) -> AccessCode:
    code = read_code(text)
    _check_spans(study, source, at=at)
    marks: tuple[bytes, ...] = ()
    if kind != "receipt":
        marks += _marks(study, [code])[0]
    if kind != "invitation":
        marks += (_receipt_mark(study, code),)
    rows = AccessCode.objects.filter(locator__in=marks, case__study=study)
    row = min(rows.select_related("case"), key=_first, default=None)
    receipt = row is not None and row.kind == "receipt"
    # The same work whether there is a row or not, and whatever its kind.
    stretched = kind != "receipt" and _proved(code, None if receipt else row)
    locked = _wrong_today(marks[0], at) >= LOCATOR_LIMIT
    opens = _opens(study, row, at)
    if locked or not (opens and (receipt or stretched)):
        row = None
    if not gate(CaseRef(row.case.ref) if row else NOBODY) or row is None:
        _count(study, source, marks[0], at=at)
        raise refuse(faults.CODE_REFUSED)
    return row


def _first(row: AccessCode) -> tuple[bool, bool]:
    """Live ones first; then the receipt, which is found by its whole code."""
    return row.state != AccessCode.State.LIVE, row.kind != "receipt"


def identify(
    study: Study,
    text: str,
    *,
    at: dt.datetime,
    kinds: Sequence[Kind] = ("receipt", "invitation"),
    source: str = "",
) -> Case:
    """Whom a code stands for when they use a right of theirs; it opens and ends nothing.

    A code that has served or run out still says whose it is, and so does that of
    somebody who takes no part any more: for as long as there are keys. Wrong codes
    count as everywhere. Raises what ``find`` raises.
    """
    code = read_code(text)
    _check_spans(study, source, at=at)
    receipt, letters = _receipt_mark(study, code), _marks(study, [code])[0]
    ours = AccessCode.objects.filter(case__study=study).select_related("case")
    kept = ours.filter(kind="receipt", locator=receipt).first()
    sent = list(ours.filter(kind="invitation", locator__in=letters))
    # A locator may be used again once its code is dead; at least one is tried always.
    proved = [row for row in sent or (None,) if _proved(code, row)]
    locked = _wrong_today(letters[0], at) >= LOCATOR_LIMIT
    row = kept or next((one for one in proved if not locked), None)
    status = keys.status(study, CaseRef(row.case.ref) if row else NOBODY)
    right = row is not None and row.kind in kinds
    if row is None or not right or status is not keys.KeyStatus.LIVE:
        _count(study, source, letters[0], at=at)
        raise refuse(faults.CODE_REFUSED)
    return row.case


def _proved(code: str, row: AccessCode | None) -> bool:
    """Whether the code's secret is the row's; the same work when there is no row."""
    salt = bytes(row.salt) if row else NOBODYS_SALT
    try:
        verify_secret(code, salt, bytes(row.secret_hash) if row else b"")
    except HarkenError:
        return False
    return True


def _opens(study: Study, row: AccessCode | None, at: dt.datetime) -> bool:
    """Whether a right code may still open its case.

    Everything is looked at whatever the first look finds, and even for nobody's code,
    so that the time tells nothing (PRV 46).
    """
    ref = CaseRef(row.case.ref) if row else NOBODY
    said_no = OptOut.objects.filter(case_id=row.case_id if row else 0).exists()
    status = keys.status(study, ref)
    fieldwork = studies.can_fieldwork(study, at=at)
    if row is None:
        return False
    return (
        row.state == AccessCode.State.LIVE
        and timezone.localdate(at) <= row.expires
        and (row.kind == "receipt" or fieldwork)
        and not said_no
        and status is keys.KeyStatus.LIVE
    )


def _since(at: dt.datetime, span: dt.timedelta) -> dt.datetime:
    """The beginning of the fixed span that holds this moment."""
    seconds = int(at.timestamp())
    return dt.datetime.fromtimestamp(
        seconds - seconds % int(span.total_seconds()), dt.UTC
    )


def alarm(*, at: dt.datetime) -> bool:
    """Whether so many wrong codes come from everywhere that somebody is guessing."""
    return WrongCodes.objects.filter(scope="alarm", since__gt=at - ALARM_LASTS).exists()


def latest_alarm() -> dt.datetime | None:
    """When somebody was guessing last, as far as it is remembered: two days."""
    alarms = WrongCodes.objects.filter(scope="alarm").order_by("-since")
    return alarms.values_list("since", flat=True).first()


def _key(study: Study, scope: str, source: str) -> str:
    return sealing.keyed_hash(study, f"{scope} {source}").hex()


def _check_spans(study: Study, source: str, *, at: dt.datetime) -> None:
    if not source:
        return
    key, minute = _key(study, "address", source), _since(at, MINUTE)
    if FULL.get(key) == minute:
        raise refuse(faults.TOO_MANY_TRIES)
    alarmed = alarm(at=at)
    for scope, span, limit in SPANS:
        row = WrongCodes.objects.filter(
            scope=_scope(scope, span), key=key, since=_since(at, span)
        ).first()
        if row is not None and row.count >= (IN_ALARM if alarmed else limit):
            if len(FULL) >= REMEMBERED:
                FULL.clear()
            FULL[key] = minute
            raise refuse(faults.TOO_MANY_TRIES)


def _scope(scope: str, span: dt.timedelta) -> str:
    return f"{scope[:5]}{int(span.total_seconds() // 60)}"


def _wrong_today(mark: bytes, at: dt.datetime) -> int:
    day = dt.timedelta(days=1)
    rows = WrongCodes.objects.filter(
        scope="locator", key=mark.hex(), since=_since(at, day)
    )
    return rows.values_list("count", flat=True).first() or 0


def _count(study: Study, source: str, mark: bytes, *, at: dt.datetime) -> None:
    """Count one wrong code in every scope, and forget counts of the day before."""
    day = dt.timedelta(days=1)
    keys = [("locator", mark.hex()[:64], _since(at, day))]
    if source:
        key = _key(study, "address", source)
        keys += [
            (_scope(scope, span), key, _since(at, span)) for scope, span, _ in SPANS
        ]
    with transaction.atomic():
        WrongCodes.objects.filter(since__lt=at - 2 * day).delete()
        for scope, key, since in keys:
            _one_more(scope, key, since)
        together = _one_more("every1", "", _since(at, MINUTE))
        if together == ALARM_AT:
            _one_more("alarm", "", at)
            LOG.error("Wrong codes come from everywhere: somebody is guessing.")


def _one_more(scope: str, key: str, since: dt.datetime) -> int:
    """Count one more, and return how many there are now."""
    row, _ = WrongCodes.objects.get_or_create(scope=scope, key=key, since=since)
    WrongCodes.objects.filter(pk=row.pk).update(count=F("count") + 1)
    row.refresh_from_db(fields=["count"])
    return row.count
