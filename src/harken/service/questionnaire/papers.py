"""The instrument on paper: ``harken questionnaire pages``, ``print`` and ``codebook``."""

from __future__ import annotations

import argparse
import csv
import io
from collections.abc import Iterator
from pathlib import Path

from django.template.loader import render_to_string

from harken.method.errors import Exit
from harken.method.questionnaire import printed_form
from harken.method.questionnaire.wording import plain
from harken.method.response import Codebook, make_codebook
from harken.method.terms import Language, Mode
from harken.service import terminal
from harken.service.questionnaire import sources
from harken.service.questionnaire.forms import form_page, form_pdf, looks

SOURCE_HELP = "a loaded study, a folder, or a file"
CODEBOOK = (
    "variable", "label", "kind", "unit", "asked_if", "computed", "measures", "concept",
    "source", "code", "meaning", "missing",
)  # fmt: skip


def register(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the three verbs below ``harken questionnaire``."""
    for verb, run, says in (
        ("pages", _pages, "every page with its routing in words"),
        ("print", _print, "the blank form as a tagged PDF, or as HTML"),
    ):
        one = verbs.add_parser(verb, help=says)
        one.add_argument("source", help=SOURCE_HELP)
        one.add_argument("--mode", type=Mode, default=Mode.WEB, choices=list(Mode))
        one.add_argument("--language", type=Language, help="default: the source's")
        one.set_defaults(run=run)
        if verb == "print":
            one.add_argument(
                "--out", type=Path, required=True, help="the .pdf or .html to write"
            )
    book = verbs.add_parser(
        "codebook",
        help="every variable of the data file, its words and its codes",
        description="Writes the codebook of the answers file as .html, .csv (a row for "
        "each code) or .json. Nothing of it is an answer.",
    )
    book.add_argument("source", help=SOURCE_HELP)
    book.add_argument(
        "--out", type=Path, required=True, help="the .html, .csv or .json to write"
    )
    book.set_defaults(run=_codebook)


def _pages(args: argparse.Namespace) -> int:
    read = sources.questionnaire(args.source)
    form = printed_form(
        read, mode=args.mode, language=sources.language(read, args.language)
    )
    rows = [
        (row.number, row.id, row.type.value, plain(row.text), row.when or part.when)
        for part in form.parts
        for row in part.rows
    ]
    terminal.table(("page", "id", "type", "question", "asked"), rows)
    return Exit.DONE


def _print(args: argparse.Namespace) -> int:
    read = sources.questionnaire(args.source)
    language = sources.language(read, args.language)
    made = {"title": read.id, "mode": args.mode, "language": language}
    if args.out.suffix == ".html":
        data = form_page(read, **made).encode()
    else:
        data = form_pdf(read, **made)
    args.out.write_bytes(data)
    terminal.say(f"Wrote {args.out.name}: {len(data)} bytes.")
    return Exit.DONE


def _codebook(args: argparse.Namespace) -> int:
    read = sources.questionnaire(args.source)
    book = make_codebook(read, sources.design_variables(args.source))
    if args.out.suffix == ".csv":
        text = codebook_table(book)
    elif args.out.suffix == ".json":
        text = book.to_json()
    else:
        context = {"codebook": book, "title": read.id, "looks": looks()}
        text = render_to_string("questionnaire/codebook_file.html", context)
    args.out.write_text(text, encoding="utf-8")
    terminal.say(f"Wrote {args.out.name}: {len(book.variables)} variables.")
    return Exit.DONE


def codebook_table(book: Codebook) -> str:
    """A codebook as CSV: a row for each code of each variable."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(CODEBOOK)
    rows.writerows(_rows(book))
    return out.getvalue()


def _rows(book: Codebook) -> Iterator[tuple[str, ...]]:
    for one in book.variables:
        known = (
            one.name, one.label, one.kind.value, one.unit, one.asked_if, one.computed,
            " ".join(one.measures), one.concept, one.source,
        )  # fmt: skip
        if not one.codes:
            yield (*known, "", "", "")
        for code in one.codes:
            missing = "yes" if code.missing else "no"
            yield (*known, code.code, code.label, missing)
