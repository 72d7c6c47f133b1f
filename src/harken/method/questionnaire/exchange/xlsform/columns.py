"""Headings and type cells in all their spellings to one word each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from harken.method.questionnaire.exchange.xlsform.workbook import Row

_SAME = {
    "relevance": "relevant",
    "readonly": "read_only",
    "caption": "label",
    "tag": "name",
    "value": "name",
    "command": "type",
    "calculate": "calculation",
    "constraining_message": "constraint_message",
    "jr:constraintmsg": "constraint_message",
    "constraintmsg": "constraint_message",
    "requiredmsg": "required_message",
    "jr:requiredmsg": "required_message",
    "count": "repeat_count",
    "jr:count": "repeat_count",
    "list_name": "list",
    "list": "list",
    "listname": "list",
    "form_title": "title",
    "set_form_title": "title",
    "form_id": "id",
    "set_form_id": "id",
    "id_string": "id",
    "guidance": "guidance_hint",
    "big-image": "media",
    "image": "media",
    "audio": "media",
    "video": "media",
    "choice_filters": "choice_filter",
    "repeat_counts": "repeat_count",
}
_PREFIXES = frozenset({"bind", "body", "control"})
SPOKEN = frozenset(
    {
        "label",
        "hint",
        "guidance_hint",
        "constraint_message",
        "required_message",
        "media",
    }
)
"""Columns that have words in several languages."""

_CHOICES = frozenset({"list", "name", "label", "media"})


@dataclass(slots=True)
class Cells:
    """One row by the meaning of its columns."""

    row: int
    plain: dict[str, str] = field(default_factory=dict)
    spoken: dict[str, dict[str, str]] = field(default_factory=dict)
    """Column to language as headed ('' where none is) to words."""

    rest: dict[str, str] = field(default_factory=dict)
    """Columns that mean nothing known here, as headed."""

    def get(self, column: str) -> str:
        """What stands in a column, blanks taken off."""
        return self.plain.get(column, "").strip()

    def words(self, column: str) -> dict[str, str]:
        """The words of a column by language."""
        return self.spoken.get(column, {})


def heading(text: str) -> tuple[str, str]:
    """What a heading means, and the language it names ('' when none)."""
    parts = [part.strip() for part in re.split(r"::|(?<!^jr)(?<!^cht):", text.strip())]
    parts = [part for part in parts if part]
    if not parts:
        return "", ""
    first = _word(parts[0])
    if first in _PREFIXES and len(parts) > 1:
        parts = parts[1:]
        first = _word(":".join(parts[:2]) if parts[0] == "jr" else parts[0])
        parts = parts[1:] if parts[0] == "jr" else parts
    if first == "media" and len(parts) > 1:
        parts = parts[1:]
        first = "media"
    name = _SAME.get(first, first)
    language = parts[1] if len(parts) > 1 and name in SPOKEN else ""
    if len(parts) > 1 and name not in SPOKEN:
        return text.strip(), ""
    return name, language


def _word(text: str) -> str:
    return re.sub(r"\s+", "_", text.strip().lower())


KNOWN = frozenset(
    {
        "type",
        "name",
        "relevant",
        "required",
        "constraint",
        "calculation",
        "default",
        "choice_filter",
        "repeat_count",
        "trigger",
        "read_only",
        "appearance",
        "parameters",
        "save_to",
        "disabled",
    }
)
"""Columns of the survey sheet that carry meaning, besides those with words."""


def cells(row: Row, number: int, *, choices: bool = False) -> Cells:
    """A row of the survey or of a list of choices."""
    found = Cells(number)
    known = _CHOICES if choices else KNOWN
    for head, text in row.items():
        name, language = heading(head)
        if name in SPOKEN and (not choices or name in _CHOICES):
            found.spoken.setdefault(name, {}).setdefault(language, text)
        elif name in known:
            found.plain.setdefault(name, text)
        else:
            found.rest.setdefault(head.strip(), text)
    return found


SELECT = re.compile(
    r"(?P<how>select_one_from_file|select one from file|select_multiple_from_file"
    r"|select multiple from file|select_one_external|select one external|select_one"
    r"|select one from|select one using|select one|select1|add select one prompt using"
    r"|q select1|select_multiple|select multiple from|select multiple using"
    r"|select multiple|select all that apply from|select all that apply"
    r"|add select multiple prompt using|q select|rank)(?:\s+(?P<list>.*))?$",
    re.IGNORECASE | re.DOTALL,
)
BLOCK = re.compile(
    r"(?P<edge>begin|end)[\s_]*(?P<what>group|lgroup|looped group|repeat|loop|cascading select)"
    r"(?:\s+over\s+(?P<list>\S+))?.*$",
    re.IGNORECASE | re.DOTALL,
)
_OTHER = re.compile(r"\s+(?:or[_ ]other|or specify other)\s*$", re.IGNORECASE)

_TYPES: Mapping[str, str] = {
    word: kind
    for kind, spellings in {
        "text": "text|string|q string|add text prompt|phone number|tel|phone|comments",
        "integer": "integer|int|q int|add integer prompt|number of days in last month"
        "|number of days in last six months|number of days in last year",
        "percentage": "percentage",
        "decimal": "decimal|q decimal|add decimal prompt",
        "range": "range",
        "note": "note|q note|add note prompt",
        "date": "date|q date|add date prompt",
        "time": "time",
        "datetime": "datetime|date time|q date time|q datetime|add date time prompt"
        "|add datetime prompt",
        "acknowledge": "acknowledge|q acknowledge|add acknowledge prompt|trigger",
        "calculate": "calculate|q calculate|add calculate prompt|calculate_here",
        "hidden": "hidden|set|get",
        "media": "image|photo|picture|q picture|q image|add image prompt"
        "|add photo prompt|audio|q audio|add audio prompt|background-audio|video|q video"
        "|add video prompt|file|add file prompt|barcode|q barcode|add barcode prompt"
        "|geopoint|q geopoint|geotrace|q geotrace|geoshape|q geoshape|gps|location"
        "|q location|add location prompt|osm|signature|xml-external|csv-external"
        "|text audit|audio audit|speed violations audit|sensor_statistic|sensor_stream",
        "device": "start-geopoint|background-geopoint|deviceid|device id|get device id"
        "|imei|username|email|phonenumber|get phone number|simserial|sim id|get sim id"
        "|subscriberid|subscriber id|get subscriber id|audit|caseid|devicephonenum"
        "|uri:deviceid|uri:username|uri:email|uri:phonenumber|uri:simserial"
        "|uri:subscriberid|speed violations count|speed violations list"
        "|calculate_here time|audio_audit|text_audit|instanceid",
        "now": "start|start time|get start time|end|end time|get end time",
        "today": "today|get today",
    }.items()
    for word in spellings.split("|")
}


@dataclass(frozen=True, slots=True)
class Typed:
    """A type cell understood: ``kind`` is one word, ``list`` the options' list."""

    kind: str
    list: str = ""
    other: bool = False
    file: bool = False


