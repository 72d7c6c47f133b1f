"""Turns the results of a run into tables, charts and headline figures, in reading order.

It adds no figure of its own and never looks behind a hidden one: before anything is
made, the whole of the results is audited against the study's rule (SAF-53).
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import Field, dataclass, replace
from typing import Any, ClassVar, Protocol, TypeVar

from harken.method.compliance import Indicator, IndicatorResult, Results
from harken.method.errors import refuse
from harken.method.estimation import Estimate
from harken.method.publication.chart import Bar, Chart, Shape, sort_bars
from harken.method.publication.faults import GIVES_BACK, NOT_HIDDEN
from harken.method.publication.table import (
    HIDDEN,
    Cell,
    Column,
    Kind,
    Marker,
    Table,
    cell,
)
from harken.method.terms import Arm

SOUND = Cell("sound")


class Figure(Protocol):
    """Any result that may carry an estimate."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    @property
    def estimate(self) -> Estimate | None:
        """The figure, or None when it is hidden."""


Shown = TypeVar("Shown", bound=Figure)


@dataclass(frozen=True, slots=True)
class Words:
    """Labels for people, by list and code, such as ``stage`` and ``pre-trial``."""

    lists: Mapping[str, Mapping[str, str]]

    def of(self, name: str, code: str) -> str:
        """The label of a code; the code itself, made readable, when none was given."""
        label = self.lists.get(name, {}).get(code)
        return label or code.replace("_", " ").capitalize()


@dataclass(frozen=True, slots=True)
class Headline:
    """One figure for the top of the page; ``share`` is None when it may not be shown."""

    indicator: str
    title: str
    among: str
    share: str | None
    interval: str
    base: str
    unsure: bool


@dataclass(frozen=True, slots=True)
class Context:
    """What the figures are about, and the study's rule on what may be shown.

    ``threshold`` is the fewest people a figure may stand on; percentages are published
    to ``round_to`` percentage points.
    """

    place_and_period: str
    source: str
    threshold: int
    round_to: float = 1

    @property
    def percent(self) -> Kind:
        """The kind of column that prints a published percentage."""
        return Kind.PERCENT if self.round_to >= 1 else Kind.FINE_PERCENT


def audit(results: Results, threshold: int) -> None:
    """Raise PUB-003 for a figure on too few people, PUB-002 for one given back.

    A hidden category is given back when it alone is hidden in its breakdown and what
    is left of the total, once the shown categories are taken away, is a small count.
    """
    for result in results.indicators:
        if result.estimate is not None and result.estimate.base < threshold:
            raise refuse(NOT_HIDDEN, threshold=threshold)
    groups: dict[tuple[str, Arm, str], list[IndicatorResult]] = {}
    for result in results.indicators:
        if result.breakdown is not None:
            key = (result.indicator, result.arm, result.breakdown)
            groups.setdefault(key, []).append(result)
    for (indicator, arm, breakdown), members in groups.items():
        total = results.overall(indicator, arm)
        hidden = [m for m in members if m.estimate is None]
        if len(hidden) != 1 or total is None or total.estimate is None:
            continue
        shown = sum(m.estimate.base for m in members if m.estimate is not None)
        if total.estimate.base - shown < threshold:
            raise refuse(GIVES_BACK, indicator=indicator, breakdown=breakdown)


def rounded(results: Results, step: float) -> Results:
    """Results whose shares and limits are as coarse as the rule allows them to be shown.

    ``step`` is in percentage points. Done once, before anything is made of them, so
    that no rendering can show more.
    """
    if not step:
        return results
    return replace(
        results,
        indicators=tuple(_coarse(item, step) for item in results.indicators),
        pooled=tuple(_coarse(item, step) for item in results.pooled),
        scorecard=tuple(_coarse(item, step) for item in results.scorecard),
    )


def _coarse(item: Shown, step: float) -> Shown:
    if item.estimate is None:
        return item

    def near(share: float) -> float:
        return math.floor(share * 100 / step + 0.5) * step / 100

    e = item.estimate
    coarse = replace(e, value=near(e.value), low=near(e.low), high=near(e.high), se=0.0)
    return replace(item, estimate=coarse)


def headlines(results: Results) -> tuple[Headline, ...]:
    """The plan's headline figures, sampled arm, in the plan's order."""
    made = []
    for name in results.headlines:
        measure = results.measure(name)
        result = results.overall(name)
        estimate = result.estimate if result else None
        made.append(
            Headline(
                indicator=name,
                title=measure.title,
                among=measure.among,
                share=percent(estimate.value) if estimate else None,
                interval=interval(estimate) if estimate else "",
                base=f"{estimate.base:,}" if estimate else "",
                unsure=bool(result and result.flag),
            )
        )
    return tuple(made)


