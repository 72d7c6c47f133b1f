"""Writes a study's responses as files: CSV, Parquet, and the codebook beside them.

The same responses give the same bytes. The files hold pseudonymous rows, so they are
for statisticians only and are no release.
"""

from __future__ import annotations

import datetime as dt
from importlib import import_module
from pathlib import Path
from typing import Any

from django.db import transaction
from django.template.loader import render_to_string

from harken.method.ledger import Event
from harken.method.response import Codebook
from harken.method.terms import Actor
from harken.service.accounts.permissions import Permission, check
from harken.service.ledger import actions as ledger
from harken.service.response import queries
from harken.service.study.models import Study

FRAMES = "harken.service.response.frames"
"""Loaded by whoever makes a file, not by every process that serves pages."""


def write(
    study: Study, folder: Path, *, by: Actor, at: dt.datetime
) -> tuple[Path, ...]:
    """Write responses.csv and .parquet, codebook.json and .html, free-text.csv.

    Files of these names are replaced, each at once. Raises HarkenError RES-002 when a
    response does not fit the codebook; then nothing is written.
    """
    parts = make(study, by=by, at=at)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name, content in parts.items():
        _put(folder / name, content)
    return tuple(folder / name for name in parts)


def make(study: Study, *, by: Actor, at: dt.datetime) -> dict[str, bytes]:
    """The files by name, in memory. Raises HarkenError RES-002."""
    check(by, Permission.RESPONSE_READ)
    data = queries.dataset(study.slug)
    frames: Any = import_module(FRAMES)
    table, parquet = frames.of_responses(data)
    parts: dict[str, bytes] = {
        "responses.csv": table,
        "responses.parquet": parquet,
        "codebook.json": data.codebook.to_json().encode(),
        "codebook.html": codebook_page(data.codebook, title=study.slug).encode(),
        "free-text.csv": frames.of_texts(_texts(study)),
    }
    with transaction.atomic():
        ledger.record(
            Event.FILE_EXPORTED,
            study=study.slug,
            by=by,
            at=at,
            counts={"responses": len(data.responses)},
        )
    return parts


def codebook_page(codebook: Codebook, *, title: str) -> str:
    """The codebook as one HTML page that needs no other file."""
    context = {"codebook": codebook, "title": title}
    return render_to_string("questionnaire/codebook_file.html", context)


def _texts(study: Study) -> list[tuple[str, ...]]:
    """What the free-text desk let across: a row for each code, or for words alone."""
    frames = queries.frames(study)
    rows: list[tuple[str, ...]] = []
    for text in queries.read_texts(study.slug):
        frame = frames.get(text.question)
        labels = frame.labels if frame else {}
        for code in text.codes or [""]:
            rows.append(
                (text.response, text.question, code, labels.get(code, ""), text.words)
            )
    return rows


def _put(path: Path, content: bytes) -> None:
    draft = path.with_name(f".{path.name}")
    draft.write_bytes(content)
    draft.chmod(0o600)
    draft.replace(path)
