"""Runs of the analysis, in the answers zone. A run is written once and never changed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from harken.method.terms import DataClass


class AnalysisRun(models.Model):
    """One run: its results as canonical JSON, and digests of what it was made from.

    Everything in ``results`` has passed disclosure control; hidden figures are not in
    it. The same responses and folder give the same ``digest``.
    """

    study = models.CharField(max_length=100)
    made_at = models.DateTimeField()
    plan_digest = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    responses = models.PositiveIntegerField()
    figures = models.PositiveIntegerField()
    hidden = models.PositiveIntegerField()
    results = models.TextField()

    DATA_CLASS: ClassVar[dict[str, DataClass]] = {
        "study": DataClass.OPERATIONAL,
        "made_at": DataClass.OPERATIONAL,
        "plan_digest": DataClass.PUBLIC,
        "digest": DataClass.PUBLIC,
        "responses": DataClass.PUBLIC,
        "figures": DataClass.PUBLIC,
        "hidden": DataClass.PUBLIC,
        "results": DataClass.PUBLIC,
    }

    class Meta:
        indexes = [models.Index(fields=["study", "-made_at"], name="run_of_study")]
        constraints = [
            models.CheckConstraint(
                name="analysis_hidden_within_figures",
                condition=models.Q(hidden__lte=models.F("figures")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.study} {self.pk}"
