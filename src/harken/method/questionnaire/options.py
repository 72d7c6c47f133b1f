"""Options: written below a question, made by its type, or taken from a named list."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from harken.method.errors import Finding, Place, closest
from harken.method.questionnaire import faults
from harken.method.questionnaire.document import Option, QuestionType
from harken.method.questionnaire.draft import Draft, OptionList, mappings
from harken.method.questionnaire.expression import Expression
from harken.method.questionnaire.shared import CODE, DATE_LIKE, ID, NOT_CODES
from harken.method.questionnaire.syntax import Literal, Name, Tree, rewrite
from harken.method.source import Reader

MOST_OPTIONS = 500
LONGEST_LIST = 10_000
WIDEST_SCALE = 101
CHOICES = (QuestionType.SINGLE, QuestionType.MULTIPLE, QuestionType.RANKING)
YES_NO = (Option("yes"), Option("no"))


def read_lists(draft: Draft, reader: Reader, files: Mapping[str, str]) -> None:
    """The top-level ``lists``: each inline or from a CSV file of the study's folder."""
    for name, node in reader.entries("lists", required=False):
        if not ID.fullmatch(name):
            reader.find(faults.BAD_ID, node.place, id=name[:60])
            continue
        child = Reader(node, draft.findings)
        translate = child.flag("translate", child.has("options"))
        if child.has("file"):
            found = _from_file(draft, child, name, files)
        else:
            options = read_options(draft, child, f"list.{name}", QuestionType.MULTIPLE)
            found = OptionList(options)
            if len(options) > LONGEST_LIST:
                too_many(child, "options", len(options), LONGEST_LIST)
        if not translate:
            draft.untranslated |= {f"list.{name}.{one.code}" for one in found.options}
        child.done()
        draft.lists[name] = found


def _from_file(
    draft: Draft, reader: Reader, name: str, files: Mapping[str, str]
) -> OptionList:
    path = reader.text("file")
    place = reader.at("file")
    text = files.get(path)
    if text is None:
        near = closest(path, sorted(files))
        draft.findings.append(Finding(faults.NO_LIST_FILE, place, {"file": path}, near))
        return OptionList(())
    rows = csv.reader(io.StringIO(text.removeprefix("\ufeff")), strict=True)
    try:
        table = [row for row in rows if any(cell.strip() for cell in row)]
    except csv.Error:
        table = []
    head = [cell.strip() for cell in table[0]] if table else []
    if head[:2] != ["code", "text"] or len(set(head)) < len(head):
        reader.find(faults.BAD_LIST_FILE, Place(path, 1), file=path)
        return OptionList(())
    if len(table) - 1 > LONGEST_LIST:
        too_many(reader, "options", len(table) - 1, LONGEST_LIST)
    options: dict[str, Option] = {}
    columns: dict[str, list[str]] = {column: [] for column in head[2:]}
    for number, row in enumerate(table[1 : LONGEST_LIST + 1], start=2):
        cells = [cell.strip() for cell in row]
        if len(cells) != len(head) or not cells[1]:
            reader.find(faults.BAD_LIST_FILE, Place(path, number), file=path)
            continue
        code = cells[0]
        if _usable(draft, code, Place(path, number), f"list {name}", options):
            options[code] = Option(code)
            draft.texts[f"list.{name}.{code}"] = cells[1]
            for column, cell in zip(head[2:], cells[2:], strict=True):
                columns[column].append(cell)
    facts = {column: tuple(cells) for column, cells in columns.items()}
    return OptionList(tuple(options.values()), facts)


def _usable(
    draft: Draft, code: str, place: Place, identity: str, seen: Mapping[str, Option]
) -> bool:
    """Whether a code can stand among the options; a finding when not."""
    if code in seen:
        detail = {"code": code, "id": identity}
        draft.findings.append(Finding(faults.SAME_CODE, place, detail))
        return False
    dated = DATE_LIKE.fullmatch(code)
    if code and (not CODE.fullmatch(code) or code in NOT_CODES or dated):
        draft.findings.append(Finding(faults.BAD_CODE, place, {"code": code[:60]}))
    return True


def read_options(
    draft: Draft, reader: Reader, identity: str, kind: QuestionType
) -> tuple[Option, ...]:
    """The options below ``options``, each with its words."""
    options: dict[str, Option] = {}
    for child in mappings(reader, "options"):
        code, place = child.text("code"), child.at("code")
        draft.text(child, "text", f"{identity}.{code}", required=True)
        exclusive = child.flag("exclusive", False)
        if child.has("exclusive") and kind is not QuestionType.MULTIPLE:
            detail = {"key": "exclusive", "type": kind.value, "types": "multiple"}
            child.find(faults.NOT_THIS_TYPE, child.at("exclusive"), **detail)
        condition = draft.expression(child, "if")
        child.get("say")
        child.done()
        if _usable(draft, code, place, identity, options):
            options[code] = Option(code, exclusive, condition)
    return tuple(options.values())


