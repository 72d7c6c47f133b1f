"""``harken questionnaire import`` and ``export``: other programs' questionnaires.

It reads files and writes folders; what crosses and what does not is method's to say.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from harken.method.errors import Exit, Finding, refuse
from harken.method.questionnaire import read_questionnaire
from harken.method.questionnaire.exchange import (
    FORMATS,
    Carriage,
    Imported,
    carriage,
    counted,
    export,
    import_file,
)
from harken.method.questionnaire.exchange import faults as exchange_faults
from harken.method.terms import Language
from harken.service import terminal
from harken.service.study import files

BESIDE_LIMIT = 5_000_000


def register(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the verbs of exchange below ``harken questionnaire``."""
    taken = verbs.add_parser(
        "import",
        help="take in an XLSForm, with a finding for all that stays behind",
        description="Reads a questionnaire of another program (XLSForm .xlsx .xls .csv), "
        "writes Harken source, and lists everything that was not carried over: lost, "
        "approximated, or worth a note.",
    )
    taken.add_argument("file", type=Path)
    taken.add_argument("--to", type=Path, metavar="OUT", help="the folder to write")
    taken.add_argument("--json", action="store_true", help="findings as JSON")
    taken.set_defaults(run=_import)
    given = verbs.add_parser(
        "export",
        help="write a questionnaire in another program's format",
        description="Writes a questionnaire as XLSForm, Triple-S 2.0, DDI Codebook 2.5 or "
        "queXML, and lists what the format does not keep.",
    )
    given.add_argument("file", type=Path, help="a questionnaire.yaml, or its folder")
    given.add_argument("--as", dest="format", choices=FORMATS, required=True)
    given.add_argument("--to", type=Path, metavar="OUT", required=True)
    given.set_defaults(run=_export)


def _export(args: argparse.Namespace) -> int:
    path: Path = args.file
    source = path / "questionnaire.yaml" if path.is_dir() else path
    folder = source.parent
    translations = {
        Language(one.stem): files.read_file(one)
        for one in sorted((folder / "translations").glob("*.yaml"))
    }
    beside = {
        one.relative_to(folder).as_posix(): files.read_file(one)
        for part in ("lists", "banks")
        for one in sorted((folder / part).glob("*.*"))
    }
    read = read_questionnaire(
        files.read_file(source), translations=translations, files=beside
    )
    made = export(read, args.format)
    try:
        args.to.write_bytes(made.data)
    except OSError as error:
        problem = type(error).__name__
        raise refuse(terminal.NO_FILE, name=args.to.name, problem=problem) from None
    for finding in made.findings:
        kind = carriage(finding)
        terminal.fail(f"{kind.value if kind else 'finding'}: {finding}")
    terminal.say(f"Wrote {args.to.name}: {len(made.data)} bytes.")
    return Exit.DONE


def _import(args: argparse.Namespace) -> int:
    name = args.file.name
    try:
        data = args.file.read_bytes()
    except OSError as error:
        problem = type(error).__name__
        raise refuse(terminal.NO_FILE, name=name, problem=problem) from None
    imported = import_file(data, name, beside=_beside(args.file))
    if args.to is not None:
        _write(imported, args.to)
    if args.json:
        terminal.say(json.dumps(_as_json(imported), ensure_ascii=False, indent=1))
        return Exit.DONE
    _tell(imported, args.to)
    return Exit.DONE


def _beside(file: Path) -> dict[str, bytes]:
    """Lists that stand in the same folder as a form."""
    found: dict[str, bytes] = {}
    for path in sorted(file.parent.glob("*.csv")):
        if path.name != file.name and path.stat().st_size <= BESIDE_LIMIT:
            found[path.name] = path.read_bytes()
    return found


def _write(imported: Imported, out: Path) -> None:
    if (out / "questionnaire.yaml").exists():
        raise refuse(exchange_faults.OUT_EXISTS, name=out.name)
    try:
        for path, text in imported.files.items():
            target = out / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
    except OSError as error:
        problem = type(error).__name__
        raise refuse(terminal.NO_FILE, name=out.name, problem=problem) from None


def _as_json(imported: Imported) -> dict[str, object]:
    read = imported.questionnaire
    counts = counted(imported.findings)
    return {
        "format": imported.format,
        "questionnaire": read.id,
        "version": read.version,
        "languages": list(read.languages),
        "sections": len(read.sections),
        "questions": len(read.questions),
        "counts": {kind.value: count for kind, count in counts.items()},
        "findings": [_finding(one) for one in imported.findings],
    }


def _finding(finding: Finding) -> dict[str, object]:
    kind = carriage(finding)
    place = finding.place
    detail = finding.detail
    return {
        "level": kind.value if kind else finding.fault.level.value,
        "code": finding.fault.code,
        "place": place.source if place else None,
        "row": place.line if place else None,
        "name": detail.get("name"),
        "column": detail.get("column"),
        "expression": detail.get("expression"),
        "message": finding.message,
        "cure": finding.cure,
    }


def _tell(imported: Imported, out: Path | None) -> None:
    shown = [one for one in imported.findings if carriage(one) is not Carriage.NOTE]
    for finding in shown:
        kind = carriage(finding)
        terminal.fail(f"{kind.value if kind else 'finding'}: {finding}")
    counts = counted(imported.findings)
    said = ", ".join(f"{count} {kind.value}" for kind, count in counts.items())
    read = imported.questionnaire
    terminal.say(
        f"{imported.format}: {len(read.sections)} sections, {len(read.questions)} pages."
    )
    terminal.say(f"Not carried over as it was: {said} (notes only with --json).")
    if out is None:
        terminal.say("Nothing was written. Name a folder with --to to keep it.")
    else:
        terminal.say(f"Wrote {len(imported.files)} files below {out.name}.")
        terminal.say("Next: harken questionnaire check on its questionnaire.yaml.")
