"""What an author does at the shell: check, simulate, cover, draw, codebook.

A lone questionnaire.yaml is enough; no study and no database are needed.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from harken.method.errors import Exit, Finding, HarkenError, errors_in
from harken.method.questionnaire import Questionnaire, check
from harken.method.source import Reader, read
from harken.method.terms import REFUSALS, Language, Missing, Mode
from harken.service import terminal
from harken.service.questionnaire import faults, preview, prover, queries, sources
from harken.service.questionnaire.sources import Source
from harken.service.study import files

SOURCE_HELP = "a file, a folder, or a loaded study"
MOST = 1_000_000


def register(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the author's verbs below ``harken questionnaire``."""
    _register_check(verbs)
    simulated = verbs.add_parser(
        "simulate",
        help="many invented interviews: bases, lengths, what is never seen",
        description="Answers at random, or to given marginals: a YAML file of "
        "`question: {answer: weight}`. The same seed gives the same figures.",
    )
    simulated.add_argument("source", help=SOURCE_HELP)
    simulated.add_argument("--count", type=_count, default=10_000)
    simulated.add_argument("--seed", type=int, default=1)
    simulated.add_argument("--marginals", type=Path, metavar="FILE")
    simulated.add_argument("--json", action="store_true")
    simulated.set_defaults(run=_simulate)
    covered = verbs.add_parser(
        "cover",
        help="a few respondents who see every question, option and branch",
        description="Writes test cases: for each respondent how they come and what "
        "they answer, page by page.",
    )
    covered.add_argument("source", help=SOURCE_HELP)
    covered.add_argument("--json", action="store_true")
    covered.set_defaults(run=_cover)
    drawn = verbs.add_parser("draw", help="the routing as a picture (SVG)")
    drawn.add_argument("source", help=SOURCE_HELP)
    drawn.add_argument("--mode", type=Mode, default=Mode.WEB, choices=list(Mode))
    drawn.add_argument("--language", type=Language, help="default: the source's")
    drawn.add_argument("--out", type=Path, required=True, help="the SVG to write")
    drawn.set_defaults(run=_draw)


