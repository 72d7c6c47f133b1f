"""The verdict on a cell, with its reason in words; and the rules that speak of one cell.

Unweighted counts decide, and weighted figures are hidden with them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from harken.method.disclosure.policy import Policy, Suppression


class Reason(StrEnum):
    """Why a cell is hidden."""

    BASE = "too few people"
    MINORITY = "too few gave one of the answers, in a small base"
    DIFFERENCE = "too few people between this base and a wider one"
    TOTAL = "the total of the table is hidden"
    COMPLEMENT = "it would give a hidden cell back"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a cell may be shown, why not, and whether it carries the ``u`` flag."""

    suppression: Suppression
    reason: Reason | None = None
    flag: str = ""

    @property
    def shown(self) -> bool:
        """Whether the figure may leave."""
        return self.suppression is Suppression.NONE


def primary(base: int, positive: int, policy: Policy) -> Reason | None:
    """Whether one cell is unsafe by itself, from its unweighted counts.

    A figure on fewer people than the threshold is. In a base under ``flag_below`` so is
    one where fewer than ``minority`` people gave the one or the other answer: everybody
    in the group would be told about, or the odd one out could be found.
    """
    if base < policy.threshold:
        return Reason.BASE
    if base < policy.flag_below and min(positive, base - positive) < policy.minority:
        return Reason.MINORITY
    return None


def verdict(base: int, reason: Reason | None, policy: Policy) -> Verdict:
    """The verdict that follows from a reason to hide, or from none."""
    if reason is None:
        flag = "u" if base < policy.flag_below else ""
        return Verdict(Suppression.NONE, None, flag)
    second = reason in (Reason.COMPLEMENT, Reason.TOTAL)
    kind = Suppression.SECONDARY if second else Suppression.PRIMARY
    return Verdict(kind, reason)


def rules(policy: Policy) -> tuple[str, ...]:
    """The rules of a policy as sentences, for the method note."""
    return (
        f"Authority: {policy.reference}; owner: {policy.owner}; last reviewed "
        f"{policy.reviewed.isoformat()}.",
        f"A figure on fewer than {policy.threshold} people is hidden.",
        f"A figure on fewer than {policy.flag_below} people is marked [u]: too few to "
        "rely on.",
        f"In a base under {policy.flag_below}, a figure is hidden where fewer than "
        f"{policy.minority} people gave the one answer or the other, and where a base "
        f"differs from a wider one by fewer than {policy.minority} people.",
        "Further cells are hidden where a hidden one could be worked out from totals or "
        "from other tables of the release; an audit solves for every hidden cell.",
        "Counts are unweighted; a weighted figure is hidden with its count.",
        f"Percentages are published to {policy.round_to:g} percentage point.",
    )
