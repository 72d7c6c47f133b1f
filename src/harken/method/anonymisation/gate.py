"""Judges whether a file of answers may be kept, and proposes how it could become so.

K is how many people of the frame share a record's key variables (the view of whoever
holds the frame), k how many records share all of them, l how many different answers such
records give to a sensitive question. A suppressed cell could be anything, so it matches
every value. Rows are texts by column; nothing is read or kept here.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from harken.method.anonymisation.faults import NO_KEYS, UNDECLARED, UNKNOWN_COLUMN
from harken.method.errors import refuse

SUPPRESSED = ""
Row = Mapping[str, str]
Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Declaration:
    """What each column of the file is; a column that is not declared may not be kept."""

    keys: tuple[str, ...]
    sensitive: tuple[str, ...]
    harmless: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rules:
    """The least that is asked: K in the frame, k in the file, l different answers."""

    frame: int = 10
    sample: int = 5
    diversity: int = 2


@dataclass(frozen=True, slots=True)
class Verdict:
    """How many records fail each rule; ``failing`` are their places in the file."""

    records: int
    below_frame: int
    below_sample: int
    homogeneous: int
    failing: tuple[int, ...]

    @property
    def passes(self) -> bool:
        """Whether the file may be kept as it stands."""
        return not self.failing


@dataclass(frozen=True, slots=True)
class Proposal:
    """A file that passes: what was joined, what was blanked, what it cost in bits."""

    rows: tuple[Row, ...]
    joined: Mapping[str, Mapping[str, str]]
    blanked: Mapping[str, int]
    bits_before: Mapping[str, float]
    bits_after: Mapping[str, float]
    verdict: Verdict


def judge(
    rows: Sequence[Row],
    frame: Sequence[Row],
    declared: Declaration,
    rules: Rules | None = None,
) -> Verdict:
    """Check every record. Raises HarkenError ANO-004 to 006 for the declaration."""
    asked = rules or Rules()
    check_columns(rows, declared)
    known = [key for key in declared.keys if frame and key in frame[0]]
    people = Counter(tuple(row[key] for key in known) for row in frame)
    groups = Counter(_key(row, declared.keys) for row in rows)
    in_frame = _matches({_key(row, known) for row in rows}, people)
    in_file = _matches(set(groups), groups)
    varied = _diversity(rows, declared)
    small_frame = {
        n for n, row in enumerate(rows) if in_frame[_key(row, known)] < asked.frame
    }
    small_file = {
        n
        for n, row in enumerate(rows)
        if in_file[_key(row, declared.keys)] < asked.sample
    }
    alike = {
        n
        for n, row in enumerate(rows)
        if varied[_key(row, declared.keys)] < asked.diversity
    }
    failing = tuple(sorted(small_frame | small_file | alike))
    return Verdict(len(rows), len(small_frame), len(small_file), len(alike), failing)


def check_columns(rows: Sequence[Row], declared: Declaration) -> None:
    """Every column is declared, once, and there is a key variable."""
    if not declared.keys:
        raise refuse(NO_KEYS)
    named = [*declared.keys, *declared.sensitive, *declared.harmless]
    columns = list(rows[0]) if rows else named
    for name in columns:
        if named.count(name) != 1:
            raise refuse(UNDECLARED, column=name)
    for name in named:
        if name not in columns:
            raise refuse(UNKNOWN_COLUMN, column=name)


def propose(
    rows: Sequence[Row],
    frame: Sequence[Row],
    declared: Declaration,
    rules: Rules | None = None,
    *,
    blank: float = 0.08,
) -> Proposal:
    """Join rare values of key variables until few records fail, then blank cells.

    Each step joins the values of the one key that leaves the fewest failing; blanking
    begins when at most the share ``blank`` fails, and ends when none does.
    """
    joined: dict[str, dict[str, str]] = {key: {} for key in declared.keys}
    now, people = list(rows), list(frame)
    verdict = judge(now, people, declared, rules)
    while len(verdict.failing) > blank * len(now):
        steps = [
            (key, merge)
            for key in declared.keys
            if (merge := _rarest_joined(now, people, key))
        ]
        if not steps:
            break
        tried = [
            (
                len(
                    judge(
                        _apply(now, *step), _apply(people, *step), declared, rules
                    ).failing
                ),
                -_bits(_apply(now, *step), step[0]),
                number,
            )
            for number, step in enumerate(steps)
        ]
        key, merge = steps[min(tried)[2]]
        now, people = _apply(now, key, merge), _apply(people, key, merge)
        joined[key] = {old: merge.get(new, new) for old, new in joined[key].items()} | {
            old: new for old, new in merge.items() if old not in joined[key].values()
        }
        verdict = judge(now, people, declared, rules)
    now, verdict = _blank(now, people, declared, rules)
    return Proposal(
        rows=tuple(now),
        joined={key: values for key, values in joined.items() if values},
        blanked={
            key: sum(1 for row in now if row[key] == SUPPRESSED)
            - sum(1 for row in rows if row[key] == SUPPRESSED)
            for key in declared.keys
        },
        bits_before={key: _bits(rows, key) for key in declared.keys},
        bits_after={key: _bits(now, key) for key in declared.keys},
        verdict=verdict,
    )


def _blank(
    rows: Sequence[Row],
    frame: Sequence[Row],
    declared: Declaration,
    rules: Rules | None,
) -> tuple[list[Row], Verdict]:
    """Blank one more key of every failing record, the most telling first."""
    now = [dict(row) for row in rows]
    order = sorted(declared.keys, key=lambda key: -_bits(rows, key))
    verdict = judge(now, frame, declared, rules)
    while verdict.failing:
        changed = False
        for place in verdict.failing:
            key = next((k for k in order if now[place][k] != SUPPRESSED), None)
            if key is not None:
                now[place][key] = SUPPRESSED
                changed = True
        if not changed:
            break
        verdict = judge(now, frame, declared, rules)
    return list(now), verdict


def _rarest_joined(
    rows: Sequence[Row], frame: Sequence[Row], key: str
) -> dict[str, str]:
    """Half as many values of a key: the rarest is joined with the next rarest, and so on."""
    source = frame if frame and key in frame[0] else rows
    counts = Counter(row[key] for row in source if row[key] != SUPPRESSED)
    counts.update({row[key]: 0 for row in rows if row[key] != SUPPRESSED})
    values = [
        value for value, _ in sorted(counts.items(), key=lambda one: (one[1], one[0]))
    ]
    if len(values) < 2:
        return {}
    half = values[: max(2, len(values) // 2 // 2 * 2)]
    merge = {}
    for one, other in zip(half[::2], half[1::2], strict=False):
        name = " or ".join(sorted({*one.split(" or "), *other.split(" or ")}))
        merge[one] = merge[other] = name
    return merge


def _apply(rows: Iterable[Row], key: str, merge: Mapping[str, str]) -> list[Row]:
    return [
        {**row, key: merge.get(row[key], row[key])} if key in row else row
        for row in rows
    ]


def _diversity(rows: Sequence[Row], declared: Declaration) -> dict[Key, float]:
    """For each pattern the fewest different answers that its records give."""
    answers: dict[Key, list[set[str]]] = {}
    for row in rows:
        held = answers.setdefault(
            _key(row, declared.keys), [set() for _ in declared.sensitive]
        )
        for values, name in zip(held, declared.sensitive, strict=True):
            values.add(row[name])
    holed = [pattern for pattern in answers if SUPPRESSED in pattern]
    found: dict[Key, float] = {}
    for pattern in answers:
        others = answers if SUPPRESSED in pattern else {pattern, *holed}
        near = [answers[other] for other in others if _alike(pattern, other)]
        together = [set().union(*values) for values in zip(*near, strict=True)]
        found[pattern] = min((len(values) for values in together), default=math.inf)
    return found


def _matches(patterns: Iterable[Key], counts: Mapping[Key, int]) -> dict[Key, int]:
    """How many each pattern could be; only patterns with a hole need a look at all."""
    holed = {key: count for key, count in counts.items() if SUPPRESSED in key}
    found = {}
    for pattern in patterns:
        others = counts if SUPPRESSED in pattern else holed
        found[pattern] = sum(
            count for key, count in others.items() if _alike(pattern, key)
        )
        if others is holed:
            found[pattern] += counts.get(pattern, 0)
    return found


def _alike(one: Key, other: Key) -> bool:
    return all(a == b or SUPPRESSED in (a, b) for a, b in zip(one, other, strict=True))


def _key(row: Row, keys: Iterable[str]) -> Key:
    return tuple(row[key] for key in keys)


def _bits(rows: Sequence[Row], key: str) -> float:
    """How much a column tells, as entropy; a blanked cell tells nothing."""
    counts = Counter(row[key] for row in rows if row[key] != SUPPRESSED)
    total = sum(counts.values())
    share = total / len(rows) if rows else 0.0
    return share * sum(
        -count / total * math.log2(count / total) for count in counts.values()
    )
