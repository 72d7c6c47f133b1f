"""Computed values after what they are computed from: other formats work them out at once,
wherever they stand; here they follow in order.
"""

from __future__ import annotations

import re

from harken.method.questionnaire.exchange import faults
from harken.method.questionnaire.exchange.carried import Report
from harken.method.questionnaire.exchange.tree import Form, Item, Part

ROUNDS = 40
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
_WORD = re.compile(r"[a-z][a-z0-9_]*")


def in_order(form: Form, report: Report) -> None:
    """Move every computed value behind the sections that it draws from."""
    for part in form.parts:
        if part.roster is not None:
            _in_line(part, report)
    for _ in range(ROUNDS):
        if not _once(form, report):
            return


def _in_line(part: Part, report: Report) -> None:
    """In a roster, a computed value stands behind what it draws from on its line."""
    for _ in range(ROUNDS):
        places = {item.id: place for place, item in enumerate(part.items)}
        for place, item in enumerate(part.items):
            needs = [(places.get(name, 0), name) for name in _names(item)]
            last, name = max(needs, default=(0, ""))
            if item.type == "computed" and last > place:
                part.items.insert(last, part.items.pop(place))
                report.add(faults.MOVED, sheet="order", name=item.id, after=name)
                break
        else:
            return


def _once(form: Form, report: Report) -> bool:
    places = {
        item.id: (number, place)
        for number, part in enumerate(form.parts)
        for place, item in enumerate(part.items)
    }
    later: dict[tuple[int, str], list[Item]] = {}
    for number, part in enumerate(form.parts):
        if part.roster is not None:
            continue
        for place, item in enumerate(list(part.items)):
            if item.type != "computed":
                continue
            needs = [
                (places[name], name)
                for name in _names(item)
                if places.get(name, (0, 0)) > (number, place)
            ]
            if needs:
                (target, _), name = max(needs)
                part.items.remove(item)
                later.setdefault((target, part.condition), []).append(item)
                report.add(faults.MOVED, sheet="order", name=item.id, after=name)
    for (target, condition), items in sorted(later.items(), reverse=True):
        model = form.parts[target]
        made = Part(_free(form, model.id), model.words, items, condition)
        form.parts.insert(target + 1, made)
    form.parts = [part for part in form.parts if part.items]
    return bool(later)


def _names(item: Item) -> set[str]:
    bare = _QUOTED.sub(" ", f"{item.value} {item.condition}")
    return set(_WORD.findall(bare)) - {item.id}


def _free(form: Form, stem: str) -> str:
    """An id for a section that follows another."""
    used = {part.id for part in form.parts}
    number = 1
    while f"{stem[:28]}_then{number}" in used:
        number += 1
    return f"{stem[:28]}_then{number}"
