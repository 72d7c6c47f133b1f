"""Print runs: letters with access codes, set in memory and handed to one callback.

Neither names nor codes touch the disk here. A run is written down in one short
transaction after all letters are set; if handing over fails, nobody counts as written to.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Literal

import segno
import typst
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.formats import date_format

from harken.method.contact import Disposition, Letter
from harken.method.errors import Finding, HarkenError, refuse
from harken.method.ledger import Event
from harken.method.source import Reader, read
from harken.method.study import Charter, Folder, text_of
from harken.method.study.promised import Promised
from harken.method.terms import Actor, CaseRef, Language
from harken.method.vault import Identity
from harken.service.accounts.permissions import Permission, check
from harken.service.contact import faults
from harken.service.contact.calls import ensure_standings
from harken.service.contact.codes import Issued, make_codes
from harken.service.contact.models import AccessCode, Mailing, PrintRun, Standing
from harken.service.ledger import actions as ledger
from harken.service.sampling.models import Case
from harken.service.study import queries as studies
from harken.service.study.models import Study
from harken.service.vault import custody
from harken.service.vault import queries as keys

Kind = Literal["invitation", "reminder"]
BATCH = 250
SIZE, LARGE_SIZE = 12, 18
REMEMBERED = 11
NOBODY = Identity("\u2014", "\u2014", address_lines=("\u2014", "\u2014"), town="\u2014")
KEPT_BY_PRINTER = dt.timedelta(days=7)
TEMPLATE = Path(__file__).with_name("letter.typ")
OWN_DAY = Path(__file__).with_name("letters.yaml")
DAY_FIELD = "destroy_date"
FONTS = {"fonts": ["Libertinus Serif"], "code_fonts": ["DejaVu Sans Mono"]}
FONTS_ARABIC = [
    "PakType Naskh Basic Urdu",
    "Noto Naskh Arabic",
    "Noto Sans Arabic",
    "DejaVu Sans",
]
ARABIC = {"ar", "ckb", "fa", "ps", "sd", "ug", "ur"}
"""The typesetter brings no letters of the Arabic script: for these the machine's fonts
are used, and one of FONTS_ARABIC must be installed."""


@dataclass(frozen=True, slots=True)
class Layout:
    """What is the same on every letter of a run."""

    folder: Folder
    kind: Kind
    at: dt.datetime
    base_url: str
    large: bool
    promised: tuple[Promised, ...] = ()
    own: Mapping[CaseRef, Promised] = field(default_factory=dict, repr=False)

    @property
    def charter(self) -> Charter:
        """The study's charter."""
        return self.folder.charter

    def letter(self, language: Language) -> Letter:
        """The text of one language, as the study folder has it.

        Where people have different days it says the person's own (``letters.yaml``).
        """
        path = f"letters/{self.kind}"
        text = text_of(self.folder, path, language)
        letter = Letter.read(text, f"{path}.{language}.md")
        if len(self.promised) < 2 or DAY_FIELD in letter.fields():
            return letter
        return Letter.read(f"{text}\n\n{_own_day(language)}", f"{path}.{language}.md")

    def day_of(self, ref: CaseRef) -> dt.date:
        """By when what identifies this person is destroyed; a newcomer's for nobody."""
        newest = self.promised[-1] if self.promised else self.charter.calendar
        return self.own.get(ref, newest).destroy_by

    def shared(self, language: Language) -> dict[str, str]:
        """The fields that are the same for everybody, dates in the language."""
        charter, days = self.charter, self.charter.calendar
        today = timezone.localdate(self.at)
        opt_out = today + dt.timedelta(days=charter.contact.opt_out_days)
        return {
            "web_address": self.address.partition("://")[2],
            "closing_date": _day(days.telephone_closes, language),
            "letter_date": _day(today, language),
            "opt_out_date": _day(opt_out, language),
            "study_title": charter.neutral_title,
            "controller": charter.controller.name,
            "controller_contact": charter.controller.contact,
            "processor": charter.processor.name,
            "processor_contact": charter.processor.contact,
        }

    @property
    def address(self) -> str:
        """Where the survey is opened."""
        return f"{self.base_url.rstrip('/')}/start"


@cache
def _own_day(language: Language) -> str:
    """The sentence for a person's own day."""
    said = Reader(read(OWN_DAY.read_text(encoding="utf-8"), OWN_DAY.name), [])
    known = language.split("-")[0]
    return said.text(known if said.has(known) else "en")


def _day(day: dt.date, language: Language) -> str:
    with translation.override(language):
        return date_format(day, "j E Y")


def base_url() -> str:
    """The respondents' address by the settings: the first host served."""
    scheme = "https" if settings.HTTPS else "http"
    return f"{scheme}://{settings.ALLOWED_HOSTS[0]}"


