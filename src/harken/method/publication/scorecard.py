"""The scorecard: entitlement by agency and stage, its state in words and by a sign.

A state is never told by colour alone, and never without its interval and its base.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from harken.method.compliance import CodeEdition, Results, ScorecardCell
from harken.method.publication.findings import Words, interval
from harken.method.publication.findings import percent as share
from harken.method.publication.table import HIDDEN, Cell, Column, Kind, Marker, Table
from harken.method.terms import Arm

SIGNS: Mapping[str, str] = {
    "met": "\u2713",
    "not_met": "\u2717",
    "inconclusive": "?",
    "too_few": "\u2026",
    "not_victim_reportable": "\u25cb",
    "not_measured": "\u2013",
}
"""The sign of each state, in the order in which states are counted."""

_NONE = Cell(marker=Marker.NOT_APPLICABLE)


def scorecard_table(
    results: Results,
    edition: CodeEdition,
    words: Words,
    *,
    arm: Arm,
    percent: Kind = Kind.PERCENT,
) -> Table:
    """The whole scorecard of one arm as a table, in the order of the Code."""
    rows = [_row(card, edition, words) for card in cards(results, edition, words, arm)]
    return Table(
        id=f"scorecard-{arm.value}",
        title=f"Scorecard of the Code, {words.of('arm', arm.value)}",
        units=words.of("units", arm.value),
        columns=(
            Column("entitlement", "Entitlement"),
            Column("title", "Title"),
            Column("stage", "Stage"),
            Column("agency", "Agency"),
            Column("state", "State"),
            Column("percent", "Percentage who say it was kept", percent),
            Column("low", "Lower limit", percent),
            Column("high", "Upper limit", percent),
            Column("base", "People asked", Kind.COUNT),
            Column("target", "Target", Kind.PERCENT),
            Column("reliability", "Reliability"),
            Column("indicators", "Indicators"),
        ),
        rows=tuple(rows),
        notes=(words.of("caution", arm.value), edition.title),
        heads=2,
    )


def agency_name(edition: CodeEdition, agency: str) -> str:
    """The agency's name without the explanation that the Code's data put in brackets."""
    name = edition.agencies.get(agency, agency).split(" (")[0]
    return name[:1].upper() + name[1:]


def cards(
    results: Results, edition: CodeEdition, words: Words, arm: Arm = Arm.SAMPLE
) -> tuple[ScorecardCell, ...]:
    """The cells of one arm in the order of the journey and of the Code.

    Stages stand as the words list them, those it lacks as the Code first names them.
    """
    named = (*words.lists.get("stage", {}), *edition.stages)
    stages = {stage: number for number, stage in enumerate(dict.fromkeys(named))}
    order = {item.id: number for number, item in enumerate(edition.entitlements)}
    found = [card for card in results.scorecard if card.arm is arm]
    far = len(order)
    return tuple(
        sorted(
            found,
            key=lambda c: (
                stages.get(c.stage, far),
                order.get(c.entitlement, far),
                c.agency,
            ),
        )
    )


def _row(card: ScorecardCell, edition: CodeEdition, words: Words) -> tuple[Cell, ...]:
    return (
        Cell(card.entitlement),
        Cell(card.title),
        Cell(words.of("stage", card.stage)),
        Cell(agency_name(edition, card.agency)),
        Cell(words.of("state", card.state.value)),
        *_figures(card),
        Cell(", ".join(card.indicators)) if card.indicators else _NONE,
    )


def _figures(card: ScorecardCell) -> tuple[Cell, ...]:
    estimate = card.estimate
    if estimate is None:
        empty = HIDDEN if card.state.value == "too_few" else _NONE
        return (empty,) * 6
    target = _NONE if card.target is None else Cell(card.target * 100)
    unsure = Cell(marker=Marker.LOW_RELIABILITY) if card.flag else Cell("sound")
    return (
        Cell(estimate.value * 100),
        Cell(estimate.low * 100),
        Cell(estimate.high * 100),
        Cell(estimate.base),
        target,
        unsure,
    )


def counts_table(
    results: Results, edition: CodeEdition, words: Words, *, by: str
) -> Table:
    """How many cells are in each state, by ``stage`` or by ``agency``."""
    found = cards(results, edition, words)
    states = [s for s in SIGNS if any(card.state.value == s for card in found)]
    groups: dict[str, list[ScorecardCell]] = {}
    for card in found:
        groups.setdefault(card.stage if by == "stage" else card.agency, []).append(card)
    rows = [
        (
            Cell(_group(by, name, edition, words)),
            *(Cell(sum(card.state.value == s for card in members)) for s in states),
            Cell(len(members)),
        )
        for name, members in groups.items()
    ]
    columns = [
        Column(by, words.of("variable", by)),
        *(Column(s, words.of("state", s), Kind.COUNT) for s in states),
        Column("all", "All", Kind.COUNT),
    ]
    return Table(
        id=f"scorecard-by-{by}",
        title=f"States of the Code's entitlements, by {words.of('variable', by).lower()}",
        units="Number of entitlements at an agency",
        columns=tuple(columns),
        rows=tuple(rows),
        notes=(words.of("note", "counts"),),
    )


def _group(by: str, name: str, edition: CodeEdition, words: Words) -> str:
    if by == "stage":
        return words.of("stage", name)
    return agency_name(edition, name)


def scorecard_html(results: Results, edition: CodeEdition, words: Words) -> str:
    """One section a stage; each row is a card on a narrow screen."""
    found = cards(results, edition, words)
    stages = dict.fromkeys(card.stage for card in found)
    return "\n".join(
        _stage_html(stage, [c for c in found if c.stage == stage], edition, words)
        for stage in stages
    )


_HEADS = ("Entitlement", "Agency", "State", "Kept, as victims say", "People asked")


def _stage_html(
    stage: str, found: Sequence[ScorecardCell], edition: CodeEdition, words: Words
) -> str:
    title = escape(words.of("stage", stage))
    head = "".join(
        f'<th scope="col" role="columnheader">{name}</th>' for name in _HEADS
    )
    body = "\n".join(_card_html(card, edition, words) for card in found)
    return (
        f'<h2 id="stage-{escape(stage)}">{title}</h2>\n'
        f'<table class="cards" role="table" aria-labelledby="stage-{escape(stage)}">'
        f'<thead role="rowgroup"><tr role="row">{head}</tr></thead>\n'
        f'<tbody role="rowgroup">\n{body}\n</tbody></table>\n'
    )


def _card_html(card: ScorecardCell, edition: CodeEdition, words: Words) -> str:
    agency = escape(agency_name(edition, card.agency))
    cells = (
        ("", agency),
        (f' class="state {card.state.value}"', state_html(card.state.value, words)),
        ("", _kept_html(card, words)),
        ("", _base_html(card)),
    )
    body = "".join(
        f'<td role="cell" data-head="{name}"{css}>{content}</td>'
        for name, (css, content) in zip(_HEADS[1:], cells, strict=True)
    )
    return (
        f'<tr role="row"><th scope="row" role="rowheader">{escape(card.title)} '
        f'<span class="code">{escape(card.entitlement)}</span></th>{body}</tr>'
    )


def state_html(state: str, words: Words) -> str:
    """A state as sign and words; the sign is for the eye, the words for everyone."""
    label = escape(words.of("state", state))
    sign = f'<span class="sign" aria-hidden="true">{SIGNS[state]}</span>'
    return f"{sign} {label}"


def _kept_html(card: ScorecardCell, words: Words) -> str:
    if card.estimate is None:
        marker = Marker.CONFIDENTIAL if card.state.value == "too_few" else _NONE.marker
        return escape(words.of("why", str(marker.value if marker else "z")))
    unsure = f" {Marker.LOW_RELIABILITY}" if card.flag else ""
    target = f", target {share(card.target)}" if card.target is not None else ""
    return (
        f"<strong>{share(card.estimate.value)}</strong>{unsure} "
        f'<span class="quiet">{interval(card.estimate)}{target}</span>'
    )


def _base_html(card: ScorecardCell) -> str:
    if card.estimate is None:
        empty = Marker.CONFIDENTIAL if card.state.value == "too_few" else _NONE.marker
        return escape(str(empty))
    return f"{card.estimate.base:,}"
