"""What the texts of a release may say: every number and name, taken from the run.

The sentences are in the templates; here is only what fills them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from harken.method.compliance import CodeEdition, Results, ScorecardCell
from harken.method.disclosure import Policy
from harken.method.publication import Figures, Words
from harken.method.questionnaire import Questionnaire
from harken.method.study import Folder
from harken.method.study.promised import Promised
from harken.method.terms import Arm

LISTED = 6


@dataclass(frozen=True, slots=True)
class Material:
    """Everything a release is made from.

    ``exclusions`` are counts of people left out by reason, ``counts`` other counts of
    the fieldwork that the results do not hold.
    """

    results: Results
    folder: Folder
    questionnaire: Questionnaire
    edition: CodeEdition
    policy: Policy
    exclusions: tuple[tuple[str, int], ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    promised: tuple[Promised, ...] = ()


@dataclass(frozen=True, slots=True)
class Edition:
    """Which issue of a release this is, and whether anyone may see it yet."""

    version: int = 1
    corrects: int | None = None
    reason: str = ""
    preview: bool = False


def context(material: Material, figures: Figures, words: Words) -> dict[str, Any]:
    """Everything the templates may print, apart from the issue and the page."""
    charter = material.folder.charter
    results = figures.results
    return {
        "title": charter.title,
        "publisher": charter.controller.name,
        "contact": charter.controller.contact,
        "processor": charter.processor.name,
        "language": str(charter.source_language),
        "issued": charter.calendar.publish,
        "calendar": charter.calendar,
        "code_title": material.edition.title,
        "code_id": material.edition.id,
        "threshold": material.policy.threshold,
        "flag_below": material.policy.flag_below,
        "confidence": f"{results.confidence * 100:g}",
        "rules": results.rules,
        "decisions": results.decisions,
        "methods": ", ".join(sorted(_methods(results))),
        "tables": tuple(figures.tables.values()),
        "charts": tuple(figures.charts.values()),
        **_chart_order(results, figures, words),
        "shorthand": figures.shorthand,
        **_judgement(results, figures),
        **_support(figures),
        **_fieldwork(results),
        **_design(material, words),
        **_weights(results, words),
        **_versions(material, words),
    }


def _chart_order(results: Results, figures: Figures, words: Words) -> dict[str, Any]:
    """The stages that have a chart, and each headline with its charts by group."""
    used = dict.fromkeys(measure.stage for measure in results.measures)
    known = [stage for stage in words.lists.get("stage", {}) if stage in used]
    stages = dict.fromkeys((*known, *used))
    groups = []
    for name in results.headlines:
        prefix = f"{name.lower()}-"
        charts = [c for key, c in figures.charts.items() if key.startswith(prefix)]
        groups.append({"title": results.measure(name).title, "charts": charts})
    return {
        "stages": [
            {"id": stage, "title": words.of("stage", stage)}
            for stage in stages
            if f"stage-{stage}" in figures.charts
        ],
        "groups": [group for group in groups if group["charts"]],
    }


def _methods(results: Results) -> set[str]:
    return {r.estimate.method for r in results.indicators if r.estimate is not None}


def _judgement(results: Results, figures: Figures) -> dict[str, Any]:
    """Counts of states, and the duties furthest from and furthest over their target."""
    found = [card for card in results.scorecard if card.arm.value == "sample"]
    counts = dict.fromkeys(("met", "not_met", "inconclusive", "too_few"), 0)
    for card in found:
        if card.state.value in counts:
            counts[card.state.value] += 1
    broken = [card for card in found if card.state.value == "not_met"]
    kept = [card for card in found if card.state.value == "met"]
    return {
        "met": counts["met"],
        "not_met": counts["not_met"],
        "unclear": counts["inconclusive"],
        "too_few": counts["too_few"],
        "judged": counts["met"] + counts["not_met"] + counts["inconclusive"],
        "broken": _items(sorted(broken, key=_distance), figures),
        "kept": _items(sorted(kept, key=_distance, reverse=True), figures),
    }


def _distance(card: ScorecardCell) -> tuple[float, str, str]:
    value = card.estimate.value if card.estimate else 0.0
    return (value - (card.target or 0.0), card.entitlement, card.agency)


def _items(
    cards: Sequence[ScorecardCell], figures: Figures
) -> tuple[dict[str, str], ...]:
    """Each duty once: several agencies that owe it and fare alike share a line."""
    made: dict[tuple[str, str], dict[str, str]] = {}
    for card in cards:
        if card.estimate is None:
            continue
        agency = figures.agency(card.agency)
        figure = _figure(card.estimate.value, card.estimate.low, card.estimate.high)
        key = (card.entitlement, figure["share"])
        if key in made:
            made[key]["agency"] += f"; {agency}"
            continue
        base = f"{card.estimate.base:,}"
        made[key] = {"title": card.title, "agency": agency, "base": base, **figure}
    return tuple(made.values())[:LISTED]


def _figure(value: float, low: float, high: float) -> dict[str, str]:
    return {
        "share": f"{value * 100:.0f}%",
        "interval": f"{low * 100:.0f}% to {high * 100:.0f}%",
    }


def _support(figures: Figures) -> dict[str, Any]:
    """The figures that speak of support, in the plan's order."""
    items = []
    for measure in figures.topic("support"):
        result = figures.results.overall(measure.id)
        if result is not None and result.estimate is not None:
            e = result.estimate
            figure = _figure(e.value, e.low, e.high)
            items.append({"title": measure.title, "base": f"{e.base:,}", **figure})
    return {"support": tuple(items)}


