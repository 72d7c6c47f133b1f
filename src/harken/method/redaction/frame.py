"""Code frames: for each question in own words, the codes its answers are sorted into.

``coding.yaml`` of a study folder. A code is safer than a redacted quotation, so a text
that has a frame leaves as codes alone unless the frame says that its words are kept too.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from harken.method.errors import Finding, HarkenError, refuse
from harken.method.redaction import faults
from harken.method.source import Reader, read

FILE = "coding.yaml"
_CODE = re.compile(r"[a-z][a-z0-9_]{0,29}")
FEWEST = 2


@dataclass(frozen=True, slots=True)
class FrameCode:
    """One code and what it means."""

    code: str
    label: str


@dataclass(frozen=True, slots=True)
class CodeFrame:
    """The codes of one question; ``keep_words`` lets the redacted text leave as well."""

    question: str
    codes: tuple[FrameCode, ...]
    keep_words: bool = False

    @property
    def labels(self) -> dict[str, str]:
        """What each code means."""
        return {one.code: one.label for one in self.codes}

    def chosen(self, codes: Iterable[str]) -> tuple[str, ...]:
        """The codes that are of this frame, in its order. Raises HarkenError RED-003."""
        wanted = set(codes)
        found = tuple(one.code for one in self.codes if one.code in wanted)
        if not found:
            raise refuse(faults.NO_CODE)
        return found


def read_frames(text: str, questions: Collection[str]) -> dict[str, CodeFrame]:
    """The frames by question; ``questions`` are those that take free text.

    Raises HarkenError with every finding (SRC-..., RED-004).
    """
    findings: list[Finding] = []
    root = Reader(read(text, FILE), findings)
    frames: dict[str, CodeFrame] = {}
    for question, node in root.entries("frames"):
        reader = Reader(node, findings)
        codes = [
            FrameCode(child.text("code"), child.text("text"))
            for child in reader.children("codes")
        ]
        keep = reader.flag("keep_words", False)
        problem = _problem(question, [one.code for one in codes], questions)
        if problem:
            reader.find(faults.BAD_FRAME, question=question[:40], problem=problem)
        frames[question] = CodeFrame(question, tuple(codes), keep)
        reader.done()
    root.done()
    if findings:
        raise HarkenError(*findings)
    return frames


def _problem(question: str, codes: list[str], questions: Collection[str]) -> str:
    if question not in questions:
        return "no question in own words has this name"
    if len(codes) < FEWEST:
        return "it has fewer than two codes"
    if len(set(codes)) < len(codes):
        return "a code is there twice"
    if not all(_CODE.fullmatch(code) for code in codes):
        return "a code is not in small letters, figures and underscores"
    return ""
