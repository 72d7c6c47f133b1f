"""Makers of any expression, any answers and any small instrument, for property tests."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import strategies as st

from harken.method.questionnaire import Value
from harken.method.terms import Missing

CODES = ("a", "b", "c", "2026")
MISSING = list(Missing)
DATES = ("2026", "2026-03", "2026-03-31", "2026-04-07", "2025-12", "1980-02-29")
KINDS = {
    "single": st.sampled_from(CODES),
    "multiple": st.lists(st.sampled_from(CODES), min_size=1, unique=True).map(
        lambda chosen: tuple(sorted(chosen))
    ),
    "number": st.sampled_from([Decimal(n) for n in ("-2", "0", "1", "2.5", "7", "40")]),
    "about": st.sampled_from(DATES),
    "line": st.sampled_from(["Ab", "some words", "2026", "7"]),
}
"""The answers that each type of question gets."""

NAMES = {f"{kind}_{n}": kind for kind in KINDS for n in (1, 2)}


def answers(names: dict[str, str]) -> st.SearchStrategy[dict[str, Value]]:
    """Some names answered, some missing in one way or another, some absent."""
    each = {
        name: KINDS[kind] | st.sampled_from(MISSING) for name, kind in names.items()
    }
    return st.fixed_dictionaries({}, optional=each)


def _names(names: dict[str, str], kind: str) -> st.SearchStrategy[str]:
    found = [name for name, one in names.items() if one == kind]
    return st.sampled_from(found) if found else st.nothing()


def numbers(names: dict[str, str], depth: int = 2) -> st.SearchStrategy[str]:
    """Text that gives a number, or is missing."""
    days = _names(names, "about") | st.sampled_from(
        [f"'{day}'" for day in DATES if len(day) == 10]
    )
    plain = st.sampled_from(["0", "1", "2.5", "-3", "12"]) | _names(names, "number")
    plain |= _names(names, "multiple").map("count({})".format)
    plain |= _names(names, "line").map("length({})".format)
    two = ["days", "months", "years", "working_days"]
    plain |= st.builds("{}({}, {})".format, st.sampled_from(two), days, days)
    plain |= st.builds("{}({})".format, st.sampled_from(["year", "month", "day"]), days)
    if depth == 0:
        return plain
    inner = numbers(names, depth - 1)
    return st.one_of(
        plain,
        st.builds("({} {} {})".format, inner, st.sampled_from("+-*/"), inner),
        st.builds("{}({})".format, st.sampled_from(["abs", "floor", "round"]), inner),
        st.builds("{}({}, {})".format, st.sampled_from(_PAIRS), inner, inner),
        st.builds("if({}, {}, {})".format, conditions(names, depth - 1), inner, inner),
    )


_PAIRS = ["min", "max", "mod", "sum", "coalesce", "count_answered"]
_SIGNS = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])


def conditions(names: dict[str, str], depth: int = 2) -> st.SearchStrategy[str]:
    """Text that is true or false."""
    code = st.sampled_from([f"'{code}'" for code in CODES])
    day = st.sampled_from([f"'{day}'" for day in DATES])
    word = st.sampled_from([missing.word for missing in Missing])
    single, several = _names(names, "single"), _names(names, "multiple")
    dated, any_name = _names(names, "about"), st.sampled_from(sorted(names))
    tests = st.sampled_from(["answered", "refused", "asked", "missing"])
    plain = st.one_of(
        st.builds("{} {} {}".format, single, st.sampled_from(["==", "!="]), code),
        st.builds("{} == {}".format, single, single),
        st.builds("{} in [{}, {}]".format, single, code, code),
        st.builds("{} not in [{}, {}]".format, single, code, code),
        st.builds("has({}, {})".format, several, code),
        st.builds("any_in({}, {}, {})".format, several, code, code),
        st.builds("all_in({}, {}, {})".format, several, code, code),
        st.builds("{} {} {}".format, dated, _SIGNS, day),
        st.builds("{} {} {}".format, dated, _SIGNS, dated),
        st.builds("{} in [{}, {}]".format, dated, day, day),
        st.builds("{}({})".format, tests, any_name),
        st.builds("missing({}, '{}')".format, any_name, word),
        st.builds("contains({}, 'b')".format, _names(names, "line")),
        st.sampled_from(["true", "false", "mode == 'web'", "today > '2026-01'"]),
    )
    if depth == 0:
        return plain
    inner, sums = conditions(names, depth - 1), numbers(names, depth - 1)
    return st.one_of(
        plain,
        st.builds("{} {} {}".format, sums, _SIGNS, sums),
        st.builds("({} and {})".format, inner, inner),
        st.builds("({} or {})".format, inner, inner),
        st.builds("not {}".format, inner),
        st.builds("if({}, {}, {})".format, inner, inner, inner),
    )


@st.composite
def instruments(draw: st.DrawFn) -> tuple[str, dict[str, str]]:
    """The text of a small instrument, and the types of its questions by name."""
    lines = ["questionnaire: drawn", 'version: "1"', "sections:"]
    names: dict[str, str] = {}
    for section in range(draw(st.integers(1, 3))):
        order = draw(st.sampled_from(["random", "written"]))
        lines += [f"  - id: s{section}", "    title: T", f"    order: {order}"]
        if section == 1:
            lines.append("    split: {ways: 2}")
        if names and draw(st.booleans()):
            lines.append(f'    if: "{draw(conditions(names, 1))}"')
        lines.append("    questions:")
        if section == 0:
            agree = "{id: agree, type: consent, purpose: take_part, text: T}"
            lines.append(f"      - {agree}")
        for number in range(draw(st.integers(1, 4))):
            name = f"q{section}_{number}"
            kind = draw(st.sampled_from([*KINDS, "computed", "information"]))
            lines += [f"      - id: {name}", f"        type: {kind}", "        text: T"]
            if kind in {"single", "multiple"}:
                options = ", ".join(f'{{code: "{code}", text: T}}' for code in CODES)
                lines.append(f"        options: [{options}]")
            if kind == "computed":
                value = draw(numbers(names, 1)) if names else "1"
                lines.append(f'        value: "{value}"')
            if names and draw(st.booleans()):
                lines.append(f'        if: "{draw(conditions(names, 1))}"')
            if kind != "information":
                names[name] = "number" if kind == "computed" else kind
    return "\n".join(lines), names
