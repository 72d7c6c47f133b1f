"""Plans, approvals, scans and certificates. No key, no name, no case."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.db import models

from harken.method.anonymisation import Side
from harken.method.terms import DataClass
from harken.method.vault.keyring import Retention


class Run(models.Model):
    """One planned destruction of one retention class of one study."""

    study = models.CharField(max_length=100)
    retention = models.CharField(max_length=10)
    plan = models.JSONField()
    digest = models.CharField(max_length=64)
    planned_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    DATA_CLASS: ClassVar[dict[str, DataClass]] = {
        "study": DataClass.OPERATIONAL,
        "retention": DataClass.OPERATIONAL,
        "plan": DataClass.PUBLIC,
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
    def through(self) -> int:
        """The number of the last promise whose people are destroyed."""
        return int(self.plan["through"])

    def own_day(self, days: Sequence[tuple[dt.date, dt.date]]) -> dt.date:
        """Of each promise's days, the one on which the last of these people end."""
        return days[self.through][self.retention == Retention.RECONTACT]

    @property
    def is_part(self) -> bool:
        """Whether others, who were given a later promise, go on."""
        return self.through < len(self.plan["promises"]) - 1

    def covers(self, plan: Mapping[str, Any]) -> dict[str, Any]:
        """Of a plan, what may not have changed between approval and run.

        While others go on, more of them may come or leave.
        """
        counts = plan["counts"]
        same = {name: plan[name] for name in ("through", "promised")}
        same["kept"] = plan["kept"] if self.judged else None
        if self.is_part:
            same["promises"] = plan["promises"][: self.through + 1]
            same["counts"] = {n: counts[n] for n in ("recontact", "destroyed")}
        else:
            same |= {name: plan[name] for name in ("promises", "enrolled", "counts")}
        return same

    @property
    def promised(self) -> dt.date:
        """The day by which the first of these people are promised to be destroyed."""
        return dt.date.fromisoformat(self.plan["promised"])


class KeptFrame(models.Model):
    """How many people of the frame had the same design variables, of those who left
    before the others: what a later judgement of the kept file counts K by.

    No row leads to a person; all go with the last ones.
    """

    study = models.CharField(max_length=100)
    plan = models.CharField(max_length=64)
    design = models.JSONField()
    people = models.PositiveIntegerField()

    DATA_CLASS: ClassVar[dict[str, DataClass]] = {
        "study": DataClass.OPERATIONAL,
        "plan": DataClass.OPERATIONAL,
        "design": DataClass.DESIGN,
        "people": DataClass.OPERATIONAL,
    }


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
