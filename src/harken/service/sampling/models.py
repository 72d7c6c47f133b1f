"""Cases and counts. No name, address, number or date of birth ever has a column here."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from harken.method.terms import Arm, DataClass
from harken.service.study.models import Study


class Case(models.Model):
    """One person's place in a study, known by design variables and contact flags only."""

    class Status(models.TextChoices):
        """Where the case stands in the sample."""

        FRAME = "frame"
        ISSUED = "issued"
        RESERVE = "reserve"

    ref = models.CharField(max_length=32, unique=True)
    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="cases")
    arm = models.CharField(max_length=10, choices=[(a.value, a.value) for a in Arm])
    status = models.CharField(max_length=10, choices=Status.choices)
    design = models.JSONField(default=dict)
    language = models.CharField(max_length=20)
    interpreter = models.BooleanField(default=False)
    sensitive = models.BooleanField(default=False)
    no_post = models.BooleanField(default=False)
    no_voicemail = models.BooleanField(default=False)
    phone_ok = models.BooleanField(default=False)
    post_ok = models.BooleanField(default=False)
    best_time = models.CharField(max_length=10, blank=True, default="")
    weight = models.FloatField(default=0.0)
    marks = models.BinaryField(max_length=64, default=b"")

    class Meta:
        indexes = [models.Index(fields=["study", "status"], name="case_status")]

    DATA_CLASS: ClassVar[dict[str, DataClass]] = {
        "ref": DataClass.LINKING,
        "study": DataClass.OPERATIONAL,
        "arm": DataClass.DESIGN,
        "status": DataClass.OPERATIONAL,
        "design": DataClass.DESIGN,
        "language": DataClass.OPERATIONAL,
        "interpreter": DataClass.OPERATIONAL,
        "sensitive": DataClass.OPERATIONAL,
        "no_post": DataClass.OPERATIONAL,
        "no_voicemail": DataClass.OPERATIONAL,
        "phone_ok": DataClass.OPERATIONAL,
        "post_ok": DataClass.OPERATIONAL,
        "best_time": DataClass.OPERATIONAL,
        "weight": DataClass.DESIGN,
        "marks": DataClass.LINKING,
    }


class SampleFile(models.Model):
    """A loaded sample file: counts and its hash, never the file."""

    study = models.OneToOneField(Study, on_delete=models.PROTECT)
    sha256 = models.CharField(max_length=64)
    loaded_at = models.DateTimeField()
    read = models.PositiveIntegerField()
    loaded = models.PositiveIntegerField()
    findings = models.JSONField(default=list)

    DATA_CLASS: ClassVar[dict[str, DataClass]] = {
        "study": DataClass.OPERATIONAL,
        "sha256": DataClass.OPERATIONAL,
        "loaded_at": DataClass.OPERATIONAL,
        "read": DataClass.OPERATIONAL,
        "loaded": DataClass.OPERATIONAL,
        "findings": DataClass.OPERATIONAL,
    }


class ExclusionCount(models.Model):
    """How many people of the sample file were left out for one reason (SAF-02)."""

    study = models.ForeignKey(Study, on_delete=models.PROTECT)
    reason = models.CharField(max_length=30)
    count = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["study", "reason"], name="one_reason_once")
        ]

    DATA_CLASS: ClassVar[dict[str, DataClass]] = {
        "study": DataClass.OPERATIONAL,
        "reason": DataClass.OPERATIONAL,
        "count": DataClass.OPERATIONAL,
    }


class Draw(models.Model):
    """A draw as it was made: seed and strata, so that it can be made again."""

    study = models.OneToOneField(Study, on_delete=models.PROTECT)
    seed = models.BigIntegerField()
    strata = models.JSONField()
    drawn_at = models.DateTimeField()

    DATA_CLASS: ClassVar[dict[str, DataClass]] = {
        "study": DataClass.OPERATIONAL,
        "seed": DataClass.OPERATIONAL,
        "strata": DataClass.DESIGN,
        "drawn_at": DataClass.OPERATIONAL,
    }


class OptOutMark(models.Model):
    """A keyed one-way hash of somebody who said no; it survives a new import (SAF-16)."""

    study = models.ForeignKey(Study, on_delete=models.PROTECT)
    mark = models.BinaryField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["study", "mark"], name="one_mark_once")
        ]

    DATA_CLASS: ClassVar[dict[str, DataClass]] = {
        "study": DataClass.OPERATIONAL,
        "mark": DataClass.LINKING,
    }
