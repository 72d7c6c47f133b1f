"""The ledger's tables: entries in order, the tree's right edge, signed checkpoints.

Entries have no foreign keys and are never updated or deleted.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from harken.method.terms import DataClass


class Entry(models.Model):
    """One act. ``body`` is the canonical text; the other columns only help to search."""

    position = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    event = models.CharField(max_length=40)
    study = models.CharField(max_length=100, blank=True)
    role = models.CharField(max_length=20)
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField()
    leaf = models.CharField(max_length=64)

    DATA_CLASS: ClassVar[dict[str, DataClass]] = dict.fromkeys(
        ["position", "at", "event", "study", "role", "subject", "body", "leaf"],
        DataClass.OPERATIONAL,
    )

    class Meta:
        ordering = ["position"]
        indexes = [
            models.Index(fields=["study", "event", "position"], name="ledger_by_event")
        ]


class Head(models.Model):
    """How many entries there are and the tree's peaks (hexadecimal, largest first)."""

    size = models.BigIntegerField(default=0)
    peaks = models.TextField(blank=True, default="")

    DATA_CLASS: ClassVar[dict[str, DataClass]] = {
        "size": DataClass.OPERATIONAL,
        "peaks": DataClass.OPERATIONAL,
    }


class Checkpoint(models.Model):
    """A signed note over the ledger at one size, kept to compare with later."""

    size = models.BigIntegerField()
    note = models.TextField()
    at = models.DateTimeField()

    DATA_CLASS: ClassVar[dict[str, DataClass]] = {
        "size": DataClass.OPERATIONAL,
        "note": DataClass.OPERATIONAL,
        "at": DataClass.OPERATIONAL,
    }

    class Meta:
        ordering = ["size", "id"]
