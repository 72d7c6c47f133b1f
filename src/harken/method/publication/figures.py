"""All the figures of one release together, and each as a file.

The order is the reading order; ids are file names. Nothing is written here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from harken.method.compliance import CodeEdition, Indicator, Results
from harken.method.publication.chart import Chart, chart_svg
from harken.method.publication.findings import (
    Context,
    Headline,
    Words,
    audit,
    headlines,
    result_charts,
    result_tables,
    rounded,
    topic,
)
from harken.method.publication.scorecard import (
    agency_name,
    counts_table,
    scorecard_table,
)
from harken.method.publication.spreadsheet import Cover, tables_ods
from harken.method.publication.table import (
    HIDDEN,
    Cell,
    Column,
    Kind,
    Marker,
    Table,
    cell,
    table_csv,
    table_metadata,
)
from harken.method.terms import Arm
from harken.method.weighting import WeightReport

Count = tuple[str, int]
NONE = Marker.NOT_APPLICABLE


@dataclass(frozen=True, slots=True)
class Figures:
    """What a release shows: the run, its labels, and all tables and charts by id."""

    results: Results
    edition: CodeEdition
    words: Words
    headlines: tuple[Headline, ...]
    tables: Mapping[str, Table]
    charts: Mapping[str, Chart]

    @property
    def shorthand(self) -> tuple[tuple[str, str], ...]:
        """Every shorthand with its meaning."""
        return tuple((str(marker), marker.meaning) for marker in Marker)

    def agency(self, name: str) -> str:
        """An agency's name, short enough for a line of text."""
        return agency_name(self.edition, name)

    def topic(self, name: str) -> tuple[Indicator, ...]:
        """The indicators of a topic, in the plan's order."""
        return topic(self.results, self.words, name)


def make_figures(
    results: Results,
    edition: CodeEdition,
    words: Words,
    context: Context,
    *,
    exclusions: Sequence[Count] = (),
    counts: Mapping[str, int] | None = None,
) -> Figures:
    """Audit the results, then make every table and chart of them.

    ``exclusions`` are counts of people left out, by reason; ``counts`` other counts of
    the fieldwork. Raises HarkenError PUB-002
    or PUB-003 when the results would show what must stay hidden.
    """
    audit(results, context.threshold)
    results = rounded(results, context.round_to)
    arms = [arm for arm in Arm if any(c.arm is arm for c in results.scorecard)]
    tables = [
        *(counts_table(results, edition, words, by=by) for by in ("stage", "agency")),
        *(
            scorecard_table(results, edition, words, arm=arm, percent=context.percent)
            for arm in arms
        ),
        *result_tables(results, words, context),
        _definitions(results, edition, words),
        _fieldwork(results, words, counts or {}, context.threshold),
        _exclusions(words, exclusions, context.threshold),
        *(_weighting(results.weights, words) if results.weights else ()),
    ]
    return Figures(
        results=results,
        edition=edition,
        words=words,
        headlines=headlines(results),
        tables={table.id: table for table in tables if table.rows},
        charts={chart.id: chart for chart in result_charts(results, words, context)},
    )


def figure_files(figures: Figures, cover: Cover) -> dict[str, bytes]:
    """Every table as CSV with its metadata, all as one spreadsheet, every chart."""
    files = {}
    for table in figures.tables.values():
        files[f"tables/{table.id}.csv"] = table_csv(table)
        files[f"tables/{table.id}.csv-metadata.json"] = table_metadata(
            table,
            language=cover.language,
            publisher=cover.publisher,
            issued=cover.issued,
        )
    files["tables.ods"] = tables_ods(cover, tuple(figures.tables.values()))
    for chart in figures.charts.values():
        files[f"charts/{chart.id}.svg"] = chart_svg(chart).encode()
    return files


def _definitions(results: Results, edition: CodeEdition, words: Words) -> Table:
    """What each indicator counts, of whom, and which kinds of no answer it keeps."""
    rows = tuple(
        (
            Cell(measure.id),
            Cell(measure.title),
            Cell(words.of("stage", measure.stage)),
            Cell(agency_name(edition, measure.agency)),
            cell(measure.among),
            cell(measure.positive),
            cell(", ".join(words.of("refusal", k.word) for k in measure.in_base), NONE),
            Cell(measure.target * 100),
            cell(", ".join(measure.entitlements), NONE),
        )
        for measure in results.measures
    )
    return Table(
        id="definitions",
        title="What each indicator measures",
        units=words.of("note", "definitions"),
        columns=(
            Column("indicator", "Indicator"),
            Column("title", "Title"),
            Column("stage", "Stage"),
            Column("agency", "Agency"),
            Column("among", "Asked of"),
            Column("positive", "Counts when"),
            Column("in_base", "No answers that stay in the base"),
            Column("target", "Target", Kind.PERCENT),
            Column("entitlements", "Entitlements of the Code"),
        ),
        rows=rows,
        heads=2,
    )


