"""The whole review in one go, in the order of the rooms, on the study's own days."""

from __future__ import annotations

import datetime as dt
import shutil
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
from django.conf import settings
from django.db import connections

from harken.method import rehearsal as method
from harken.method.errors import refuse
from harken.method.sampling import Population
from harken.method.study import read_folder
from harken.service.contact import letters
from harken.service.questionnaire import actions as instruments
from harken.service.rehearsal import cast, ending, fieldwork, live, scenery
from harken.service.rehearsal.by_hand import take_part
from harken.service.rehearsal.cast import MANAGER
from harken.service.rehearsal.faults import NOT_OURS, TOO_FEW
from harken.service.rehearsal.fieldwork import Field
from harken.service.rehearsal.scenery import moment
from harken.service.rehearsal.stopwatch import Progress, Stopwatch
from harken.service.rehearsal.summary import Summary
from harken.service.sampling import actions as sampling
from harken.service.sampling import load
from harken.service.serve import prepare
from harken.service.study import actions as studies
from harken.service.study.models import Study
from harken.service.vault import queries as vault

PEOPLE, FAST_PEOPLE = 6_000, 900
LEAST, MOST = 300, 15_000
ISSUED_SHARE = 0.8
OPEN_SHARE = 1 / 15
BY_HAND, WITHDRAWING = 12, 4
REMINDERS_AFTER = dt.timedelta(days=14)
"""Reminders go out when the calls have run for two weeks, to those still silent."""
MARK = "rehearsal.mark"


@dataclass(frozen=True, slots=True)
class Wish:
    """What the operator asked for."""

    people: int
    seed: int
    study_folder: str | None
    now: dt.datetime
    address: str


def perform(wish: Wish) -> Summary:
    """Run everything; returns what is shown at the end. Raises the rooms' HarkenErrors."""
    if not LEAST <= wish.people <= MOST:
        raise refuse(TOO_FEW, people=wish.people, least=LEAST, most=MOST)
    texts = scenery.read_texts(wish.study_folder)
    watch = Stopwatch()
    with watch.step("make the data folder and both databases"):
        clear()
        prepare()
        cast.engage(at=moment(dt.date(2026, 1, 5), 8))
    outside = Path(settings.DATA).parent / "outside"
    act = Act(wish, scenery.with_total(texts, round(wish.people * ISSUED_SHARE)), watch)
    summary = act.run(outside)
    with watch.step("open a second study for visitors"):
        opened = live.set_up(
            texts,
            now=wish.now,
            seed=wish.seed + 1,
            outside=outside,
            address=wish.address,
        )
    summary.add_live(opened, wish.address)
    summary.add_steps(watch)
    return summary


def clear() -> None:
    """Empty the data folder of an earlier rehearsal. Raises HarkenError REH-001.

    A folder that holds databases without our mark is somebody's study: never touched.
    """
    data = Path(settings.DATA)
    mark = data / MARK
    elsewhere = any(one.vendor != "sqlite" for one in connections.all())
    if elsewhere or (any(data.rglob("*.sqlite3")) and not mark.exists()):
        raise refuse(NOT_OURS)
    for connection in connections.all():
        connection.close()
    session = data / "keys" / "session.key"
    key = session.read_bytes() if session.exists() else b""
    if mark.exists():
        for folder in (data, data.parent / "outside"):
            shutil.rmtree(folder, ignore_errors=True)
    for folder in (data / "databases", data / "keys"):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if key:
        # Settings have read it, and the server's workers must read the same one.
        session.touch(mode=0o600)
        session.write_bytes(key)
    mark.write_text(
        "This folder is replaced by each `harken demo`.\n", encoding="ascii"
    )


