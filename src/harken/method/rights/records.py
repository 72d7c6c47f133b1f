"""What must be written down about a study's data: by whom, why, what, how long, by which law.

Made from the charter and from the class of every stored field, so that the record cannot
say one thing and the house do another. An engineer's map: what ``counsel`` marks has been
moved by the Data (Use and Access) Act 2025 and must be confirmed by counsel before use.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from harken.method.study import Charter
from harken.method.terms import Arm, DataClass


@dataclass(frozen=True, slots=True)
class Provision:
    """One place in the law: what it asks, and how the house answers."""

    law: str
    asks: str
    answer: str
    counsel: bool = False


@dataclass(frozen=True, slots=True)
class StoredField:
    """One stored field: its table, name, class and database."""

    table: str
    name: str
    kind: DataClass
    zone: str


@dataclass(frozen=True, slots=True)
class Holding:
    """One kind of data: what it is, where it lies, until when, how it ends."""

    kind: DataClass
    what: str
    tables: tuple[str, ...]
    fields: int
    until: str
    how: str


@dataclass(frozen=True, slots=True)
class NoticeItem:
    """One thing a privacy notice must say, and the words by which it is recognised."""

    article: str
    says: str
    signs: tuple[str, ...]


LAW = (
    Provision(
        "UK GDPR Article 5(1)(e), with Article 84B",
        "Keep data that identify no longer than needed; research may keep longer only "
        "with safeguards.",
        "Keys are destroyed by the promised day; a signed certificate says so.",
        counsel=True,
    ),
    Provision(
        "UK GDPR Articles 84A to 84D",
        "Research needs safeguards: no decisions about the people, no likely damage or "
        "distress, anonymous data where they serve as well.",
        "Three stores, sealed link, pseudonymous responses, gated file; nobody decides "
        "about anybody with these data.",
        counsel=True,
    ),
    Provision(
        "UK GDPR Article 9(2)(j); Data Protection Act 2018, Schedule 1, paragraph 4",
        "Special category data for research need that condition and the safeguards.",
        "Named in the charter; reviewed in the assessment below.",
        counsel=True,
    ),
    Provision(
        "UK GDPR Article 10; Data Protection Act 2018, Schedule 1",
        "Data on offences need official authority or a condition.",
        "Six broad groups of crime only; own words are sealed until a person has read "
        "them.",
        counsel=True,
    ),
    Provision(
        "UK GDPR Articles 12 and 12A",
        "Answer requests within a month; the clock stands still while the person is "
        "asked who they are.",
        "The register of requests, with its clocks.",
        counsel=True,
    ),
    Provision(
        "UK GDPR Articles 13 and 14",
        "Tell people, per arm, before or when data come in.",
        "The notices of the study folder, checked item by item.",
    ),
    Provision(
        "UK GDPR Article 17(1) and 17(3)(d)",
        "Erase on request, unless that would seriously impair research.",
        "Withdrawal is never refused here; keys die at the next rotation.",
    ),
    Provision(
        "UK GDPR Articles 24, 25 and 32",
        "Protection by design, proportionate to the risk.",
        "Sealed identities, roles in three places, tests named in the manual.",
    ),
    Provision(
        "UK GDPR Article 28(3)(g) and (h)",
        "The processor deletes at the end and proves it.",
        "The certificate of destruction and its independent verifier.",
    ),
    Provision(
        "UK GDPR Article 30",
        "A record of processing, of the controller and of the processor.",
        "This page.",
    ),
    Provision(
        "UK GDPR Articles 33 and 34",
        "Report a breach within 72 hours; tell people when the risk is high.",
        "The register of incidents; texts that are safe to send.",
    ),
    Provision(
        "UK GDPR Article 35",
        "Assess the impact: large scale, vulnerable people, crime.",
        "The assessment below, to be completed by people.",
    ),
    Provision(
        "Data Protection Act 2018, section 164A",
        "Make complaining easy, acknowledge within 30 days, answer without delay.",
        "The register of complaints, with its clock.",
        counsel=True,
    ),
    Provision(
        "Data Protection Act 2018, section 171",
        "Re-identifying people from the file is an offence.",
        "Said where the file is handed out.",
    ),
)


def holdings(charter: Charter, fields: Iterable[StoredField]) -> tuple[Holding, ...]:
    """Each class of field with its tables, its end and how it ends."""
    known = list(fields)
    made = []
    for kind in DataClass:
        mine = [field for field in known if field.kind is kind]
        if mine:
            what, until, how = _fate(charter, kind)
            tables = tuple(sorted({field.table for field in mine}))
            made.append(Holding(kind, what, tables, len(mine), until, how))
    return tuple(made)


def notice_items(charter: Charter, arm: Arm) -> tuple[NoticeItem, ...]:
    """Everything the notice of an arm must say: Article 14 for a sample, 13 for the web."""
    days = charter.calendar
    sampled = arm is Arm.SAMPLE
    law = "14" if sampled else "13"
    items = [
        NoticeItem(
            f"{law}(1)(a)", "who decides (the controller)", (charter.controller.name,)
        ),
        NoticeItem(f"{law}(1)(a)", "how to reach them", (charter.controller.contact,)),
        NoticeItem(
            f"{law}(1)(b)", "the data protection officer", (charter.controller.dpo,)
        ),
        NoticeItem("28", "who works for them", (charter.processor.name,)),
        NoticeItem(f"{law}(1)(c)", "why", ("why",)),
        NoticeItem(f"{law}(1)(c)", "what the law allows it as", ("6(1)", "9(2)")),
        NoticeItem(f"{law}(1)(e)", "who gets it", ("who gets it",)),
        NoticeItem(
            f"{law}(1)(f)", "whether it leaves the country", ("united kingdom",)
        ),
        NoticeItem(
            f"{law}(2)(a)", "until when it identifies", (spoken(days.destroy_by),)
        ),
        NoticeItem(
            f"{law}(2)(a)",
            "until when answers stay",
            (spoken(days.answers_kept_until),),
        ),
        NoticeItem(
            f"{law}(2)(b)",
            "the rights",
            ("copy", "mistakes", "erased", "limited", "object"),
        ),
        NoticeItem(f"{law}(2)(d)", "the Commissioner", ("information commissioner",)),
        NoticeItem(f"{law}(2)(f)", "no automated decisions", ("automated",)),
        NoticeItem("DPA 164A", "how to complain to you", ("complain",)),
    ]
    if sampled:
        items += [
            NoticeItem("14(1)(d)", "what kinds of data", ("date of birth", "address")),
            NoticeItem("14(2)(f)", "where they came from", ("gave us your details",)),
            NoticeItem(
                "14(2)(d)",
                "until when a consent to be contacted again lasts",
                (spoken(days.recontact_until),),
            ),
        ]
    else:
        items.append(
            NoticeItem("13(2)(e)", "that nobody must answer", ("do not have to",))
        )
    return tuple(items)


def missing_in(text: str, items: Iterable[NoticeItem]) -> tuple[NoticeItem, ...]:
    """The items a notice does not say, as far as words can tell; a person reads it too."""
    plain = " ".join(text.casefold().replace("*", "").split())
    return tuple(
        item
        for item in items
        if not all(sign.casefold() in plain for sign in item.signs)
    )


def spoken(day: dt.date) -> str:
    """A day as a notice says it: ``30 September 2026``."""
    return f"{day.day} {day:%B %Y}"


def _fate(charter: Charter, kind: DataClass) -> tuple[str, str, str]:
    days = charter.calendar
    end = spoken(days.destroy_by)
    match kind:
        case DataClass.IDENTIFYING:
            return (
                "Who a person is, what they said in their own words, why a decision about "
                "them was made; sealed bytes only",
                f"{end}; contact details of who agreed to be contacted again until "
                f"{spoken(days.recontact_until)}",
                "Destruction of the keys in every holder, then removal of the rows",
            )
        case DataClass.LINKING:
            return (
                "What ties rows of one person together: random references, hashed codes, "
                "the sealed link to a response",
                end,
                "Destruction of the keys and of the hashes' secret, then removal of the rows",
            )
        case DataClass.ANSWER:
            return (
                "What people answered, without a name; interviews in progress, sealed",
                spoken(days.answers_kept_until),
                "Deletion; the anonymous file stays",
            )
        case DataClass.DESIGN:
            return (
                "What the sample was drawn by, in broad groups",
                spoken(days.answers_kept_until),
                "Deletion; the anonymous file stays",
            )
        case DataClass.OPERATIONAL:
            return (
                "How the work went: states, times, counts, staff labels, the ledger",
                f"fieldwork rows {end}; the ledger and certificates stay as proof",
                "Removal of the rows with the people they hang on",
            )
        case _:
            return (
                "What is published or may be: study folder, commitments, certificates",
                "kept",
                "None needed",
            )
