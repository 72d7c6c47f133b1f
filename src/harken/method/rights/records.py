"""What must be written down about a study's data: by whom, why, what, how long.

Made from the charter and from the class of every stored field, so that the record cannot
say one thing and the house do another. Which law it answers to stands in ``law.py``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from harken.method.rights.law import LAW as LAW
from harken.method.rights.law import REIDENTIFYING as REIDENTIFYING
from harken.method.study import Calendar, Charter
from harken.method.study.promised import Promised
from harken.method.study.promised import promised as promised_by
from harken.method.terms import Arm, DataClass


@dataclass(frozen=True, slots=True)
class StoredField:
    """One stored field: its table, name, class and database."""

    table: str
    name: str
    kind: DataClass
    zone: str


@dataclass(frozen=True, slots=True)
class Holding:
    """One kind of data: what it is, where it lies, until when."""

    kind: DataClass
    what: str
    tables: tuple[str, ...]
    fields: int
    until: str


@dataclass(frozen=True, slots=True)
class Table:
    """One table: what a row of it is, its fields by class, until when, how it ends."""

    name: str
    says: str
    zone: str
    fields: tuple[tuple[DataClass, tuple[str, ...]], ...]
    until: str
    how: str


@dataclass(frozen=True, slots=True)
class NoticeItem:
    """One thing a privacy notice must say, and the words by which it is recognised."""

    article: str
    says: str
    signs: tuple[str, ...]


LEADS_TO_PEOPLE = frozenset({DataClass.IDENTIFYING, DataClass.LINKING})
SEALED = frozenset({DataClass.IDENTIFYING, DataClass.ANSWER})
OF_RESPONSES = frozenset({DataClass.ANSWER, DataClass.LINKING, DataClass.DESIGN})
WITH_THE_PEOPLE = {"response.Trace", "anonymisation.KeptFrame"}
"""What leads to nobody and ends with the people all the same (decisions 0040, 0045)."""

WHAT = {
    DataClass.IDENTIFYING: "Who a person is, what they said in their own words, why a "
    "decision about them was made; sealed bytes only",
    DataClass.LINKING: "What ties rows of one person together: random references, hashed "
    "codes, the sealed link to a response",
    DataClass.ANSWER: "What people answered, without a name; interviews in progress, sealed",
    DataClass.DESIGN: "What the sample was drawn by, in broad groups",
    DataClass.OPERATIONAL: "How the work went: states, times, counts, staff labels, the "
    "ledger",
    DataClass.PUBLIC: "What is published or may be: study folder, commitments, certificates",
}


def tables(
    charter: Charter,
    fields: Iterable[StoredField],
    says: Mapping[str, str],
    promised: Sequence[Promised] = (),
) -> tuple[Table, ...]:
    """Every table with all its fields, its end and how it ends; ``says`` is what a row is.

    ``promised`` are the study's promises, where there is more than the charter's.
    """
    days = promised or promised_by(charter.calendar)
    held: dict[str, list[StoredField]] = {}
    for field in fields:
        held.setdefault(field.table, []).append(field)
    made = []
    for name, mine in sorted(held.items()):
        kinds = [kind for kind in DataClass if any(f.kind is kind for f in mine)]
        until, how = _fate(charter, days, name, zone=mine[0].zone, kinds=set(kinds))
        listed = tuple(
            (kind, tuple(f.name for f in mine if f.kind is kind)) for kind in kinds
        )
        said = says.get(name, "")
        made.append(Table(name, said, mine[0].zone, listed, until, how))
    return tuple(made)


def holdings(
    charter: Charter,
    fields: Iterable[StoredField],
    promised: Sequence[Promised] = (),
) -> tuple[Holding, ...]:
    """Each class of field with its tables and their ends."""
    known = tables(charter, fields, {}, promised)
    made = []
    for kind in DataClass:
        mine = [table for table in known if any(k is kind for k, _ in table.fields)]
        if mine:
            made.append(
                Holding(
                    kind,
                    WHAT[kind],
                    tuple(table.name for table in mine),
                    sum(len(dict(table.fields)[kind]) for table in mine),
                    "; ".join(dict.fromkeys(table.until for table in mine)),
                )
            )
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
        NoticeItem(f"{law}(1)(e)", "who works for them", (charter.processor.name,)),
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
            "14(2)(c)" if sampled else "13(2)(b)",
            "the rights",
            ("copy", "mistakes", "erased", "limited", "object"),
        ),
        NoticeItem(
            "14(2)(e)" if sampled else "13(2)(d)",
            "the Commissioner",
            # The Act of 2025 makes a Commission of the Commissioner; either name will do.
            ("information commission",),
        ),
        NoticeItem(
            "14(2)(g)" if sampled else "13(2)(f)",
            "no automated decisions",
            ("automated",),
        ),
        NoticeItem("DPA 164A", "how to complain to you", ("complain",)),
    ]
    if sampled:
        items += _of_a_sample(days)
    else:
        items.append(
            NoticeItem("13(2)(e)", "that nobody must answer", ("do not have to",))
        )
    return tuple(items)


def _of_a_sample(days: Calendar) -> list[NoticeItem]:
    """What only people must be told whose data came from somebody else."""
    return [
        NoticeItem("14(1)(d)", "what kinds of data", ("date of birth", "address")),
        NoticeItem("14(2)(f)", "where they came from", ("gave us your details",)),
        NoticeItem(
            "14(2)(a)",
            "until when a consent to be contacted again lasts",
            (spoken(days.recontact_until),),
        ),
        NoticeItem("14(2)(d)", "that it can be withdrawn", ("withdraw",)),
    ]


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


def each(promised: Sequence[Promised], name: str) -> str:
    """One of the days of every promise, and for whom it is, where there are several.

    ``30 September 2026; for people enrolled from 5 March 2026 on, 31 March 2027``.
    """
    said: list[str] = []
    last = None
    for one in promised:
        day = getattr(one, name)
        since = (
            f"for people enrolled from {spoken(one.since)} on, " if one.since else ""
        )
        if day != last:
            said.append(since + spoken(day))
        last = day
    return "; ".join(said)


def _fate(
    charter: Charter,
    promised: Sequence[Promised],
    table: str,
    *,
    zone: str,
    kinds: set[DataClass],
) -> tuple[str, str]:
    """Until when a table's rows stay, and how they end: the rules the house goes by."""
    days = charter.calendar
    end = each(promised, "destroy_by")
    if table in WITH_THE_PEOPLE:
        return end, "Removal of the rows together with the people's"
    if zone == "answers" and kinds & OF_RESPONSES:
        return spoken(days.answers_kept_until), "Deletion; the file that passed stays"
    if not kinds & LEADS_TO_PEOPLE:
        return "kept", "Stays as proof of the work: it names and leads to no respondent"
    if table.startswith("vault."):
        again = each(promised, "recontact_until")
        end += f" (of who agreed to be contacted again {again})"
    if kinds & SEALED:
        return end, "Destruction of the keys in every holder, then removal of the rows"
    return end, "Destruction of the codes' and marks' secret, then removal of the rows"
