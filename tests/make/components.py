"""GOV.UK Frontend's own examples as rules, and what a page does otherwise.

``rules_of`` reads the ``fixtures.json`` of each component (script/parts/components runs
it at every upgrade) and keeps, for each class: its tags, what it stands in, the
attributes every example has, the roles every example holds, and which parts come before
which. ``differences`` holds a page against them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import combinations
from typing import Any
from xml.etree.ElementTree import Element

import html5lib

PART = re.compile(r"govuk-[a-z0-9-]+?(?:__[a-z0-9-]+?)?")
FREE = {"class", "id", "name", "value", "for", "href", "src", "lang", "dir"}
"""Attributes whose values are the page's own."""

Rule = dict[str, Any]


def rules_of(examples: Iterable[str], blocks: Collection[str]) -> dict[str, Rule]:
    """What all examples have in common, by class, of these components alone: words and
    headings look the same anywhere."""
    tags: dict[str, set[str]] = defaultdict(set)
    within: dict[str, set[str]] = defaultdict(set)
    always: dict[str, dict[str, str]] = {}
    after: dict[str, set[str]] = defaultdict(set)
    holds: dict[str, set[str]] = {}
    for html in examples:
        for element, parents in _elements(html):
            for name in parts_of(element):
                tags[name].add(element.tag)
                within[name].add(_home(name, parents))
                own = {k: v for k, v in element.attrib.items() if k not in FREE}
                known = always.setdefault(name, own)
                always[name] = {k: v for k, v in known.items() if own.get(k) == v}
                holds[name] = holds.get(name, _roles(element)) & _roles(element)
            for first, second in _in_order(element):
                after[first].add(second)
    return {
        name: {
            "tags": sorted(tags[name]),
            "within": sorted(within[name]),
            "always": always[name],
            "holds": sorted(holds[name]),
            "before": sorted(
                other for other in after[name] if name not in after[other]
            ),
        }
        for name in sorted(tags)
        if name.partition("__")[0] in blocks
    }


def differences(html: str, rules: Mapping[str, Rule]) -> Iterator[str]:
    """Where a page does otherwise than every example."""
    for element, parents in _elements(html):
        for name in parts_of(element):
            rule = rules.get(name)
            if rule is None:
                continue
            if element.tag not in rule["tags"]:
                yield f"{name} is a {element.tag}"
            home = _home(name, parents)
            if home not in rule["within"]:
                yield f"{name} stands in {home or 'no part of its own'}"
            for key, value in rule["always"].items():
                if element.attrib.get(key) != value:
                    yield f"{name} has no {key}={value!r}"
            for role in {*rule["holds"]} - _roles(element):
                yield f"{name} holds no {role}"
        for first, second in _in_order(element):
            if first in rules.get(second, {"before": ()})["before"]:
                yield f"{first} comes before {second}"


def classes_of(html: str) -> set[str]:
    """Every class of the page that is of GOV.UK Frontend."""
    return {
        name
        for element, _ in _elements(html)
        for name in element.attrib.get("class", "").split()
        if name.startswith("govuk-")
    }


def parts_of(element: Element) -> list[str]:
    """The components and parts of components that an element is; no modifiers."""
    names = element.attrib.get("class", "").split()
    return [name for name in names if PART.fullmatch(name) and "--" not in name]


def _roles(element: Element) -> set[str]:
    """The roles given to anything within an element."""
    return {one.attrib["role"] for one in element.iter() if "role" in one.attrib}


def _home(name: str, parents: list[Element]) -> str:
    """The nearest part of the same component around a part; empty for a component."""
    block, _, part = name.partition("__")
    if not part:
        return ""
    for parent in reversed(parents):
        for one in parts_of(parent):
            if one == block or one.startswith(f"{block}__"):
                return one
    return ""


def _in_order(element: Element) -> Iterator[tuple[str, str]]:
    """Each pair of different parts among the children, the first one first."""
    children = [parts_of(child) for child in element if isinstance(child.tag, str)]
    for one, other in combinations(children, 2):
        for first in one:
            for second in other:
                if first != second:
                    yield first, second


def _elements(html: str) -> Iterator[tuple[Element, list[Element]]]:
    tree = html5lib.parse(html, namespaceHTMLElements=False)
    stack: list[tuple[Element, list[Element]]] = [(tree, [])]
    while stack:
        element, parents = stack.pop()
        if isinstance(element.tag, str):
            yield element, parents
            stack += [(child, [*parents, element]) for child in reversed(element)]
