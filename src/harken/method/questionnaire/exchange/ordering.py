"""What needs an answer behind that answer: other formats look at all answers at once,
wherever they stand; here a condition or a value sees what came before it.

Questions move behind the last answer that decides whether they are asked. A computed
value moves to the end of the section it needs, unless a question there needs it sooner.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from heapq import heappop, heappush

from harken.method.questionnaire.exchange import faults
from harken.method.questionnaire.exchange.carried import Report
from harken.method.questionnaire.exchange.tree import Form, Item, Part

_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
_WORD = re.compile(r"[a-z][a-z0-9_]*")


def in_order(form: Form, report: Report) -> None:
    """Move every question and computed value behind what it draws from."""
    for part in form.parts:
        if part.roster is not None:
            lines = [_Atom(part, [item]) for item in part.items]
            part.items = [one.items[0] for one in _Order(lines, report).arranged()]
    form.parts = _parts(_Order(_atoms(form), report).arranged())


@dataclass(slots=True, eq=False)
class _Atom:
    """What moves as one: an item of a section, or a roster with those within it."""

    part: Part
    items: list[Item]
    inner: list[Part] = field(default_factory=list)
    moved: bool = False

    @property
    def lazy(self) -> bool:
        """A computed value outside a roster may wait for the end of the section."""
        return self.part.roster is None and self.items[0].type == "computed"

    def names(self) -> set[str]:
        """Every name that its conditions, values and options draw on."""
        texts = [self.part.condition]
        for part in (self.part, *self.inner):
            if part.roster is not None:
                texts += (part.condition, part.roster.count)
        for item in self.items:
            texts += (item.value, item.condition)
            texts += (one.condition for one in (*item.options, *item.rows))
        found: set[str] = set()
        for text in texts:
            found.update(_WORD.findall(_QUOTED.sub(" ", text)))
        return found


def _atoms(form: Form) -> list[_Atom]:
    made: list[_Atom] = []
    for part in form.parts:
        if not part.items:
            continue
        if part.roster is None:
            made += (_Atom(part, [item]) for item in part.items)
        elif part.within and made and made[-1].part.roster is not None:
            made[-1].inner.append(part)
            made[-1].items += part.items
        else:
            made.append(_Atom(part, list(part.items)))
    return made


class _Order:
    """One arrangement: as written, but for what must wait."""

    def __init__(self, atoms: Sequence[_Atom], report: Report) -> None:
        self.atoms, self.report = atoms, report
        places = {item.id: n for n, one in enumerate(atoms) for item in one.items}
        self.needs = [
            {places[name] for name in one.names() if name in places} - {n}
            for n, one in enumerate(atoms)
        ]
        for n, needs in enumerate(self.needs):
            for later in [one for one in needs if one > n]:
                if self.draws_on(later, n) and not self.freed(later, n, places):
                    needs.discard(later)
        self.needed_by: list[list[int]] = [[] for _ in atoms]
        for n, needs in enumerate(self.needs):
            for one in needs:
                self.needed_by[one].append(n)
        self.made: list[int] = []
        self.place_of: dict[int, int] = {}
        self.there: set[int] = set()
        self.held: set[int] = set()
        self.waiting: list[int] = []
        """Computed values that can stand as soon as somebody needs them, in order."""

    def freed(self, one: int, other: int, places: dict[str, int]) -> bool:
        """Take a value out of its section, when only the section needs the other."""
        atom = self.atoms[one]
        if not atom.lazy or not atom.part.condition:
            return False
        known = self.needs[one]
        section, atom.part = atom.part, replace(atom.part, condition="", items=[])
        self.needs[one] = {places[name] for name in atom.names() if name in places} - {
            one
        }
        if self.draws_on(one, other):
            self.needs[one], atom.part = known, section
            return False
        problem = "it is worked out in any case: the condition of its section needs it"
        detail = {"column": "condition", "expression": section.condition}
        name = atom.items[0].id
        self.report.add(
            faults.NEARLY, sheet="order", name=name, problem=problem, **detail
        )
        return True

    def draws_on(self, one: int, other: int) -> bool:
        """Whether one needs the other, near or far: then neither can come first."""
        seen, work = {one}, [one]
        while work:
            needs = self.needs[work.pop()]
            if other in needs:
                return True
            work += needs - seen
            seen |= needs
        return False

    def arranged(self) -> list[_Atom]:
        """The atoms in their order; each that moved is told of."""
        part: Part | None = None
        for n, atom in enumerate(self.atoms):
            if part is not None and part is not atom.part:
                self.settle()
            part = atom.part
            if self.free(n):
                self.place(n)
            else:
                self.held.add(n)
                atom.moved = True
        self.settle()
        return [self.atoms[n] for n in self.made]

    def free(self, n: int) -> bool:
        """Whether all it needs is there, or could be."""
        return self.needs[n] <= self.there

    def place(self, first: int) -> None:
        """Put one down, or let it wait; and whatever was held up by it."""
        work = [first]
        while work:
            n = heappop(work)
            atom = self.atoms[n]
            self.there.add(n)
            if atom.lazy and (atom.moved or self.needs[n] & set(self.waiting)):
                atom.moved = True
                self.waiting.append(n)
            else:
                self.put(n)
            for one in self.needed_by[n]:
                if one in self.held and self.free(one):
                    self.held.discard(one)
                    heappush(work, one)

    def put(self, n: int) -> None:
        """Put one down, behind those waiting that it needs."""
        wanted, work = set[int](), [n]
        waiting = set(self.waiting)
        while work:
            needs = self.needs[work.pop()] & waiting - wanted
            wanted |= needs
            work += needs
        self.set_down([one for one in self.waiting if one in wanted])
        self.set_down([n])

    def settle(self) -> None:
        """A section ends: nothing waits any longer."""
        self.set_down(list(self.waiting))

    def set_down(self, found: list[int]) -> None:
        for n in found:
            if n in self.waiting:
                self.waiting.remove(n)
            atom = self.atoms[n]
            if atom.moved and self.needs[n]:
                last = max(self.needs[n], key=self.place_of.__getitem__)
                name, after = atom.items[0].id, self.atoms[last].items[-1].id
                self.report.add(faults.MOVED, sheet="order", name=name, after=after)
            self.place_of[n] = len(self.made)
            self.made.append(n)


def _parts(atoms: Sequence[_Atom]) -> list[Part]:
    """Sections anew: one that something moved into the midst of goes on behind it."""
    made: list[Part] = []
    used = {atom.part.id for atom in atoms}
    begun: set[str] = set()
    source: Part | None = None
    for atom in atoms:
        if atom.part.roster is not None:
            made += (atom.part, *atom.inner)
            source = None
            continue
        if source is not atom.part and not (atom.moved and _joins(atom, source)):
            again = atom.part.id in begun
            name = _free(used, atom.part.id) if again else atom.part.id
            begun.add(atom.part.id)
            made.append(replace(atom.part, id=name, items=[]))
            source = atom.part
        made[-1].items += atom.items
    return made


def _joins(atom: _Atom, source: Part | None) -> bool:
    """Whether a moved value can stand in this section, with its own section's condition.

    A question goes into a section under the words of its own.
    """
    if source is None or source.condition not in {"", atom.part.condition}:
        return False
    if not atom.lazy:
        return False
    item = atom.items[0]
    if source.condition != atom.part.condition:
        own = f"({atom.part.condition})"
        item.condition = f"{own} and ({item.condition})" if item.condition else own
    return True


def _free(used: set[str], stem: str) -> str:
    """An id for a section that goes on behind another."""
    number = 1
    while f"{stem[:28]}_then{number}" in used:
        number += 1
    used.add(f"{stem[:28]}_then{number}")
    return f"{stem[:28]}_then{number}"
