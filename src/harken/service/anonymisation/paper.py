"""The certificate for a person's file: a tagged PDF made from what the verifier accepted.

It adds no statement of its own. Whoever reads it is told what it does not show and how to
check the file it was made from.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typst

from harken.method.anonymisation import verify

TEMPLATE = Path(__file__).with_name("certificate.typ")
FONTS = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)
CLASSES = {
    "standard": "everybody who did not agree to be contacted again",
    "recontact": "those who had agreed to be contacted again",
}

LATER = (
    "The promise was extended for those enrolled afterwards. They were told the later day, "
    "and live until then."
)


def pdf(text: str, operator_key: str) -> bytes:
    """The certificate's text as PDF/UA-1; raises NotValid for one that is not valid."""
    shown = verify(text.encode("utf-8"), operator_key)
    body: dict[str, Any] = json.loads(text)["certificate"]
    shows, *limits = _sentences(body["limits"])
    key = "--key ledger.pub" + " --witness witness.pub" * bool(body["witness"])
    data = {
        "title": f"Certificate of destruction: {body['study']}",
        "verdict": _verdict(body),
        "lines": _lines(body, shown.witnessed_at),
        "tables": [
            _people(body),
            *_promises(body),
            *_parts(body),
            _keys(body),
            _copies(body),
            _search(body),
        ],
        "shows": shows,
        "limits": limits,
        "check": [
            "This page was made from a file of the same name ending in .json, after that "
            "file had been found valid. The file counts, not this page. Two programs check "
            "it without a network and without anything of the operator's: verify.py "
            "(Python, with the package cryptography) and verify.mjs (Node).",
        ],
        "commands": [f"python verify.py FILE {key}", f"node verify.mjs FILE {key}"],
        "fingerprints": [
            f"SHA-256 of the file: {hashlib.sha256(text.encode('utf-8')).hexdigest()}",
            f"Operator: {body['operator']}",
            *(f"Holder: {key}" for key in body["holders"]),
            f"Witness: {body['witness'] or 'none signed'}",
        ],
    }
    issued = dt.datetime.fromisoformat(body["issued_at"])
    made = typst.Compiler(font_paths=FONTS).compile(
        input=TEMPLATE.read_bytes(),
        format="pdf",
        sys_inputs={"shown": json.dumps(data)},
        pdf_standards=["ua-1"],
        timestamp=issued,
    )
    if not isinstance(made, bytes):
        raise TypeError("Typst gave no PDF")
    return made


def _verdict(body: Mapping[str, Any]) -> str:
    if body["stage"] == "final":
        return "Final: every recipient of a copy has confirmed, nothing is left open."
    return (
        "Provisional: the keys are destroyed, but a recipient has not confirmed yet, or "
        "the controller's witness has not signed."
    )


def _lines(body: Mapping[str, Any], witnessed_at: int) -> list[str]:
    ended = _when(body["destroyed_at"])
    late = " This was after the promised day." if body["late"] else ""
    found = [
        f"The promise was to destroy the identities of {CLASSES[body['retention']]} "
        f"by {_day(body['plan']['promised'])}. The last key that could open them was "
        f"destroyed on {ended}.{late}",
        *([LATER] if body["counts"]["live"] else []),
        *(
            f"The controller extended the promise to {_day(one['policy']['destroy_by'])} "
            f"for those enrolled afterwards. Its reason: {one['policy']['reason']}"
            for one in body["promises"][1:]
        ),
        f"Written on {_when(body['issued_at'])}.",
        *filter(None, [kept_words(body["plan"])]),
    ]
    if witnessed_at:
        at = dt.datetime.fromtimestamp(witnessed_at, tz=dt.UTC)
        found.append(
            "The controller's own witness signed the record of acts on "
            f"{_when(at.isoformat())}: it only grew, and was never told in two versions."
        )
    elif body["stage"] == "final":
        found.append(
            "The controller has no witness: nobody outside this house vouches for the "
            "record of acts."
        )
    return found


def kept_words(plan: Mapping[str, Any]) -> str:
    """What a plan says of the answers that stay; empty where none are its matter."""
    kept = plan.get("kept")
    if not kept:
        return ""
    if kept["judged"]:
        return (
            f"The file of {kept['responses']} responses that is kept was judged against "
            f"the frame and passes. Its SHA-256: {kept['judged']}."
        )
    if not kept["responses"]:
        return "No responses are kept."
    return (
        f"{kept['responses']} responses are kept in a file that was not judged, and after "
        "the destruction nobody can judge it: it stays personal data."
    )


def _people(body: Mapping[str, Any]) -> dict[str, object]:
    counts = body["counts"]
    return _table(
        "People, each counted once",
        ["What became of them", "People"],
        [
            ["Enrolled in all", str(counts["enrolled"])],
            ["Withdrew, and were destroyed earlier or now", str(counts["withdrawn"])],
            ["Agreed to be contacted again: contact kept", str(counts["recontact"])],
            ["Destroyed", str(counts["destroyed"])],
            *(
                [["Live, under a later promise", str(counts["live"])]]
                if counts["live"]
                else []
            ),
        ],
        [4, 1],
    )


