"""The results door: published releases for everyone, publishing for the few.

A release is served from its stored files, as listed and unchanged; nothing else in the
data folder can be asked for.
"""

from __future__ import annotations

import mimetypes
from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from harken.method.errors import HarkenError
from harken.service.accounts.permissions import Permission, actor_of, requires
from harken.service.publication import actions, queries, store

_TYPES = {
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".csv": "text/csv; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".svg": "image/svg+xml",
    ".pdf": "application/pdf",
}
_SAVED = {".ods", ".csv"}


@require_GET
def releases(request: HttpRequest) -> HttpResponse:
    """Every release in force; a sentence when there is none."""
    return render(
        request, "publication/releases.html", {"releases": queries.in_force()}
    )


@require_GET
def page(
    request: HttpRequest, slug: str, path: str = "", version: int | None = None
) -> HttpResponse:
    """One file of a release: the version in force, or the version named."""
    try:
        release = queries.get(slug, version)
        return _file(store.folder_of(release.study, release.version), path)
    except HarkenError:
        raise Http404 from None


def _file(folder: Path, path: str) -> HttpResponse:
    name = path or "index.html"
    content = store.read_one(folder, name)
    suffix = "." + name.rpartition(".")[2]
    kind = _TYPES.get(suffix) or mimetypes.guess_type(name)[0]
    response = HttpResponse(content, content_type=kind or "application/octet-stream")
    if suffix in _SAVED:
        saved = name.rpartition("/")[2]
        response["Content-Disposition"] = f'attachment; filename="{saved}"'
    return response


@require_GET
def history(request: HttpRequest, slug: str) -> HttpResponse:
    """Every version of a study's release: what was corrected, what was withdrawn."""
    versions = list(queries.history(slug))
    if not versions:
        raise Http404
    return render(request, "publication/history.html", {"versions": versions})


@require_GET
@requires(Permission.RELEASE)
def staff(request: HttpRequest) -> HttpResponse:
    """Where each study stands on its way to publication."""
    found = queries.standings(at=timezone.now())
    return render(request, "publication/staff.html", {"standings": found})


@require_POST
@requires(Permission.RELEASE)
def make_preview(request: HttpRequest, slug: str) -> HttpResponse:
    """Make the preview, then show it."""
    try:
        actions.preview(slug, by=actor_of(request), at=timezone.now())
    except HarkenError as error:
        return _refused(request, slug, error)
    return redirect("publication:preview", slug=slug, path="index.html")


@require_GET
@requires(Permission.RELEASE)
def preview(request: HttpRequest, slug: str, path: str) -> HttpResponse:
    """One file of a preview."""
    try:
        return _file(store.preview_of(slug), path)
    except HarkenError:
        raise Http404 from None


@require_http_methods(["GET", "POST"])
@requires(Permission.RELEASE)
def publish(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask once more, then publish; a later version needs the reason of its correction."""
    before = queries.latest(slug)
    if request.method != "POST":
        return render(
            request, "publication/publish.html", {"slug": slug, "before": before}
        )
    if request.POST.get("sure") != "yes":
        said = {"slug": slug, "before": before, "unsure": True}
        return render(request, "publication/publish.html", said, status=400)
    reason = request.POST.get("reason", "")
    try:
        actions.publish(slug, by=actor_of(request), at=timezone.now(), reason=reason)
    except HarkenError as error:
        return _refused(request, slug, error)
    return redirect("publication:staff")


@require_http_methods(["GET", "POST"])
@requires(Permission.RELEASE)
def withdraw(request: HttpRequest, slug: str, version: int) -> HttpResponse:
    """Ask for the reason, then take the version back."""
    if request.method != "POST":
        said = {"slug": slug, "version": version}
        return render(request, "publication/withdraw.html", said)
    by, at = actor_of(request), timezone.now()
    reason = request.POST.get("reason", "")
    try:
        actions.withdraw(slug, version, reason=reason, by=by, at=at)
    except HarkenError as error:
        return _refused(request, slug, error)
    return redirect("publication:staff")


def _refused(request: HttpRequest, slug: str, error: HarkenError) -> HttpResponse:
    said = {"slug": slug, "findings": error.findings}
    return render(request, "publication/refused.html", said, status=409)
