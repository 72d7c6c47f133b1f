"""The answers zone: responses and issued cases, with nothing that leads to a person.

The study is named by its slug; no row refers to a row of the identity zone.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from harken.method.terms import Arm, DataClass, Mode


class Response(models.Model):
    """One pseudonymous response. The random reference is the key, so that the order of
    the table says nothing about who came first."""

    ref = models.CharField(max_length=32, primary_key=True)
    study = models.CharField(max_length=100)
    instrument = models.CharField(max_length=40)
    arm = models.CharField(max_length=10, choices=[(a.value, a.value) for a in Arm])
    mode = models.CharField(max_length=10, choices=[(m.value, m.value) for m in Mode])
    language = models.CharField(max_length=20)
    week = models.CharField(max_length=8)
    proxy = models.BooleanField(default=False)
    design = models.JSONField(default=dict)
    answers = models.JSONField(default=dict)

    DATA_CLASS: ClassVar[dict[str, DataClass]] = {
        "ref": DataClass.LINKING,
        "study": DataClass.OPERATIONAL,
        "instrument": DataClass.OPERATIONAL,
        "arm": DataClass.DESIGN,
        "mode": DataClass.DESIGN,
        "language": DataClass.DESIGN,
        "week": DataClass.DESIGN,
        "proxy": DataClass.DESIGN,
        "design": DataClass.DESIGN,
        "answers": DataClass.ANSWER,
    }

    class Meta:
        indexes = [models.Index(fields=["study", "ref"], name="response_of_study")]


class ReadText(models.Model):
    """What became of one answer in own words: codes, or its redacted words, or both.

    No offset, no trace of what was taken out, and nothing of when or by whom.
    """

    study = models.CharField(max_length=100)
    response = models.CharField(max_length=32)
    question = models.CharField(max_length=60)
    codes = models.JSONField(default=list)
    words = models.TextField(blank=True, default="")

    DATA_CLASS: ClassVar[dict[str, DataClass]] = {
        "study": DataClass.OPERATIONAL,
        "response": DataClass.LINKING,
        "question": DataClass.OPERATIONAL,
        "codes": DataClass.ANSWER,
        "words": DataClass.ANSWER,
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["study", "response", "question"], name="one_read_text_question"
            )
        ]


class Trace(models.Model):
    """How one questionnaire was filled in, parted from its answers: steps of time and
    changes a page, phone or computer, the page on which the person stopped.

    The key is random and stands nowhere else; no row leads to a response or a person.
    """

    key = models.CharField(max_length=32, primary_key=True)
    study = models.CharField(max_length=100)
    instrument = models.CharField(max_length=40)
    mode = models.CharField(max_length=10, choices=[(m.value, m.value) for m in Mode])
    finished = models.BooleanField()
    notes = models.JSONField(default=dict)

    DATA_CLASS: ClassVar[dict[str, DataClass]] = {
        "key": DataClass.OPERATIONAL,
        "study": DataClass.OPERATIONAL,
        "instrument": DataClass.OPERATIONAL,
        "mode": DataClass.DESIGN,
        "finished": DataClass.OPERATIONAL,
        "notes": DataClass.OPERATIONAL,
    }

    class Meta:
        indexes = [models.Index(fields=["study"], name="trace_of_study")]


class IssuedCase(models.Model):
    """One case that was issued: design variables and final disposition, in random
    order and without a reference. Response rates and weights need no more.

    ``settled`` is the digest of the plan by which its person left before the others;
    such a row is final."""

    study = models.CharField(max_length=100)
    arm = models.CharField(max_length=10, choices=[(a.value, a.value) for a in Arm])
    design = models.JSONField(default=dict)
    disposition = models.CharField(max_length=40)
    settled = models.CharField(max_length=64, blank=True, default="")

    DATA_CLASS: ClassVar[dict[str, DataClass]] = {
        "study": DataClass.OPERATIONAL,
        "arm": DataClass.DESIGN,
        "design": DataClass.DESIGN,
        "disposition": DataClass.OPERATIONAL,
        "settled": DataClass.OPERATIONAL,
    }

    class Meta:
        indexes = [models.Index(fields=["study"], name="issued_of_study")]
