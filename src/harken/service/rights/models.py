"""The registers: requests, complaints, incidents. Who asked lies apart and dies with the keys.

A register's row says what was asked, when it is due and how it ended, for the controller
and for ever. ``Asker`` ties a request or a complaint to a case, with the words of the
decision sealed; it is swept with everything else that leads to people.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from harken.method.rights import Ground, RequestKind
from harken.method.terms import DataClass
from harken.service.study.models import Study


class Request(models.Model):
    """One thing a person asked for."""

    class Channel(models.TextChoices):
        """How the request reached the house."""

        WEB = "web"
        PHONE = "phone"
        LETTER = "letter"
        EMAIL = "email"

    class State(models.TextChoices):
        """Where a request or complaint stands."""

        OPEN = "open"
        DONE = "done"
        REFUSED = "refused"

    class Lacking(models.TextChoices):
        """What the person was asked back, while the clock stands (Article 12A)."""

        WHO = "who", "who they are"
        WHAT = "what", "which data or which use they mean"

    class Longer(models.TextChoices):
        """Why two months more were taken: the law knows these two reasons (Article 12A)."""

        COMPLEX = "complex", "what was asked is complex"
        MANY = "many", "this person has asked for many things"

    study = models.ForeignKey(Study, on_delete=models.PROTECT)
    number = models.CharField(max_length=12, unique=True)
    kind = models.CharField(
        max_length=20, choices=[(kind.value, kind.words) for kind in RequestKind]
    )
    channel = models.CharField(max_length=10, choices=Channel.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    received_at = models.DateTimeField()
    entered_at = models.DateTimeField(null=True)
    received_by = models.CharField(max_length=150)
    due_on = models.DateField()
    lacking = models.CharField(
        max_length=4, choices=Lacking.choices, blank=True, default=""
    )
    asked_on = models.DateField(null=True)
    ran_on = models.DateField(null=True)
    paused_days = models.PositiveIntegerField(default=0)
    longer = models.CharField(
        max_length=7, choices=Longer.choices, blank=True, default=""
    )
    checked = models.CharField(max_length=20, blank=True, default="")
    ground = models.CharField(
        max_length=20,
        choices=[(ground.value, ground.law) for ground in Ground],
        blank=True,
        default="",
    )
    certificate = models.CharField(max_length=150, blank=True, default="")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=150, blank=True, default="")
    rerun = models.BooleanField(default=False)

    DATA_CLASS: ClassVar[dict[str, DataClass]] = dict.fromkeys(
        [
            "study",
            "number",
            "kind",
            "channel",
            "state",
            "received_at",
            "entered_at",
            "received_by",
            "due_on",
            "lacking",
            "asked_on",
            "ran_on",
            "paused_days",
            "longer",
            "checked",
            "ground",
            "certificate",
            "decided_at",
            "decided_by",
            "rerun",
        ],
        DataClass.OPERATIONAL,
    )

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="rights_a_refusal_has_its_ground",
                condition=~models.Q(state="refused") | ~models.Q(ground=""),
            )
        ]

    def __str__(self) -> str:
        return self.number


class Asker(models.Model):
    """Who asked, by case, with the words of the decision sealed under their text key."""

    request = models.OneToOneField(
        Request, on_delete=models.CASCADE, related_name="asker"
    )
    ref = models.CharField(max_length=32)
    reason = models.BinaryField(default=b"")

    DATA_CLASS: ClassVar[dict[str, DataClass]] = {
        "request": DataClass.OPERATIONAL,
        "ref": DataClass.LINKING,
        "reason": DataClass.IDENTIFYING,
    }


class Complaint(models.Model):
    """One data-protection complaint: acknowledged within 30 days, then answered."""

    class About(models.TextChoices):
        """What the complaint is about."""

        CONTACT = "contact"
        USE_OF_DATA = "use_of_data"
        REQUEST = "request"
        SECURITY = "security"
        OTHER = "other"

    class Outcome(models.TextChoices):
        """How the complaint ended."""

        UPHELD = "upheld"
        PARTLY = "partly"
        NOT_UPHELD = "not_upheld"
        TAKEN_BACK = "taken_back"

    study = models.ForeignKey(Study, on_delete=models.PROTECT)
    number = models.CharField(max_length=12, unique=True)
    channel = models.CharField(max_length=10, choices=Request.Channel.choices)
    about = models.CharField(max_length=20, choices=About.choices)
    received_at = models.DateTimeField()
    entered_at = models.DateTimeField(null=True)
    received_by = models.CharField(max_length=150)
    acknowledge_by = models.DateField()
    acknowledged_at = models.DateTimeField(null=True)
    outcome = models.CharField(
        max_length=20, choices=Outcome.choices, blank=True, default=""
    )
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=150, blank=True, default="")
    reason = models.CharField(max_length=400, blank=True, default="")

    DATA_CLASS: ClassVar[dict[str, DataClass]] = dict.fromkeys(
        [
            "study",
            "number",
            "channel",
            "about",
            "received_at",
            "entered_at",
            "received_by",
            "acknowledge_by",
            "acknowledged_at",
            "outcome",
            "answered_at",
            "answered_by",
            "reason",
        ],
        DataClass.OPERATIONAL,
    )

    class Meta:
        ordering = ["acknowledge_by", "pk"]


class Incident(models.Model):
    """A suspected breach: what kind, how many people, and the 72 hours."""

    class Kind(models.TextChoices):
        """What happened to the data."""

        DISCLOSED = "disclosed"
        LOST = "lost"
        CHANGED = "changed"
        UNAVAILABLE = "unavailable"

    class Risk(models.TextChoices):
        """How much it may harm people; it decides who must be told."""

        NONE = "none"
        SOME = "some"
        HIGH = "high"

    study = models.ForeignKey(Study, on_delete=models.PROTECT)
    number = models.CharField(max_length=12, unique=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    people = models.PositiveIntegerField(default=0)
    noticed_at = models.DateTimeField()
    opened_by = models.CharField(max_length=150)
    report_by = models.DateTimeField()
    risk = models.CharField(max_length=6, choices=Risk.choices, blank=True, default="")
    reason = models.CharField(max_length=400, blank=True, default="")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=150, blank=True, default="")
    reported_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    DATA_CLASS: ClassVar[dict[str, DataClass]] = dict.fromkeys(
        [
            "study",
            "number",
            "kind",
            "people",
            "noticed_at",
            "opened_by",
            "report_by",
            "risk",
            "reason",
            "decided_at",
            "decided_by",
            "reported_at",
            "told_at",
            "closed_at",
        ],
        DataClass.OPERATIONAL,
    )

    class Meta:
        ordering = ["report_by", "pk"]


class Emergency(models.Model):
    """One identity to be opened in an emergency: asked by one, allowed by another.

    A third judges afterwards whether it was right. The row leads to no person and stays,
    so that one that nobody reviewed does not vanish with the study; ``EmergencyCase``
    says whom it was about.
    """

    class Judgement(models.TextChoices):
        """What whoever looked at it afterwards found."""

        JUSTIFIED = "justified", "Justified"
        NOT_JUSTIFIED = "not_justified", "Not justified"
        NOT_REVIEWED = "not_reviewed", "Not reviewed"

    study = models.ForeignKey(Study, on_delete=models.PROTECT)
    number = models.CharField(max_length=12, unique=True)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=150)
    allowed_at = models.DateTimeField(null=True)
    allowed_by = models.CharField(max_length=150, blank=True, default="")
    until = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    judgement = models.CharField(
        max_length=13, choices=Judgement.choices, blank=True, default=""
    )
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.CharField(max_length=150, blank=True, default="")
    incident = models.CharField(max_length=12, blank=True, default="")

    DATA_CLASS: ClassVar[dict[str, DataClass]] = dict.fromkeys(
        [
            "study",
            "number",
            "asked_at",
            "asked_by",
            "allowed_at",
            "allowed_by",
            "until",
            "told_at",
            "opened_at",
            "judgement",
            "reviewed_at",
            "reviewed_by",
            "incident",
        ],
        DataClass.OPERATIONAL,
    )

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="rights_an_emergency_takes_two",
                condition=models.Q(allowed_by="")
                | ~models.Q(allowed_by=models.F("asked_by")),
            ),
            models.CheckConstraint(
                name="rights_a_review_is_by_a_third",
                condition=models.Q(reviewed_by="")
                | ~models.Q(
                    reviewed_by__in=[models.F("asked_by"), models.F("allowed_by")]
                ),
            ),
        ]


class EmergencyCase(models.Model):
    """Whom an emergency is about, with the words of both sides sealed under their text key.

    Swept with everything that leads to people.
    """

    emergency = models.OneToOneField(
        Emergency, on_delete=models.CASCADE, related_name="whom"
    )
    ref = models.CharField(max_length=32)
    reason = models.BinaryField(default=b"")
    review = models.BinaryField(default=b"")

    DATA_CLASS: ClassVar[dict[str, DataClass]] = {
        "emergency": DataClass.OPERATIONAL,
        "ref": DataClass.LINKING,
        "reason": DataClass.IDENTIFYING,
        "review": DataClass.IDENTIFYING,
    }
