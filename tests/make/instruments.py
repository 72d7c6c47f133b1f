"""Invented instruments of any size, sound by construction: every page can be reached,
every condition keeps somebody out, and no words are missing.

Each page keeps one set of answers that leads to it; a new condition is only joined to it
when the two agree. Names and numbers follow from the seed alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random

TOPICS = (
    "the letter", "the first call", "the visit", "the form", "the waiting time",
    "the leaflet", "the meeting", "the reply", "the office", "the help line",
)  # fmt: skip
CODES = ("often", "some", "never", "once")
LABELS = {"often": "Often", "some": "Sometimes", "never": "Never", "once": "Once only"}


@dataclass
class Made:
    """One page while an instrument is made."""

    id: str
    kind: str
    lines: list[str]
    needs: dict[str, str] = field(default_factory=dict)
    always: bool = False
    condition: str = ""


@dataclass
class Instrument:
    """The pages by section, and the text they make."""

    seed: int
    sections: list[tuple[str, str, bool, list[Made]]] = field(default_factory=list)
    head: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The whole questionnaire.yaml."""
        lines = [f"questionnaire: made-{self.seed}", 'version: "1"', *self.head]
        lines += ["sections:", *_OPENING]
        for name, condition, sensitive, pages in self.sections:
            lines += [f"  - id: {name}", f'    title: "Part {name}"']
            if condition:
                lines.append(f'    if: "{condition}"')
            if sensitive:
                lines += [
                    "    sensitive: yes",
                    '    announcement: "Now to you. Go on?"',
                ]
            lines.append("    questions:")
            for page in pages:
                lines += page.lines
                if page.condition:
                    lines.append(f'        if: "{page.condition}"')
        return "\n".join((*lines, *_CLOSING)) + "\n"

    @property
    def pages(self) -> list[Made]:
        """Every page but the opening and the end."""
        return [page for *_, pages in self.sections for page in pages]

    def page(self, name: str) -> Made:
        """One page by its id."""
        return next(page for page in self.pages if page.id == name)


_OPENING = (
    "  - id: start",
    '    title: "Before we begin"',
    "    questions:",
    "      - id: agree",
    "        type: consent",
    "        purpose: take_part",
    "        required: yes",
    '        text: "Will you take part?"',
)
_CLOSING = (
    "  - id: end",
    '    title: "Before you go"',
    "    questions:",
    "      - id: again",
    "        type: consent",
    "        purpose: recontact",
    '        text: "May we write to you again?"',
)


def make_instrument(
    questions: int = 30, *, conditioned: float = 0.8, seed: int = 1, topic: int = 0
) -> Instrument:
    """An instrument of so many questions, of which a share has a condition.

    With ``topic``, conditions look back no further than to the last beginning of so many
    questions; without, a chain of conditions may go through the whole instrument.
    """
    random = Random(seed)
    made = Instrument(seed)
    earlier: list[Made] = []
    number = 0
    while number < questions:
        if topic and number // topic > (number - len(earlier)) // topic:
            earlier = []
        size = min(random.randint(6, 12), questions - number)
        pages: list[Made] = []
        gate, needs = "", dict[str, str]()
        if earlier and random.random() < 0.4:
            gate, needs = _atom(random, earlier, {})
        sensitive = random.random() < 0.15
        for _ in range(size):
            number += 1
            page = _page(random, number, needs, not gate and not sensitive)
            if earlier and random.random() < conditioned:
                _conditioned(random, page, earlier)
            pages.append(page)
            earlier.append(page)
        made.sections.append((f"part{len(made.sections) + 1}", gate, sensitive, pages))
    return made


def _page(random: Random, number: int, needs: Mapping[str, str], free: bool) -> Made:
    kind = random.choices(
        ("yes_no", "single", "multiple", "number", "month", "text"),
        (30, 30, 14, 14, 6, 6),
    )[0]
    name = f"{_stem(number)}{number}"
    topic = random.choice(TOPICS)
    type_ = "single" if kind == "yes_no" else kind
    lines = [
        f"      - id: {name}",
        f"        type: {type_}",
        f'        text: "How was it with {topic}, at point {number}?"',
    ]
    if kind == "yes_no":
        lines.append(
            '        options: [{code: "yes", text: "Yes"}, {code: "no", text: "No"}]'
        )
    elif kind in {"single", "multiple"}:
        shown = [f'{{code: "{code}", text: "{LABELS[code]}"}}' for code in CODES]
        lines.append(f"        options: [{', '.join(shown)}]")
    elif kind == "number":
        lines += ["        minimum: 0", f"        maximum: {random.randint(3, 20) * 5}"]
    if kind != "text":
        lines.append("        refusals: [dont_know, prefer_not_to_say]")
    return Made(name, kind, lines, dict(needs), always=free)


def _stem(number: int) -> str:
    return ("ask", "tell", "say", "see")[number % 4] + "_"


def _conditioned(random: Random, page: Made, earlier: list[Made]) -> None:
    """Give a page a condition that somebody meets and somebody does not."""
    text, needs = _atom(random, earlier, page.needs)
    if not text:
        return
    if random.random() < 0.25:
        other, more = _atom(random, earlier, needs)
        if other and other != text:
            text, needs = f"{text} and {other}", more
    elif random.random() < 0.2:
        other, _ = _atom(random, earlier, page.needs)
        if other and other != text:
            text = f"{text} or {other}"
    page.condition = text
    page.needs = needs
    page.always = False


def _atom(
    random: Random, earlier: list[Made], needs: Mapping[str, str]
) -> tuple[str, dict[str, str]]:
    """One test of an earlier page that agrees with what is needed already."""
    for _ in range(40):
        source = earlier[-1 - min(int(random.expovariate(0.12)), len(earlier) - 1)]
        if source.kind == "text" or source.id in needs:
            continue
        if any(needs.get(name, value) != value for name, value in source.needs.items()):
            continue
        text, value = _test(random, source)
        return text, {**needs, **source.needs, source.id: value}
    return "", dict(needs)


def _test(random: Random, source: Made) -> tuple[str, str]:
    name = source.id
    if source.kind == "number":
        limit = random.randint(0, 9)
        return random.choice((f"{name} > {limit}", f"{name} >= {limit + 1}")), "high"
    if source.kind == "month":
        return f"{name} >= '2024-0{random.randint(1, 9)}'", "late"
    if source.kind == "multiple":
        code = random.choice(CODES)
        return f"has({name}, '{code}')", f"+{code}"
    if source.kind == "yes_no":
        code = random.choice(("yes", "no"))
        return f"{name} == '{code}'", code
    code, other = random.sample(CODES, 2)
    if source.always and random.random() < 0.3:
        return f"not ({name} == '{other}')", code
    if random.random() < 0.3:
        return f"{name} in ['{code}', '{other}']", code
    return f"{name} == '{code}'", code
