"""What do the marks of the free-text desk find? ``script/bench redaction [--quick] [--json]``.

Invented comments with planted identifiers (tests/make/texts.py), in the stages of
decision 0017: patterns, then what the vault knows, then context, names and capitals. PRV
42 in part: the machine's share, and a reader who removes what was planted. A person reads
every text; nothing here says how well a person reads.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Sequence
from typing import Any

from harken.method.redaction import (
    Known,
    Mark,
    MarkKind,
    MarkSource,
    check_redaction,
    mark,
    propose,
)
from harken.method.redaction.kinds import merged
from tests.make.texts import STRUCTURED, Comment, make_comments

STAGES: dict[str, tuple[MarkSource, ...]] = {
    "patterns": (MarkSource.PATTERN,),
    "and the vault": (MarkSource.PATTERN, MarkSource.VAULT),
    "and context": (MarkSource.PATTERN, MarkSource.VAULT, MarkSource.CONTEXT),
    "and names": (
        MarkSource.PATTERN,
        MarkSource.VAULT,
        MarkSource.CONTEXT,
        MarkSource.NAMES,
    ),
    "and capitals": tuple(MarkSource),
}
WANTED = 0.95
"""The share of structured kinds that must be found (PRV 42)."""


def measure(comments: Sequence[Comment]) -> dict[str, Any]:
    """Recall by kind and stage, precision, whole texts, time, and what a reader leaves."""
    stages = {name: _stage(comments, sources) for name, sources in STAGES.items()}
    began = time.perf_counter()
    for one in comments:
        mark(one.text, one.known)
    spent = time.perf_counter() - began
    structured = stages["and capitals"]["found"]
    total = sum(structured[kind][1] for kind in STRUCTURED)
    share = sum(structured[kind][0] for kind in STRUCTURED) / total
    unknown = _stage(
        [Comment(c.text, c.planted, Known()) for c in comments], STAGES["and capitals"]
    )
    return {
        "texts": len(comments),
        "planted": sum(len(one.planted) for one in comments),
        "structured_recall": round(share, 4),
        "stages": {
            name: {
                "recall": _share(found["found"]),
                "precision": round(found["right"] / max(1, found["marks"]), 3),
                "nothing_left": round(found["clean"] / found["holding"], 3),
                "by_kind": {
                    kind: round(seen / all_, 3)
                    for kind, (seen, all_) in sorted(found["found"].items())
                },
            }
            for name, found in stages.items()
        },
        "nothing_left_without_the_vault": round(
            unknown["clean"] / unknown["holding"], 3
        ),
        "marks_in_texts_with_nothing": stages["and capitals"]["idle"],
        "left_after_a_reader": sum(_left_by_reader(one) for one in comments),
        "ms_a_text": round(1000 * spent / len(comments), 3),
    }


def _stage(
    comments: Sequence[Comment], sources: Sequence[MarkSource]
) -> dict[str, Any]:
    found: Counter[str] = Counter()
    all_: Counter[str] = Counter()
    marks = right = clean = holding = idle = 0
    for one in comments:
        seen = mark(one.text, one.known, sources=sources)
        marks += len(seen)
        right += sum(any(_touch(m, p) for p in one.planted) for m in seen)
        caught = [any(_covers(m, p) for m in seen) for p in one.planted]
        for (_, _, kind), did in zip(one.planted, caught, strict=True):
            all_[kind] += 1
            found[kind] += did
        if one.planted:
            holding += 1
            clean += all(caught)
        else:
            idle += len(seen)
    return {
        "found": {kind: (found[kind], all_[kind]) for kind in all_},
        "marks": marks,
        "right": right,
        "clean": clean,
        "holding": holding,
        "idle": idle,
    }


def _left_by_reader(one: Comment) -> int:
    """Planted words that are still there when a reader who knows them has confirmed."""
    marks = list(mark(one.text, one.known))
    extra = [
        Mark(start, end, MarkKind(kind), MarkSource.CONTEXT)
        for start, end, kind in one.planted
    ]
    words = propose(one.text, merged(one.text, marks + extra))
    if not words.strip("[] "):
        return 0
    kept = check_redaction(one.text, words, marks)
    return sum(
        one.text[start:end] in kept and len(one.text[start:end]) > 4
        for start, end, _ in one.planted
    )


def _covers(one: Mark, planted: tuple[int, int, str]) -> bool:
    return one.start <= planted[0] and planted[1] <= one.end


def _touch(one: Mark, planted: tuple[int, int, str]) -> bool:
    return one.start < planted[1] and planted[0] < one.end


def _share(found: dict[str, tuple[int, int]]) -> float:
    return round(
        sum(a for a, _ in found.values()) / sum(b for _, b in found.values()), 3
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and say; exit code 5 when the structured kinds are found too seldom."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="600 texts, not 6,000")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args(arguments)
    result = measure(make_comments(600 if options.quick else 6000))
    if options.json:
        sys.stdout.write(json.dumps(result) + "\n")
    else:
        _say(result)
    good = result["structured_recall"] >= WANTED and not result["left_after_a_reader"]
    return 0 if good else 5


def _say(result: dict[str, Any]) -> None:
    lines = [f"{name:32} {value}" for name, value in result.items() if name != "stages"]
    for name, stage in result["stages"].items():
        lines.append(
            f"{name:16} recall {stage['recall']:.3f}  precision {stage['precision']:.3f}  "
            f"nothing left in {stage['nothing_left']:.3f} of the texts"
        )
        kinds = "  ".join(f"{k} {v:.2f}" for k, v in stage["by_kind"].items())
        lines.append(f"    {kinds}")
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    sys.exit(main())
