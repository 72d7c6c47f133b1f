"""How far each text has come. Words, marks and codes are sealed under the writer's key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django.db import models

from harken.method.terms import DataClass


class Reading(models.Model):
    """One text on the desk; it goes with the text, at the latest with its key.

    ``marks`` are places in the raw text, made once; they are never kept afterwards.
    ``work`` is what readers and coders made of it so far.
    """

    class State(models.TextChoices):
        """Where the text stands."""

        FIRST = "first"
        SECOND = "second"
        READ = "read"
        CODED = "coded"
        NOTHING = "nothing"

    text = models.OneToOneField(
        "interview.FreeText", on_delete=models.CASCADE, related_name="reading"
    )
    study = models.ForeignKey("study.Study", on_delete=models.PROTECT)
    state = models.CharField(
        max_length=8, choices=State.choices, default=State.FIRST.value
    )
    twice = models.BooleanField()
    marks = models.BinaryField(default=b"")
    work = models.BinaryField(default=b"")
    held_by = models.CharField(max_length=150, blank=True, default="")
    held_at = models.DateTimeField(null=True)
    first_by = models.CharField(max_length=150, blank=True, default="")
    second_by = models.CharField(max_length=150, blank=True, default="")
    coded_by = models.CharField(max_length=150, blank=True, default="")

    DATA_CLASS: ClassVar[dict[str, DataClass]] = {
        "text": DataClass.LINKING,
        "study": DataClass.OPERATIONAL,
        "state": DataClass.OPERATIONAL,
        "twice": DataClass.OPERATIONAL,
        "marks": DataClass.IDENTIFYING,
        "work": DataClass.ANSWER,
        "held_by": DataClass.OPERATIONAL,
        "held_at": DataClass.OPERATIONAL,
        "first_by": DataClass.OPERATIONAL,
        "second_by": DataClass.OPERATIONAL,
        "coded_by": DataClass.OPERATIONAL,
    }

    class Meta:
        indexes = [models.Index(fields=["study", "state"], name="reading_state")]


FOLLOWING: Mapping[Reading.State, frozenset[Reading.State]] = {
    Reading.State.FIRST: frozenset(
        {Reading.State.SECOND, Reading.State.READ, Reading.State.NOTHING}
    ),
    Reading.State.SECOND: frozenset(
        {Reading.State.READ, Reading.State.NOTHING, Reading.State.FIRST}
    ),
    Reading.State.READ: frozenset(
        {Reading.State.CODED, Reading.State.FIRST, Reading.State.SECOND}
    ),
    Reading.State.CODED: frozenset({Reading.State.READ}),
    Reading.State.NOTHING: frozenset({Reading.State.FIRST, Reading.State.SECOND}),
}
"""The states a text may take next; a step back is an undo by whoever took it forward."""
