"""The rows of a form as a tree: groups, repeats and questions, and who is meant by a name.

Loops over a list, an old way to repeat a group for each option, are written out here.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from harken.method.questionnaire.exchange import faults
from harken.method.questionnaire.exchange.carried import Report
from harken.method.questionnaire.exchange.xlsform.columns import (
    Cells,
    Typed,
    cells,
    typed,
)
from harken.method.questionnaire.exchange.xlsform.workbook import Row

SHEET = "survey"
DEEPEST = 40


@dataclass(slots=True, eq=False)
class Option:
    """One row of a list of choices; ``code`` is Harken's, ``name`` the form's."""

    name: str
    code: str
    words: dict[str, str]
    facts: Mapping[str, str]
    also: list[Mapping[str, str]] = field(default_factory=list)
    """The columns of further rows of the same name, offered under another parent."""

    def rows(self) -> Iterator[Option]:
        """The option once for each row that it has."""
        for facts in (self.facts, *self.also):
            yield Option(self.name, self.code, self.words, facts)


@dataclass(slots=True, eq=False)
class Element:
    """One row of the survey with what stands below it."""

    name: str
    type: Typed
    cells: Cells
    parent: Element | None = None
    children: list[Element] = field(default_factory=list)
    id: str = ""
    options: list[Option] = field(default_factory=list)
    words: dict[str, str] = field(default_factory=dict)
    """What a loop puts for ``%(label)s`` and its like."""

    @property
    def kind(self) -> str:
        """What the row is, in one word."""
        return self.type.kind

    @property
    def row(self) -> int:
        """Its row in the sheet."""
        return self.cells.row

    def above(self) -> Iterator[Element]:
        """The blocks it stands in, innermost first."""
        here = self.parent
        while here is not None:
            yield here
            here = here.parent

    @property
    def repeats(self) -> tuple[Element, ...]:
        """The repeats it stands in, outermost first."""
        found = [block for block in self.above() if block.kind == "repeat"]
        return tuple(reversed(found))

    def walk(self) -> Iterator[Element]:
        """It and everything below it, in order."""
        yield self
        for child in self.children:
            yield from child.walk()

    def child(self, name: str) -> Element | None:
        """A direct child by name."""
        return next((one for one in self.children if one.name == name), None)


def tree(
    rows: Sequence[Row], lists: Mapping[str, list[Option]], report: Report
) -> Element:
    """The survey sheet as a tree below a root without a name."""
    root = Element("", Typed("group"), Cells(1))
    here, depth = root, 0
    for number, row in enumerate(rows, start=2):
        found = cells(row, number)
        cell = found.get("type")
        if not cell or found.get("disabled").lower() in {"yes", "true", "true()"}:
            continue
        kind = typed(cell)
        name = found.get("name")
        if kind.kind.startswith("begin "):
            kind = Typed(kind.kind.removeprefix("begin "), kind.list)
            if depth >= DEEPEST:
                problem = "nested too deeply"
                report.add(
                    faults.MISPLACED, number, sheet=SHEET, name=name, problem=problem
                )
                continue
            here = _add(here, Element(name, kind, found))
            depth += 1
        elif kind.kind.startswith("end "):
            if here.parent is None:
                problem = "nothing is open that could end"
                label = name or cell
                report.add(
                    faults.MISPLACED, number, sheet=SHEET, name=label, problem=problem
                )
                continue
            here, depth = here.parent, depth - 1
        else:
            _add(here, Element(name, kind, found))
    if here is not root:
        problem = "it never ends; the end of the sheet ends it"
        report.add(
            faults.MISPLACED, here.row, sheet=SHEET, name=here.name, problem=problem
        )
    _write_out(root, lists)
    _level(root, report)
    return root


def _add(parent: Element, child: Element) -> Element:
    child.parent = parent
    parent.children.append(child)
    return child


def _write_out(block: Element, lists: Mapping[str, list[Option]]) -> None:
    """Each loop below a block becomes one group for each option of its list."""
    for child in block.children:
        _write_out(child, lists)
        if child.kind != "loop":
            continue
        child.type = Typed("group")
        inner, child.children = child.children, []
        for option in lists.get(child.cells.get("type").split()[-1], []):
            for model in inner:
                _add(child, _copy(model, option, child))


def _level(root: Element, report: Report) -> None:
    """A repeat in a repeat in a repeat becomes a group: it is asked for one line."""
    for element in root.walk():
        if element.kind == "repeat" and len(element.repeats) > 1:
            element.type = Typed("group")
            problem = "a repeat in a repeat in a repeat is asked for one line only"
            detail = {"column": "type", "expression": element.cells.get("type")}
            report.add(
                faults.NEARLY, element.row, sheet=SHEET, name=element.name,
                problem=problem, **detail,
            )  # fmt: skip


def _copy(model: Element, option: Option, parent: Element) -> Element:
    made = Element(
        f"{option.name}_{model.name}",
        model.type,
        copy.deepcopy(model.cells),
        parent,
        words={"name": option.name, **{"label": next(iter(option.words.values()), "")}},
    )
    made.children = [_copy(child, option, made) for child in model.children]
    return made


@dataclass(slots=True)
class Scope:
    """Who is meant by a name or a path, seen from some element."""

    root: Element
    by_name: dict[str, list[Element]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for element in self.root.walk():
            if element.name:
                self.by_name.setdefault(element.name, []).append(element)

    def named(self, name: str, here: Element) -> Element | None:
        """``${name}``: the one that shares most blocks with where it is used."""
        found = self.by_name.get(name, [])
        if len(found) < 2:
            return found[0] if found else None
        mine = {id(block) for block in here.above()}
        return max(found, key=lambda one: sum(id(b) in mine for b in one.above()))

    def at(self, steps: Sequence[str], here: Element) -> Element | None:
        """A relative path of names, ``.`` and ``..``; by its last name if it fails."""
        place: Element | None = here
        for step in steps:
            if place is None:
                break
            if step == "..":
                place = place.parent
            elif step != ".":
                place = place.child(step)
        if place is not None and place is not self.root:
            return place
        last = steps[-1] if steps else ""
        return None if last in {".", "..", "*", ""} else self.named(last, here)

    def absolute(self, steps: Sequence[str], here: Element) -> Element | None:
        """A path from the root; the form's own name comes first in it."""
        for start in (steps[1:], steps):
            place: Element | None = self.root
            for step in start:
                place = place.child(step) if place is not None else None
            if place is not None and place is not self.root:
                return place
        return self.named(steps[-1], here) if steps else None