def typed(cell: str) -> Typed:
    """What a type cell means; ``kind`` is ``unknown`` when it means nothing here."""
    text = re.sub(r"\s+", " ", cell.strip())
    low = text.lower()
    block = BLOCK.match(text)
    if block is not None:
        what = block["what"].lower()
        inner = "group" if what == "group" else "repeat"
        if what == "loop" or block["list"]:
            inner = "loop"
        return Typed(f"{block['edge'].lower()} {inner}", block["list"] or "")
    if low.startswith(("sensor_st", "begin", "end ")):
        return Typed("device" if low.startswith("sensor") else "unknown")
    if low in _TYPES:
        return Typed(_TYPES[low])
    if low.startswith(("db:", "osm ")):
        return Typed("media")
    chosen = SELECT.match(text)
    if chosen is not None:
        return _selected(chosen)
    return Typed("unknown")


def _selected(chosen: re.Match[str]) -> Typed:
    how = chosen["how"].lower().replace(" ", "_")
    rest = chosen["list"] or ""
    other = _OTHER.search(f" {rest}") is not None
    name = _OTHER.sub("", f" {rest}").strip()
    if name.lower().startswith("from "):
        name = name[5:].strip()
    kind = "multiple" if "multiple" in how or "all_that" in how else "single"
    if how == "q_select":
        kind = "multiple"
    if how == "rank":
        kind = "ranking"
    if "external" in how:
        kind = "single"
        return Typed(kind, f"external {name}", other)
    return Typed(kind, name, other, "file" in how or name.lower().endswith(_FILES))


_FILES = (".csv", ".xml", ".geojson")
