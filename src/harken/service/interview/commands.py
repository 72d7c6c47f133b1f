"""``harken interview``: recordings of the pages, made on this machine."""

from __future__ import annotations

import argparse
import shutil
import subprocess
from pathlib import Path

from harken.method.errors import Exit, refuse
from harken.method.terms import Language
from harken.service import terminal
from harken.service.interview import aloud, faults
from harken.service.questionnaire import queries as instruments
from harken.service.study import queries as studies
from harken.service.study.models import Study

VOICE, PACKER = "espeak-ng", "opusenc"
SPEED = "145"
"""Words a minute: a little slower than speech."""


def register(rooms: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the subcommands of this room."""
    room = rooms.add_parser(
        "interview",
        help="the respondents' pages: read aloud",
        description="Makes recordings of the respondents' pages, or says which texts to "
        "record. Nothing leaves this machine.",
    )
    verbs = room.add_subparsers(dest="verb", required=True)
    says = "write a recording of every page that has none, by espeak-ng"
    make = verbs.add_parser("record", help=says, description=says)
    make.set_defaults(run=_record)
    says = "list each text that can be read aloud and the name of its recording"
    told = verbs.add_parser("texts", help=says, description=says)
    told.set_defaults(run=_texts)
    for verb in (make, told):
        verb.add_argument("study", help="the name of a loaded study")


def _record(args: argparse.Namespace) -> int:
    """Read each text that has no recording yet. One of an older wording stays: another
    study of this house may say it."""
    if shutil.which(VOICE) is None:
        raise refuse(faults.NO_VOICE, voice=VOICE)
    study = studies.get(args.study)
    wanted = _wanted(study)
    made = 0
    aloud.folder().mkdir(parents=True, exist_ok=True)
    with terminal.progress("Reading aloud") as progress:
        for done, (language, text) in enumerate(wanted, start=1):
            if not aloud.sources(text, language):
                _speak(text, language)
                made += 1
            progress(done, len(wanted))
    terminal.say(f"{len(wanted)} texts are read aloud; {made} of them were made now.")
    return Exit.DONE


def _speak(text: str, language: str) -> None:
    """Write one recording; it appears under its name when it is whole."""
    name = aloud.name_of(text, language)
    wave, packed = (aloud.folder() / f".{name}.{end}" for end in ("wav", "opus"))
    _run(
        [VOICE, "-v", language, "-s", SPEED, "--stdin", "-w", str(wave)], text, language
    )
    if shutil.which(PACKER) is not None:
        packing = [PACKER, "--quiet", "--speech", "--bitrate", "20"]
        _run([*packing, str(wave), str(packed)], "", language)
        packed.replace(packed.with_name(f"{name}.opus"))
    wave.replace(wave.with_name(f"{name}.wav"))


def _run(command: list[str], text: str, language: str) -> None:
    done = subprocess.run(  # noqa: S603 - our own command; the text goes in by a pipe
        command, input=text.encode(), check=False, capture_output=True
    )
    if done.returncode:
        raise refuse(faults.NOT_SPOKEN, voice=Path(command[0]).name, language=language)


def _texts(args: argparse.Namespace) -> int:
    """One line a text, so that people can be recorded instead."""
    study = studies.get(args.study)
    rows = [
        (
            aloud.name_of(text, language),
            "yes" if aloud.sources(text, language) else "no",
            language,
            text,
        )
        for language, text in _wanted(study)
    ]
    terminal.table(("name", "recorded", "language", "text"), rows)
    return Exit.DONE


def _wanted(study: Study) -> list[tuple[Language, str]]:
    """Everything that is read aloud, for readers of every promise."""
    book = instruments.instrument(study)
    return list(aloud.texts(studies.folder(study), book, studies.promised(study)))
