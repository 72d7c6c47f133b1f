"""Judges all tables by one variable together: primary rules, complements, then audit.

Each table is first protected by itself at least cost; then all of them are audited as
one system, and whatever an intruder could still work out is closed by hiding one more
category in the tables concerned, until the audit passes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from harken.method.disclosure.complement import Aim, complement
from harken.method.disclosure.policy import Policy
from harken.method.disclosure.system import Bools, Figure, Ints, Sensitive, System
from harken.method.disclosure.verdict import Reason, Verdict, primary, verdict

Reasons = list[dict[int, Reason]]
"""For each figure, why each hidden category is hidden."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """Verdicts by figure and category (None where nobody was asked), and the audit.

    ``audited`` counts the quantities solved for, ``open_ends`` those that stay more
    certain than asked because the published total itself gives them away.
    """

    verdicts: tuple[tuple[Verdict | None, ...], ...]
    audited: int
    open_ends: int


def judge(
    figures: Sequence[Figure], category: Ints, size: int, policy: Policy
) -> Judgement:
    """Decide which cells may be shown of all figures by one variable.

    ``category`` gives each of the n responses its category, 0 to ``size`` - 1. With one
    category the figures are the overall ones. Returns verdicts in the figures' order.
    """
    system = System.build(figures, category, size)
    reasons = _primaries(system, category, policy)
    hidden = _mask(system, reasons)
    if size > 1:
        _protect_tables(system, reasons, hidden, policy)
        audited, left = _repair(system, reasons, hidden, policy)
    else:
        audited, left = 0, 0
    verdicts = []
    for figure, why in enumerate(reasons):
        bases = system.base(figure).tolist()
        verdicts.append(
            tuple(
                verdict(base, why.get(c), policy) if base else None
                for c, base in enumerate(bases)
            )
        )
    return Judgement(tuple(verdicts), audited, left)


def _primaries(system: System, category: Ints, policy: Policy) -> Reasons:
    asked = np.array(
        [np.bincount(category[f.asked], minlength=system.size) for f in system.figures]
    )
    reasons: Reasons = []
    for figure, item in enumerate(system.figures):
        why: dict[int, Reason] = {}
        pairs = zip(system.base(figure), system.positive(figure), strict=True)
        for c, (base, positive) in enumerate(pairs):
            if base == 0:
                continue
            if not item.total_shown and system.size > 1:
                why[c] = primary(int(base), int(positive), policy) or Reason.TOTAL
                continue
            reason = primary(int(base), int(positive), policy)
            if reason is not None:
                why[c] = reason
        reasons.append(why)
    _differences(system, asked, reasons, policy)
    return reasons


def _differences(system: System, asked: Ints, reasons: Reasons, policy: Policy) -> None:
    """Hide a base that is a wider, small one less a few people."""
    masks = np.array([figure.asked for figure in system.figures])
    outside = masks.astype(np.float32) @ (~masks).astype(np.float32).T
    narrow, wide = np.nonzero(outside == 0)
    apart = asked[wide] - asked[narrow]
    near = (apart > 0) & (apart < policy.minority) & (asked[wide] < policy.flag_below)
    bases = system.counts[[base for base, _, _ in system.sets]]
    for pair, c in np.argwhere(near & (bases[narrow] > 0)).tolist():
        reasons[int(narrow[pair])].setdefault(c, Reason.DIFFERENCE)


def _mask(system: System, reasons: Reasons) -> Bools:
    hidden = np.zeros((len(system.figures), system.size), dtype=bool)
    for figure, why in enumerate(reasons):
        hidden[figure, list(why)] = True
    return hidden


def _sensitive(system: System, reasons: Reasons, policy: Policy) -> list[Sensitive]:
    """What must stay uncertain for each primary cell."""
    found = []
    for figure, why in enumerate(reasons):
        base_set, positive_set, other_set = system.sets[figure]
        for c, reason in sorted(why.items()):
            base, positive = system.base(figure)[c], system.positive(figure)[c]
            if reason is Reason.BASE:
                terms = (((base_set, c), 1.0),)
                found.append(Sensitive(figure, c, terms, policy.threshold))
            elif reason is Reason.DIFFERENCE:
                terms = (((base_set, c), -1.0),)
                need = min(policy.minority, int(base) - 1) - float(base)
                found.append(Sensitive(figure, c, terms, need))
            elif reason is Reason.MINORITY:
                for one, count in (
                    (positive_set, positive),
                    (other_set, base - positive),
                ):
                    if count < policy.minority:
                        terms = (((one, c), 1.0),)
                        found.append(Sensitive(figure, c, terms, policy.minority))
    return found


def _protect_tables(
    system: System, reasons: Reasons, hidden: Bools, policy: Policy
) -> None:
    """Give each table by itself its cheapest complement.

    Small categories of the whole breakdown are preferred in every table alike, so that
    linked tables tend to hide the same ones.
    """
    size = np.argsort(np.argsort(system.counts.sum(axis=0), kind="stable"))
    cost = [1.0 + 0.01 * float(rank) for rank in size]
    aims: dict[int, list[Aim]] = {}
    for item in _sensitive(system, reasons, policy):
        base_set, positive_set, _ = system.sets[item.figure]
        (one, factor), *_ = item.terms
        if one[0] == base_set:
            aim = (item.category, factor, 0.0, item.need)
        elif one[0] == positive_set:
            aim = (item.category, 0.0, factor, item.need)
        else:
            aim = (item.category, factor, -factor, item.need)
        aims.setdefault(item.figure, []).append(aim)
    for figure, wanted in aims.items():
        if not system.figures[figure].total_shown:
            continue
        pattern = complement(
            system.base(figure), system.positive(figure), hidden[figure], wanted, cost
        )
        _hide(reasons, hidden, figure, pattern)


def _hide(reasons: Reasons, hidden: Bools, figure: int, pattern: Bools) -> None:
    for c in np.flatnonzero(pattern & ~hidden[figure]).tolist():
        reasons[figure][c] = Reason.COMPLEMENT
    hidden[figure] |= pattern


def _repair(
    system: System, reasons: Reasons, hidden: Bools, policy: Policy
) -> tuple[int, int]:
    """Audit all tables as one system; hide more where it fails, until nothing can be."""
    sensitive = _sensitive(system, reasons, policy)
    order = np.argsort(system.counts.sum(axis=0), kind="stable").tolist()
    failing = sensitive
    while True:
        # Hiding more never makes a reader surer, so what passed need not be asked again.
        reached = system.reached(hidden, failing)
        failing = [
            item for item, well in zip(failing, reached, strict=True) if not well
        ]
        grown = [_close(system, reasons, hidden, item, order) for item in failing]
        if not any(grown):
            return len(sensitive), len(failing)


def _close(
    system: System,
    reasons: Reasons,
    hidden: Bools,
    item: Sensitive,
    order: Sequence[int],
) -> bool:
    """Hide one more category in the failing table and in those on the same people."""
    own = set(system.sets[item.figure])
    linked = [f for f, sets in enumerate(system.sets) if own & set(sets)]
    for c in order:
        open_in = [f for f in linked if not hidden[f, c] and system.base(f)[c] > 0]
        if not open_in:
            continue
        for figure in open_in:
            pattern = np.zeros(system.size, dtype=bool)
            pattern[c] = True
            _hide(reasons, hidden, figure, pattern)
        return True
    return False