class Act:
    """The ended review: from the force's file to the verified certificate."""

    def __init__(self, wish: Wish, texts: dict[str, str], watch: Stopwatch) -> None:
        self.wish = wish
        self.texts = texts
        self.watch = watch
        self.rng = np.random.default_rng(wish.seed)
        self.days = read_folder(texts).charter.calendar
        self.population = Population.read(texts["population.csv"])
        self.by = MANAGER.actor

    def run(self, outside: Path) -> Summary:
        """Every step in order; returns the summary without the second study."""
        summary = Summary(method.truth(self.population))
        study = self._open()
        sample = self._sample(study, outside, summary)
        field = Field.of(study, self.rng)
        receipts = self._field(study, field, outside, summary)
        collected = ending.close(study, self.watch, receipts[:WITHDRAWING])
        summary.add_fieldwork(study, collected)
        summary.add_texts(ending.read(study, self.watch))
        release = outside / "release"
        published = ending.publish(study, self.watch, release)
        summary.add_results(study, release)
        willing = vault.consents(study.slug, at=moment(self.days.destroy_by, 0))
        ending.destroy(study, self.watch)
        proof = ending.prove(
            study,
            self.watch,
            needles=ending.needles_of(sample, field.texts),
            before=published,
            again=outside / "release-again",
        )
        summary.add_proof(proof, ending.reachable(study, willing))
        return summary

    def _open(self) -> Study:
        """The folder becomes a study and passes its gate."""
        with self.watch.step("load the study and open its gate"):
            drawn = moment(self.days.sample_drawn, 9)
            study = studies.load(self.texts, by=self.by, at=drawn)
        return study

    def _sample(self, study: Study, outside: Path, summary: Summary) -> str:
        """The force's file: screened, sealed, drawn. Returns its text, for the search."""
        day = self.days.sample_drawn
        with self.watch.step("invent the force's file"):
            text = method.sample_file(
                self.population, people=self.wish.people, today=day, rng=self.rng
            )
            force = outside / "force"
            force.mkdir(parents=True, exist_ok=True)
            (force / "sample.csv").write_text(text, encoding="utf-8")
        with self.watch.step("load the sample, screen and seal it") as report:
            stream = BytesIO(text.encode())
            found = load.load_sample(
                study, stream, by=self.by, at=moment(day, 11), progress=report
            )
        with self.watch.step("draw the sample"):
            selection = sampling.draw(study, by=self.by, at=moment(day, 15))
        instruments.launch(study, by=self.by, at=moment(self.days.web_opens, 8))
        study.refresh_from_db()
        summary.add_sample(found, len(selection.issued))
        return text

    def _field(
        self, study: Study, field: Field, outside: Path, summary: Summary
    ) -> list[str]:
        """Letters, answers, reminders, calls, until the last day; returns receipts."""
        house = outside / "print-house"
        house.mkdir(parents=True, exist_ok=True)
        summary.letters["invitation"] = self._letters(study, "invitation", house)
        receipts = self._by_hand(field)
        plan = fieldwork.open_arm_plan(
            self.days, round(self.wish.people * OPEN_SHARE), self.rng
        )
        days = list(fieldwork.days_of(self.days))
        on = self.days.telephone_opens + REMINDERS_AFTER
        with self.watch.step("web and telephone, until the reminders") as report:
            self._run(field, [day for day in days if day < on], plan, report)
        summary.letters["reminder"] = self._letters(study, "reminder", house, on=on)
        with self.watch.step("web and telephone, until the close") as report:
            self._run(field, [day for day in days if day >= on], plan, report)
        return receipts

    def _run(
        self,
        field: Field,
        days: list[dt.date],
        plan: dict[dt.date, int],
        report: Progress,
    ) -> None:
        for number, day in enumerate(days, start=1):
            fieldwork.run_day(field, day, open_arm=plan.get(day, 0))
            report(number, len(days))

    def _letters(
        self,
        study: Study,
        kind: letters.Kind,
        house: Path,
        *,
        on: dt.date | None = None,
    ) -> int:
        """A print run, handed to the print house outside the data folder."""
        day = on or self.days.letters
        with self.watch.step(f"letters: {kind}") as report:
            run = letters.make_letters(
                study,
                kind=kind,
                out=lambda name, pdf: _put(house / name, pdf),
                by=self.by,
                at=moment(day, 9),
                progress=report,
                address=f"http://{self.wish.address}",
            )
        return run.count

    def _by_hand(self, field: Field) -> list[str]:
        """The first few web interviews go page by page, and get receipts."""
        chosen = [
            party
            for party in field.parties.values()
            if party.fate is method.Fate.WEB and party.day
        ][:BY_HAND]
        at = moment(self.days.web_opens + dt.timedelta(days=1), 19)
        with self.watch.step("web interviews, page by page") as report:
            receipts = []
            for number, party in enumerate(chosen, start=1):
                receipts.append(take_part(field, party, at=at))
                party.day = None
                report(number, len(chosen))
        return receipts


def _put(path: Path, pdf: bytes) -> None:
    path.write_bytes(pdf)
