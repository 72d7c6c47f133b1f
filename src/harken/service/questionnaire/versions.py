"""``harken questionnaire diff`` and ``translate``: what changed, what a translator needs.

Both read a frozen version (``study:version``), a loaded study, a folder, or a file.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from harken.method.errors import Exit
from harken.method.questionnaire import Questionnaire, read_questionnaire
from harken.method.questionnaire.versions import difference
from harken.method.questionnaire.wording import translators_file
from harken.method.study import read_folder
from harken.method.terms import Language
from harken.service import terminal
from harken.service.questionnaire import queries
from harken.service.study import files
from harken.service.study import queries as studies

SOURCE = "study:version, a loaded study, a folder, or a file"


def add_commands(
    verbs: argparse._SubParsersAction[argparse.ArgumentParser],
) -> None:
    """Add both verbs to ``harken questionnaire``."""
    compared = verbs.add_parser("diff", help="what changed from one version to another")
    compared.add_argument("old", help=SOURCE)
    compared.add_argument("new", help=SOURCE)
    compared.add_argument(
        "--meaning", action="store_true", help="leave out what changed in words only"
    )
    compared.set_defaults(run=_diff)
    translated = verbs.add_parser(
        "translate", help="a gettext PO file for a translator"
    )
    translated.add_argument("source", help=SOURCE)
    translated.add_argument("--language", type=Language, required=True)
    translated.add_argument("--out", type=Path, required=True, help="the .po to write")
    translated.set_defaults(run=_translate)


def _diff(args: argparse.Namespace) -> int:
    old, new = read_source(args.old), read_source(args.new)
    found = [
        one for one in difference(old, new) if one.change.of_meaning or not args.meaning
    ]
    if not found:
        terminal.say("Nothing differs.")
        return Exit.DONE
    rows = [(one.change.value, one.id, one.before, one.after) for one in found]
    terminal.table(("change", "of", "before", "after"), rows)
    meant = sum(one.change.of_meaning for one in found)
    terminal.say(f"{meant} in meaning, {len(found) - meant} in words only.")
    return Exit.DONE


def _translate(args: argparse.Namespace) -> int:
    text, left, stale = translators_file(read_source(args.source), args.language)
    args.out.write_text(text, encoding="utf-8")
    terminal.say(f"Wrote {args.out.name}: {left} texts to translate, {stale} to check.")
    return Exit.DONE


def read_source(source: str) -> Questionnaire:
    """The instrument that a word on the command line names."""
    path = Path(source)
    if path.is_dir():
        return queries.read(read_folder(files.read_directory(path)))
    if path.is_file():
        text = files.read_file(path)
        return read_questionnaire(text, source=path.name, files=_beside(path))
    study, _, version = source.partition(":")
    return queries.instrument(studies.get(study), version or None)


def _beside(path: Path) -> dict[str, str]:
    """The lists and banks in the folders beside a file."""
    return {
        f"{folder}/{name}": text
        for folder in ("lists", "banks")
        if (path.parent / folder).is_dir()
        for name, text in files.read_directory(path.parent / folder).items()
    }
