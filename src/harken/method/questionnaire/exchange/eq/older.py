"""Schemas of before 2021, whose rules are lists of conditions, in today's operators.

Conditions of a ``when`` must all hold, of several whens one. The censuses are written so.
"""

from __future__ import annotations

from typing import Any

from harken.method.questionnaire.exchange.eq.known import Json, mapping, several

_OPERATORS = {
    "equals": "==",
    "not equals": "!=",
    "greater than": ">",
    "less than": "<",
    "greater than or equal to": ">=",
    "less than or equal to": "<=",
    "equals any": "in",
    "contains": "in",
    "contains any": "any-in",
    "contains all": "all-in",
    "set": "!=",
    "not set": "==",
}
_TURNED = {"not equals any": "equals any", "not contains": "contains"}


def modern(node: Any) -> Any:
    """The same schema in today's operators; what is so already stays as it is."""
    if isinstance(node, list):
        return [modern(one) for one in node]
    if not isinstance(node, dict):
        return node
    made = {key: modern(value) for key, value in node.items()}
    if isinstance(node.get("goto"), dict):
        return made["goto"]
    if isinstance(node.get("when"), list):
        made["when"] = _all(node["when"])
    for key in ("skip_conditions", "enabled"):
        if isinstance(node.get(key), list):
            whens = [mapping(one).get("when") for one in node[key]]
            made[key] = {"when": {"or": [_all(several(one)) for one in whens]}}
    return made


def _all(conditions: list[Any]) -> Json:
    return {"and": [_rule(mapping(one)) for one in conditions]}


def _rule(condition: Json) -> Json:
    """One condition as an operator over what it looks at and what it looks for."""
    name = str(condition.get("condition"))
    if name in _TURNED:
        return {"not": [_rule({**condition, "condition": _TURNED[name]})]}
    left, right = _looked_at(condition), _looked_for(condition)
    if "date_comparison" in condition:
        left = {"date": [left]}
    operator = _OPERATORS.get(name, name)
    return {operator: [right, left] if name == "contains" else [left, right]}


def _looked_at(condition: Json) -> Json:
    if "list" in condition:
        selector = condition.get("id_selector", "count")
        return {
            "source": "list",
            "identifier": condition["list"],
            "selector": selector,
        }
    for key, source in (("id", "answers"), ("meta", "metadata")):
        if key in condition:
            return {"source": source, "identifier": condition[key]}
    return {"source": "nothing", "identifier": ""}


def _looked_for(condition: Json) -> Any:
    if "date_comparison" in condition:
        day = mapping(condition["date_comparison"])
        return {"date": [_day(day), day.get("offset_by") or {}]}
    if "comparison" in condition:
        other = mapping(condition["comparison"])
        return {"source": other.get("source"), "identifier": other.get("id")}
    return condition.get("values", condition.get("value"))


def _day(day: Json) -> Any:
    if "id" in day:
        return {"source": "answers", "identifier": day["id"]}
    if "meta" in day:
        return {"source": "metadata", "identifier": day["meta"]}
    return day.get("value")
