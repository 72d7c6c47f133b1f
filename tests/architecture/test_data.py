"""Every stored field has a class, and no row of one zone names a row of the other: STYLE 4.9."""

from __future__ import annotations

from django.apps import apps
from django.db.models import ForeignKey, Model
from django.db.models.fields.related import ForeignObject

from harken.method.terms import DataClass
from harken.service.vault.router import ANSWERS_ROOMS

OURS = [model for model in apps.get_models() if model.__module__.startswith("harken.")]


def zone(model: type[Model]) -> str:
    """The zone of a model's table."""
    return "answers" if model._meta.app_label in ANSWERS_ROOMS else "identity"


def test_every_field_is_classified() -> None:
    wrong = {}
    for model in OURS:
        fields = {f.name for f in model._meta.concrete_fields} - {"id"}
        classes = getattr(model, "DATA_CLASS", {})
        if set(classes) - {"id"} != fields:
            wrong[model._meta.label] = sorted(fields ^ (set(classes) - {"id"}))
        assert all(isinstance(kind, DataClass) for kind in classes.values()), model
    assert wrong == {}


def test_no_relation_crosses_the_zones() -> None:
    crossing = [
        f"{model._meta.label}.{field.name}"
        for model in OURS
        for field in model._meta.concrete_fields
        if isinstance(field, ForeignObject | ForeignKey)
        and zone(model) != zone(field.related_model)
    ]
    assert crossing == []


def test_the_answers_zone_holds_nothing_that_identifies() -> None:
    found = [
        f"{model._meta.label}.{name}"
        for model in OURS
        if zone(model) == "answers"
        for name, kind in getattr(model, "DATA_CLASS", {}).items()
        if kind is DataClass.IDENTIFYING
    ]
    assert found == []


def test_the_identity_zone_holds_no_answer_in_clear() -> None:
    kinds = {"BinaryField"}
    found = [
        f"{model._meta.label}.{field.name}"
        for model in OURS
        if zone(model) == "identity"
        for field in model._meta.concrete_fields
        if getattr(model, "DATA_CLASS", {}).get(field.name)
        in {DataClass.ANSWER, DataClass.IDENTIFYING}
        and field.get_internal_type() not in kinds
    ]
    assert found == []
