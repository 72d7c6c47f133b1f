"""Frozen versions of an instrument: exactly what respondents of a study were asked."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from harken.method.terms import DataClass
from harken.service.study.models import Study


class InstrumentVersion(models.Model):
    """One version: its source text, its translations by language, and the lists
    and banks beside it."""

    study = models.ForeignKey(Study, models.PROTECT, related_name="instruments")
    version = models.CharField(max_length=40)
    digest = models.CharField(max_length=64)
    source = models.TextField()
    source_language = models.CharField(max_length=20)
    translations = models.JSONField(default=dict)
    files = models.JSONField(default=dict)
    frozen_at = models.DateTimeField()

    DATA_CLASS: ClassVar[dict[str, DataClass]] = {
        "study": DataClass.OPERATIONAL,
        "version": DataClass.PUBLIC,
        "digest": DataClass.PUBLIC,
        "source": DataClass.PUBLIC,
        "source_language": DataClass.PUBLIC,
        "translations": DataClass.PUBLIC,
        "files": DataClass.PUBLIC,
        "frozen_at": DataClass.OPERATIONAL,
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="questionnaire_version_once", fields=["study", "version"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.study_id} version {self.version}"
