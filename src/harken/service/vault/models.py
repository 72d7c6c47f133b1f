"""What the vault keeps in the database: sealed blobs, commitments, consents, backups.

Never a key, never a name. Rows carry the study's slug, not a foreign key.
"""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.db import models

from harken.method.terms import DataClass


class Sealed(models.Model):
    """One sealed part of one identity; the part is the name of the key."""

    study = models.CharField(max_length=100)
    ref = models.CharField(max_length=32)
    part = models.CharField(max_length=10)
    blob = models.BinaryField()

    DATA_CLASS: ClassVar[dict[str, DataClass]] = {
        "study": DataClass.OPERATIONAL,
        "ref": DataClass.LINKING,
        "part": DataClass.OPERATIONAL,
        "blob": DataClass.IDENTIFYING,
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["study", "ref", "part"], name="vault_one_part_a_person"
            )
        ]


class Enrolment(models.Model):
    """The right edge of a study's tree of commitments (peaks in hexadecimal)."""

    study = models.CharField(max_length=100, unique=True)
    size = models.BigIntegerField(default=0)
    peaks = models.TextField(blank=True, default="")

    DATA_CLASS: ClassVar[dict[str, DataClass]] = {
        "study": DataClass.OPERATIONAL,
        "size": DataClass.OPERATIONAL,
        "peaks": DataClass.OPERATIONAL,
    }


class Promise(models.Model):
    """One promise of a study, as bound at its beginning or extended by the controller.

    Everybody enrolled is under the latest one of their day. It outlives the keyrings, for
    the certificates: nothing in it is secret.
    """

    study = models.CharField(max_length=100)
    number = models.PositiveSmallIntegerField()
    policy = models.JSONField()
    note = models.TextField(blank=True, default="")

    DATA_CLASS: ClassVar[dict[str, DataClass]] = {
        "study": DataClass.OPERATIONAL,
        "number": DataClass.OPERATIONAL,
        "policy": DataClass.PUBLIC,
        "note": DataClass.PUBLIC,
    }

    class Meta:
        ordering = ["study", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["study", "number"], name="vault_one_promise_a_number"
            )
        ]

    def day(self, name: str) -> dt.date:
        """One of its days: ``destroy_by`` or ``recontact_until``."""
        return dt.date.fromisoformat(self.policy[name])


class Commitment(models.Model):
    """One enrolled person's published commitment, in order, and what became of it.

    It says nothing about the person: without the nonce, which dies with the keys, it
    is a random number.
    """

    class Fate(models.TextChoices):
        """What became of the keys behind a commitment."""

        ENROLLED = "enrolled"
        WITHDRAWN = "withdrawn"
        RECONTACT = "recontact"
        DESTROYED = "destroyed"

    study = models.CharField(max_length=100)
    position = models.BigIntegerField()
    value = models.CharField(max_length=64)
    fate = models.CharField(max_length=10, choices=Fate.choices, default=Fate.ENROLLED)

    DATA_CLASS: ClassVar[dict[str, DataClass]] = {
        "study": DataClass.OPERATIONAL,
        "position": DataClass.OPERATIONAL,
        "value": DataClass.PUBLIC,
        "fate": DataClass.OPERATIONAL,
    }

    class Meta:
        ordering = ["study", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["study", "position"], name="vault_one_commitment_a_place"
            ),
            models.UniqueConstraint(
                fields=["study", "value"], name="vault_commitments_differ"
            ),
        ]


class RecontactConsent(models.Model):
    """A person's own consent to be contacted again: for what, until when, what was done.

    ``done`` lists each opening by purpose, day and ending; ``ways`` what calls and letters
    obey, as the person said it; ``lent_to`` names who has them open now.
    """

    study = models.CharField(max_length=100)
    ref = models.CharField(max_length=32)
    purposes = models.JSONField(default=list)
    until = models.DateField()
    agreed_on = models.DateField()
    done = models.JSONField(default=list)
    ways = models.JSONField(default=dict)
    lent_to = models.CharField(max_length=150, blank=True, default="")
    lent_until = models.DateTimeField(null=True)

    DATA_CLASS: ClassVar[dict[str, DataClass]] = {
        "study": DataClass.OPERATIONAL,
        "ref": DataClass.LINKING,
        "purposes": DataClass.OPERATIONAL,
        "until": DataClass.OPERATIONAL,
        "agreed_on": DataClass.OPERATIONAL,
        "done": DataClass.OPERATIONAL,
        "ways": DataClass.OPERATIONAL,
        "lent_to": DataClass.OPERATIONAL,
        "lent_until": DataClass.OPERATIONAL,
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["study", "ref"], name="vault_one_consent_a_person"
            ),
            models.UniqueConstraint(
                fields=["lent_to"],
                condition=~models.Q(lent_to=""),
                name="vault_one_kept_person_open_a_manager",
            ),
        ]


class Backup(models.Model):
    """A known copy of the databases and keyrings: its digest, never its place."""

    digest = models.CharField(max_length=64)
    files = models.IntegerField()
    made_at = models.DateTimeField()

    DATA_CLASS: ClassVar[dict[str, DataClass]] = {
        "digest": DataClass.OPERATIONAL,
        "files": DataClass.OPERATIONAL,
        "made_at": DataClass.OPERATIONAL,
    }

    class Meta:
        ordering = ["made_at", "id"]


class Copy(models.Model):
    """Identities that left the house: to whom, what for, how many, and the confirmation.

    A row stays open until the recipient confirms that its copy is destroyed; while one
    is open no certificate is final. Never the file itself, only its SHA-256.
    """

    study = models.CharField(max_length=100)
    recipient = models.CharField(max_length=200)
    purpose = models.CharField(max_length=200)
    people = models.IntegerField()
    file_hash = models.CharField(max_length=64)
    handed_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)

    DATA_CLASS: ClassVar[dict[str, DataClass]] = {
        "study": DataClass.OPERATIONAL,
        "recipient": DataClass.OPERATIONAL,
        "purpose": DataClass.OPERATIONAL,
        "people": DataClass.OPERATIONAL,
        "file_hash": DataClass.OPERATIONAL,
        "handed_at": DataClass.OPERATIONAL,
        "confirmed_at": DataClass.OPERATIONAL,
    }

    class Meta:
        ordering = ["handed_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["study", "file_hash"], name="vault_one_row_a_copy"
            )
        ]
