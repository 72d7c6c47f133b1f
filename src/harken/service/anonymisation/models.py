"""Plans, approvals, scans and certificates. No key, no name, no case."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.db import models

from harken.method.anonymisation import Side
from harken.method.terms import DataClass


class Run(models.Model):
    """One planned destruction of one retention class of one study."""

    study = models.CharField(max_length=100)
    retention = models.CharField(max_length=10)
    plan = models.JSONField()
    policy = models.JSONField()
    digest = models.CharField(max_length=64)
    planned_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    DATA_CLASS: ClassVar[dict[str, DataClass]] = {
        "study": DataClass.OPERATIONAL,
        "retention": DataClass.OPERATIONAL,
        "plan": DataClass.PUBLIC,
        "policy": DataClass.PUBLIC,
        "digest": DataClass.PUBLIC,
        "planned_at": DataClass.OPERATIONAL,
        "ended_at": DataClass.OPERATIONAL,
    }

    class Meta:
        ordering = ["id"]

    @property
    def judged(self) -> str:
        """SHA-256 of the judged file that the plan names; empty when it names none."""
        return str(self.plan.get("kept", {}).get("judged", ""))

    @property
    def promised(self) -> dt.date:
        """The day by which this class is promised to be destroyed."""
        again = self.retention == "recontact"
        return dt.date.fromisoformat(
            self.policy["recontact_until" if again else "destroy_by"]
        )


class Approval(models.Model):
    """One side's agreement to one plan, by a label, never a name."""

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="approvals")
    side = models.CharField(max_length=10, choices=[(s.value, s.value) for s in Side])
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    DATA_CLASS: ClassVar[dict[str, DataClass]] = {
        "run": DataClass.OPERATIONAL,
        "side": DataClass.OPERATIONAL,
        "by": DataClass.OPERATIONAL,
        "at": DataClass.OPERATIONAL,
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "side"], name="ano_one_a_side"),
            models.UniqueConstraint(fields=["run", "by"], name="ano_two_people"),
        ]


class Certificate(models.Model):
    """A certificate as issued; a later one of the same run replaces it."""

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="certificates")
    number = models.IntegerField()
    stage = models.CharField(max_length=12)
    text = models.TextField()
    issued_at = models.DateTimeField()

    DATA_CLASS: ClassVar[dict[str, DataClass]] = {
        "run": DataClass.OPERATIONAL,
        "number": DataClass.OPERATIONAL,
        "stage": DataClass.OPERATIONAL,
        "text": DataClass.PUBLIC,
        "issued_at": DataClass.OPERATIONAL,
    }

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["run", "number"], name="ano_numbers_differ")
        ]

    @property
    def file_name(self) -> str:
        """The file under DATA/certificates."""
        return f"{self.run.study}-{self.run.retention}-{self.run_id}-{self.number}.json"
