"""Reads of the answers zone, in the order of random references."""

from __future__ import annotations

import datetime as dt

from harken.method import response as method
from harken.method.ledger import Event
from harken.method.questionnaire import Value
from harken.method.redaction import CodeFrame, read_frames
from harken.method.response import Codebook, Dataset, IssuedCase
from harken.method.terms import Arm, Language, Mode, ResponseRef
from harken.service.ledger import queries as ledger
from harken.service.questionnaire import queries as instruments
from harken.service.response import models
from harken.service.study import queries as studies
from harken.service.study.models import Study
from harken.service.vault.holder import LONDON


def kept_until(study: Study) -> dt.date:
    """The last day for which people were told that their answers are kept."""
    return studies.folder(study).charter.calendar.answers_kept_until


def over(study: Study, *, at: dt.datetime) -> bool:
    """Whether that day has passed, by London's calendar."""
    return at.astimezone(LONDON).date() > kept_until(study)


def dataset(slug: str) -> Dataset:
    """Every response of a study with its codebook. Raises HarkenError for no study."""
    rows = models.Response.objects.filter(study=slug).order_by("ref")
    return Dataset(
        tuple(
            method.Response(
                ref=ResponseRef(row.ref),
                arm=Arm(row.arm),
                mode=Mode(row.mode),
                language=Language(row.language),
                week=row.week,
                proxy=row.proxy,
                design=row.design,
                answers=method.from_stored(row.answers),
            )
            for row in rows.iterator()
        ),
        codebook(slug),
    )


def answers(slug: str, ref: ResponseRef) -> dict[str, Value]:
    """The answers of one response, for its own person's copy; empty when it is gone."""
    row = models.Response.objects.filter(study=slug, ref=ref).first()
    return method.from_stored(row.answers) if row else {}


def is_proxy(slug: str, ref: ResponseRef) -> bool:
    """Whether somebody else gave this response for the person (SAF-15)."""
    return models.Response.objects.filter(study=slug, ref=ref, proxy=True).exists()


def codebook(slug: str) -> Codebook:
    """The codebook of a study's newest questionnaire."""
    study = studies.get(slug)
    charter = studies.folder(study).charter
    return method.make_codebook(
        instruments.instrument(study), design_names(charter.sampling.design_variables)
    )


def frames(study: Study) -> dict[str, CodeFrame]:
    """The study's code frames by question; none without a coding.yaml."""
    text = studies.folder(study).coding
    if not text:
        return {}
    book = instruments.instrument(study)
    return read_frames(text, [q.id for q in book.questions if q.free_text])


def read_texts(slug: str, ref: ResponseRef | None = None) -> list[models.ReadText]:
    """What became of texts, of a whole study or of one response."""
    rows = models.ReadText.objects.filter(study=slug)
    if ref is not None:
        rows = rows.filter(response=ref)
    return list(rows.order_by("response", "question"))


def design_names(declared: tuple[str, ...]) -> tuple[str, ...]:
    """The design variables that travel with a response: those declared, and stratum."""
    return tuple(dict.fromkeys((*declared, "stratum")))


def issued(slug: str) -> tuple[IssuedCase, ...]:
    """Every issued case, in the random order in which it was written."""
    rows = models.IssuedCase.objects.filter(study=slug).order_by("id")
    return tuple(
        IssuedCase(design=row.design, arm=Arm(row.arm), disposition=row.disposition)
        for row in rows.iterator()
    )


def is_closed(study: Study) -> bool:
    """Whether the sample was written to the answers zone: every issued case there was.

    Where all had left before, it was written without a row, and the ledger says so.
    """
    rows = models.IssuedCase.objects.filter(study=study.slug, settled="")
    said = ledger.entries(study=study.slug, event=Event.SAMPLE_CLOSED)
    return rows.exists() or said.filter(subject="").exists()


def count(slug: str) -> dict[str, int]:
    """How many responses a study has, by arm and mode."""
    counts = {f"{arm.value}_{mode.value}": 0 for arm in Arm for mode in Mode}
    rows = models.Response.objects.filter(study=slug).values_list("arm", "mode")
    for arm, mode in rows:
        counts[f"{arm}_{mode}"] += 1
    return counts


def proxies(slug: str) -> int:
    """How many responses were given by somebody else for the person (SAF-15)."""
    return models.Response.objects.filter(study=slug, proxy=True).count()