def _promises(body: Mapping[str, Any]) -> list[dict[str, object]]:
    """What became of the people of each promise; nothing to say of a single one."""
    bound, fates = body["promises"], body["people"]["fates"]
    if len(bound) == 1:
        return []
    starts = [
        json.loads(one["entry"]["body"])["counts"].get("enrolled", 0) for one in bound
    ]
    rows = []
    for one, start, end in zip(bound, starts, [*starts[1:], len(fates)], strict=True):
        mine = fates[start:end]
        rows.append(
            [
                _day(one["policy"]["destroy_by"]),
                "the controller" if one["note"] else "bound at the start",
                str(len(mine)),
                *(str(mine.count(letter)) for letter in "wrdl"),
            ]
        )
    head = [
        "Promised day",
        "Extended by",
        "People",
        "Withdrew",
        "Kept",
        "Destroyed",
        "Live",
    ]
    return [_table("Each promise and its people", head, rows, [3, 3, 2, 2, 2, 2, 2])]


def _parts(body: Mapping[str, Any]) -> list[dict[str, object]]:
    """Each destruction of the study in its order; nothing to say of a single one."""
    if not body["earlier"]:
        return []
    rows = []
    for one in [*body["earlier"], body]:
        told = list(map(json.loads, one["tail"]["entries"]))
        mine = [row for row in told if row["study"] == body["study"]]
        agreed = [row["at"] for row in mine if row["event"] == "destruction_approved"]
        done = [row["at"] for row in mine if row["event"] == "destruction_swept"]
        kind = "Contacts kept" if one["plan"]["retention"] == "recontact" else "Names"
        days = mine[0]["at"], max(agreed), done[0]
        rows.append([kind, *(_when(at) for at in days)])
    head = ["Destroyed", "Planned", "Approved by both", "Called done"]
    return [_table("Each destruction of this study", head, rows, [2, 3, 3, 3])]


def _keys(body: Mapping[str, Any]) -> dict[str, object]:
    dead = sum(1 for epoch in body["epochs"] if epoch["receipt"])
    whom = "for those who agreed" + ", and who live" * bool(body["counts"]["live"])
    return _table(
        "Keys",
        ["Statement", "Number"],
        [
            ["Epoch keys ever made", str(len(body["epochs"]))],
            ["Destroyed, with a receipt of every holder", str(dead)],
            [f"Still alive, {whom}", str(len(body["epochs"]) - dead)],
            ["Holders of a key or of a share", str(len(body["holders"]))],
            [
                "Backups known, none of which opens these people any more",
                str(len(body["backups"])),
            ],
        ],
        [4, 1],
    )


def _copies(body: Mapping[str, Any]) -> dict[str, object]:
    rows = [
        [
            copy["recipient"],
            copy["purpose"],
            str(copy["people"]),
            _when(copy["confirmed_at"]) if copy["confirmed_at"] else "open",
        ]
        for copy in body["copies"]
    ]
    head = ["Recipient", "What for", "People", "Confirmed destroyed"]
    return _table(
        "Copies that left the house",
        head,
        rows or [["none", "", "", ""]],
        [3, 3, 1, 3],
    )


def _search(body: Mapping[str, Any]) -> dict[str, object]:
    scan = body["scan"]
    searched = [
        ["Files searched", str(scan.get("files", 0))],
        ["Texts searched for (names, numbers, addresses)", str(scan["needles"])],
        ["Found", str(scan["found"])],
    ]
    unsearched = [
        [
            "No search of the files was made: nobody gave names, numbers or addresses "
            "to search for",
            "none",
        ]
    ]
    rows = [
        *(searched if scan["needles"] else unsearched),
        ["Sealed records tried with every key left", str(scan["tried"])],
        ["Opened", str(scan["opened"])],
    ]
    return _table("Search for what must not be there", ["Step", "Number"], rows, [4, 1])


def _table(
    title: str, head: list[str], rows: list[list[str]], widths: list[int]
) -> dict[str, object]:
    return {"title": title, "head": head, "rows": rows, "widths": widths}


def _sentences(text: str) -> list[str]:
    """What is shown, then the limits one by one, so that none hides behind another."""
    shows, hides, rest = text.partition("It does not show ")
    clauses = rest.removesuffix(".").split("; ")
    return [
        shows.strip(),
        *(f"{hides}{clause.removeprefix('or ')}." for clause in clauses if clause),
    ]


def _day(text: str) -> str:
    return f"{dt.date.fromisoformat(text):%-d %B %Y}"


def _when(text: str) -> str:
    return f"{dt.datetime.fromisoformat(text):%-d %B %Y, %H:%M} UTC"
