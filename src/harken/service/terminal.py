"""How the ``harken`` command speaks: sentences, tables, findings, progress.

Everything a command says goes through here, so that nothing else prints. It must never
be handed an identity, an answer or a code, save where showing it is the command's purpose.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from harken.method.errors import Exit, Fault, Finding, Level
from harken.method.terms import Actor, Role
from harken.service.logs import PlaceOnly

SHOWN = 50

NO_FILE = Fault(
    "TER-001",
    "The file or folder '{name}' cannot be used: {problem}.",
    "It is not there, is of another kind, or may not be read or written.",
    "Check the path, and who owns it.",
)
NOT_PREPARED = Fault(
    "TER-002",
    "The databases of this data folder are missing or of another version.",
    "The folder is new, or the program was upgraded since.",
    "Run `harken prepare`; HARKEN_DATA names the folder.",
    exit=Exit.FAULT,
)
TALKATIVE = Fault(
    "TER-004",
    "A database server would write values into its log: {problem}",
    "A log outlives a destruction, and its copies are nowhere registered.",
    "Change the setting in postgresql.conf, reload the server, and try again.",
    exit=Exit.REFUSED,
)
BUSY = Fault(
    "TER-003",
    "Another process holds the databases.",
    "A long command or the server is writing.",
    "Wait until it ends and try again; nothing was changed.",
    exit=Exit.BUSY,
)


def operator() -> Actor:
    """The person at the shell, as the ledger names them."""
    return Actor("operator", Role.ADMINISTRATOR)


def say(text: str = "") -> None:
    """One sentence or line to standard output, as it stands."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def fail(text: str) -> None:
    """One sentence to standard error."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def table(headers: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table to standard output; numbers stand to the right."""
    body = [tuple(row) for row in rows]
    grid = Table(box=None, pad_edge=False, header_style="bold")
    for position, header in enumerate(headers):
        numbers = bool(body) and all(
            isinstance(row[position], int | float) for row in body
        )
        grid.add_column(header, justify="right" if numbers else "left", overflow="fold")
    for row in body:
        grid.add_row(*(Text(str(cell)) for cell in row))
    console = Console(file=sys.stdout, highlight=False)
    if not console.is_terminal:
        console.width = 160
    console.print(grid)


@contextmanager
def progress(label: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on standard error while the block runs; quiet when not a terminal.

    Yields ``report(done, total)``.
    """
    console = Console(file=sys.stderr, highlight=False)
    if not console.is_terminal:
        yield lambda done, total: None
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed}/{task.total}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(label, total=None)

        def report(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        yield report


def crash(kind: type[BaseException], error: BaseException, trace: object) -> None:
    """An unforeseen error, as kinds and places; its text could hold what was read."""
    info = (kind, error, error.__traceback__)
    record = logging.LogRecord("harken", logging.ERROR, "harken", 0, "", (), info)
    fail(PlaceOnly().format(record))
    fail("This is a fault of the program. Report these lines; they hold no values.")


def show_findings(findings: Iterable[Finding]) -> None:
    """Findings to standard error, errors first, at most fifty and a count of the rest."""
    ordered = sorted(findings, key=lambda finding: finding.fault.level is Level.WARNING)
    for finding in ordered[:SHOWN]:
        fail(f"{finding.fault.level.value}: {finding}")
    if len(ordered) > SHOWN:
        fail(f"... and {len(ordered) - SHOWN} more findings.")
