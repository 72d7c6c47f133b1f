"""Plants one known fault in an invented instrument that was sound.

Each kind names the codes that may report it and the page where it stands; the seed picks
instrument, page and wording. What the checker reports elsewhere is no hit.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from harken.method.errors import Finding, HarkenError
from harken.method.questionnaire import check, read_questionnaire
from harken.method.questionnaire.proof import prove
from harken.method.terms import Language, Mode
from tests.make.instruments import LABELS, Instrument, Made, make_instrument

SIZE = 24
PROMISED = 120.0


@dataclass(frozen=True, slots=True)
class Planted:
    """An instrument with a fault: its codes, and the id or the line of its page."""

    kind: str
    text: str
    codes: frozenset[str]
    where: str
    translation: str = ""
    minutes: float = PROMISED

    def findings(self) -> tuple[Finding, ...]:
        """Everything the checker says of the whole instrument."""
        languages = [Language("pl")] if self.translation else []
        texts = dict.fromkeys(languages, self.translation)
        try:
            read = read_questionnaire(self.text, translations=texts)
        except HarkenError as error:
            return error.findings
        found = check(read, languages=languages, modes=tuple(Mode))
        return (*found, *prove(read, minutes=self.minutes).findings)

    def found(self) -> bool:
        """Whether it is reported, with one of its codes, at its place."""
        return any(
            one.fault.code in self.codes and self.at(one) for one in self.findings()
        )

    def at(self, finding: Finding) -> bool:
        """Whether a finding stands at the fault: its id, its lines, or its file."""
        if finding.detail.get("id") == self.where:
            return True
        place = finding.place
        if place is None or not self.where:
            return not self.where
        lines = self.text.splitlines()
        starts = [n for n, line in enumerate(lines, 1) if f"id: {self.where}" in line]
        if place.source != "questionnaire.yaml":
            return self.where in str(finding.detail.get("key", ""))
        line = place.line or 0
        return any(start <= line <= start + 12 for start in starts)


Plant = Callable[[Random, Instrument], tuple[set[str], str]]


def _pick(random: Random, made: Instrument, kinds: Sequence[str]) -> Made:
    pages = [page for page in made.pages if page.kind in kinds]
    return random.choice(pages or made.pages)


def _always(random: Random, made: Instrument, kind: str) -> Made:
    """A page that everybody is asked; one is put in front when there is none."""
    lines = [f"      - id: base_{kind}", '        text: "How was it, all in all?"']
    if kind == "number":
        lines += ["        type: number", "        minimum: 0", "        maximum: 20"]
    elif kind == "multiple":
        lines += ["        type: multiple", f"        options: [{_options()}]"]
    else:
        lines += ["        type: single", f"        options: [{_options()}]"]
    page = Made(f"base_{kind}", kind, lines, always=True)
    made.sections.insert(0, (f"front{len(made.sections)}", "", False, [page]))
    return page


def _options() -> str:
    shown = [f'{{code: "{code}", text: "{text}"}}' for code, text in LABELS.items()]
    return ", ".join(shown)


def _last(random: Random, made: Instrument, condition: str, *more: str) -> str:
    """A new page at the end with a condition; its id."""
    name = f"planted_{random.randrange(1000)}"
    lines = [
        f"      - id: {name}",
        "        type: single",
        '        text: "And what came of it?"',
        f"        options: [{_options()}]",
        *more,
    ]
    page = Made(name, "single", lines, condition=condition)
    made.sections.append((f"back{len(made.sections)}", "", False, [page]))
    return name


def never(random: Random, made: Instrument) -> tuple[set[str], str]:
    """A page whose condition contradicts itself."""
    base = _always(random, made, "single").id
    one, other = random.sample(sorted(LABELS), 2)
    text = random.choice((
        f"{base} == '{one}' and {base} == '{other}'",
        f"{base} == '{one}' and {base} != '{one}'",
        f"{base} in ['{one}'] and not answered({base})",
        f"refused({base}) and {base} == '{one}'",
        f"not ({base} == '{one}') and {base} == '{one}'",
    ))  # fmt: skip
    return {"QUE-200"}, _last(random, made, text)


def out_of_range(random: Random, made: Instrument) -> tuple[set[str], str]:
    """A page for numbers that cannot be given."""
    base = _always(random, made, "number").id
    text = random.choice((
        f"{base} > 20", f"{base} < 0", f"{base} == 21", f"{base} > 3 and {base} < 3",
        f"{base} * 2 > 40", f"{base} - 30 > 0", f"min({base}, 5) > 5",
    ))  # fmt: skip
    return {"QUE-200"}, _last(random, made, text)


def cut_off(random: Random, made: Instrument) -> tuple[set[str], str]:
    """A page that needs a page asked only of others."""
    base = _always(random, made, "single").id
    one, other = random.sample(sorted(LABELS), 2)
    middle = _last(random, made, f"{base} == '{one}'")
    last = f"{middle} == '{one}' and {base} == '{other}'"
    name = f"{middle}_too"
    page = made.page(middle)
    lines = [line.replace(middle, name) for line in page.lines]
    made.sections.append(
        (
            f"rear{len(made.sections)}",
            "",
            False,
            [Made(name, "single", lines, condition=last)],
        )
    )
    return {"QUE-200"}, name


def empty_section(random: Random, made: Instrument) -> tuple[set[str], str]:
    """A section whose condition nobody meets."""
    base = _always(random, made, "single").id
    one, other = random.sample(sorted(LABELS), 2)
    place = random.randrange(1, len(made.sections))
    name, _, sensitive, pages = made.sections[place]
    text = f"{base} == '{one}' and {base} == '{other}'"
    made.sections[place] = (name, text, sensitive, pages)
    return {"QUE-201"}, name


def matter_of_course(random: Random, made: Instrument) -> tuple[set[str], str]:
    """A condition that keeps nobody out."""
    base = _always(random, made, "single").id
    one, other = random.sample(sorted(LABELS), 2)
    number = _always(random, made, "number").id
    text = random.choice((
        f"not ({base} == '{one}' and {base} == '{other}')",
        f"{base} == '{one}' or not ({base} == '{one}')",
        f"not ({number} > 20)",
        f"answered({number}) or missing({number})",
    ))  # fmt: skip
    return {"QUE-203"}, _last(random, made, text)


def dead_branch(random: Random, made: Instrument) -> tuple[set[str], str]:
    """An alternative that is never true."""
    base = _always(random, made, "single").id
    number = _always(random, made, "number").id
    one, other = random.sample(sorted(LABELS), 2)
    part = random.choice(
        (f"{number} > 20", f"({base} == '{one}' and {base} == '{other}')")
    )
    return {"QUE-204"}, _last(random, made, f"{base} == '{one}' or {part}")


def denial_of_unasked(random: Random, made: Instrument) -> tuple[set[str], str]:
    """A denial of what some were not asked."""
    base = _always(random, made, "single").id
    one, other = random.sample(sorted(LABELS), 2)
    middle = _last(random, made, f"{base} == '{one}'")
    page = made.page(middle)
    name = f"{middle}_too"
    lines = [line.replace(middle, name) for line in page.lines]
    text = f"not ({middle} == '{other}')"
    made.sections.append(
        (
            f"rear{len(made.sections)}",
            "",
            False,
            [Made(name, "single", lines, condition=text)],
        )
    )
    return {"QUE-210"}, name


def sum_of_unasked(random: Random, made: Instrument) -> tuple[set[str], str]:
    """A sum with a part that some were not asked."""
    number = _always(random, made, "number").id
    base = _always(random, made, "single").id
    one = random.choice(sorted(LABELS))
    name = f"part_{random.randrange(1000)}"
    lines = [
        f"      - id: {name}", "        type: number", "        minimum: 0",
        "        maximum: 20", '        text: "And how many of these?"',
    ]  # fmt: skip
    made.sections.append(
        (f"back{len(made.sections)}", "", False,
         [Made(name, "number", lines, condition=f"{base} == '{one}'")])
    )  # fmt: skip
    return {"QUE-211"}, _last(
        random, made, f"{number} + {name} > {random.randint(2, 9)}"
    )


def contradictory_checks(random: Random, made: Instrument) -> tuple[set[str], str]:
    """Checks that no answer passes."""
    number = _always(random, made, "number")
    limit = random.randint(3, 15)
    number.lines += [
        "        checks:",
        f'          - {{if: "{number.id} >= {limit}", say: "Too many."}}',
        f'          - {{if: "{number.id} < {limit}", say: "Too few."}}',
    ]
    return {"QUE-205", "QUE-206"}, number.id


def dead_end(random: Random, made: Instrument) -> tuple[set[str], str]:
    """A page that some can neither answer nor leave."""
    base = _always(random, made, "single").id
    one = random.choice(sorted(LABELS))
    number = _always(random, made, "number")
    made.sections[0], made.sections[1] = made.sections[1], made.sections[0]
    number.lines += [
        "        checks:",
        f'          - {{if: "{base} == \'{one}\'", say: "Not for you."}}',
    ]
    return {"QUE-206"}, number.id


def no_way_for_some(random: Random, made: Instrument) -> tuple[set[str], str]:
    """A page of which some can give no answer."""
    base = _always(random, made, "single").id
    one = random.choice(sorted(LABELS))
    number = _always(random, made, "number")
    made.sections[0], made.sections[1] = made.sections[1], made.sections[0]
    number.lines += [
        "        checks:",
        f'          - {{if: "{base} == \'{one}\' and {number.id} >= 0", say: "No."}}',
    ]
    return {"QUE-207"}, number.id


def barred_option(random: Random, made: Instrument) -> tuple[set[str], str]:
    """An option that a check always turns back."""
    page = _always(random, made, "single")
    code = random.choice(sorted(LABELS))
    page.lines += [
        "        checks:",
        f'          - {{if: "{page.id} == \'{code}\'", say: "Not this one."}}',
    ]
    return {"QUE-202"}, page.id


def idle_check(random: Random, made: Instrument) -> tuple[set[str], str]:
    """A check that never finds anything."""
    number = _always(random, made, "number")
    number.lines += [
        "        checks:",
        f'          - {{if: "{number.id} > {random.randint(20, 90)}", say: "Too many."}}',
    ]
    return {"QUE-208"}, number.id


def later_reference(random: Random, made: Instrument) -> tuple[set[str], str]:
    """A condition on an answer that comes later, or on itself."""
    name = _last(random, made, "")
    page = made.page(name)
    if random.random() < 0.4:
        page.condition = f"not answered({name})"
        return {"QUE-031"}, name
    early = random.choice(made.pages[:5])
    early.condition = f"{name} == '{random.choice(sorted(LABELS))}'"
    return {"QUE-031"}, early.id


def same_name(random: Random, made: Instrument) -> tuple[set[str], str]:
    """Two pages of one id, or of ids that look alike."""
    name = _last(random, made, "")
    page = made.page(name)
    other = random.choice((name, name.replace("_", ""), name.replace("l", "1")))
    lines = [line.replace(f"id: {name}", f"id: {other}") for line in page.lines]
    made.sections.append(
        (f"rear{len(made.sections)}", "", False, [Made(other, "single", lines)])
    )
    return {"QUE-011", "QUE-030"}, other


def same_label(random: Random, made: Instrument) -> tuple[set[str], str]:
    """Two options that read the same."""
    page = _always(random, made, "single")
    one, other = random.sample(sorted(LABELS.values()), 2)
    page.lines[:] = [line.replace(f'"{one}"', f'"{other}"') for line in page.lines]
    return {"QUE-215"}, page.id


def spoken_aloud(random: Random, made: Instrument) -> tuple[set[str], str]:
    """A telephone wording that is answered in telling words."""
    page = _pick(random, made, ("single", "multiple"))
    words = random.choice(
        ("How often was that?", "Tell me which of these fits you best.")
    )
    page.lines.append(f'        telephone: "{words}"')
    return {"QUE-220"}, page.id


def hard_words(random: Random, made: Instrument) -> tuple[set[str], str]:
    """Words that few can read."""
    hard = random.choice((
        "Notwithstanding any intermediate administrative communications, was the "
        "investigative methodology satisfactorily elucidated to you by the authorities?",
        "Considering the aforementioned procedural responsibilities, to what extent were "
        "appropriate accommodations proactively communicated by participating agencies?",
    ))  # fmt: skip
    page = _pick(random, made, ("yes_no", "single", "number"))
    page.lines[:] = [
        f'        text: "{hard}"' if line.strip().startswith("text:") else line
        for line in page.lines
    ]
    return {"QUE-221"}, page.id


PLANTS: dict[str, Plant] = {
    plant.__name__: plant
    for plant in (
        never, out_of_range, cut_off, empty_section, matter_of_course, dead_branch,
        denial_of_unasked, sum_of_unasked, contradictory_checks, dead_end,
        no_way_for_some, barred_option, idle_check, later_reference, same_name,
        same_label, spoken_aloud, hard_words,
    )
}  # fmt: skip


def plant(kind: str, seed: int) -> Planted:
    """One fault of a kind in an instrument of its own."""
    random = Random(f"{kind}{seed}")
    made = make_instrument(SIZE, seed=random.randrange(1, 10_000))
    codes, where = PLANTS[kind](random, made)
    return Planted(kind, made.text, frozenset(codes), where)
