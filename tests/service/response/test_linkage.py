"""Joining responses to people without the link keys. Proves PRV 32 and 33 in part.

Everything that both zones hold in the open is tried: identifiers, the order of rows as
written, times, sizes. What the design variables say is another matter: they are the kept
file's gate's. Chance is one right pair; an order that leaked would give all of them.
"""

from __future__ import annotations

import json
import os
import random
import sys
from collections import Counter
from collections.abc import Callable, Sequence

import pytest
from django.db import connections
from django.db.models import Model

from harken.method.terms import RESPONDENT, SYSTEM, CaseRef
from harken.service.interview import actions, queries
from harken.service.interview.models import FreeText, Interview
from harken.service.response import actions as responses
from harken.service.response import exports, intake
from harken.service.response.models import Response
from harken.service.sampling import queries as sampling
from harken.service.sampling.models import Case
from harken.service.study.models import Study
from tests.make.sitting import NOW, make_open_study, make_sitting
from tests.make.vault import OPERATOR

pytestmark = pytest.mark.django_db(databases=["default", "answers"], transaction=True)

PEOPLE = int(os.environ.get("HARKEN_JOINED_PEOPLE", "16"))
MOST_BY_CHANCE = 8
"""So many right pairs come about by chance once in a hundred thousand times, however
many people there are."""


def make_collected() -> tuple[Study, dict[str, str]]:
    """People who answered, collected; and whose response is whose, by the link keys."""
    study = make_open_study(people=PEOPLE * 9 // 8, total=PEOPLE)
    cases = list(sampling.issued(study))
    random.Random(32).shuffle(cases)
    for number, case in enumerate(cases):
        words = "Something that happened. " * (1 + number % 7)
        row = make_sitting(study, CaseRef(case.ref), words=words)
        actions.submit(row, by=RESPONDENT, at=NOW)
    intake.collect(study, by=SYSTEM, at=NOW)
    truth = {
        case.ref: str(queries.response_ref(study, CaseRef(case.ref))) for case in cases
    }
    return study, truth


def test_neither_identifiers_nor_order_nor_time_nor_size_join_them() -> None:
    study, truth = make_collected()
    assert len(set(truth.values())) == PEOPLE
    assert not set(truth) & set(truth.values())
    rows = list(Response.objects.filter(study=study.slug))
    answers: dict[str, Sequence[str]] = {
        "as written": _as_written(Response, "ref", "answers"),
        "by reference": sorted(row.ref for row in rows),
        "by size": _by(rows, lambda row: len(json.dumps(row.answers))),
    }
    visits = list(Interview.objects.filter(study=study))
    texts = list(FreeText.objects.filter(study=study))
    people: dict[str, Sequence[str]] = {
        "cases as written": [
            c.ref for c in Case.objects.order_by("pk") if c.ref in truth
        ],
        "cases by reference": sorted(truth),
        "visits as written": _as_written(Interview, '"case"', "default"),
        "visits by handle": [v.case for v in sorted(visits, key=lambda v: v.handle)],
        "visits by size": [
            v.case for v in sorted(visits, key=lambda v: len(bytes(v.document)))
        ],
        "texts by size": list(
            dict.fromkeys(
                text.case for text in sorted(texts, key=lambda t: len(bytes(t.sealed)))
            )
        ),
    }
    most = 0
    for name, ours in people.items():
        assert len(ours) == PEOPLE, name
        for way, theirs in answers.items():
            right = sum(
                truth[case] == ref for case, ref in zip(ours, theirs, strict=True)
            )
            assert right < MOST_BY_CHANCE, (name, way)
            most = max(most, right)
    sys.stdout.write(f"right by the best of all ways: {most} of {PEOPLE}\n")
    # All that is left of time is a week, on both sides; nobody is alone in one.
    assert min(Counter(row.week for row in rows).values()) == PEOPLE
    assert {visit.ended for visit in visits} == {row.week for row in rows}
    text = exports.make(study, by=OPERATOR, at=NOW)["responses.csv"].decode()
    assert NOW.date().isoformat() not in text
    assert f"{NOW:%H:%M}" not in text


def test_after_the_destruction_the_table_tells_no_day_of_collection() -> None:
    study = make_open_study(people=18, total=PEOPLE)
    for case in list(sampling.issued(study))[:6]:
        actions.submit(make_sitting(study, CaseRef(case.ref)), by=RESPONDENT, at=NOW)
        intake.collect(study, by=SYSTEM, at=NOW)
    before = list(Response.objects.order_by("ref").values())
    responses.forget_order(study.slug)
    assert list(Response.objects.order_by("ref").values()) == before
    lying = _as_written(Response, "ref", "answers")
    assert lying == sorted(lying)


def _as_written(model: type[Model], column: str, zone: str) -> list[str]:
    """In the order in which the rows lie in the table, which no index hides."""
    place = "rowid" if connections[zone].vendor == "sqlite" else "ctid"
    with connections[zone].cursor() as cursor:
        table = model._meta.db_table
        cursor.execute(f"SELECT {column} FROM {table} ORDER BY {place}")
        return [str(row[0]) for row in cursor.fetchall()]


def _by(rows: Sequence[Response], size: Callable[[Response], int]) -> list[str]:
    return [row.ref for row in sorted(rows, key=size)]
