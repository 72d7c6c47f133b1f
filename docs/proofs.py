"""The page of privacy proofs: each requirement with the tests and benchmarks that name it.

A test names the requirements it proves in the docstring at its head (``PRV 57``, ``PRV
17-21``, ``PRV 46 in part``). ``proof_tests`` says for the requirements of the vault, its
destruction and the staff which test of the file it is. What none proves has its reason in
``UNPROVED``.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

from proof_tests import TESTS

ROOT = Path(__file__).resolve().parents[1]
NOTE = "<!-- Written by script/docs; change the code, not this page. -->\n"
LIST = re.compile(
    r"PRV\s+((?:\d+(?:-\d+)?(?:\s+in\s+part)?(?:,\s+(?:and\s+)?|\s+and\s+)?)+)"
)
ONE = re.compile(r"(\d+)(?:-(\d+))?(\s+in\s+part)?")

REQUIREMENTS = {
    1: "after a week of fieldwork no file holds a person in the clear",
    2: "nor does the raw file system",
    3: "SQLite without its safe settings does not start",
    4: "PostgreSQL that logs parameters does not start",
    5: "the database's statistics hold no person",
    6: "a sample of 50 MB leaves no trace in temporary folders",
    7: "20 different faults show no value",
    8: "debugging cannot be switched on in production",
    9: "withdrawing one of 100,000: refused within a second, rotated within a second",
    10: "destroying 10,000 of a million within ten seconds",
    11: "destroying a class of a million within a second, without the sweep",
    12: "an older backup opens nobody destroyed, and everybody else",
    13: "a crash at each durable step, three times over, converges to one certificate",
    14: "500 random kills converge",
    15: "disk full, read-only or holder away: stops safely and resumes",
    16: "abandoned candidate keys are not on the raw disk",
    17: "past the deadline nothing opens, and it is alarmed",
    18: "a clock set back is refused",
    19: "the processor alone cannot extend the promise, nor the controller too late",
    20: "at the deadline only the contact key of who agreed lives",
    21: "past its own date the recontact class opens nothing",
    22: "the holder's memory holds no key after destruction and restart",
    23: "no core dump, no reading of the holder's memory",
    24: "the verifier accepts a true bundle of 100,000 within 5 seconds, offline",
    25: "eleven falsifications and 1,000 flipped bits are rejected",
    26: "any change of the ledger shows against a lodged checkpoint",
    27: "the witness refuses the second of two forked checkpoints",
    28: "neither ledger nor certificate holds a person",
    29: "no final certificate while a recipient has not confirmed",
    30: "a second verifier in another language agrees on 100 bundles",
    31: "the controller's canaries are found before, and not after",
    32: "responses cannot be joined to the vault without the link keys",
    33: "the kept file cannot be joined to call records",
    34: "the length of what is sealed tells no name",
    35: "after the link is gone a request is answered: cannot identify, certificate n",
    36: "an old index cannot be tried with all telephone numbers",
    37: "the kept file: frame K 10, sample k 5, l 2 on every record",
    38: "the gate refuses undeclared columns",
    39: "a motivated intruder with the frame confirms nobody",
    40: "no small cell by differencing 10,000 pairs of tables",
    41: "no unread text in the kept file",
    42: "redaction by people leaves no identifier in 500 texts",
    43: "a million codes: unique, uniform, no words",
    44: "typing mistakes in codes are caught",
    45: "a million guesses hit nothing, are alarmed, and hold nobody up",
    46: "used, expired, withdrawn and unknown codes look alike",
    47: "the neutral page holds no telling word",
    48: "a code is never in a log, a referrer or the history",
    49: "Exit this page works within a second, and Back shows nothing, in three browsers",
    50: "without script too",
    51: "a code alone shows no earlier answer",
    52: "five wrong PINs end it",
    53: "the listening key hides the screen within 300 ms",
    54: "no request to third parties",
    55: "who is flagged gets no letter, voicemail or message, by the holder's rule",
    56: "every role at every address and object: only what is listed",
    57: "an interviewer who enumerates opens at most one case and is noticed by the tenth try",
    58: "an analyst's database credentials reach no identity",
    59: "root on the web host opens nothing beyond the holder's rate",
    60: "no sign-in without a second factor, by any path",
    61: "a stolen session is dead within a second of sign-out or change of role",
    62: "break-glass: two people, 30 minutes, controller told within 5, in the ledger",
    63: "no path exports identities in bulk",
    64: "security headers on every answer",
    65: "dependencies: no known high vulnerability; hashes locked",
    66: "ASVS: level 2 answered, the named rows of level 3 met or signed",
    67: "a restore drill on a fresh host within an hour",
    68: "one holder lost: goes on; both lost: known and noticed",
}

UNPROVED: dict[int, str] = {}

LEFT = {
    1: "12 people in the test and 60 in the benchmark, each by seven facts in fourteen "
    "writings; not 100,000",
    2: "on an image of ext4; a real solid-state disk's spare cells cannot be read here",
    7: "no error mail is ever sent; there is none to search",
    12: "OpenBao in its development mode, SoftHSM for a module; no cluster, no real module",
    13: "the whole destruction at six of its steps in the test, at each with "
    "`script/bench stopped`; the keys at each in the test",
    14: "500 runs, each killed twice, in the benchmark; 40 in the test",
    16: "file slots on a real disk overwrite in place; flash may keep old cells",
    22: "by root's eyes in the test; for another user the memory cannot be read at all",
    32: "sixteen people in the test; 3,000 with `script/bench linkage`",
    33: "the response file has no time finer than a week; no call records of a provider",
    39: "a program plays the intruder; the exercise of a person is noted by `destroy tried`",
    40: "tables of studies made at random, judged as a release's are; two tables beside each "
    "other, by one variable",
    42: "what the machine marks is measured; how well two people read 500 texts is not: no real "
    "text of a victim is here, and a program cannot stand in for a reader",
    45: "the million guesses are the benchmark's; tests/service/contact/test_codes.py holds "
    "limits and alarm",
    48: "in Chromium; the house keeps no access log, a proxy's is its operator's",
    49: "WebKit is WebKitGTK, not Safari on a phone",
    54: "in Chromium, from the front page to the last",
    62: "the controller hears at once where the house may send mail; else the page says to "
    "ring them",
    64: "as the house answers; what a proxy before it adds or takes away is the operator's",
    65: "where this was built the registry tells only of newest versions, 74 of 87; the other 13, "
    "Django among them, were held against a list of 8 October 2024 alone (decision 0016)",
    67: "on another folder of the same machine, not monthly",
}
"""What remains open of a requirement that a test names."""


MEASURED = Path(__file__).with_name("privacy-measured.txt")
"""Figures of one run, written by hand; the benchmark says them anew."""


def named(root: Path = ROOT) -> dict[int, list[tuple[str, bool]]]:
    """Which files name each requirement, and whether in part."""
    found: dict[int, list[tuple[str, bool]]] = {}
    for path in sorted([*root.glob("tests/**/*.py"), *root.glob("bench/*.py")]):
        head = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        for listed in LIST.finditer(head):
            for first, last, part in ONE.findall(listed[1]):
                for number in range(int(first), int(last or first) + 1):
                    shown = path.relative_to(root).as_posix()
                    found.setdefault(number, []).append((shown, bool(part)))
    return found


def page() -> str:
    """docs/reference/privacy-proofs.md."""
    proofs = named()
    met = sum(1 for number in REQUIREMENTS if proofs.get(number))
    lines = ["# Privacy proofs", NOTE]
    lines.append(
        f"{len(REQUIREMENTS)} requirements of privacy; {met} are named at the head of a test "
        "or benchmark. The words after a file are the names of its tests (or a benchmark's "
        "parts): each can be run alone. The last column says what is not shown. Sizes asked for "
        "(a million people) are held by `script/bench`, not by the tests; what it measured "
        "stands below.\n"
    )
    lines.append("| PRV | asked | proved by | left |")
    lines.append("|---|---|---|---|")
    for number, asked in REQUIREMENTS.items():
        shown = _tests(number) or _files(proofs.get(number, []))
        left = LEFT.get(number, "") if shown else f"**not met here**: {_why(number)}"
        lines.append(f"| {number} | {asked} | {shown} | {left} |")
    return "\n".join(lines) + "\n\n" + MEASURED.read_text(encoding="utf-8")


def functions(path: Path) -> set[str]:
    """The names of the tests of a file, or of a benchmark's parts."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def _tests(number: int) -> str:
    """Each file with what its tests say: their names, as sentences."""
    found: dict[str, list[str]] = {}
    for one in TESTS.get(number, ()):
        file, _, name = one.partition("::")
        words = name.removeprefix("test_").replace("_", " ")
        found.setdefault(file, []).append(words)
    return "; ".join(f"`{file}`: {', '.join(said)}" for file, said in found.items())


def _files(files: list[tuple[str, bool]]) -> str:
    """The files alone, where nobody said which of their tests it is."""
    return "; ".join(
        f"`{name}`{' in part' * part}" for name, part in dict.fromkeys(files)
    )


def _why(number: int) -> str:
    return UNPROVED.get(number, "no test or benchmark names it")
