"""Invented comments with planted identifiers, for measuring the marks of the free-text desk.

Every planted word is known by construction. The sentences were written for this and not
taken from anybody; that makes them easier than what people write, and the docs say so.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from harken.method.redaction import Known, MarkKind
from harken.method.rehearsal import invented

STRUCTURED = frozenset(
    {"phone", "email", "postcode", "plate", "reference", "date", "number"}
)
"""The kinds that have a form of their own (PRV 42)."""

PLAIN = (
    "They came quickly and were kind to my children.",
    "Tell people when a case is closed. I found out months later.",
    "I had to explain it all again to each new person.",
    "Nobody rang back for weeks and I gave up in the end.",
    "The waiting room at court was cold and we sat near the other family.",
    "I was given a leaflet and that was it.",
    "Communication was poor throughout, especially after the first month.",
    "Honestly it was better than I thought it would be.",
    "More training on how to speak to victims would help.",
    "The Victims' Code was never mentioned. Victim Support were brilliant.",
    "I felt believed, which is the main thing.",
    "It took the Crown Prosecution Service 9 months to decide.",
    "Have one number to call, and let somebody answer it.",
    "They said it was not in the public interest. How?",
    "Cant fault them, well done.",
)
PLANTED = (
    "{Name} from the support service listened and did not rush me.",
    "My {kin} {Given} was treated like a criminal.",
    "The officer, {Pc} {Family}, never returned my calls.",
    "I spoke to {Given} at the station and she was lovely.",
    "{Given} {Family} did this to me and everyone knows it.",
    "a woman called {Given} rang me once",
    "ask {Given}, she was there the whole time",
    "He is still my neighbour, {Given}, and I see him every day.",
    "Big thank you to {Given} and {Given2}.",
    "my solicitor mr {family} did more than the police",
    "I left my number {phone} three times.",
    "You can ring me on {phone} if you want to know more.",
    "Email {email} and I will tell you the rest.",
    "It happened at {address} in broad daylight.",
    "We had to move away from {town} because of it.",
    "They wrote to {address}, {postcode} although I had told them I moved.",
    "Our postcode is {postcode} and nothing ever gets done here.",
    "The car was {plate}, I gave them that and they lost it.",
    "My crime number is {reference} and nobody can find it.",
    "reference {reference} if you want to check",
    "On {date} they told me it was dropped.",
    "It was {date} and I remember every minute.",
    "Collar number {shoulder} should be ashamed.",
    "PC {shoulder} laughed at me.",
    "The teachers at {School} knew before the police did.",
    "I work at {Employer} and had to tell my manager.",
    "they came to my job at {Employer} in uniform, so embarrassing",
    "It all started at the {Pub} on a night out.",
    "My {kin} is {age} and still has nightmares.",
    "I was {age} when it began.",
    "last {weekday} he was outside again",
    "It was {birthday}, of all days.",
)
OWN = (
    "They kept calling me {own_given}, which I never asked for.",
    "the letter said dear {own_name} and got the street wrong",
    "I am at {own_street} and he lives two doors down.",
    "my mobile is {own_phone}",
    "i gave them {own_email} at the start",
    "my ref is {own_reference}",
    "Nobody in {own_town} will talk to the police now.",
)
KIN = (
    "son",
    "daughter",
    "brother",
    "sister",
    "mum",
    "partner",
    "ex",
    "friend",
    "cousin",
)
_EVERYDAY_TEXT = """
    Sarah David Mohammed Emma James Fatima Daniel Olivia Michael Aisha Thomas Sophie Kevin
    Agnieszka Paul Priya Mark Laura Yusuf Jessica Tunde Karen Liam Zainab Pauline Gary Ewa
    Darren Shanice Ravi Beverley Craig Nasreen Jorge Tamsin Errol Bukola Hamish Delphine
    Sunita Aneurin Kulwinder Chantelle Florin Marek Winston Blessing Oonagh Terrence Lorelei
    Grace Will Rose Joy Hope Max Summer Frank Bill Dawn
