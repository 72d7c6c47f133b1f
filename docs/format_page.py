"""Writes the reference of the question language from the tables that test it.

The prose stands in reference/questionnaire-format.md.in; a line ``<<name>>`` there is
replaced by the table of that name. What the page shows is what tests/spec has run.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from harken.method.errors import CATALOGUE, Level  # noqa: E402 - after the path
from harken.method.questionnaire.functions import FUNCTIONS  # noqa: E402 - as above
from harken.method.terms import Missing  # noqa: E402 - after the path
from tests.make import rosters, types  # noqa: E402 - after the path
from tests.spec import (  # noqa: E402 - after the path
    test_condition_language,
    test_expressions,
    test_question_types,
    test_rosters,
    test_versions,
    test_wording,
)

TEMPLATE = ROOT / "docs" / "reference" / "questionnaire-format.md.in"
_MARK = re.compile(r"^<<([a-z_]+)>>$", re.MULTILINE)


def page() -> str:
    """The whole page, its tables filled in."""
    text = TEMPLATE.read_text(encoding="utf-8")
    return _MARK.sub(lambda match: TABLES[match[1]](), text)


def _table(heads: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    heads = list(heads)
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    for row in rows:
        cells = (str(cell).replace("|", "\\|").replace("\n", " ") for cell in row)
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _code(text: object) -> str:
    return f"`{text}`"


def _value(value: object) -> str:
    """A value as the page shows it: no answer by its kind, the rest as code."""
    if isinstance(value, Missing):
        return value.word.replace("_", " ")
    if isinstance(value, tuple):
        return _code(", ".join(map(str, value)))
    return _code(str(value).lower() if isinstance(value, bool) else value)


def _answers(answers: Mapping[str, object]) -> str:
    pairs = (f"{name}: {_value(value)}" for name, value in answers.items())
    return ", ".join(pairs) or "none"


def _form(form: Mapping[str, Iterable[str]]) -> str:
    pairs = (f"{name}={one}" for name, sent in form.items() for one in sent if one)
    return _code(" ".join(" ".join(pairs).split())[:60])


def conditions() -> str:
    """Conditions, the answers, and whether they hold."""
    table = test_condition_language
    rows = [
        *table.ONE_CODE,
        *table.NUMBERS,
        *table.MONTHS,
        *table.SEVERAL,
        *table.MISSING[-10:],
    ]
    return _table(
        ("written", "with answers", "holds"),
        (
            (_code(text), _answers(answers), "yes" if holds else "no")
            for text, answers, holds in rows
        ),
    )


def expressions() -> str:
    """Expressions over one set of answers, and what they give."""
    known = f"With {_answers(test_expressions.ANSWERS)}:\n\n"
    rows = ((_code(text), _value(value)) for text, value in test_expressions.VALUES)
    return known + _table(("written", "gives"), rows)


def functions() -> str:
    """The table of functions."""
    rows = []
    for function in FUNCTIONS.values():
        kinds = [
            " or ".join(sorted(kind.value for kind in kinds))
            if len(kinds) < 5
            else "anything"
            for kinds in function.takes
        ]
        count = str(function.least)
        if function.most > function.least:
            count += f" to {function.most}"
        gives = function.gives.value if function.gives else "what is passed on"
        rows.append(
            (_code(function.name), count, "; ".join(kinds), gives, function.says)
        )
    return _table(("function", "values", "takes", "gives", "meaning"), rows)


def mistakes() -> str:
    """Conditions that are refused, with their finding."""
    rows = [
        (_code(text), code, cure or CATALOGUE[code].cure)
        for text, code, cure in test_condition_language.TYPED
        if code
    ]
    return _table(("written", "finding", "cure"), rows)


def kept() -> str:
    """What a form sends, and what is kept of it."""
    rows = [
        (_kind(name), _form(form), _value(value))
        for name, form, value in test_question_types.KEPT
    ]
    return _table(("type", "the form sends", "kept"), rows)


def refused() -> str:
    """What a form sends that is refused."""
    rows = [
        (_kind(name), _form(form), code)
        for name, form, code in test_question_types.REFUSED
    ]
    return _table(("type", "the form sends", "finding"), rows)


def _kind(name: str) -> str:
    question = test_question_types.BOOK.question(name)
    return question.written or question.type.value


def routes() -> str:
    """Answers in the instrument with rosters, and the questions they lead to."""
    rows = [
        (section, _answers(answers), ", ".join(map(_code, route)) or "none")
        for section, answers, route in test_rosters.ROUTES
    ]
    return _table(("section", "with answers", "asks"), rows)


def fills() -> str:
    """Fills and what they say."""
    known = f"With {_answers(test_wording.VALUES)}:\n\n"
    rows = ((_code(text), said) for text, said in test_wording.SAID)
    return known + _table(("written", "shown"), rows)


def changes() -> str:
    """Edits, and what the comparison of versions calls them."""
    rows = [
        (_code(old), _code(new), change.value, _code(name))
        for old, new, change, name in test_versions.EDITS
    ]
    return _table(("was", "is", "change", "of"), rows)


def findings() -> str:
    """Every finding of the reader and of the check."""
    rows = [
        (
            f"[{code}](errors.md#{code.lower()})",
            "warning" if fault.level is Level.WARNING else "error",
            fault.summary,
        )
        for code, fault in sorted(CATALOGUE.items())
        if "QUE-001" <= code < "QUE-060" or "QUE-070" <= code < "QUE-100"
    ]
    return _table(("code", "weight", "finding"), rows)


def listing(text: str) -> str:
    """A source as it is written."""
    return f"```yaml\n{text.replace('AGREED', '  # the consent').rstrip()}\n```"


TABLES: Mapping[str, Callable[[], str]] = {
    "conditions": conditions,
    "expressions": expressions,
    "functions": functions,
    "mistakes": mistakes,
    "kept": kept,
    "refused": refused,
    "routes": routes,
    "fills": fills,
    "changes": changes,
    "findings": findings,
    "types_listing": lambda: listing(types.TYPES),
    "rosters_listing": lambda: listing(rosters.ROSTERS),
    "bank_listing": lambda: listing(rosters.BANK),
    "list_listing": lambda: f"```csv\n{types.AREAS.rstrip()}\n```",
}
