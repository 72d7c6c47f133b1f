"""A letter's text: a small part of Markdown, read into blocks of plain runs.

The blocks are data for the typesetter, never markup, so no name or address can be taken
for an instruction. The lint keeps offence words out of sight of others (SAF-04).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token

from harken.method.contact import faults
from harken.method.errors import Finding, HarkenError, Place, closest, refuse

FIELDS = (
    "given_name",
    "surname",
    "code",
    "web_address",
    "closing_date",
    "letter_date",
    "opt_out_date",
    "destroy_date",
    "study_title",
    "controller",
    "controller_contact",
    "processor",
    "processor_contact",
)
NEEDED_FIELDS = ("code", "web_address")
_FIELD = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")

REVEALING_WORDS = (
    "victim",
    "crime",
    "criminal",
    "police",
    "offence",
    "offender",
    "assault",
    "abuse",
    "violence",
    "rape",
    "sexual",
    "robbery",
    "burglary",
    "hate",
    "constable",
    "met police",
    "metropolitan police",
    "prosecution",
    "witness",
    "ofiara",
    "ofiary",
    "pokrzywdz",
    "przest\u0119p",
    "policj",
    "przemoc",
    "napa\u015b",
    "gwa\u0142t",
)
"""Words, or beginnings of words, that tell a reader over the shoulder what it is about."""


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in one style."""

    text: str
    strong: bool = False
    emphasis: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, paragraph or list item."""

    kind: str
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """The text of one letter in one language."""

    name: str
    blocks: tuple[Block, ...]

    @classmethod
    def read(cls, markdown: str, name: str) -> Letter:
        """Read a letter. Raises HarkenError CON-002, CON-003, CON-006 with places."""
        findings: list[Finding] = []
        blocks = tuple(_blocks(markdown, name, findings))
        if not blocks:
            raise refuse(faults.EMPTY_LETTER, Place(name), name=name)
        if findings:
            raise HarkenError(*findings)
        return cls(name, blocks)

    def fields(self) -> frozenset[str]:
        """The fields the text uses."""
        text = " ".join(run.text for block in self.blocks for run in block.runs)
        return frozenset(_FIELD.findall(text))

    def text(self) -> str:
        """The text without styles, fields unfilled."""
        return "\n".join("".join(run.text for run in b.runs) for b in self.blocks)

    def findings(
        self, *, outside: Iterable[str], sensitive: Mapping[str, str] | None = None
    ) -> tuple[Finding, ...]:
        """What forbids sending: revealing words, or a missing code or address.

        ``outside`` are the texts that show through the envelope's window or on it. For
        sensitive cases the whole letter is held to the same rule: give the fields that
        are the same for everybody, so that an organisation's name is held to it too.
        """
        found = [
            Finding(faults.NEEDS_FIELD, Place(self.name), {"name": name})
            for name in NEEDED_FIELDS
            if name not in self.fields()
        ]
        for text in outside:
            found += _revealing(text, self.name, "outside of the letter")
        if sensitive is not None:
            text = _fill(self.text(), sensitive)
            found += _revealing(text, self.name, "letter of a sensitive case")
        return tuple(found)

    def filled(self, values: Mapping[str, str]) -> list[dict[str, object]]:
        """The blocks with fields filled, as plain JSON values for the typesetter.

        The code stands in a run of its own kind, so that it can be set large.
        """
        return [
            {
                "kind": block.kind,
                "runs": [part for run in block.runs for part in _parts(run, values)],
            }
            for block in self.blocks
        ]


def _fill(text: str, values: Mapping[str, str]) -> str:
    """Fields replaced by values; a field without a value stays as written."""
    return _FIELD.sub(lambda match: values.get(match[1], match[0]), text)


def _parts(run: Run, values: Mapping[str, str]) -> list[dict[str, object]]:
    """A run cut at the code, filled."""
    return [
        {
            "kind": "code" if text == "{code}" else "text",
            "text": _fill(text, values),
            "strong": run.strong,
            "emphasis": run.emphasis,
        }
        for text in re.split(r"(\{code\})", run.text)
        if text
    ]


def _revealing(text: str, name: str, where: str) -> list[Finding]:
    words = [
        word
        for word in REVEALING_WORDS
        if re.search(rf"\b{re.escape(word)}", text, re.IGNORECASE)
    ]
    detail = {"where": where}
    return [
        Finding(faults.REVEALING, Place(name), {"word": word, **detail})
        for word in words
    ]


def _blocks(markdown: str, name: str, findings: list[Finding]) -> list[Block]:
    blocks: list[Block] = []
    kind, place = "paragraph", Place(name)
    for token in MarkdownIt("commonmark").parse(markdown):
        if token.map:
            place = Place(name, token.map[0] + 1)
        if token.type == "heading_open":
            kind = "heading"
        elif token.type == "list_item_open":
            kind = "item"
        elif token.type in {"heading_close", "list_item_close"}:
            kind = "paragraph"
        elif token.type == "inline":
            runs = _runs(token.children or [], place, findings)
            blocks.append(Block(kind, tuple(runs)))
        elif token.type not in _SILENT:
            _not_in_letters(token.type, place, findings)
    return blocks


_SILENT = frozenset(
    {
        "paragraph_open",
        "paragraph_close",
        "bullet_list_open",
        "bullet_list_close",
        "ordered_list_open",
        "ordered_list_close",
    }
)
_STYLES = {"strong_open": 1, "strong_close": -1, "em_open": 1, "em_close": -1}
_BREAKS = {"softbreak": " ", "hardbreak": "\n"}


def _runs(tokens: Sequence[Token], place: Place, findings: list[Finding]) -> list[Run]:
    runs: list[Run] = []
    strong = emphasis = 0
    for token in tokens:
        if token.type in _STYLES:
            step = _STYLES[token.type]
            strong += step if token.tag == "strong" else 0
            emphasis += step if token.tag == "em" else 0
        elif token.type in {"text", *_BREAKS}:
            text = _BREAKS.get(token.type, token.content)
            _check_fields(text, place, findings)
            if text:
                runs.append(Run(text, bool(strong), bool(emphasis)))
        else:
            _not_in_letters(token.type, place, findings)
    return runs


def _check_fields(text: str, place: Place, findings: list[Finding]) -> None:
    for field in _FIELD.findall(text):
        if field not in FIELDS:
            detail = {"name": field, "known": ", ".join(FIELDS)}
            near = closest(field, FIELDS)
            findings.append(Finding(faults.NO_ADDRESS_FIELD, place, detail, near))


def _not_in_letters(kind: str, place: Place, findings: list[Finding]) -> None:
    what = kind.removesuffix("_open").removesuffix("_close").replace("_", " ")
    finding = Finding(faults.NOT_IN_LETTERS, place, {"what": what})
    if finding not in findings:
        findings.append(finding)
