"""Releases as they were published: which version, when, and what it replaced.

The files are in the data folder; a row holds what proves them unchanged.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from harken.method.terms import DataClass


class Release(models.Model):
    """One published version. ``digest`` is the SHA-256 of its release.json.

    A version is never changed or removed; it can be replaced or withdrawn.
    """

    study = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=300)
    publisher = models.CharField(max_length=300)
    issued = models.DateField()
    digest = models.CharField(max_length=64)
    results_digest = models.CharField(max_length=64)
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=150)
    corrects = models.PositiveIntegerField(null=True)
    reason = models.CharField(max_length=500, blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = models.CharField(max_length=500, blank=True)

    DATA_CLASS: ClassVar[dict[str, DataClass]] = {
        "study": DataClass.PUBLIC,
        "version": DataClass.PUBLIC,
        "title": DataClass.PUBLIC,
        "publisher": DataClass.PUBLIC,
        "issued": DataClass.PUBLIC,
        "digest": DataClass.PUBLIC,
        "results_digest": DataClass.PUBLIC,
        "published_at": DataClass.PUBLIC,
        "published_by": DataClass.OPERATIONAL,
        "corrects": DataClass.PUBLIC,
        "reason": DataClass.PUBLIC,
        "withdrawn_at": DataClass.PUBLIC,
        "withdrawn_reason": DataClass.PUBLIC,
    }

    class Meta:
        ordering = ["-issued", "study", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["study", "version"], name="release_version_is_its_own"
            ),
            models.CheckConstraint(
                name="release_correction_has_its_reason",
                condition=models.Q(corrects__isnull=True) | ~models.Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.study} v{self.version}"
