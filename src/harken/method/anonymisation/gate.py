"""Judges whether a file of answers may be kept, and proposes how it could become so.

K is how many people of the frame share a record's key variables (the view of whoever
holds the frame), k how many records share all of them, l how many different answers such
records give to a sensitive question. A suppressed cell could be anything, so it matches
every value; of whom the frame itself does not know a value, a record that has one is not.
Rows are texts by column; nothing is read or kept here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from harken.method.anonymisation.faults import (
    NO_KEYS,
    NOT_IN_FRAME,
    SEEN_BY_OTHERS,
    UNDECLARED,
    UNKNOWN_COLUMN,
)
from harken.method.errors import Finding, HarkenError, refuse
from harken.method.source import Reader, read

SUPPRESSED = ""
ROOM = 1 << 40
"""Numbers of patterns stay below this while columns are put together."""

KNOWN_TO_OTHERS = ("proxy",)
"""Columns of the house that never are an answer: a key variable, or not in the file."""

LEAST_BITS = 0.01
"""So little loss counts as this much, so that a loss of nothing can be compared."""

Row = Mapping[str, str]
Codes = npt.NDArray[np.int64]
Pair = tuple[Codes, Codes, Codes, Codes]


@dataclass(frozen=True, slots=True)
class Declaration:
    """What each column of the file is; a column that is not declared may not be kept.

    ``ordered`` gives the values of a key variable in their order, such as age bands; only
    neighbours are joined then. What is ``fixed`` is never joined or blanked: a key that
    tells groups apart which nobody could take for one another. Columns to ``leave_out``
    never reach the kept file, and with ``leave_out_rest`` neither does any other that is
    not named.
    """

    keys: tuple[str, ...]
    sensitive: tuple[str, ...]
    harmless: tuple[str, ...] = ()
    ordered: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    fixed: tuple[str, ...] = ()
    leave_out: tuple[str, ...] = ()
    leave_out_rest: bool = False

    def narrowed(self, rows: Iterable[Row]) -> list[Row]:
        """The rows without what is left out."""
        named = {*self.keys, *self.sensitive, *self.harmless}
        return [
            {
                name: value
                for name, value in row.items()
                if name not in self.leave_out
                and (name in named or not self.leave_out_rest)
            }
            for row in rows
        ]


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
    """The file as proposed: what was joined, what was blanked, what it cost in bits.

    ``in_frame`` are the keys by which K was counted; nobody else can know the others.
    """

    rows: tuple[Row, ...]
    joined: Mapping[str, Mapping[str, str]]
    blanked: Mapping[str, int]
    bits_before: Mapping[str, float]
    bits_after: Mapping[str, float]
    verdict: Verdict
    in_frame: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Table:
    """File and frame as numbers, a column a key; 0 is a suppressed cell.

    ``known`` are the places of the keys that the frame has too.
    """

    rows: Codes
    answers: Codes
    frame: Codes
    known: tuple[int, ...]

    def mapped(self, place: int, to: Codes) -> _Table:
        """The same with the values of one key joined, in the file and in the frame."""
        rows, frame = self.rows.copy(), self.frame
        rows[:, place] = to[rows[:, place]]
        if place in self.known:
            column = self.known.index(place)
            frame = frame.copy()
            frame[:, column] = to[frame[:, column]]
        return replace(self, rows=rows, frame=frame)


def read_declaration(text: str, source: str) -> Declaration:
    """Read what the columns are; raises HarkenError with all findings in their places."""
    findings: list[Finding] = []
    reader = Reader(read(text, source), findings)
    made = Declaration(
        keys=reader.words("keys"),
        sensitive=reader.words("sensitive", ()),
        harmless=reader.words("harmless", ()),
        ordered={
            key: Reader(node, findings).words(key)
            for key, _ in reader.entries("ordered", required=False)
            if (node := reader.get("ordered"))
        },
        fixed=reader.words("fixed", ()),
        leave_out=reader.words("leave_out", ()),
        leave_out_rest=reader.flag("leave_out_rest", default=False),
    )
    reader.done()
    if findings:
        raise HarkenError(*findings)
    return made


def judge(
    rows: Sequence[Row],
    frame: Sequence[Row],
    declared: Declaration,
    rules: Rules | None = None,
) -> Verdict:
    """Check every record. Raises HarkenError ANO-004 to 008 for the declaration."""
    check_columns(rows, declared)
    in_frame(frame, declared)
    return _judge(_table(rows, frame, declared)[0], rules or Rules())


def check_columns(rows: Sequence[Row], declared: Declaration) -> None:
    """Every column is declared, once, as what it is, and there is a key variable."""
    if not declared.keys:
        raise refuse(NO_KEYS)
    for name in KNOWN_TO_OTHERS:
        if name in {*declared.sensitive, *declared.harmless}:
            raise refuse(SEEN_BY_OTHERS, column=name)
    named = [*declared.keys, *declared.sensitive, *declared.harmless]
    columns = list(rows[0]) if rows else named
    for name in columns:
        if named.count(name) != 1:
            raise refuse(UNDECLARED, column=name)
    for name in [*named, *declared.ordered, *declared.fixed]:
        if name not in columns:
            raise refuse(UNKNOWN_COLUMN, column=name)


def in_frame(frame: Sequence[Row], declared: Declaration) -> tuple[str, ...]:
    """The keys that the frame has too. Raises HarkenError ANO-008 when it has none."""
    found = tuple(key for key in declared.keys if any(key in row for row in frame))
    if frame and not found:
        raise refuse(NOT_IN_FRAME)
    return found


def propose(
    rows: Sequence[Row],
    frame: Sequence[Row],
    declared: Declaration,
    rules: Rules | None = None,
    *,
    blank: float = 0.08,
) -> Proposal:
    """Join rare values of key variables until few records fail, then blank cells.

    Each step joins values of the one key that saves the most records for a bit of
    information; blanking begins when at most the share ``blank`` fails, and ends when
    none does.
    """
    check_columns(rows, declared)
    asked = rules or Rules()
    table, values = _table(rows, frame, declared)
    first = table
    merges = [np.arange(len(names) + 1) for names in values]
    loose = [n for n, key in enumerate(declared.keys) if key not in declared.fixed]
    while (failing := len(_judge(table, asked).failing)) > blank * len(rows):
        steps = [
            (place, to)
            for place in loose
            if (
                to := _joined(
                    table,
                    place,
                    len(values[place]),
                    declared.keys[place] in declared.ordered,
                )
            )
            is not None
        ]
        if not steps:
            break
        place, to = max(steps, key=lambda step: _worth(table, step, asked, failing))
        table = table.mapped(place, to)
        merges[place] = to[merges[place]]
    table, verdict = _blank(table, loose, asked)
    names = [_names(*pair) for pair in zip(values, merges, strict=True)]
    return Proposal(
        rows=tuple(_written(rows, declared.keys, table.rows, names)),
        joined={
            key: joined
            for n, key in enumerate(declared.keys)
            if (joined := _changed(values[n], names[n], merges[n]))
        },
        blanked={
            key: int((table.rows[:, n] == 0).sum() - (first.rows[:, n] == 0).sum())
            for n, key in enumerate(declared.keys)
        },
        bits_before=_told(first, declared.keys),
        bits_after=_told(table, declared.keys),
        verdict=verdict,
        in_frame=in_frame(frame, declared),
    )


def _table(
    rows: Sequence[Row], frame: Sequence[Row], declared: Declaration
) -> tuple[_Table, list[list[str]]]:
    """Everything as numbers, and the values of each key in the order of their numbers."""
    shared = in_frame(frame, declared)
    known = tuple(n for n, key in enumerate(declared.keys) if key in shared)
    values, own, theirs = [], [], []
    for place, key in enumerate(declared.keys):
        column = [row[key] for row in rows]
        people = [str(row.get(key, "")) for row in frame] if place in known else []
        order = list(declared.ordered.get(key, ()))
        more = sorted({*column, *people} - {SUPPRESSED, *order})
        names = [*order, *more]
        numbers = {SUPPRESSED: 0} | {name: n for n, name in enumerate(names, start=1)}
        own.append([numbers[value] for value in column])
        theirs += [[numbers[value] for value in people]] if place in known else []
        values.append(names)
    answers = []
    for name in declared.sensitive:
        numbers = {value: n for n, value in enumerate({row[name] for row in rows})}
        answers.append([numbers[row[name]] for row in rows])
    table = _Table(
        _columns(own, len(rows)),
        _columns(answers, len(rows)),
        _columns(theirs, len(frame)),
        known,
    )
    return table, values


def _columns(columns: list[list[int]], height: int) -> Codes:
    return np.array(columns, dtype=np.int64).reshape(len(columns), height).T


def _judge(table: _Table, asked: Rules) -> Verdict:
    known = table.rows[:, table.known]
    fitting = _counts(len(known), _pairs(known, table.frame, suppressed=False))
    within = list(_pairs(table.rows, table.rows))
    small_frame = fitting < asked.frame
    small_file = _counts(len(table.rows), within) < asked.sample
    alike = np.zeros(len(table.rows), dtype=bool)
    for answers in table.answers.T:
        alike |= _different(answers, within) < asked.diversity
    failing = np.flatnonzero(small_frame | small_file | alike)
    return Verdict(
        len(table.rows),
        int(small_frame.sum()),
        int(small_file.sum()),
        int(alike.sum()),
        tuple(failing.tolist()),
    )


def _pairs(rows: Codes, others: Codes, *, suppressed: bool = True) -> Iterator[Pair]:
    """For each two sets of blank cells: the rows on both sides, numbered by pattern.

    Rows of equal number could be the same person: they agree on every key that neither
    has blank. Blank cells of the others count as values unless they are ``suppressed``.
    """
    there = list(_by_holes(others))
    for holes, left in _by_holes(rows):
        for other_holes, right in there:
            kept = ~(holes | other_holes) if suppressed else ~holes
            both = np.concatenate([rows[left][:, kept], others[right][:, kept]])
            numbers = _patterns(both)
            yield left, right, numbers[: len(left)], numbers[len(left) :]


def _by_holes(rows: Codes) -> Iterator[tuple[npt.NDArray[np.bool_], Codes]]:
    """The places of the rows, by which of their cells are blank."""
    holes = rows == 0
    marks = holes @ (1 << np.arange(rows.shape[1], dtype=np.int64))
    for mark in np.unique(marks):
        places = np.flatnonzero(marks == mark)
        yield holes[places[0]], places


def _patterns(table: Codes) -> Codes:
    """A number for each row; equal rows have equal ones, from 0 on without a gap."""
    numbers, room = np.zeros(len(table), dtype=np.int64), 1
    for column in table.T:
        width = int(column.max()) + 1
        if room * width > ROOM:
            numbers = np.unique(numbers, return_inverse=True)[1]
            room = len(table)
        numbers, room = numbers * width + column, room * width
    return np.unique(numbers, return_inverse=True)[1]


def _counts(height: int, pairs: Iterable[Pair]) -> Codes:
    """How many rows of the other side each row could be."""
    found = np.zeros(height, dtype=np.int64)
    for left, _, ours, theirs in pairs:
        top = max(int(ours.max()), int(theirs.max())) + 1
        found[left] += np.bincount(theirs, minlength=top)[ours]
    return found


def _different(answers: Codes, pairs: Iterable[Pair]) -> Codes:
    """How many different answers the rows give that each row could be."""
    width = int(answers.max()) + 1
    seen = np.zeros((len(answers), width), dtype=bool)
    for left, right, ours, theirs in pairs:
        top = max(int(ours.max()), int(theirs.max())) + 1
        given = np.zeros((top, width), dtype=bool)
        given[theirs, answers[right]] = True
        seen[left] |= given[ours]
    return np.asarray(seen.sum(axis=1), dtype=np.int64)


def _joined(table: _Table, place: int, number: int, order: bool) -> Codes | None:
    """Fewer values of a key: the rarest are joined in pairs, of an ordered key one pair.

    Returns what each value's number becomes; None when there are not two left.
    """
    source = table.rows[:, place]
    if place in table.known:
        source = table.frame[:, table.known.index(place)]
    people = np.bincount(source, minlength=number + 1)
    there = np.unique(np.concatenate([table.rows[:, place], source]))
    there = there[there > 0]
    if len(there) < 2:
        return None
    to = np.arange(number + 1)
    if order:
        rarest = int(np.argmin(people[there]))
        near = [n for n in (rarest - 1, rarest + 1) if 0 <= n < len(there)]
        other = min(near, key=lambda n: int(people[there[n]]))
        low, high = sorted((rarest, other))
        to[there[high]] = there[low]
        return to
    rare = there[np.argsort(people[there], kind="stable")]
    half = rare[: max(2, len(rare) // 2 // 2 * 2)]
    to[half[1::2]] = half[::2]
    return to


def _worth(table: _Table, step: tuple[int, Codes], asked: Rules, failing: int) -> float:
    """How many records a step saves for each bit that it makes the file forget."""
    place, to = step
    then = table.mapped(place, to)
    saved = failing - len(_judge(then, asked).failing)
    lost = _bits(table.rows[:, place]) - _bits(then.rows[:, place])
    return (saved + 1) / (lost + LEAST_BITS)


def _blank(table: _Table, loose: Iterable[int], asked: Rules) -> tuple[_Table, Verdict]:
    """Blank one more key of every failing record, the most telling first."""
    rows = table.rows.copy()
    now = replace(table, rows=rows)
    order = sorted(loose, key=lambda n: -_bits(rows[:, n]))
    verdict = _judge(now, asked)
    while verdict.failing:
        left = np.array(verdict.failing)
        before = len(left)
        for place in order:
            full = rows[left, place] > 0
            rows[left[full], place] = 0
            left = left[~full]
        if len(left) == before:
            break
        verdict = _judge(now, asked)
    return now, verdict


def _names(values: list[str], merge: Codes) -> list[str]:
    """What each number is called after the joining; the first is a blank cell."""
    called = [SUPPRESSED] * (len(values) + 1)
    for group in np.unique(merge[1:]):
        together = [values[n - 1] for n in np.flatnonzero(merge == group)]
        called[group] = " or ".join(together)
    return called


def _changed(values: list[str], called: list[str], merge: Codes) -> dict[str, str]:
    """What became of each value that was joined with another."""
    return {
        value: called[merge[n]]
        for n, value in enumerate(values, start=1)
        if called[merge[n]] != value
    }


def _written(
    rows: Sequence[Row], keys: Sequence[str], codes: Codes, names: list[list[str]]
) -> Iterator[Row]:
    for row, own in zip(rows, codes.tolist(), strict=True):
        texts = (called[code] for called, code in zip(names, own, strict=True))
        yield {**row, **dict(zip(keys, texts, strict=True))}


def _told(table: _Table, keys: Sequence[str]) -> dict[str, float]:
    """How much each key tells."""
    return {key: _bits(table.rows[:, n]) for n, key in enumerate(keys)}


def _bits(column: Codes) -> float:
    """How much a column tells, as entropy; a blanked cell tells nothing."""
    counts = np.bincount(column)[1:]
    shares = counts[counts > 0] / max(1, counts.sum())
    told = counts.sum() / max(1, len(column))
    return abs(float(told * (shares * np.log2(shares)).sum()))