def make_letters(
    study: Study,
    *,
    kind: Kind,
    out: Callable[[str, bytes], None],
    by: Actor,
    at: dt.datetime,
    progress: Callable[[int, int], None] | None = None,
    address: str = "",
    large: bool = False,
) -> PrintRun:
    """Set a print run and hand each PDF to ``out(name, pdf)``; tagged PDF/UA-1.

    A reminder carries a second code; both serve until the interview is in. Raises
    HarkenError CON-004 when a text would reveal the study, CON-014 when nobody is due,
    CON-020 before reminders are due, STU-044 out of the field; then nothing was kept.
    """
    check(by, Permission.FIELD_MANAGE)
    studies.check_fieldwork(study, at=at)
    ensure_standings(study, at=at)
    folder = studies.folder(study)
    days, own = studies.promised(study), keys.promised_to_all(study)
    layout = Layout(folder, kind, at, address or base_url(), large, days, own)
    cases = _due(study, kind, at=at)
    _check_texts(layout, cases)
    files, written = _set(study, layout, cases, by=by, progress=progress)
    with transaction.atomic():
        if {case.pk for case in _due(study, kind, at=at)} != {c.pk for c in cases}:
            raise refuse(faults.CHANGED)
        run = _write_down(study, layout, written, files, by=by)
        for name, pdf in files:
            out(name, pdf)
    return run


def specimen(
    study: Study, kind: Kind, language: Language, *, at: dt.datetime, address: str = ""
) -> bytes:
    """A letter to nobody, as the printing house would get it: for reading, not sending.

    Raises HarkenError for a text that may not go out, held to the rule for sensitive
    cases, since any study may have some.
    """
    folder = studies.folder(study)
    where, days = address or base_url(), studies.promised(study)
    layout = Layout(folder, kind, at, where, large=False, promised=days)
    case = Case(study=study, language=language, sensitive=True)
    _check_texts(layout, [case])
    nobody = Issued(CaseRef(""), "0000-0000-0000", AccessCode(case=case))
    _, pdf = _pdf(layout, [(nobody, NOBODY)], number=0)
    return pdf


def recipients(study: Study, kind: Kind, *, at: dt.datetime) -> QuerySet[Case]:
    """Cases that may have this letter now: post is safe, nobody said no, none had it."""
    cases = Case.objects.filter(
        study=study,
        arm="sample",
        status=Case.Status.ISSUED,
        post_ok=True,
        no_post=False,
        opt_out=None,
    ).exclude(mailings__kind=kind)
    if kind == "invitation":
        return cases.exclude(standing__disposition__gte="1").order_by("ref")
    wait = studies.folder(study).charter.contact.reminder_after_days
    since = timezone.localdate(at) - dt.timedelta(days=wait)
    waiting = [Disposition.LETTER_SENT, Disposition.NO_REPLY, Disposition.CALL_BACK]
    return cases.filter(
        mailings__kind="invitation",
        standing__letter_on__lte=since,
        standing__disposition__in=[disposition.value for disposition in waiting],
    ).order_by("ref")


def _due(study: Study, kind: Kind, *, at: dt.datetime) -> list[Case]:
    """The recipients, or the refusal that says why there are none."""
    cases = list(recipients(study, kind, at=at))
    if cases:
        return cases
    if not Case.objects.filter(study=study, status=Case.Status.ISSUED).exists():
        raise refuse(faults.NOT_DRAWN)
    rules = studies.folder(study).charter.contact
    first = Standing.objects.filter(case__study=study, letter_on__isnull=False)
    sent = first.order_by("letter_on").values_list("letter_on", flat=True).first()
    if kind == "reminder" and sent is not None:
        day = sent + dt.timedelta(days=rules.reminder_after_days)
        if timezone.localdate(at) < day:
            raise refuse(faults.TOO_EARLY, day=day, days=rules.reminder_after_days)
    raise refuse(faults.NO_LETTERS)


def _check_texts(layout: Layout, cases: Sequence[Case]) -> None:
    """Refuse the run when any text would tell somebody else what it is about (SAF-04)."""
    charter = layout.charter
    outside = (charter.neutral_title, charter.processor.name)
    findings: list[Finding] = []
    for language in sorted({Language(case.language) for case in cases}):
        sensitive = any(c.sensitive for c in cases if c.language == language)
        shared = layout.shared(language) if sensitive else None
        letter = layout.letter(language)
        findings += letter.findings(outside=outside, sensitive=shared)
    if findings:
        raise HarkenError(*findings)


def _set(
    study: Study,
    layout: Layout,
    cases: Sequence[Case],
    *,
    by: Actor,
    progress: Callable[[int, int], None] | None,
) -> tuple[list[tuple[str, bytes]], list[Issued]]:
    """The PDFs of the run, language by language, in batches, and who is in them.

    Somebody who withdrew from the vault meanwhile is in none. While one batch is set,
    the codes of the next are hashed.
    """
    ordered = sorted(cases, key=lambda case: (case.language, case.ref))
    issued = make_codes(study, ordered, progress=progress)
    refs = [CaseRef(case.ref) for case in ordered]
    people = custody.open_batch(
        study, refs, purpose=custody.Purpose.LETTER, by=by, at=layout.at
    )
    files: list[tuple[str, bytes]] = []
    batch: list[tuple[Issued, Identity]] = []
    written: list[Issued] = []
    for ref, person in people:
        one = next(one for one in issued if one.ref == ref)
        written.append(one)
        full = len(batch) == BATCH
        if batch and (full or batch[-1][0].row.case.language != one.row.case.language):
            files.append(_pdf(layout, batch, number=len(files) + 1))
            batch = []
        batch.append((one, person))
    if batch:
        files.append(_pdf(layout, batch, number=len(files) + 1))
    return files, written