def said(reader: Reader) -> Iterator[tuple[str, str, Place]]:
    """Each option with ``say``: its code, the words of the question (or none)."""
    node = reader.get("options")
    for item in node.value if node and isinstance(node.value, tuple) else ():
        if not isinstance(item.value, dict) or "say" not in item.value:
            continue
        code, say = item.value.get("code"), item.value["say"]
        if code is None or not isinstance(code.value, str):
            continue
        words = say.value.strip() if isinstance(say.value, str) else ""
        if words.lower() not in {"no", "false", ""}:
            told = "" if words.lower() in {"yes", "true"} else words
            yield code.value.strip(), told, say.place


def options_of(
    draft: Draft, reader: Reader, identity: str, kind: QuestionType, written: str
) -> tuple[Option, ...]:
    """The options of a question, whatever they come from."""
    if written == "scale":
        return _scale(draft, reader, identity)
    if reader.has("list"):
        return _listed(draft, reader, identity)
    coded = kind is QuestionType.CONSENT or written == "yes_no"
    if coded and not reader.has("options"):
        return YES_NO
    if kind is QuestionType.LOOKUP:
        reader.find(faults.NO_LIST, id=identity)
        return ()
    if kind not in CHOICES and not coded:
        return (
            read_options(draft, reader, identity, kind) if reader.has("options") else ()
        )
    options = read_options(draft, reader, identity, kind)
    node = reader.get("options")
    if node is not None and isinstance(node.value, tuple):
        if len(options) > MOST_OPTIONS:
            too_many(reader, "options", len(options), MOST_OPTIONS)
        if not coded and len(node.value) < 2:
            reader.find(faults.FEW_OPTIONS, id=identity, least=2)
        if coded and {option.code for option in options} != {"yes", "no"}:
            place = reader.at("options")
            reader.find(faults.CONSENT_OPTIONS, place, id=identity)
    return options


def _listed(draft: Draft, reader: Reader, identity: str) -> tuple[Option, ...]:
    """The options of a named list, each under what the filter says of it."""
    name = reader.text("list")
    if reader.has("options"):
        reader.find(faults.LIST_OR_OPTIONS, reader.at("list"), id=identity)
    found = draft.lists.get(name)
    if found is None:
        near = closest(name, sorted(draft.lists))
        place = reader.at("list")
        detail = {"id": identity, "list": name}
        draft.findings.append(Finding(faults.UNKNOWN_LIST, place, detail, near))
        return ()
    wanted = draft.expression(reader, "filter")
    if wanted is None:
        return found.options
    return _filtered(found, wanted)


def _filtered(found: OptionList, wanted: Expression) -> tuple[Option, ...]:
    """Options whose condition is the filter with the facts of their row filled in."""
    used = [column for column in found.columns if column in wanted.names]
    made: dict[tuple[str, ...], Expression] = {}
    options = []
    for number, option in enumerate(found.options):
        facts = tuple(found.columns[column][number] for column in used)
        condition = made.get(facts)
        if condition is None:
            condition = Expression.of(_with(wanted.tree, used, facts), wanted.place)
            made[facts] = condition
        options.append(replace(option, condition=condition))
    return tuple(options)


def _with(tree: Tree, names: Sequence[str], facts: Sequence[str]) -> Tree:
    known = dict(zip(names, facts, strict=True))

    def change(node: Tree) -> Tree | None:
        if isinstance(node, Name) and node.id in known:
            return Literal(known[node.id])
        return None

    return rewrite(tree, change)


def _scale(draft: Draft, reader: Reader, identity: str) -> tuple[Option, ...]:
    """Numbers as codes, from one end to the other; labels where they are given."""
    low, high = reader.number("from"), reader.number("to")
    if not 1 <= high - low < WIDEST_SCALE or low < 0:
        reader.find(faults.BAD_RANGE, id=identity)
        return ()
    codes = [str(number) for number in range(low, high + 1)]
    for code in codes:
        draft.texts[f"{identity}.{code}"] = code
        draft.untranslated.add(f"{identity}.{code}")
    for code, node in reader.entries("labels", required=False):
        if code not in codes or not isinstance(node.value, str):
            detail = {"name": identity, "code": code[:40], "known": ", ".join(codes)}
            reader.findings.append(Finding(faults.UNKNOWN_CODE, node.place, detail))
            continue
        draft.texts[f"{identity}.{code}"] = node.value.strip()
        draft.untranslated.discard(f"{identity}.{code}")
    return tuple(Option(code) for code in codes)


def too_many(reader: Reader, what: str, count: int, limit: int) -> None:
    """More of something than an instrument can have."""
    reader.find(faults.TOO_MANY, count=count, what=what, limit=limit)
