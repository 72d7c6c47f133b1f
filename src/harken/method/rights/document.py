"""The document that answers a request for a copy (Article 15), from what is known of one.

It says everything the article lists and every fact held, in plain words; what is not held
is not mentioned. ``repr`` tells nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from harken.method.contact.again import Agreement, said
from harken.method.study import Charter
from harken.method.study.promised import Promised, promised

FACTS = {
    "given_name": "Given name",
    "surname": "Surname",
    "date_of_birth": "Date of birth",
    "address_lines": "Address",
    "town": "Town",
    "postcode": "Postcode",
    "telephone": "Telephone",
    "email": "E-mail address",
    "crime_reference": "Reference of the police report",
    "safe_contact": "What we know about safe ways to contact you",
    "safe_ways": "What you told us about reaching you safely",
}
PURPOSES = {
    "call": "to telephone you",
    "letter": "to write to you",
    "helpdesk": "because somebody rang or wrote with your code",
    "safeguarding": "because an interviewer was worried about somebody's safety",
    "recontact": "because you agreed to be contacted again",
    "access": "to answer a request of yours",
    "emergency": "in an emergency, approved by a second person",
}
PROXY = (
    "Somebody else answered for you: a parent or guardian, a close relative or the "
    "person you named to speak for you."
)


@dataclass(frozen=True, slots=True)
class Part:
    """One section: a heading, rows of name and value, and sentences."""

    heading: str
    rows: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    says: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AccessDocument:
    """The whole answer."""

    title: str
    made_on: dt.date
    parts: tuple[Part, ...] = field(repr=False)

    def text(self) -> str:
        """The document as plain text, for a letter or a file."""
        lines = [self.title, f"{self.made_on:%d %B %Y}".lstrip("0"), ""]
        for part in self.parts:
            lines += [part.heading, "-" * len(part.heading)]
            lines += [f"{name}: {value}" for name, value in part.rows]
            lines += [*part.says, ""]
        return "\n".join(lines).rstrip() + "\n"


def access_document(
    charter: Charter,
    *,
    identity: Mapping[str, object],
    design: Mapping[str, str],
    answers: Sequence[tuple[str, str]],
    openings: Iterable[tuple[dt.date, str]],
    reached: Iterable[tuple[dt.date, str]],
    spoken_for: bool,
    made_on: dt.date,
    agreed: Agreement | None = None,
    certificate: str = "",
    own: Promised | None = None,
) -> AccessDocument:
    """Put the answer together.

    Args:
        charter: who is responsible, why and how long.
        identity: the person's facts by name, as opened for this request.
        design: what the sample was drawn by, name and value.
        answers: question and answer in words, what was written in own words included.
        openings: the day and purpose of each time the identity was opened.
        reached: the day and the kind of each letter and call, and what came of it.
        spoken_for: whether somebody else answered for the person.
        made_on: the day of the document.
        agreed: their consent to be contacted again, if they gave one.
        certificate: the number that proves that all but the contact is destroyed.
        own: the days that this person was promised; those of the charter if not given.
    """
    days = own or promised(charter.calendar)[0]
    parts = (
        Part(
            "Who is responsible",
            (
                ("Decides why and how", charter.controller.name),
                ("Reach them at", charter.controller.contact),
                ("Their data protection officer", charter.controller.dpo),
                ("Works for them", charter.processor.name),
            ),
        ),
        Part("What we hold to reach you", _facts(identity)),
        Part(
            "What you were chosen by",
            tuple((name.replace("_", " "), value) for name, value in design.items()),
        ),
        Part("When we wrote to you or called", _by_day(reached)),
        Part("What you told us", tuple(answers), (PROXY,) if spoken_for else ()),
        *_again(agreed),
        *_destroyed(days, certificate),
        Part("When your contact details were opened", _openings(openings)),
        Part("Why, how long, and who else", says=_promises(charter, days)),
    )
    kept = tuple(part for part in parts if part.rows or part.says)
    return AccessDocument("What we hold about you", made_on, kept)


def _facts(identity: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    found = []
    for name, label in FACTS.items():
        value = identity.get(name)
        if isinstance(value, dt.date):
            value = _day(value)
        if isinstance(value, list | tuple):
            value = ", ".join(str(part) for part in value)
        if value:
            found.append((label, str(value)))
    return tuple(found)


def _again(agreed: Agreement | None) -> Iterator[Part]:
    """What they agreed to, and what was done about it."""
    if agreed is None:
        return
    rows = (
        ("You agreed on", _day(agreed.on)),
        ("For", "; ".join(map(said, agreed.purposes))),
        ("Until", _day(agreed.until)),
        *agreed.told,
        *_by_day((one.on, one.how.words) for one in agreed.done),
    )
    ends = (
        "You may end this at any time. Your contact details are then refused at once."
    )
    yield Part("That we may contact you again", rows, (ends,))


def _destroyed(days: Promised, certificate: str) -> Iterator[Part]:
    """That their answers cannot be found, and what proves it."""
    if not certificate:
        return
    yield Part(
        "What nobody can find any more",
        says=(
            f"Whatever else led to you was destroyed, as promised by "
            f"{_day(days.destroy_by)}: your case, what you were chosen by, "
            "and the link to your answers. We can no longer tell which answers are "
            f"yours. Certificate {certificate} proves it.",
        ),
    )


def _openings(openings: Iterable[tuple[dt.date, str]]) -> tuple[tuple[str, str], ...]:
    return _by_day((day, _why(reason)) for day, reason in openings)


def _why(reason: str) -> str:
    """Why details were opened, in words; of a contact again, for what as well."""
    purpose, _, agreed = reason.partition(": ")
    words = PURPOSES.get(purpose, "for another reason")
    return f"{words}: {said(agreed)}" if agreed else words


def _by_day(acts: Iterable[tuple[dt.date, str]]) -> tuple[tuple[str, str], ...]:
    return tuple((_day(day), what) for day, what in acts)


def _promises(charter: Charter, days: Promised) -> tuple[str, ...]:
    kept = charter.calendar.answers_kept_until
    others = ", ".join(charter.sub_processors) or "nobody else"
    return (
        f"The law allows it as: {charter.lawful_basis}. {charter.special_condition}.",
        f"Besides the two above, it is seen by: {others}. {charter.transfers}",
        f"What identifies you is destroyed by {_day(days.destroy_by)}; if you agreed to "
        f"be contacted again, your contact details by {_day(days.recontact_until)}; "
        f"answers without your name are kept until {_day(kept)}.",
        "You may ask us to put mistakes right, to delete, to limit or to stop the use, "
        "and you may complain to us and to the Information Commissioner's Office.",
        "No computer decides anything about you.",
    )


def _day(day: dt.date) -> str:
    return f"{day:%d %B %Y}".lstrip("0")
