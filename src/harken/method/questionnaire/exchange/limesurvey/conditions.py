"""LimeSurvey's older conditions: rows of a table, joined by scenario and question.

Scenarios are alternatives. Within one, rows on the same answer are alternatives too and
different answers must all fit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from harken.method.questionnaire.exchange import say
from harken.method.questionnaire.exchange.limesurvey.equations import called, joined
from harken.method.questionnaire.exchange.limesurvey.tables import Row
from harken.method.questionnaire.exchange.say import EMPTY, Piece

_SIGNS = frozenset({"==", "!=", "<", "<=", ">", ">="})


def legacy(
    rows: list[Row], named: Callable[[str], Piece], codes: Mapping[str, str]
) -> Piece:
    """When a question is asked, by its rows. Raises CannotSay."""
    scenarios: dict[str, dict[str, list[Piece]]] = {}
    for row in rows:
        scenario = scenarios.setdefault(row.get("scenario", "1"), {})
        name = row.get("cfieldname", "")
        scenario.setdefault(name, []).append(_row(row, name, named, codes))
    if not scenarios:
        return say.truth(True)
    return say.either(
        *(
            say.both(*(say.either(*same) for same in scenario.values()))
            for scenario in scenarios.values()
        )
    )


def _row(
    row: Row, name: str, named: Callable[[str], Piece], codes: Mapping[str, str]
) -> Piece:
    piece = named(name.removeprefix("+"))
    text = row.get("value", "").strip()
    value = EMPTY if not text else say.words(codes.get(text, text))
    if text.startswith("@") and text.endswith("@"):
        value = named(text.strip("@"))
    method = row.get("method", "").strip() or "=="
    if method == "RX":
        return called("regexmatch", [say.words(text), piece])
    return joined(method if method in _SIGNS else "==", piece, value)
