"""Alerts, apart from every answer, and interviewers' shifts. What was said is sealed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from harken.method.safeguarding import Escalation
from harken.method.terms import DataClass
from harken.service.study.models import Study


class Alert(models.Model):
    """Distress in a call, or a disclosure that the safeguarding lead must decide on."""

    class Kind(models.TextChoices):
        """Why the alert was raised."""

        DISTRESS = "distress"
        DISCLOSURE = "disclosure"

    class State(models.TextChoices):
        """Where the alert stands."""

        OPEN = "open"
        TAKEN = "taken"
        RESOLVED = "resolved"

    class Decision(models.TextChoices):
        """What the safeguarding lead decided."""

        NO_ACTION = "no_action"
        SUPPORT_OFFERED = "support_offered"
        CALLED_BACK = "called_back"
        REFERRED = "referred"
        EMERGENCY = "emergency"

    study = models.ForeignKey(Study, on_delete=models.PROTECT)
    ref = models.CharField(max_length=32)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    stage = models.CharField(max_length=40, blank=True, default="")
    step = models.CharField(max_length=20, blank=True, default="")
    facts = models.BinaryField(default=b"")
    raised_at = models.DateTimeField()
    raised_by = models.CharField(max_length=150)
    due_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)
    taken_by = models.CharField(max_length=150, blank=True, default="")
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.CharField(max_length=150, blank=True, default="")
    decision = models.CharField(
        max_length=20, choices=Decision.choices, blank=True, default=""
    )
    reason = models.BinaryField(default=b"")
    keep_until = models.DateField()
    escalated = models.CharField(
        max_length=10,
        choices=[(one.value, one.value) for one in Escalation],
        blank=True,
        default="",
    )

    class Meta:
        indexes = [models.Index(fields=["study", "state"], name="alert_state")]

    DATA_CLASS: ClassVar[dict[str, DataClass]] = {
        "study": DataClass.OPERATIONAL,
        "ref": DataClass.LINKING,
        "kind": DataClass.OPERATIONAL,
        "state": DataClass.OPERATIONAL,
        "stage": DataClass.OPERATIONAL,
        "step": DataClass.OPERATIONAL,
        "facts": DataClass.IDENTIFYING,
        "raised_at": DataClass.OPERATIONAL,
        "raised_by": DataClass.OPERATIONAL,
        "due_at": DataClass.OPERATIONAL,
        "taken_at": DataClass.OPERATIONAL,
        "taken_by": DataClass.OPERATIONAL,
        "resolved_at": DataClass.OPERATIONAL,
        "resolved_by": DataClass.OPERATIONAL,
        "decision": DataClass.OPERATIONAL,
        "reason": DataClass.IDENTIFYING,
        "keep_until": DataClass.OPERATIONAL,
        "escalated": DataClass.OPERATIONAL,
    }


class Shift(models.Model):
    """One interviewer's hours at the telephone, and how they were borne (SAF-45).

    It names no case and no respondent. ``rested`` is when the last rest began or was
    owed; ``spoken_by`` who talked with them afterwards.
    """

    class Debrief(models.TextChoices):
        """What an interviewer says of the shift at its end."""

        FINE = "fine"
        HARD = "hard"
        TALK = "talk"

    interviewer = models.CharField(max_length=150)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    private_room = models.BooleanField()
    willing = models.BooleanField()
    sensitive = models.PositiveSmallIntegerField(default=0)
    alerts = models.PositiveSmallIntegerField(default=0)
    rested = models.DateTimeField(null=True)
    debrief = models.CharField(
        max_length=10, choices=Debrief.choices, blank=True, default=""
    )
    spoken_at = models.DateTimeField(null=True)
    spoken_by = models.CharField(max_length=150, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["interviewer"],
                condition=models.Q(ended_at=None),
                name="one_open_shift",
            )
        ]

    DATA_CLASS: ClassVar[dict[str, DataClass]] = {
        "interviewer": DataClass.OPERATIONAL,
        "began_at": DataClass.OPERATIONAL,
        "ended_at": DataClass.OPERATIONAL,
        "private_room": DataClass.OPERATIONAL,
        "willing": DataClass.OPERATIONAL,
        "sensitive": DataClass.OPERATIONAL,
        "alerts": DataClass.OPERATIONAL,
        "rested": DataClass.OPERATIONAL,
        "debrief": DataClass.OPERATIONAL,
        "spoken_at": DataClass.OPERATIONAL,
        "spoken_by": DataClass.OPERATIONAL,
    }
