"""Interviews in progress and free text waiting for a reader. All of it is sealed.

Identity zone. No time finer than a week is stored. How a person answered is noted inside
the sealed document alone, in coarse steps, and is parted from them at intake (DP-14).
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from harken.method import interview as method
from harken.method.interview import Status
from harken.method.terms import Arm, DataClass, Mode


class Interview(models.Model):
    """One interview of one case.

    ``document`` is the sealed interview (KeyName.TEXT), emptied when it was collected;
    ``version`` counts its writes, so that a page shown before another write is noticed.
    ``visit`` is the mark that a visitor's cookie must carry; leaving changes it.
    ``response_ref`` (KeyName.LINK) names the response on the other side of the wall.
    """

    handle = models.CharField(max_length=32, primary_key=True)
    study = models.ForeignKey("study.Study", on_delete=models.PROTECT)
    case = models.CharField(max_length=32)
    arm = models.CharField(max_length=10, choices=[(a.value, a.value) for a in Arm])
    mode = models.CharField(max_length=10, choices=[(m.value, m.value) for m in Mode])
    language = models.CharField(max_length=20)
    instrument = models.CharField(max_length=40)
    document = models.BinaryField(blank=True, default=b"")
    version = models.PositiveIntegerField(default=0)
    status = models.CharField(
        max_length=10, choices=[(s.value, s.value) for s in Status]
    )
    started = models.CharField(max_length=8)
    ended = models.CharField(max_length=8, blank=True, default="")
    response_ref = models.BinaryField(blank=True, default=b"")
    receipt = models.BinaryField(blank=True, default=b"")
    collected = models.BooleanField(default=False)
    pin = models.CharField(max_length=200, blank=True, default="")
    pin_tries = models.PositiveSmallIntegerField(default=0)
    return_by = models.DateField(null=True, blank=True)
    visit = models.CharField(max_length=32, blank=True, default="")

    opened: tuple[bytes | memoryview[int], method.Interview] | None = None
    """The document as this request opened it; never stored."""

    DATA_CLASS: ClassVar[dict[str, DataClass]] = {
        "handle": DataClass.LINKING,
        "study": DataClass.OPERATIONAL,
        "case": DataClass.LINKING,
        "arm": DataClass.OPERATIONAL,
        "mode": DataClass.OPERATIONAL,
        "language": DataClass.OPERATIONAL,
        "instrument": DataClass.OPERATIONAL,
        "document": DataClass.ANSWER,
        "version": DataClass.OPERATIONAL,
        "status": DataClass.OPERATIONAL,
        "started": DataClass.OPERATIONAL,
        "ended": DataClass.OPERATIONAL,
        "response_ref": DataClass.LINKING,
        "receipt": DataClass.LINKING,
        "collected": DataClass.OPERATIONAL,
        "pin": DataClass.OPERATIONAL,
        "pin_tries": DataClass.OPERATIONAL,
        "return_by": DataClass.OPERATIONAL,
        "visit": DataClass.LINKING,
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["study", "case"], name="one_interview_case")
        ]
        indexes = [models.Index(fields=["study", "status", "collected"])]


class Version(models.Model):
    """One version of an interview in progress, sealed as it was written; never changed.

    The history of the answers, those off the route by now included. It lives as long
    as the draft: handed in, stopped or deleted, it goes.
    """

    interview = models.ForeignKey(
        Interview, on_delete=models.CASCADE, related_name="versions"
    )
    number = models.PositiveIntegerField()
    document = models.BinaryField()

    DATA_CLASS: ClassVar[dict[str, DataClass]] = {
        "interview": DataClass.LINKING,
        "number": DataClass.OPERATIONAL,
        "document": DataClass.ANSWER,
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["interview", "number"], name="one_version_once"
            )
        ]


class FreeText(models.Model):
    """One answer in a person's own words, sealed under their text key.

    It stays on the identity side until a person has read it, and dies with the key.
    """

    study = models.ForeignKey("study.Study", on_delete=models.PROTECT)
    case = models.CharField(max_length=32)
    question = models.CharField(max_length=60)
    sealed = models.BinaryField()

    DATA_CLASS: ClassVar[dict[str, DataClass]] = {
        "study": DataClass.OPERATIONAL,
        "case": DataClass.LINKING,
        "question": DataClass.OPERATIONAL,
        "sealed": DataClass.IDENTIFYING,
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["study", "case", "question"], name="one_text_question"
            )
        ]