def _register_check(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    checked = verbs.add_parser(
        "check",
        help="read, type and prove; each finding with place, cause and cure",
        description="Reads, types and proves an instrument. Exit code 0: nothing to "
        "settle; 3: at least one error.",
    )
    checked.add_argument("source", help=SOURCE_HELP)
    checked.add_argument("--json", action="store_true", help="findings as JSON")
    checked.add_argument(
        "--quick", action="store_true", help="types and structure only, no proof"
    )
    checked.add_argument("--minutes", type=float, help="what respondents are promised")
    checked.add_argument(
        "--reading-age", type=float, help="the highest that is allowed"
    )
    checked.add_argument(
        "--watch",
        action="store_true",
        help="check again at each save, with a live preview in the browser",
    )
    checked.add_argument("--port", type=int, default=8099, help="of the preview")
    checked.set_defaults(run=_check)


def _count(text: str) -> int:
    number = int(text)
    if not 1 <= number <= MOST:
        raise argparse.ArgumentTypeError(f"a number from 1 to {MOST}")
    return number


def _check(args: argparse.Namespace) -> int:
    if args.watch:
        return preview.watch(args.source, port=args.port, examine=examine, tell=tell)
    source = sources.find(args.source)
    found, read_, proof = examine(
        source,
        quick=args.quick,
        minutes=args.minutes,
        reading_age=args.reading_age,
    )
    errors = len(errors_in(found))
    if args.json:
        terminal.say(json.dumps(_as_json(source, found, read_, proof), indent=1))
    else:
        tell(source, found, read_, proof)
    return Exit.BAD_INPUT if errors else Exit.DONE


def examine(
    source: Source,
    *,
    quick: bool = False,
    minutes: float | None = None,
    reading_age: float | None = None,
) -> tuple[tuple[Finding, ...], Questionnaire | None, Any]:
    """The findings of a source, the instrument when it can be read, and its proof."""
    try:
        instrument = source.read()
    except HarkenError as error:
        return error.findings, None, None
    limits = {"minutes": minutes, "reading_age": reading_age}
    if source.folder is not None:
        found = queries.examine(source.folder, quick=quick, **limits)
        charter = source.folder.charter
        modes, languages = charter.modes, charter.languages
    else:
        modes, languages = tuple(Mode), instrument.languages
        found = check(instrument, languages=languages)
        if not quick:
            proof = prover.prove(instrument, modes=modes, languages=languages, **limits)
            found = queries.in_order((*found, *proof.findings))
    if quick:
        return found, instrument, None
    proof = prover.prove(instrument, modes=modes, languages=languages, **limits)
    return found, instrument, proof


def tell(
    source: Source,
    found: tuple[Finding, ...],
    instrument: Questionnaire | None,
    proof: Any,
) -> None:
    """Findings as an editor would show them, then what was proved."""
    for finding in found:
        hint = f" Did you mean {finding.suggestion}?" if finding.suggestion else ""
        level = finding.fault.level.value
        terminal.fail(
            f"{source.spot(finding)}: {level}: {finding.fault.code} "
            f"{finding.message}{hint} {finding.cure}"
        )
    if instrument is not None:
        terminal.say(
            f"{instrument.id} {instrument.version}: {len(instrument.questions)} pages."
        )
    if proof is not None:
        terminal.say(_proved(proof))
    errors = len(errors_in(found))
    if not found:
        terminal.say("Nothing found: everything is in order.")
    else:
        terminal.say(f"{errors} to settle, {len(found) - errors} to weigh.")


def _proved(proof: Any) -> str:
    lines = [
        f"{proof.goals} points decided: {proof.shown} shown by a respondent, "
        f"{proof.excluded} excluded by proof, {proof.unsure} left open."
    ]
    for length in proof.lengths:
        low, middle, high = length.minutes
        lines.append(
            f"{length.mode.value}: {low:.0f} minutes at the shortest, {middle:.0f} in the "
            f"middle, {high:.0f} at the longest ({length.pages[2]} pages)."
        )
    return "\n".join(lines)


def _as_json(
    source: Source,
    found: tuple[Finding, ...],
    instrument: Questionnaire | None,
    proof: Any,
) -> dict[str, object]:
    errors = len(errors_in(found))
    body: dict[str, object] = {
        "source": source.name,
        "errors": errors,
        "warnings": len(found) - errors,
        "findings": [_finding(source, finding) for finding in found],
    }
    if instrument is not None:
        body["questionnaire"] = instrument.id
        body["version"] = instrument.version
        body["pages"] = len(instrument.questions)
    if proof is not None:
        body["proof"] = {
            "points": proof.goals,
            "shown": proof.shown,
            "excluded": proof.excluded,
            "open": proof.unsure,
            "minutes": {
                length.mode.value: [round(one, 1) for one in length.minutes]
                for length in proof.lengths
            },
        }
    return body


def _finding(source: Source, finding: Finding) -> dict[str, object]:
    place = finding.place
    return {
        "code": finding.fault.code,
        "level": finding.fault.level.value,
        "at": source.spot(finding),
        "file": place.source if place else None,
        "line": place.line if place else None,
        "column": place.column if place else None,
        "id": finding.detail.get("id"),
        "message": finding.message,
        "cause": finding.fault.cause,
        "cure": finding.cure,
        "suggestion": finding.suggestion,
        "answers": finding.detail.get("answers"),
    }


def _simulate(args: argparse.Namespace) -> int:
    instrument = sources.questionnaire(args.source)
    marginals = None
    if args.marginals is not None:
        marginals = _marginals(instrument, args.marginals)
    with terminal.progress("Interviews") as report:
        found = prover.simulate(
            instrument,
            args.count,
            seed=args.seed,
            marginals=marginals,
            report=report,
        )
    if args.json:
        terminal.say(json.dumps(_simulated(found), indent=1))
        return Exit.DONE
    rows = [
        (base.id, base.asked, f"{base.share:.1%}", base.answered)
        for base in found.bases
    ]
    terminal.table(("question", "asked", "of all", "answered"), rows)
    low, middle, high = found.minutes
    terminal.say(
        f"{found.count} interviews, {found.completed} completed: {low:.0f} to "
        f"{high:.0f} minutes, {middle:.0f} in the middle; {found.pages[0]} to "
        f"{found.pages[2]} pages."
    )
    for label, names in (("Never asked", found.never), ("Rarely asked", found.rarely)):
        if names:
            terminal.say(f"{label}: {', '.join(names)}.")
    return Exit.DONE


def _simulated(found: Any) -> dict[str, object]:
    return {
        "interviews": found.count,
        "completed": found.completed,
        "minutes": [round(one, 2) for one in found.minutes],
        "pages": list(found.pages),
        "never": list(found.never),
        "rarely": list(found.rarely),
        "bases": {
            base.id: {"asked": base.asked, "answered": base.answered}
            for base in found.bases
        },
    }


def _marginals(
    instrument: Questionnaire, path: Path
) -> Mapping[str, Mapping[str, float]]:
    """The weights of an author's file. Raises HarkenError at each wrong name."""
    findings: list[Finding] = []
    reader = Reader(read(files.read_file(path), path.name), findings)
    found: dict[str, dict[str, float]] = {}
    for name, place in reader.node.keys.items():
        if name not in instrument.ids:
            detail = {"name": name[:60], "what": "question"}
            findings.append(Finding(faults.NOT_IN_INSTRUMENT, place, detail))
            continue
        child = reader.child(name)
        if child is None:
            continue
        question = instrument.question(name)
        known = {*question.codes, *(kind.word for kind in REFUSALS)}
        known.add(Missing.NO_ANSWER.word)
        for word, where in child.node.keys.items():
            if question.codes and not set(word.split("+")) <= known:
                detail = {"name": word[:60], "what": f"answer of {name}"}
                findings.append(Finding(faults.NOT_IN_INSTRUMENT, where, detail))
            found.setdefault(name, {})[word] = child.decimal(word)
    if findings:
        raise HarkenError(*findings)
    return found


def _cover(args: argparse.Namespace) -> int:
    instrument = sources.questionnaire(args.source)
    found = prover.cover(instrument)
    if args.json:
        cases = [one.shown() for one in found.respondents]
        body = {"respondents": cases, "unseen": sorted(map(list, found.unseen))}
        terminal.say(json.dumps(body, indent=1))
        return Exit.DONE
    for number, one in enumerate(found.respondents, start=1):
        said = ", ".join(f"{name} = {value}" for name, value in one.shown().items())
        terminal.say(f"{number}. {said}")
    terminal.say(
        f"{len(found.respondents)} respondents see {len(found.seen)} of "
        f"{len(found.seen) + len(found.unseen)} questions, options and branches."
    )
    return Exit.DONE


def _draw(args: argparse.Namespace) -> int:
    instrument = sources.questionnaire(args.source)
    language = sources.language(instrument, args.language)
    svg = prover.draw(
        instrument, title=instrument.id, mode=args.mode, language=language
    )
    args.out.write_text(svg, encoding="utf-8")
    terminal.say(f"Wrote {args.out.name}: {len(svg)} characters.")
    return Exit.DONE