def _pdf(
    layout: Layout, batch: Sequence[tuple[Issued, Identity]], *, number: int
) -> tuple[str, bytes]:
    language = Language(batch[0][0].row.case.language)
    letter, shared = layout.letter(language), layout.shared(language)
    charter = layout.charter

    def own(one: Issued) -> dict[str, str]:
        return {DAY_FIELD: _day(layout.day_of(one.ref), language)}

    data = {
        "title": charter.neutral_title,
        "sender": charter.processor.name,
        "head": [charter.processor.name, shared["letter_date"]],
        "address": layout.address,
        "language": language.split("-")[0],
        "size": LARGE_SIZE if layout.large else SIZE,
        "letters": [
            _data(layout, letter, shared | own(one), one, person)
            for one, person in batch
        ],
        **FONTS,
    }
    arabic = language.split("-")[0] in ARABIC
    if arabic:
        data["fonts"] = [*FONTS["fonts"], *FONTS_ARABIC]
    try:
        pdf = typst.compile(
            TEMPLATE.read_bytes(),
            format="pdf",
            sys_inputs={"letters": json.dumps(data)},
            pdf_standards=["ua-1"],
            ignore_system_fonts=not arabic,
        )
        _forget()
    except RuntimeError:
        # The typesetter's message may quote a letter, so it goes no further.
        raise refuse(faults.LETTER_FAILED) from None
    name = f"{charter.id}-{layout.kind}-{number:03}-{language}.pdf"
    return name, bytes(pdf)


def _forget() -> None:
    """Set empty pages until the typesetter has let go of the letters.

    It keeps the parts of its last ten documents in memory: names, codes, and about 100
    megabytes for each batch.
    """
    for _ in range(REMEMBERED):
        typst.compile(b"", format="pdf", ignore_system_fonts=True)


def _data(
    layout: Layout,
    letter: Letter,
    shared: Mapping[str, str],
    one: Issued,
    person: Identity,
) -> dict[str, object]:
    """One letter as data for the typesetter."""
    values = {
        **shared,
        "given_name": person.given_name,
        "surname": person.surname,
        "code": one.code,
    }
    name = f"{person.given_name} {person.surname}"
    lines = (name, *person.address_lines, person.town, person.postcode)
    return {
        "window": [line for line in lines if line],
        "qr": _qr(layout, one),
        "blocks": letter.filled(values),
    }


def _qr(layout: Layout, one: Issued) -> str:
    """The QR square as SVG; the code is in the fragment, which no server log sees.

    Scanner apps keep lists of links, so whoever must be reached with care gets the
    address without the code.
    """
    case = one.row.case
    careful = case.sensitive or case.no_voicemail or bool(case.best_time)
    text = layout.address if careful else f"{layout.address}#{one.code}"
    out = io.BytesIO()
    segno.make(text, error="m").save(out, kind="svg", xmldecl=False, border=2)
    return out.getvalue().decode()


def _write_down(
    study: Study,
    layout: Layout,
    issued: Sequence[Issued],
    files: Sequence[tuple[str, bytes]],
    *,
    by: Actor,
) -> PrintRun:
    """The run, its mailings and codes, the standings and one ledger entry."""
    at, charter, today = layout.at, layout.charter, timezone.localdate(layout.at)
    hashes = [(name, hashlib.sha256(pdf).hexdigest()) for name, pdf in files]
    run = PrintRun.objects.create(
        study=study,
        kind=layout.kind,
        count=len(issued),
        files=[{"name": name, "sha256": digest} for name, digest in hashes],
        recipient=next(iter(charter.sub_processors), charter.processor.name)[:200],
        made_at=at,
        made_by=by.label,
        destroy_by=today + KEPT_BY_PRINTER,
    )
    AccessCode.objects.bulk_create([one.row for one in issued], batch_size=500)
    Mailing.objects.bulk_create(
        [
            Mailing(
                case=one.row.case,
                run=run,
                kind=layout.kind,
                language=one.row.case.language,
                sent_on=today,
            )
            for one in issued
        ],
        batch_size=500,
    )
    mailed = Standing.objects.filter(case__mailings__run=run)
    mailed.filter(letter_on=None).update(letter_on=today)
    mailed.filter(disposition=Disposition.NOT_STARTED.value).update(
        disposition=Disposition.LETTER_SENT.value, changed_at=at
    )
    ledger.record(
        Event.LETTERS_MADE,
        study=study.slug,
        by=by,
        at=at,
        subject=hashlib.sha256("".join(h for _, h in hashes).encode()).hexdigest(),
        counts={"letters": len(issued), "files": len(files)},
        reason=layout.kind,
    )
    return run