def _fieldwork(results: Results) -> dict[str, Any]:
    facts = results.facts
    return {
        "sampled_interviews": _number(facts.get("interviews_sample", "")),
        "open_interviews": _number(facts.get("interviews_open", 0) or ""),
    }


def _number(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:,}"


def _design(material: Material, words: Words) -> dict[str, Any]:
    charter = material.folder.charter
    rules = charter.sampling.exclusions
    kept = ("domestic_abuse", "safeguarding_marker", "do_not_contact", "on_duty")
    excluded = [words.of("rule", name) for name in kept if getattr(rules, name)]
    strata = [words.of("variable", name).lower() for name in charter.sampling.strata]
    return {
        "lawful_basis": charter.lawful_basis,
        "open_arm": Arm.OPEN in charter.arms,
        "strata": ", ".join(strata),
        "seed": charter.sampling.seed,
        "one_per_household": charter.sampling.one_per_household,
        "opt_out_days": charter.contact.opt_out_days,
        "exclusions": rules,
        "exclusion_rules": excluded,
        "days": _days(material, words),
    }


def _days(material: Material, words: Words) -> list[tuple[str, dt.date]]:
    """The days of the fieldwork; of destruction, that of each promise."""
    days = [
        (words.of("day", name), day)
        for name, day in sorted(
            material.folder.charter.calendar.days().items(), key=_by_day
        )
        if name in words.lists.get("day", {})
    ]
    later = words.of("day", "destroy_later")
    for one in material.promised[1:]:
        since = f"{one.since:%d %B %Y}".lstrip("0")
        days.append((f"{later} {since}", one.destroy_by))
    return sorted(days, key=itemgetter(1))


def _by_day(item: tuple[str, dt.date]) -> tuple[dt.date, str]:
    return (item[1], item[0])


def _weights(results: Results, words: Words) -> dict[str, Any]:
    report = results.weights
    if report is None:
        return {"weights": None}
    margins = dict.fromkeys(row.variables for row in report.margins)
    named = (
        " by ".join(words.of("variable", v).lower() for v in names) for names in margins
    )
    return {
        "weights": report,
        "weighted_responses": f"{report.responses:,}",
        "population": f"{report.population:,.0f}",
        "effective_base": f"{report.effective_base:,.0f}",
        "margins": "; ".join(named),
    }


def _versions(material: Material, words: Words) -> dict[str, Any]:
    charter = material.folder.charter
    return {
        "references": [
            {"label": words.of("reference", r.kind), "value": r.value, "date": r.date}
            for r in charter.references
        ],
        "languages": " and ".join(words.of("language", x) for x in charter.languages),
        "questionnaire_version": material.questionnaire.version,
        "questionnaire_digest": material.questionnaire.digest,
        "study_digest": material.folder.digest,
        "plan_digest": material.results.plan_digest,
    }
