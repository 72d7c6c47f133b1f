"""A study as it stands in the house: its folder's texts, its state, its dates."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from harken.method.study import State
from harken.method.terms import DataClass

STATES = [(state.value, state.value) for state in State]


class Study(models.Model):
    """One study. ``files`` holds the folder's texts by path, unchanged.

    ``later`` holds the days of each later promise, and since when it is given.
    """

    slug = models.CharField(max_length=40, unique=True)
    state = models.CharField(max_length=10, choices=STATES, default=State.DRAFT.value)
    files = models.JSONField()
    shift_days = models.IntegerField(default=0)
    later = models.JSONField(default=list)
    digest = models.CharField(max_length=64)
    loaded_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    destroyed_at = models.DateTimeField(null=True)

    DATA_CLASS: ClassVar[dict[str, DataClass]] = {
        "slug": DataClass.PUBLIC,
        "state": DataClass.OPERATIONAL,
        "files": DataClass.PUBLIC,
        "shift_days": DataClass.OPERATIONAL,
        "later": DataClass.PUBLIC,
        "digest": DataClass.PUBLIC,
        "loaded_at": DataClass.OPERATIONAL,
        "opened_at": DataClass.OPERATIONAL,
        "closed_at": DataClass.OPERATIONAL,
        "destroyed_at": DataClass.OPERATIONAL,
    }

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="study_state_is_known",
                condition=models.Q(state__in=[state.value for state in State]),
            ),
            models.CheckConstraint(
                name="study_open_has_its_day",
                condition=models.Q(state=State.DRAFT.value)
                | models.Q(opened_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.slug
