"""Makes a release: every file of the folder, as bytes, from one run's results.

The same results give the same bytes. It writes nothing and publishes nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from django.template import Context as TemplateContext
from django.template import Engine
from django.utils import translation
from django.utils.safestring import SafeString

from harken.method import publication as method
from harken.method.compliance import Results
from harken.method.errors import refuse
from harken.method.publication import Context, Cover, Document, Figures
from harken.method.publication.faults import WRONG_STUDY
from harken.service.publication import instrument, texts, wording
from harken.service.publication.texts import Edition, Material
from harken.service.publication.typesetting import page_count, pdf

Progress = Callable[[int, int], None]
_PLAIN = Engine(dirs=[str(wording.TEMPLATES)], autoescape=False)
_HTML = Engine(dirs=[str(wording.TEMPLATES)], autoescape=True)
_PAGES = {
    "index.html": "index",
    "findings.html": "findings",
    "scorecard.html": "scorecard",
    "tables.html": "tables",
    "method-note.html": "note",
    "questionnaire.html": "questionnaire",
}
_PAPERS = {
    "summary.pdf": ("summary", 1.9),
    "method-note.pdf": ("note", 2.2),
    "questionnaire.pdf": ("questionnaire", 2.2),
}
_SIZE = 10.5
_SUMMARY_SIZES = (11.0, 10.5, 10.0, 9.5, 9.0, 8.5)
"""Sizes in points; the summary takes the first at which it fits one page."""


def software() -> str:
    """The version of Harken that makes the release."""
    try:
        return version("harken")
    except PackageNotFoundError:
        return "0.1.0"


def results_digest(results: Results) -> str:
    """The SHA-256 of a run's canonical JSON."""
    return hashlib.sha256(results.to_json().encode()).hexdigest()


def compose(
    material: Material,
    edition: Edition,
    *,
    progress: Progress | None = None,
) -> dict[str, bytes]:
    """The files of a release by relative path, the manifest among them.

    Raises HarkenError PUB-002 or PUB-003 when the results are not fit to be shown, and
    PUB-004 when results and folder are of different studies.
    """
    _same_study(material)
    with translation.override("en-gb"):
        return _compose(material, edition, progress or _silent)


def _silent(done: int, total: int) -> None:
    return None


def _same_study(material: Material) -> None:
    study = material.folder.charter.id
    if material.results.study != study:
        raise refuse(WRONG_STUDY, results=material.results.study, study=study)


def _compose(
    material: Material, edition: Edition, progress: Progress
) -> dict[str, bytes]:
    about = _about(material, edition)
    figures = _figures(material)
    said = texts.context(material, figures, figures.words) | {
        "version": edition.version,
        "corrects": edition.corrects,
        "reason": edition.reason,
        "preview": edition.preview,
        "software": about.software,
        "results_digest": about.results,
        "run": about.results[:12],
        "sections": instrument.printed_sections(material.questionnaire),
    }
    cover = Cover(
        title=about.title,
        publisher=about.publisher,
        language=about.language,
        issued=about.issued,
        paragraphs=tuple(_lines("cover.txt", said)),
    )
    files = method.figure_files(figures, cover)
    files["release.css"] = (wording.TEMPLATES / "release.css").read_bytes()
    for path, name in _PAGES.items():
        files[path] = _page(path, name, said, figures)
    for table in figures.tables.values():
        path = f"tables/{table.id}.html"
        files[path] = _page(path, "table", said | {"table": table}, figures)
    for done, (path, (name, margin)) in enumerate(_PAPERS.items()):
        progress(done, len(_PAPERS))
        files[path] = _paper(name, said | {"margin": margin}, figures)
    progress(len(_PAPERS), len(_PAPERS))
    files[method.release.MANIFEST] = method.release.manifest(about, files)
    return dict(sorted(files.items()))


def _about(material: Material, edition: Edition) -> method.release.About:
    charter = material.folder.charter
    return method.release.About(
        study=charter.id,
        title=charter.title,
        language=str(charter.source_language),
        publisher=charter.controller.name,
        issued=charter.calendar.publish.isoformat(),
        version=edition.version,
        results=results_digest(material.results),
        plan=material.results.plan_digest,
        study_digest=material.folder.digest,
        software=software(),
        corrects=edition.corrects,
        reason=edition.reason,
    )


def _figures(material: Material) -> Figures:
    charter = material.folder.charter
    results = instrument.with_words(material.results, material.questionnaire)
    words = wording.words_for(
        results.breakdowns, material.questionnaire, material.edition
    )
    said = {"calendar": charter.calendar, "publisher": charter.controller.name}
    where, source = _lines("source.txt", said)
    policy = material.policy
    context = Context(where, source, policy.threshold, policy.round_to)
    return method.make_figures(
        results,
        material.edition,
        words,
        context,
        exclusions=material.exclusions,
        counts=material.counts,
    )


def _lines(name: str, said: Mapping[str, Any]) -> list[str]:
    return [line for line in _render(_PLAIN, name, said).splitlines() if line.strip()]


def _render(engine: Engine, name: str, said: Mapping[str, Any]) -> str:
    template = engine.get_template(name)
    return str(
        template.render(TemplateContext(dict(said), autoescape=engine.autoescape))
    )


def _heading(name: str, said: Mapping[str, Any]) -> str:
    if name == "table":
        return str(said["table"].title)
    return wording.own_words()["heading"].get(name, str(said["title"]))


def _page(path: str, name: str, said: Mapping[str, Any], figures: Figures) -> bytes:
    text = _render(_PLAIN, f"{name}.txt", said)
    body = method.document_html(Document(text, figures))
    menu = wording.own_words()["menu"]
    shell = {
        "heading": _heading(name, said),
        "description": _heading(name, said),
        "body": SafeString(body),
        "path": path,
        "root": "../" * path.count("/"),
        "menu": [{"path": p, "label": menu[n]} for p, n in _PAGES.items()],
    }
    return _render(_HTML, "page.html", {**said, **shell}).encode()


def _paper(name: str, said: Mapping[str, Any], figures: Figures) -> bytes:
    text = _render(_PLAIN, f"{name}.txt", said)
    body = method.document_typst(Document(text, figures))
    heading = _heading(name, said)
    printed = {
        "heading": heading,
        "subject": "" if heading == said["title"] else said["title"],
        "publisher": said["publisher"],
        "language": said["language"],
        "reason": said["reason"],
    }
    strings = {k: json.dumps(v, ensure_ascii=False) for k, v in printed.items()}
    sizes = _SUMMARY_SIZES if name == "summary" else (_SIZE,)
    for size in sizes:
        shell = {"typst": strings, "size": size, "title_size": size * 1.75}
        source = _render(_PLAIN, "document.typ", {**said, **shell}) + body
        if size == sizes[-1] or page_count(source) == 1:
            break
    return pdf(source, issued=said["issued"])