"""
EVERYDAY = tuple(_EVERYDAY_TEXT.split())
WEEKDAYS = ("Monday", "Tuesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = ("January", "March", "May", "June", "August", "October", "December")


@dataclass(frozen=True, slots=True)
class Comment:
    """One text, what is planted in it, and what the house knows of its writer."""

    text: str
    planted: tuple[tuple[int, int, str], ...]
    known: Known


def make_comments(count: int, seed: int = 20261127) -> list[Comment]:
    """So many comments, the same for the same seed; a fifth holds nothing planted."""
    rng = np.random.default_rng(seed)
    return [_comment(rng) for _ in range(count)]


def _comment(rng: Generator) -> Comment:
    known, words = _writer(rng)
    sentences = [invented.pick(rng, PLAIN)]
    if rng.random() > 0.2:
        for _ in range(1 + int(rng.random() * 2)):
            sentences.append(invented.pick(rng, PLANTED))
        if rng.random() < 0.35:
            sentences.append(invented.pick(rng, OWN))
    order = rng.permutation(len(sentences)).tolist()
    parts: list[str] = []
    planted: list[tuple[int, int, str]] = []
    style = _style(rng)
    for place in order:
        if parts:
            parts.append(" ")
        at = sum(map(len, parts))
        text, spans = _filled(sentences[place], words, rng)
        parts.append(style(text))
        planted += [(at + start, at + end, kind) for start, end, kind in spans]
    return Comment("".join(parts), tuple(planted), known)


def _style(rng: Generator) -> Callable[[str], str]:
    """As people type: mostly properly, a quarter all small, a few all capitals."""
    lot = rng.random()
    if lot < 0.25:
        return str.lower
    return str.upper if lot < 0.28 else str


def _writer(rng: Generator) -> tuple[Known, dict[str, str]]:
    given, family = _given(rng), invented.surname(rng)
    first, second, town, postcode = invented.address(rng)
    street = second or first
    phone = invented.telephone_numbers(rng, 1)[0]
    reference = _reference(rng)
    email = f"{given[:4].lower()}{rng.integers(10, 99)}@post.example"
    known = Known(
        names=(given, family),
        lines=(first, second, town),
        postcode=postcode,
        telephone=phone,
        email=email,
        reference=reference,
        born=dt.date(1950 + int(rng.integers(0, 50)), 1 + int(rng.integers(0, 12)), 9),
    )
    return known, {
        "own_given": given,
        "own_name": f"{given} {family}",
        "own_street": street,
        "own_phone": phone.replace(" ", "") if rng.random() < 0.5 else phone,
        "own_email": email,
        "own_reference": reference,
        "own_town": town,
    }


def _given(rng: Generator) -> str:
    """Half everyday names, half that nobody has and no list can hold."""
    return (
        invented.pick(rng, EVERYDAY) if rng.random() < 0.5 else invented.given_name(rng)
    )


def _reference(rng: Generator) -> str:
    number = int(rng.integers(1000, 9999))
    return invented.pick(
        rng,
        (
            f"{number}/{rng.integers(10000, 99999)}/26",
            f"CRI{rng.integers(10**6, 10**7)}",
            f"{rng.integers(10**7, 10**8)}",
            f"EC/{number}/26",
        ),
    )


def _values(rng: Generator) -> dict[str, str]:
    """One fresh value for each field of a sentence."""
    given, other, family = _given(rng), _given(rng), invented.surname(rng)
    _, _, town, postcode = invented.address(rng)
    street = next(part for part in invented.address(rng)[:2] if part[:1].isdigit())
    day, month = int(rng.integers(1, 29)), invented.pick(rng, MONTHS)
    letters = "ABCDEFGHJKLMNPRSTUVWXY"
    plate = "".join(invented.pick(rng, letters) for _ in range(5))
    return {
        "Given": given,
        "Given2": other,
        "Family": family,
        "family": family.lower(),
        "Name": f"{given} {family}",
        "Pc": invented.pick(rng, ("PC", "DC", "Sergeant", "DS")),
        "kin": invented.pick(rng, KIN),
        "phone": invented.telephone_numbers(rng, 1)[0],
        "email": f"{given.lower()}.{family.lower()}@post.example",
        "address": street,
        "town": town,
        "postcode": postcode,
        "plate": f"{plate[:2]}{rng.integers(10, 76)} {plate[2:]}",
        "reference": _reference(rng),
        "date": invented.pick(
            rng,
            (f"{day}th {month}", f"{day}/{rng.integers(1, 13)}/2025", f"{month} {day}"),
        ),
        "shoulder": str(rng.integers(100, 9999)),
        "School": f"{invented.pick(rng, invented._STREETS)} Primary School",
        "Employer": invented.pick(
            rng,
            ("Hollinworth Bakery", "Brackenfold Logistics", "Tidewise", "Gorsebury's"),
        ),
        "Pub": invented.pick(rng, ("Kelpstone Arms", "Halyard Inn", "Saltern Tavern")),
        "age": invented.pick(rng, ("7 years old", "41 years old", "16 year old", "73")),
        "birthday": f"my {invented.pick(rng, KIN)}'s birthday",
        "weekday": invented.pick(rng, WEEKDAYS),
    }


KINDS = {
    "Given": "name",
    "Given2": "name",
    "Family": "name",
    "family": "name",
    "Name": "name",
    "phone": "phone",
    "email": "email",
    "address": "place",
    "town": "place",
    "postcode": "postcode",
    "plate": "plate",
    "reference": "reference",
    "date": "date",
    "shoulder": "number",
    "School": "organisation",
    "Employer": "organisation",
    "Pub": "organisation",
    "age": "age",
    "birthday": "date",
    "weekday": "date",
    "own_given": "name",
    "own_name": "name",
    "own_street": "place",
    "own_phone": "phone",
    "own_email": "email",
    "own_reference": "reference",
    "own_town": "place",
}
"""What kind each field plants; others plant nothing."""
assert {MarkKind(kind) for kind in KINDS.values()}


def _filled(
    sentence: str, own: dict[str, str], rng: Generator
) -> tuple[str, list[tuple[int, int, str]]]:
    """A sentence with its fields filled in, and where they stand."""
    values = {**_values(rng), **own}
    text, spans, at = "", [], 0
    for field in re.finditer(r"\{(\w+)\}", sentence):
        text += sentence[at : field.start()]
        value = values[field[1]]
        if field[1] in KINDS:
            spans.append((len(text), len(text) + len(value), KINDS[field[1]]))
        text += value
        at = field.end()
    return text + sentence[at:], spans
