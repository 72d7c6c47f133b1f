"""``harken analysis``: run the plan, list runs, show weights, indicators, scorecard."""

from __future__ import annotations

import argparse
from pathlib import Path

from django.utils import timezone

from harken.method.compliance import Results
from harken.method.errors import Exit, refuse
from harken.method.estimation import Estimate
from harken.service import terminal
from harken.service.analysis import actions, faults, queries, tables

HIDDEN = "[c]"


def register(rooms: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the room's subcommands."""
    room = rooms.add_parser(
        "analysis",
        help="analysis: run, list, show, weights, indicators, scorecard",
        description="Weights the responses of a study to its population, estimates "
        "every indicator of its plan, hides what must be hidden, and fills the "
        "scorecard. A run is kept; publication releases the newest.",
    )
    verbs = room.add_subparsers(dest="verb", required=True)
    run = verbs.add_parser("run", help="run the study's analysis plan and keep it")
    run.add_argument("study")
    run.add_argument(
        "--plan",
        type=Path,
        metavar="FILE",
        help="another analysis.yaml than the folder's",
    )
    run.set_defaults(run=_run)
    listed = verbs.add_parser("list", help="the runs that are kept")
    listed.set_defaults(run=_list)
    for verb, does, says in (
        ("show", _show, "facts and headline figures"),
        ("weights", _weights, "what weighting did: steps, margins, what it cost"),
        ("indicators", _indicators, "figures with intervals, bases and flags"),
        ("scorecard", _scorecard, "entitlements by agency and stage"),
    ):
        one = verbs.add_parser(verb, help=says)
        one.add_argument("study")
        one.add_argument("--number", type=int, help="a run other than the newest")
        if verb in ("indicators", "scorecard"):
            one.add_argument("--csv", type=Path, metavar="FILE", help="write CSV there")
        if verb == "indicators":
            one.add_argument("--by", default="", metavar="VARIABLE", help="a breakdown")
            one.add_argument("--indicator", default="", metavar="ID")
            one.add_argument("--arm", default="", choices=["", "sample", "open"])
        one.set_defaults(run=does)


def _run(args: argparse.Namespace) -> Exit:
    files = None
    if args.plan is not None:
        if not args.plan.is_file():
            raise refuse(faults.NO_FILE, path=args.plan.name)
        files = {actions.PLAN: args.plan.read_text(encoding="utf-8")}
    made = actions.run(args.study, files, by=terminal.operator(), at=timezone.now())
    terminal.say(
        f"Run {made.pk} of {made.study}: {made.responses} responses, {made.figures} "
        f"figures, {made.hidden} of them hidden."
    )
    _headlines(queries.results_of(made))
    return Exit.DONE


def _list(args: argparse.Namespace) -> Exit:
    rows = [
        (
            run.pk,
            run.study,
            f"{run.made_at:%Y-%m-%d %H:%M}",
            run.responses,
            run.digest[:12],
        )
        for run in queries.runs()
    ]
    if not rows:
        terminal.say("No study has been analysed yet. Begin: harken analysis run STUDY")
        return Exit.DONE
    terminal.table(("run", "study", "made", "responses", "digest"), rows)
    return Exit.DONE


def _results(args: argparse.Namespace) -> Results:
    return queries.results_of(queries.run_of(args.study, args.number))


def _show(args: argparse.Namespace) -> Exit:
    results = _results(args)
    terminal.table(("fact", "value"), sorted(results.facts.items()))
    terminal.say()
    _headlines(results)
    return Exit.DONE


def _headlines(results: Results) -> None:
    rows = []
    for name in results.headlines:
        result = results.overall(name)
        estimate = result.estimate if result else None
        rows.append((name, results.measure(name).title, *_figure(estimate)))
    terminal.table(("id", "indicator", "share", "interval", "base", "eff. base"), rows)


def _figure(estimate: Estimate | None) -> tuple[str, str, str, str]:
    if estimate is None:
        return HIDDEN, "", "", ""
    return (
        f"{estimate.value:.1%}",
        f"{estimate.low:.1%} to {estimate.high:.1%}",
        str(estimate.base),
        f"{estimate.effective_base:.0f}",
    )


def _weights(args: argparse.Namespace) -> Exit:
    report = _results(args).weights
    if report is None:
        terminal.say("The sampled arm has no responses, so nothing was weighted.")
        return Exit.DONE
    terminal.table(
        ("step", "detail", "smallest", "largest", "design effect", "effective base"),
        [
            (
                step.name,
                step.detail,
                f"{step.after.smallest:.2f}",
                f"{step.after.largest:.2f}",
                f"{step.after.design_effect:.3f}",
                f"{step.after.effective_base:.0f}",
            )
            for step in report.steps
        ],
    )
    terminal.say()
    terminal.table(
        ("margin", "category", "population", "unweighted", "weighted"),
        [
            (
                " by ".join(row.variables),
                " ".join(row.category),
                f"{row.population:.1%}",
                "" if row.unweighted is None else f"{row.unweighted:.1%}",
                f"{row.weighted:.1%}",
            )
            for row in report.margins
        ],
    )
    for item in report.collapsed:
        terminal.say(
            f"Collapsed: {' '.join(item.category)} into {' '.join(item.into)} "
            f"({item.reason})."
        )
    return Exit.DONE


def _indicators(args: argparse.Namespace) -> Exit:
    results = _results(args)
    if args.csv is not None:
        args.csv.write_text(tables.indicators_csv(results), encoding="utf-8")
        terminal.say(f"Wrote {args.csv.name}.")
        return Exit.DONE
    wanted = queries.Filter(args.indicator, args.by, args.arm)
    rows = [
        (
            row.result.indicator,
            row.title,
            row.result.arm.value,
            row.category,
            *_figure(row.result.estimate),
            row.result.flag,
        )
        for row in queries.rows(results, wanted, queries.words(args.study))
    ]
    heads = ("id", "indicator", "arm", "category", "share", "interval", "base")
    terminal.table((*heads, "eff. base", "flag"), rows)
    return Exit.DONE


def _scorecard(args: argparse.Namespace) -> Exit:
    results = _results(args)
    if args.csv is not None:
        args.csv.write_text(tables.scorecard_csv(results), encoding="utf-8")
        terminal.say(f"Wrote {args.csv.name}.")
        return Exit.DONE
    rows = [
        (
            cell.stage,
            cell.entitlement,
            cell.agency,
            cell.title,
            cell.state.value,
            *_figure(cell.estimate)[:3],
        )
        for cell in results.scorecard
    ]
    heads = ("stage", "entitlement", "agency", "title", "state", "share", "interval")
    terminal.table((*heads, "base"), rows)
    return Exit.DONE