def percent(share: float) -> str:
    """A share of 0 to 1 as a whole percentage."""
    return f"{share * 100:.0f}%"


def interval(estimate: Estimate) -> str:
    """The limits of an interval in words: ``28% to 34%``."""
    return f"{percent(estimate.low)} to {percent(estimate.high)}"


def measure_columns(arm: Arm, percent: Kind) -> tuple[Column, ...]:
    """The figure columns of an arm; the open arm has no weights."""
    weighted = (
        Column("weighted_base", "Weighted base", Kind.COUNT),
        Column("effective_base", "Effective base", Kind.COUNT),
    )
    return (
        Column("percent", "Percentage", percent),
        Column("low", "Lower limit", percent),
        Column("high", "Upper limit", percent),
        Column("base", "People asked", Kind.COUNT),
        *(weighted if arm is Arm.SAMPLE else ()),
        Column("reliability", "Reliability"),
    )


def measure_cells(result: IndicatorResult, arm: Arm) -> tuple[Cell, ...]:
    """The cells of one figure in the order of ``measure_columns``."""
    estimate = result.estimate
    columns = measure_columns(arm, Kind.PERCENT)
    if estimate is None:
        return (HIDDEN,) * len(columns)
    values = {
        "percent": Cell(estimate.value * 100),
        "low": Cell(estimate.low * 100),
        "high": Cell(estimate.high * 100),
        "base": Cell(estimate.base),
        "weighted_base": Cell(estimate.weighted_base),
        "effective_base": Cell(estimate.effective_base),
        "reliability": Cell(marker=Marker.LOW_RELIABILITY) if result.flag else SOUND,
    }
    return tuple(values[column.key] for column in columns)


def result_tables(
    results: Results, words: Words, context: Context
) -> tuple[Table, ...]:
    """Every indicator over all and by every breakdown, each arm in tables of its own."""
    tables = []
    for arm in Arm:
        if not any(result.arm is arm for result in results.indicators):
            continue
        tables.append(_overall(results, arm, words, context))
        for breakdown in results.breakdowns:
            table = _broken_down(results, arm, breakdown, words, context)
            if table.rows:
                tables.append(table)
    if results.pooled:
        tables.append(_pooled(results, context))
    return tuple(tables)


def _overall(results: Results, arm: Arm, words: Words, context: Context) -> Table:
    rows = []
    for measure in results.measures:
        result = results.overall(measure.id, arm)
        if result is not None:
            rows.append((*_names(measure, words), *measure_cells(result, arm)))
    return Table(
        id=f"indicators-{arm.value}",
        title=f"All indicators, {words.of('arm', arm.value)}",
        units=words.of("units", arm.value),
        columns=(*_NAMES, *measure_columns(arm, context.percent)),
        rows=tuple(rows),
        notes=(context.place_and_period, words.of("caution", arm.value)),
        heads=2,
    )


_NAMES = (
    Column("indicator", "Indicator"),
    Column("title", "Title"),
    Column("stage", "Stage"),
    Column("among", "Among"),
)


def _names(measure: Indicator, words: Words) -> tuple[Cell, ...]:
    stage = words.of("stage", measure.stage)
    return (Cell(measure.id), Cell(measure.title), Cell(stage), cell(measure.among))


def _broken_down(
    results: Results, arm: Arm, breakdown: str, words: Words, context: Context
) -> Table:
    rows = []
    for measure in results.measures:
        for result in results.within(measure.id, arm, breakdown):
            label = words.of(breakdown, str(result.category))
            names = (Cell(measure.id), Cell(measure.title), Cell(label))
            rows.append((*names, *measure_cells(result, arm)))
    title = words.of("variable", breakdown)
    return Table(
        id=f"by-{breakdown.replace('_', '-')}-{arm.value}",
        title=f"All indicators by {title.lower()}, {words.of('arm', arm.value)}",
        units=words.of("units", arm.value),
        columns=(
            *_NAMES[:2],
            Column("category", title),
            *measure_columns(arm, context.percent),
        ),
        rows=tuple(rows),
        notes=(context.place_and_period, words.of("caution", arm.value)),
        heads=3,
    )


