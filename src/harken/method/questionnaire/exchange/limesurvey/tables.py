"""The tables of a survey file, with the words of every language beside each row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from harken.method.errors import Place, refuse
from harken.method.questionnaire.exchange import faults

Row = Mapping[str, str]
ByQuestion = dict[str, list[Row]]
LARGEST = 30_000_000
FIXED = {
    "Y": (("Y", "Yes"), ("N", "No")),
    "G": (("F", "Female"), ("M", "Male")),
    "5": tuple((str(n), str(n)) for n in range(1, 6)),
    "A": tuple((str(n), str(n)) for n in range(1, 6)),
    "B": tuple((str(n), str(n)) for n in range(1, 11)),
    "C": (("Y", "Yes"), ("U", "Uncertain"), ("N", "No")),
    "E": (("I", "Increase"), ("S", "Same"), ("D", "Decrease")),
}
"""Types whose answers are the program's own."""


@dataclass(slots=True)
class Tables:
    """Rows by table; ``language`` is the survey's own, ``languages`` all it has."""

    rows: dict[str, list[Row]]
    language: str = "en"
    languages: tuple[str, ...] = ()
    _said: dict[tuple[str, str], dict[str, dict[str, Row]]] = field(
        default_factory=dict
    )

    def of(self, table: str) -> list[Row]:
        """Every row of a table, one language's of those that repeat by language."""
        return self.rows.get(table, [])

    def words(self, table: str, row: Row, key: str, column: str) -> dict[str, str]:
        """A column by language: from the table of languages, or from repeated rows."""
        identity = row.get(key, "")
        found = {
            tag: one.get(column, "")
            for tag, one in self._by_language(table, key).get(identity, {}).items()
        }
        if not any(found.values()) and row.get(column):
            found = {row.get("language") or self.language: row[column]}
        return {tag: text for tag, text in found.items() if text.strip()}

    def _by_language(self, table: str, key: str) -> dict[str, dict[str, Row]]:
        made = self._said.setdefault((table, key), {})
        if made:
            return made
        names = {"questions": "question_l10ns", "subquestions": "question_l10ns",
                 "groups": "group_l10ns", "answers": "answer_l10ns"}  # fmt: skip
        for row in (*self.of(names.get(table, "")), *self.of(table)):
            if row.get("language"):
                made.setdefault(row.get(key, ""), {}).setdefault(row["language"], row)
        return made

    def once(self, table: str, key: str) -> list[Row]:
        """Rows of a table, those that repeat by language taken once, in their order."""
        seen: dict[str, Row] = {}
        for row in self.of(table):
            known = seen.get(row.get(key, ""))
            if known is None or row.get("language") == self.language != known.get(
                "language"
            ):
                seen[row.get(key, "")] = row
        return list(seen.values())


def read_tables(data: bytes, name: str) -> Tables:
    """The tables of an .lss file. Raises HarkenError (EXC-001, EXC-004)."""
    if len(data) > LARGEST:
        raise refuse(faults.TOO_LARGE, Place(name), size=len(data))
    try:
        root: Element = fromstring(data)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        problem = type(error).__name__
        raise refuse(
            faults.NOT_READABLE, Place(name), format="LimeSurvey XML", problem=problem
        ) from None
    tables = Tables({table.tag: list(_rows(table)) for table in root})
    own = next(iter(tables.of("surveys")), {})
    listed = [one.text or "" for one in root.findall("languages/language")]
    tables.language = (own.get("language") or next(iter(listed), "en")).strip() or "en"
    tables.languages = tuple(dict.fromkeys([tables.language, *filter(None, listed)]))
    return tables


def _rows(table: Element) -> Iterator[Row]:
    for row in table.findall("rows/row"):
        yield {cell.tag: (cell.text or "").strip() for cell in row}


def order(row: Row, column: str) -> int:
    """Where a row stands among its like."""
    text = row.get(column, "0")
    return int(text) if text.lstrip("-").isdigit() else 0


def gathered(
    tables: Tables,
) -> tuple[ByQuestion, ByQuestion, dict[str, dict[str, str]]]:
    """Subquestions, answers and attributes by question."""
    subs: ByQuestion = {}
    answers: ByQuestion = {}
    attributes: dict[str, dict[str, str]] = {}
    below = [*tables.once("subquestions", "qid")]
    below += [
        row
        for row in tables.once("questions", "qid")
        if row.get("parent_qid", "0") not in {"", "0"}
    ]
    for row in sorted(below, key=lambda row: order(row, "question_order")):
        subs.setdefault(row.get("parent_qid", ""), []).append(row)
    key = "aid" if any(row.get("aid") for row in tables.of("answers")) else ""
    found = tables.once("answers", key) if key else _distinct(tables)
    for row in sorted(found, key=lambda row: order(row, "sortorder")):
        answers.setdefault(row.get("qid", ""), []).append(row)
    for row in tables.of("question_attributes"):
        held = attributes.setdefault(row.get("qid", ""), {})
        held.setdefault(row.get("attribute", ""), row.get("value", ""))
    return subs, answers, attributes


def _distinct(tables: Tables) -> list[Row]:
    """Answers of older files, which repeat by language and have no number."""
    seen: dict[tuple[str, str, str], Row] = {}
    for row in tables.of("answers"):
        key = (row.get("qid", ""), row.get("code", ""), row.get("scale_id", ""))
        seen.setdefault(key, row)
    return list(seen.values())
