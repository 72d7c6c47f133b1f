"""Pages of the analysis room: runs, the weights report, indicators, the scorecard."""

from __future__ import annotations

from itertools import groupby

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from harken.method.compliance import Results
from harken.method.errors import HarkenError
from harken.method.terms import Arm
from harken.service.accounts.permissions import Permission, actor_of, requires
from harken.service.analysis import actions, queries, tables
from harken.service.analysis.models import AnalysisRun
from harken.service.study import queries as studies


@require_GET
@requires(Permission.ANALYSE)
def runs(request: HttpRequest) -> HttpResponse:
    """Every study with its runs; an empty list says how to begin."""
    return render(request, "analysis/runs.html", _studies())


@require_POST
@requires(Permission.ANALYSE)
def run(request: HttpRequest, slug: str) -> HttpResponse:
    """Run the analysis; what stands against it comes back on the same page."""
    try:
        made = actions.run(slug, by=actor_of(request), at=timezone.now())
    except HarkenError as error:
        context = {"findings": error.findings, "failed": slug} | _studies()
        return render(request, "analysis/runs.html", context, status=400)
    return redirect("analysis:report", slug=slug, number=made.pk)


@require_GET
@requires(Permission.ANALYSE)
def report(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One run: what weighting did, margins before and after, facts and decisions."""
    kept = _run(slug, number)
    results = queries.results_of(kept)
    rows = results.weights.margins if results.weights else ()
    margins = [
        (" by ".join(names), list(group))
        for names, group in groupby(rows, key=lambda row: row.variables)
    ]
    context = {"run": kept, "results": results, "margins": margins}
    return render(request, "analysis/report.html", context)


@require_GET
@requires(Permission.ANALYSE)
def indicators(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The indicator table, filtered by indicator, breakdown and arm in the address."""
    kept = _run(slug, number)
    results = queries.results_of(kept)
    wanted = queries.Filter(
        indicator=request.GET.get("indicator", ""),
        breakdown=request.GET.get("breakdown", ""),
        arm=request.GET.get("arm", ""),
    )
    rows = queries.rows(results, wanted, queries.words(slug))
    context = {"run": kept, "results": results, "wanted": wanted, "rows": rows}
    return render(request, "analysis/indicators.html", context | {"arms": list(Arm)})


@require_GET
@requires(Permission.ANALYSE)
def scorecard(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The scorecard by stage, with the state and the figure behind it."""
    kept = _run(slug, number)
    results = queries.results_of(kept)
    stages = [
        (stage, list(cells))
        for stage, cells in groupby(results.scorecard, key=lambda cell: cell.stage)
    ]
    context = {"run": kept, "results": results, "stages": stages}
    return render(request, "analysis/scorecard.html", context)


@require_GET
@requires(Permission.ANALYSE)
def json(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The results as kept."""
    kept = _run(slug, number)
    return _download(kept.results, f"{slug}-results.json", "application/json")


@require_GET
@requires(Permission.ANALYSE)
def indicators_csv(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Every figure that may be seen, as CSV."""
    text = tables.indicators_csv(_results(slug, number))
    return _download(text, f"{slug}-indicators.csv", "text/csv; charset=utf-8")


@require_GET
@requires(Permission.ANALYSE)
def scorecard_csv(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The scorecard as CSV."""
    text = tables.scorecard_csv(_results(slug, number))
    return _download(text, f"{slug}-scorecard.csv", "text/csv; charset=utf-8")


def _run(slug: str, number: int) -> AnalysisRun:
    try:
        return queries.run_of(slug, number)
    except HarkenError:
        raise Http404 from None


def _results(slug: str, number: int) -> Results:
    return queries.results_of(_run(slug, number))


def _studies() -> dict[str, object]:
    made = list(queries.runs())
    rows = [
        {"study": study, "runs": [run for run in made if run.study == study.slug]}
        for study in studies.all_studies()
    ]
    return {"rows": rows}


def _download(text: str, name: str, kind: str) -> HttpResponse:
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text, content_type=kind, headers=disposition)
