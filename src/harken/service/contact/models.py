"""What was done to reach a case, and how it stands. No name, number or address here."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from harken.method.contact import Disposition, Outcome
from harken.method.contact.safe import CallBack
from harken.method.terms import DataClass
from harken.service.sampling.models import Case
from harken.service.study.models import Study


class Standing(models.Model):
    """Where an issued case stands: its disposition and the dates that calls obey."""

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="standing")
    disposition = models.CharField(
        max_length=5,
        choices=[(d.value, d.word) for d in Disposition],
        default=Disposition.NOT_STARTED.value,
    )
    changed_at = models.DateTimeField()
    letter_on = models.DateField(null=True)
    web_at = models.DateTimeField(null=True)
    mode = models.CharField(max_length=10, blank=True, default="")
    attempts = models.PositiveSmallIntegerField(default=0)
    soft_refusals = models.PositiveSmallIntegerField(default=0)
    last_attempt = models.DateTimeField(null=True)
    spoken = models.BooleanField(default=False)

    DATA_CLASS: ClassVar[dict[str, DataClass]] = {
        "case": DataClass.LINKING,
        "disposition": DataClass.OPERATIONAL,
        "changed_at": DataClass.OPERATIONAL,
        "letter_on": DataClass.OPERATIONAL,
        "web_at": DataClass.OPERATIONAL,
        "mode": DataClass.OPERATIONAL,
        "attempts": DataClass.OPERATIONAL,
        "soft_refusals": DataClass.OPERATIONAL,
        "last_attempt": DataClass.OPERATIONAL,
        "spoken": DataClass.OPERATIONAL,
    }


class AccessCode(models.Model):
    """An access code as a keyed locator and an Argon2id hash, never the code itself."""

    class Kind(models.TextChoices):
        """What the code opens."""

        INVITATION = "invitation"
        RECEIPT = "receipt"

    class State(models.TextChoices):
        """Whether the code opens anything."""

        LIVE = "live"
        USED = "used"
        DEAD = "dead"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="codes")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    locator = models.BinaryField(max_length=32)
    salt = models.BinaryField(max_length=16)
    secret_hash = models.BinaryField(max_length=32)
    state = models.CharField(max_length=5, choices=State.choices, default=State.LIVE)
    expires = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["locator"], name="code_locator")]
        constraints = [
            models.UniqueConstraint(
                fields=["locator"],
                condition=models.Q(state="live"),
                name="one_live_code_a_locator",
            )
        ]

    DATA_CLASS: ClassVar[dict[str, DataClass]] = {
        "case": DataClass.LINKING,
        "kind": DataClass.OPERATIONAL,
        "locator": DataClass.LINKING,
        "salt": DataClass.LINKING,
        "secret_hash": DataClass.LINKING,
        "state": DataClass.OPERATIONAL,
        "expires": DataClass.OPERATIONAL,
    }


class PrintRun(models.Model):
    """A set of letters handed to a printing house: the copies register's row for it."""

    study = models.ForeignKey(Study, on_delete=models.PROTECT)
    kind = models.CharField(max_length=10)
    count = models.PositiveIntegerField()
    files = models.JSONField(default=list)
    recipient = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=150)
    destroy_by = models.DateField()
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.CharField(max_length=150, blank=True, default="")

    DATA_CLASS: ClassVar[dict[str, DataClass]] = {
        "study": DataClass.OPERATIONAL,
        "kind": DataClass.OPERATIONAL,
        "count": DataClass.OPERATIONAL,
        "files": DataClass.OPERATIONAL,
        "recipient": DataClass.OPERATIONAL,
        "made_at": DataClass.OPERATIONAL,
        "made_by": DataClass.OPERATIONAL,
        "destroy_by": DataClass.OPERATIONAL,
        "confirmed_at": DataClass.OPERATIONAL,
        "confirmed_by": DataClass.OPERATIONAL,
    }


