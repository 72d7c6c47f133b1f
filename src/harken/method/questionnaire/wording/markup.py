"""The plain markup of texts: paragraphs, lists and strong words, nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, or a list (``items`` more than none): runs of words, strong or not."""

    runs: tuple[tuple[str, bool], ...] = ()
    items: tuple[tuple[tuple[str, bool], ...], ...] = ()


def blocks(text: str) -> Iterator[Block]:
    """A text's plain markup: blank lines part paragraphs, ``- `` begins a list's item,
    ``**`` encloses strong words. Nothing else has a meaning."""
    for part in re.split(r"\n[ \t]*\n", text.strip()):
        lines = [line.strip() for line in part.splitlines() if line.strip()]
        if lines and all(line.startswith("- ") for line in lines):
            yield Block(items=tuple(_runs(line[2:]) for line in lines))
        elif lines:
            yield Block(runs=_runs(" ".join(lines)))


def plain(text: str) -> str:
    """A text in one line, its markup taken off: for labels, pictures and other formats."""
    return " ".join(
        "".join(words for words, _ in runs)
        for block in blocks(text)
        for runs in (block.items or (block.runs,))
    )


def unbroken(text: str) -> str:
    """A text whose telephone numbers stay whole: with common spaces between them, the
    groups of 0808 157 0100 are shown in the wrong order among words written from right
    to left, and may part at the end of any line."""
    return re.sub(r"(?<=\d{3}) (?=\d{3})", "\u00a0", text)


def _runs(text: str) -> tuple[tuple[str, bool], ...]:
    parts = re.split(r"\*\*(.+?)\*\*", text)
    return tuple((part, number % 2 == 1) for number, part in enumerate(parts) if part)
