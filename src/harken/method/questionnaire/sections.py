"""Sections as written: their questions, announcement, roster, split and order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from harken.method.errors import Finding, HarkenError, Place, closest
from harken.method.questionnaire import faults
from harken.method.questionnaire.document import Question, QuestionType, Roster
from harken.method.questionnaire.draft import Draft, is_empty, mappings
from harken.method.questionnaire.expression import Expression
from harken.method.questionnaire.options import YES_NO, read_lists
from harken.method.questionnaire.questions import read_question
from harken.method.source import Reader, read
from harken.method.terms import Missing

MOST_LINES = 50
MOST_WAYS = 10


@dataclass
class Part:
    """One section before it is unrolled; ``own`` is the condition as written."""

    id: str
    place: Place
    sensitive: bool = False
    own: Expression | None = None
    roster: Roster | None = None
    ways: int = 0
    shuffled: bool = False
    questions: list[Question] = field(default_factory=list)


def read_sections(draft: Draft, reader: Reader, files: Mapping[str, str]) -> list[Part]:
    """Every section of the file, those of question banks where they are used."""
    banks = _banks(draft, reader, files)
    parts = [
        part
        for child in mappings(reader, "sections")
        for part in _section_or_use(draft, child, banks)
    ]
    if not parts and is_empty(reader.get("sections")):
        reader.find(faults.EMPTY_SECTION, reader.at("sections"), id="sections")
    return parts


def _banks(draft: Draft, reader: Reader, files: Mapping[str, str]) -> dict[str, Reader]:
    """The sections of every bank, by bank and section: ``about_you.age``."""
    found: dict[str, Reader] = {}
    for path in reader.words("banks", ()):
        text = files.get(path)
        if text is None:
            place, near = reader.at("banks"), closest(path, sorted(files))
            detail = {"file": path}
            draft.findings.append(Finding(faults.NO_LIST_FILE, place, detail, near))
            continue
        try:
            root = read(text, path)
        except HarkenError as error:
            draft.findings.extend(error.findings)
            continue
        bank = Reader(root, draft.findings)
        name = bank.text("bank")
        read_lists(draft, bank, files)
        for child in mappings(bank, "sections"):
            node = child.node.value
            own = node.get("id") if isinstance(node, dict) else None
            if own is not None and isinstance(own.value, str):
                found[f"{name}.{own.value}"] = child
        bank.done()
    return found


def _section_or_use(
    draft: Draft, reader: Reader, banks: Mapping[str, Reader]
) -> Iterator[Part]:
    if not reader.has("use"):
        yield read_section(draft, reader)
        return
    name = reader.text("use")
    joined = draft.expression(reader, "if")
    reader.done()
    if name not in banks:
        place, near = reader.at("use"), closest(name, sorted(banks))
        detail = {"name": name}
        draft.findings.append(Finding(faults.UNKNOWN_BANK, place, detail, near))
        return
    part = read_section(draft, Reader(banks[name].node, draft.findings))
    part.own = Expression.both(joined, part.own)
    yield part


def read_section(draft: Draft, reader: Reader) -> Part:
    """One section with its announcement and questions."""
    identity = draft.id(reader, "section ")
    prefix = f"section.{identity}"
    draft.text(reader, "title", f"{prefix}.title", required=True)
    part = Part(identity, reader.place, sensitive=reader.flag("sensitive", False))
    told = draft.text(reader, "announcement", f"{prefix}.announcement")
    key = "announcement_telephone"
    spoken = draft.text(reader, key, f"{prefix}.{key}")
    if part.sensitive and not told:
        reader.find(faults.NO_ANNOUNCEMENT, id=identity)
    if (told or spoken) and not part.sensitive:
        reader.find(faults.NOT_SENSITIVE, id=identity)
    if part.sensitive:
        draft.claim(f"{identity}_ok", reader.place)
    part.own = draft.expression(reader, "if")
    part.roster = _roster(draft, reader, part)
    part.ways = _ways(draft, reader, identity)
    word = reader.text("order", "written")
    part.shuffled = word == "random"
    if word not in {"random", "written"}:
        reader.wrong(reader.at("order"), "order", "random or written")
    written = list(mappings(reader, "questions"))
    for child in written:
        part.questions += read_question(draft, child, identity, part.sensitive)
    if not written and is_empty(reader.get("questions")):
        reader.find(faults.EMPTY_SECTION, id=identity)
    reader.done()
    return part


def _ways(draft: Draft, reader: Reader, identity: str) -> int:
    """How many ballots a split has; 0 without one."""
    child = reader.child("split", required=False)
    if child is None:
        return 0
    ways = child.number("ways")
    child.done()
    if not 2 <= ways <= MOST_WAYS:
        child.find(faults.BAD_RANGE, id=identity)
        return 0
    draft.claim(f"{identity}_ballot", reader.place)
    return ways


def _roster(draft: Draft, reader: Reader, part: Part) -> Roster | None:
    within = reader.text("within", "")
    child = reader.child("roster", required=False)
    if child is None:
        if within:
            reader.find(faults.BAD_ROSTER, reader.at("within"), id=part.id)
        return None
    over, count = child.text("over", ""), child.text("count", "")
    fixed = child.number("fixed", 0)
    more = draft.text(child, "more", f"{part.id}_more.text")
    maximum = child.number("maximum", fixed) if not over else MOST_LINES
    child.get("maximum")
    child.done()
    ways = sum(map(bool, (over, count, fixed, more)))
    if ways != 1 or not 1 <= maximum <= MOST_LINES:
        child.find(faults.BAD_ROSTER, id=part.id)
        return None
    if more:
        draft.claim(f"{part.id}_more", child.place)
    return Roster(
        maximum=fixed or maximum,
        over=over,
        count=count,
        fixed=bool(fixed),
        more=f"{part.id}_more" if more else "",
        within=within,
    )


def more_question(part: Part, place: Place) -> Question:
    """The question whether there is another line."""
    return Question(
        id=f"{part.id}_more",
        type=QuestionType.SINGLE,
        section=part.id,
        options=YES_NO,
        refusals=(Missing.PREFER_NOT_TO_SAY,),
        sensitive=part.sensitive,
        written="yes_no",
        source=f"{part.id}_more",
        words=("yes_no",),
        place=place,
    )
