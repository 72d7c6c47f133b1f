"""The columns of a sample file and the reading of one row's fields.

A value that cannot be read becomes a finding by place; the value is never repeated.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import phonenumbers

from harken.method.errors import Fault, Finding, Place
from harken.method.sampling import faults
from harken.method.terms import Language

COLUMNS = (
    "crime_reference",
    "given_name",
    "surname",
    "date_of_birth",
    "sex",
    "address_line_1",
    "address_line_2",
    "town",
    "postcode",
    "telephone",
    "email",
    "area",
    "crime_group",
    "date_reported",
    "case_status",
    "enhanced",
    "language",
    "interpreter",
    "safe_contact",
    "do_not_contact",
    "domestic_abuse",
    "safeguarding_marker",
    "on_duty_officer",
    "bereaved_on",
    "last_interviewed",
)

FIELD_LIMIT = 200
EARLIEST = dt.date(1900, 1, 1)
SEXES = ("female", "male", "other")
SENSITIVE_GROUPS = frozenset({"sexual", "hate"})
POSTCODE = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?) ?([0-9][A-Z]{2})")
EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
CODE = re.compile(r"[a-z][a-z0-9_ -]{0,39}")
CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")


class SafeContact(StrEnum):
    """How a person may safely be reached (SAF-10)."""

    ANY = "any"
    PHONE_ONLY = "phone_only"
    POST_ONLY = "post_only"
    DAYTIME = "daytime"
    EVENING = "evening"
    NO_VOICEMAIL = "no_voicemail"


@dataclass(frozen=True, slots=True)
class Codes:
    """The codes a study's sample file may use; they come from the study folder."""

    areas: frozenset[str]
    crime_groups: frozenset[str]
    languages: tuple[Language, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Row:
    """One person of a sample file, in memory only. Its ``repr`` shows the line alone."""

    line: int
    crime_reference: str
    given_name: str
    surname: str
    date_of_birth: dt.date
    sex: str
    address_lines: tuple[str, ...]
    town: str
    postcode: str
    telephone: str
    email: str
    area: str
    crime_group: str
    date_reported: dt.date
    case_status: str
    enhanced: bool
    language: Language
    interpreter: bool
    safe_contact: SafeContact
    do_not_contact: bool
    domestic_abuse: bool
    safeguarding_marker: bool
    on_duty_officer: bool
    bereaved_on: dt.date | None
    last_interviewed: dt.date | None

    def __repr__(self) -> str:
        return f"Row(line={self.line})"

    @property
    def phone_ok(self) -> bool:
        """Whether a call can and may reach the person."""
        return bool(self.telephone) and self.safe_contact is not SafeContact.POST_ONLY

    @property
    def post_ok(self) -> bool:
        """Whether a letter can and may reach the person."""
        addressed = bool(self.address_lines and self.postcode)
        return addressed and self.safe_contact is not SafeContact.PHONE_ONLY

    @property
    def sensitive(self) -> bool:
        """Whether letters and calls follow the rules for sensitive cases (SAF-04)."""
        return (
            self.crime_group in SENSITIVE_GROUPS
            or self.domestic_abuse
            or self.safeguarding_marker
        )

    def person_key(self) -> str:
        """What makes two rows one person: names and date of birth, normalised."""
        names = _squeeze(self.given_name + self.surname)
        return f"{names}/{self.date_of_birth.isoformat()}"

    def marks(self) -> tuple[str, ...]:
        """What an opt-out is remembered by: the person, and the name with the number."""
        keys = [self.person_key()]
        if self.telephone:
            keys.append(_squeeze(self.given_name + self.surname) + self.telephone)
        return tuple(keys)

    def address_key(self) -> str:
        """What makes two rows one household by address; empty when not addressed."""
        if not (self.address_lines and self.postcode):
            return ""
        return _squeeze("".join(self.address_lines)) + "/" + _squeeze(self.postcode)


def _squeeze(text: str) -> str:
    """Letters and digits only, case folded."""
    return "".join(c for c in text.casefold() if c.isalnum())


@dataclass(slots=True)
class FieldReader:
    """Reads the fields of one row, gathering findings; ``usable`` turns false on a fault."""

    values: Mapping[str, str]
    positions: Mapping[str, int]
    source: str
    line: int
    findings: list[Finding] = field(default_factory=list)
    usable: bool = True

    def find(self, fault: Fault, column: str, *, stops: bool, **detail: object) -> None:
        """Note a finding at this row's line and the column's position."""
        place = Place(self.source, self.line, self.positions.get(column))
        self.findings.append(Finding(fault, place, {"column": column, **detail}))
        self.usable = self.usable and not stops

    def text(self, column: str) -> str:
        """A text with single blanks; control characters and great length stop the row."""
        raw = self.values[column].strip()
        if len(raw) > FIELD_LIMIT:
            self.find(faults.FIELD_LONG, column, stops=True, limit=FIELD_LIMIT)
            return ""
        if CONTROL.search(raw):
            self.find(faults.CONTROL, column, stops=True)
            return ""
        return " ".join(raw.split())

    def day(self, column: str, *, today: dt.date) -> dt.date | None:
        """A date, or None when the field is empty."""
        raw = self.text(column)
        if not raw:
            return None
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", raw, re.ASCII):
            try:
                day = dt.date.fromisoformat(raw)
            except ValueError:
                day = dt.date.max
            if EARLIEST <= day <= today:
                return day
        self.find(faults.BAD_DATE, column, stops=True)
        return None

    def needed_day(self, column: str, *, today: dt.date) -> dt.date:
        """A date that must be there."""
        if not self.values[column].strip():
            self.find(faults.NEEDED, column, stops=True)
            return EARLIEST
        return self.day(column, today=today) or EARLIEST

    def code(self, column: str, known: Iterable[str], *, default: str = "") -> str:
        """One of the known codes; empty gives the default, or stops the row."""
        raw = self.text(column)
        if not raw and default:
            return default
        if not raw:
            self.find(faults.NEEDED, column, stops=True)
            return ""
        if raw in known:
            return raw
        shown = ", ".join(sorted(known))
        self.find(faults.BAD_CODE, column, stops=True, known=shown)
        return ""

    def flag(self, column: str) -> bool:
        """``yes`` or ``no``; empty is no, anything else stops the row."""
        raw = self.text(column)
        if raw not in {"yes", "no", ""}:
            self.find(faults.BAD_FLAG, column, stops=True)
        return raw == "yes"

    def telephone(self, column: str) -> str:
        """A possible number in E.164, or empty with a finding.

        *Possible*, not *valid*: the library calls Ofcom's drama numbers invalid.
        """
        raw = self.text(column)
        if not raw:
            return ""
        try:
            number = phonenumbers.parse(raw, "GB")
        except phonenumbers.NumberParseException:
            number = None
        if number is None or not phonenumbers.is_possible_number(number):
            self.find(faults.BAD_PHONE, column, stops=False)
            return ""
        return str(
            phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        )

    def postcode(self, column: str) -> str:
        """A postcode with its blank, or empty with a finding."""
        raw = self.text(column).upper()
        shape = POSTCODE.fullmatch(raw)
        if raw and not shape:
            self.find(faults.BAD_POSTCODE, column, stops=False)
        return f"{shape[1]} {shape[2]}" if shape else ""

    def email(self, column: str) -> str:
        """An e-mail address, or empty with a finding."""
        raw = self.text(column)
        if raw and not EMAIL.fullmatch(raw):
            self.find(faults.BAD_EMAIL, column, stops=False)
            return ""
        return raw

    def language(self, column: str, languages: Sequence[Language]) -> Language:
        """A language of the study; another one gives the first, with a finding."""
        raw = self.text(column)
        if not raw or raw in languages:
            return Language(raw or languages[0])
        self.find(faults.NOT_TRANSLATED, column, stops=False)
        return languages[0]


def read_row(fields: FieldReader, codes: Codes, *, today: dt.date) -> Row | None:
    """Make the row, or None when a finding forbids using it."""
    lines = (fields.text("address_line_1"), fields.text("address_line_2"))
    status = fields.text("case_status")
    if status and not CODE.fullmatch(status):
        fields.find(faults.BAD_CODE, "case_status", stops=True, known="a short code")
    safe = fields.code("safe_contact", list(SafeContact), default=SafeContact.ANY)
    row = Row(
        line=fields.line,
        crime_reference=fields.text("crime_reference"),
        given_name=fields.text("given_name"),
        surname=fields.text("surname"),
        date_of_birth=fields.needed_day("date_of_birth", today=today),
        sex=fields.code("sex", SEXES),
        address_lines=tuple(part for part in lines if part),
        town=fields.text("town"),
        postcode=fields.postcode("postcode"),
        telephone=fields.telephone("telephone"),
        email=fields.email("email"),
        area=fields.code("area", codes.areas),
        crime_group=fields.code("crime_group", codes.crime_groups),
        date_reported=fields.needed_day("date_reported", today=today),
        case_status=status,
        enhanced=fields.flag("enhanced"),
        language=fields.language("language", codes.languages),
        interpreter=fields.flag("interpreter"),
        safe_contact=SafeContact(safe or SafeContact.ANY),
        do_not_contact=fields.flag("do_not_contact"),
        domestic_abuse=fields.flag("domestic_abuse"),
        safeguarding_marker=fields.flag("safeguarding_marker"),
        on_duty_officer=fields.flag("on_duty_officer"),
        bereaved_on=fields.day("bereaved_on", today=today),
        last_interviewed=fields.day("last_interviewed", today=today),
    )
    return row if fields.usable else None