def _pooled(results: Results, context: Context) -> Table:
    rows = []
    for pooled in results.pooled:
        like = IndicatorResult(
            indicator=pooled.indicator,
            arm=Arm.OPEN,
            breakdown=None,
            category=None,
            estimate=pooled.estimate,
            suppression=pooled.suppression,
            flag=pooled.flag,
        )
        names = (Cell(pooled.indicator), Cell(results.measure(pooled.indicator).title))
        rows.append((*names, *measure_cells(like, Arm.OPEN)))
    return Table(
        id="indicators-pooled",
        title="All indicators, both arms together by an explicit choice",
        units="Per cent of people",
        columns=(*_NAMES[:2], *measure_columns(Arm.OPEN, context.percent)),
        rows=tuple(rows),
        notes=(context.place_and_period, *results.decisions),
        heads=2,
    )


def result_charts(
    results: Results, words: Words, context: Context
) -> tuple[Chart, ...]:
    """The headlines, one chart a stage, and each headline by every breakdown."""
    charts = [_headline_chart(results, context)] if results.headlines else []
    charts += _topic_charts(results, words, context)
    for stage in dict.fromkeys(measure.stage for measure in results.measures):
        charts += _stage_chart(results, stage, words, context)
    for name in results.headlines:
        for breakdown in results.breakdowns:
            charts += _breakdown_chart(results, name, breakdown, words, context)
    return tuple(charts)


def bar(label: str, result: IndicatorResult | None) -> Bar:
    """The row of a figure; empty when it is hidden or nobody was asked."""
    if result is None or result.estimate is None:
        return Bar(label)
    estimate = result.estimate
    return Bar(
        label,
        value=estimate.value * 100,
        low=estimate.low * 100,
        high=estimate.high * 100,
        base=estimate.base,
        unsure=bool(result.flag),
    )


def _headline_chart(results: Results, context: Context) -> Chart:
    bars = [
        bar(results.measure(n).title, results.overall(n)) for n in results.headlines
    ]
    return Chart(
        id="headlines",
        title="The headline figures",
        subtitle=f"Per cent of those asked. {context.place_and_period}",
        source=context.source,
        table="indicators-sample",
        bars=sort_bars(bars),
    )


def topic(results: Results, words: Words, name: str) -> tuple[Indicator, ...]:
    """The indicators whose title has the word that the words list for a topic."""
    word = words.lists.get("topic", {}).get(name)
    if word is None:
        return ()
    pattern = re.compile(rf"\b{re.escape(word)}\b", re.IGNORECASE)
    return tuple(m for m in results.measures if pattern.search(m.title))


def _topic_charts(results: Results, words: Words, context: Context) -> list[Chart]:
    charts = []
    for name in words.lists.get("topic", {}):
        title = words.of("topic_title", name)
        measures = topic(results, words, name)
        charts += _group_chart(f"topic-{name}", title, results, measures, context)
    return charts


def _stage_chart(
    results: Results, stage: str, words: Words, context: Context
) -> list[Chart]:
    measures = [m for m in results.measures if m.stage == stage]
    title = words.of("stage", stage)
    return _group_chart(f"stage-{stage}", title, results, measures, context)


def _group_chart(
    name: str,
    title: str,
    results: Results,
    measures: Sequence[Indicator],
    context: Context,
) -> list[Chart]:
    pairs = [(m, results.overall(m.id)) for m in measures]
    pairs = [(m, result) for m, result in pairs if result is not None]
    if not pairs:
        return []
    return [
        Chart(
            id=name,
            title=f"{title}: {_finding(pairs)}",
            subtitle=f"Per cent of those each was asked of. {context.place_and_period}",
            source=context.source,
            table="indicators-sample",
            bars=sort_bars([bar(m.title, result) for m, result in pairs]),
        )
    ]


def _finding(pairs: Sequence[tuple[Indicator, IndicatorResult | None]]) -> str:
    """What the rows of a chart say together, as a heading."""
    shown = [
        r.estimate.value for _, r in pairs if r is not None and r.estimate is not None
    ]
    if not shown:
        return "too few people to show"
    if len(shown) == 1:
        return percent(shown[0])
    return f"from {percent(min(shown))} to {percent(max(shown))}"


def _breakdown_chart(
    results: Results, name: str, breakdown: str, words: Words, context: Context
) -> list[Chart]:
    found = results.within(name, Arm.SAMPLE, breakdown)
    if not found:
        return []
    bars = [bar(words.of(breakdown, str(r.category)), r) for r in found]
    measure = results.measure(name)
    variable = words.of("variable", breakdown).lower()
    return [
        Chart(
            id=f"{name.lower()}-{breakdown.replace('_', '-')}",
            title=f"{measure.title}, by {variable}",
            subtitle=f"Per cent. {context.place_and_period}",
            source=context.source,
            table=f"by-{breakdown.replace('_', '-')}-sample",
            bars=tuple(bars) if variable.startswith("age") else sort_bars(bars),
            shape=Shape.DOT,
        )
    ]