def _fieldwork(
    results: Results, words: Words, counts: Mapping[str, int], threshold: int
) -> Table:
    """Counts and rates in the order of the words' list, then by name."""
    order = list(words.lists.get("fact", {}))
    facts = {**counts, **results.facts}
    names = sorted(
        facts, key=lambda n: (order.index(n) if n in order else len(order), n)
    )
    small = {name for name, count in counts.items() if 0 < count < threshold}
    rows = tuple(
        (
            Cell(words.of("fact", name)),
            HIDDEN if name in small else cell(_fact(name, facts[name])),
        )
        for name in names
    )
    return Table(
        id="fieldwork",
        title="Fieldwork: cases, interviews and rates",
        units=words.of("note", "fieldwork"),
        columns=(Column("what", "What"), Column("figure", "Figure")),
        rows=rows,
    )


def _exclusions(words: Words, exclusions: Sequence[Count], threshold: int) -> Table:
    return Table(
        id="exclusions",
        title="People left out of the sample before the draw, by reason",
        units="Number of people in the sample file",
        columns=(Column("reason", "Reason"), Column("count", "People", Kind.COUNT)),
        rows=_safe_counts(exclusions, words, threshold),
    )


def _fact(name: str, value: float | str) -> str:
    """A rate of 0 to 1 as a percentage, a count with its thousands marked."""
    if isinstance(value, str):
        return value
    if name.startswith("rate_"):
        return f"{value * 100:.1f}%"
    return f"{value:,}" if isinstance(value, int) else f"{value:,.2f}"


def _safe_counts(
    counts: Sequence[Count], words: Words, threshold: int
) -> tuple[tuple[Cell, ...], ...]:
    """Small counts hidden; one hidden alone takes the next smallest with it."""
    hidden = {name for name, count in counts if 0 < count < threshold}
    if len(hidden) == 1:
        others = [
            (count, name) for name, count in counts if name not in hidden and count
        ]
        hidden |= {min(others)[1]} if others else set()
    return tuple(
        (Cell(words.of("reason", name)), HIDDEN if name in hidden else Cell(count))
        for name, count in counts
    )


def _weighting(report: WeightReport, words: Words) -> tuple[Table, ...]:
    def labels(names: Sequence[str], codes: Sequence[str]) -> str:
        pairs = zip(names, codes, strict=False)
        return ", ".join(words.of(name, code) for name, code in pairs)

    steps = tuple(
        (
            Cell(words.of("step", step.name)),
            cell(step.detail.replace("_", " ")),
            Cell(step.after.smallest),
            Cell(step.after.largest),
            Cell(step.after.design_effect),
            Cell(step.after.effective_base),
        )
        for step in report.steps
    )
    margins = tuple(
        (
            Cell(" by ".join(words.of("variable", v).lower() for v in row.variables)),
            Cell(labels(row.variables, row.category)),
            Cell(row.population * 100),
            HIDDEN if row.responses is None else Cell(row.responses),
            HIDDEN if row.unweighted is None else Cell(row.unweighted * 100),
            Cell(row.weighted * 100),
        )
        for row in report.margins
    )
    return (
        Table(
            id="weighting-steps",
            title="Weighting, step by step",
            units="Weights relative to their mean; effective base in people",
            columns=(
                Column("step", "Step"),
                Column("detail", "How"),
                Column("smallest", "Smallest weight", Kind.NUMBER),
                Column("largest", "Largest weight", Kind.NUMBER),
                Column("design_effect", "Design effect", Kind.NUMBER),
                Column("effective_base", "Effective base", Kind.COUNT),
            ),
            rows=steps,
        ),
        Table(
            id="weighting-margins",
            title="The sampled arm beside the population",
            units="Per cent of the population and of the responses",
            columns=(
                Column("variables", "Margin"),
                Column("category", "Category"),
                Column("population", "Population", Kind.FINE_PERCENT),
                Column("responses", "Responses", Kind.COUNT),
                Column("unweighted", "Unweighted", Kind.FINE_PERCENT),
                Column("weighted", "Weighted", Kind.FINE_PERCENT),
            ),
            rows=margins,
            heads=2,
        ),
    )