class Mailing(models.Model):
    """One letter to one case."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="mailings")
    run = models.ForeignKey(PrintRun, on_delete=models.PROTECT, related_name="mailings")
    kind = models.CharField(max_length=10)
    language = models.CharField(max_length=20)
    sent_on = models.DateField()

    DATA_CLASS: ClassVar[dict[str, DataClass]] = {
        "case": DataClass.LINKING,
        "run": DataClass.OPERATIONAL,
        "kind": DataClass.OPERATIONAL,
        "language": DataClass.OPERATIONAL,
        "sent_on": DataClass.OPERATIONAL,
    }


class Attempt(models.Model):
    """One call, written once and never changed: line result and outcome apart."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="attempts")
    at = models.DateTimeField()
    outcome = models.CharField(
        max_length=20, choices=[(o.value, o.value) for o in Outcome]
    )
    line = models.CharField(max_length=10)
    disposition = models.CharField(max_length=5)
    by = models.CharField(max_length=150)

    class Meta:
        indexes = [models.Index(fields=["case", "at"], name="attempt_case_at")]

    DATA_CLASS: ClassVar[dict[str, DataClass]] = {
        "case": DataClass.LINKING,
        "at": DataClass.OPERATIONAL,
        "outcome": DataClass.OPERATIONAL,
        "line": DataClass.OPERATIONAL,
        "disposition": DataClass.OPERATIONAL,
        "by": DataClass.OPERATIONAL,
    }


class OptOut(models.Model):
    """A no that stands for every channel (SAF-16)."""

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="opt_out")
    channel = models.CharField(max_length=10)
    at = models.DateTimeField()
    by = models.CharField(max_length=150)

    DATA_CLASS: ClassVar[dict[str, DataClass]] = {
        "case": DataClass.LINKING,
        "channel": DataClass.OPERATIONAL,
        "at": DataClass.OPERATIONAL,
        "by": DataClass.OPERATIONAL,
    }


class Appointment(models.Model):
    """A time the person asked for; one stands at a time."""

    case = models.ForeignKey(
        Case, on_delete=models.CASCADE, related_name="appointments"
    )
    when = models.DateTimeField()
    made_at = models.DateTimeField()
    by = models.CharField(max_length=150)
    over = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=models.Q(over=False),
                name="one_standing_appointment",
            )
        ]

    DATA_CLASS: ClassVar[dict[str, DataClass]] = {
        "case": DataClass.LINKING,
        "when": DataClass.OPERATIONAL,
        "made_at": DataClass.OPERATIONAL,
        "by": DataClass.OPERATIONAL,
        "over": DataClass.OPERATIONAL,
    }


class SafeWays(models.Model):
    """How a case may safely be reached, as the person said (SAF-10).

    Who may answer and the code word are sealed under the person's own key and end with
    it; what calls obey stands in clear, as the sample's contact flags do.
    """

    case = models.OneToOneField(
        Case, on_delete=models.CASCADE, related_name="safe_ways"
    )
    earliest = models.TimeField()
    latest = models.TimeField()
    days = models.JSONField(default=list)
    call_back = models.CharField(
        max_length=4, choices=[(one.value, one.value) for one in CallBack]
    )
    they_call = models.BooleanField(default=False)
    expires = models.DateField()
    sealed = models.BinaryField(max_length=1000)

    DATA_CLASS: ClassVar[dict[str, DataClass]] = {
        "case": DataClass.LINKING,
        "earliest": DataClass.OPERATIONAL,
        "latest": DataClass.OPERATIONAL,
        "days": DataClass.OPERATIONAL,
        "call_back": DataClass.OPERATIONAL,
        "they_call": DataClass.OPERATIONAL,
        "expires": DataClass.OPERATIONAL,
        "sealed": DataClass.IDENTIFYING,
    }


class Lease(models.Model):
    """One open case lent to one interviewer for 20 minutes."""

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="lease")
    interviewer = models.CharField(max_length=150, unique=True)
    until = models.DateTimeField()

    DATA_CLASS: ClassVar[dict[str, DataClass]] = {
        "case": DataClass.LINKING,
        "interviewer": DataClass.OPERATIONAL,
        "until": DataClass.OPERATIONAL,
    }


class WrongCodes(models.Model):
    """How many wrong codes came in one span of time; keys are opaque, no identity."""

    scope = models.CharField(max_length=10)
    key = models.CharField(max_length=64)
    since = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["scope", "key", "since"], name="one_count_a_span"
            )
        ]

    DATA_CLASS: ClassVar[dict[str, DataClass]] = {
        "scope": DataClass.OPERATIONAL,
        "key": DataClass.OPERATIONAL,
        "since": DataClass.OPERATIONAL,
        "count": DataClass.OPERATIONAL,
    }
