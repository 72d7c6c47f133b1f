"""The one ``harken`` command: subcommands by room, each registered by its room.

It only finds the room, runs what the room's ``commands`` module set, and turns an error
of the catalogue into sentences and an exit code. It must never swallow an unknown error.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import PurePath

import django
from django.db.utils import OperationalError, ProgrammingError

from harken.method.errors import Exit, HarkenError, refuse
from harken.service import serve, terminal
from harken.service.anonymisation import offline
from harken.service.ledger import witness
from harken.service.vault import witness as shares
from harken.service.vault.keyholder import process
from harken.service.vault.reach import HolderAway

DEMO_DATA = "var/demo/data"
ROOMS = (
    "accounts",
    "questionnaire",
    "sampling",
    "contact",
    "response",
    "analysis",
    "publication",
    "vault",
    "ledger",
    "anonymisation",
    "rights",
    "rehearsal",
)
"""Rooms with a ``commands`` module, in the order of the flow.

They are named and not imported above: their models need Django to be set up first.
"""

ALONE = {
    "destroy verify": offline,
    "ledger witness": witness,
    "vault holder": process,
    "vault witness": shares,
}
"""Programs that need no settings and no database: the key holder, and the controller's."""

EPILOG = """\
exit codes:
  0  done
  1  an unexpected fault of the program
  2  the command was written wrongly
  3  a file or value given was not usable; each finding says where and what to do
  4  refused: not allowed, or not in this state
  5  a proof did not verify
  6  busy: another run is at work; try again

Data live in the folder named by HARKEN_DATA (default: var/data below this folder).
"""


def parser() -> argparse.ArgumentParser:
    """The whole command line, built from the rooms' own ``register`` functions."""
    top = argparse.ArgumentParser(
        prog="harken",
        description="Runs a review of how victims of crime were treated, from the "
        "sample file to the published figure and the certificate of destruction.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    rooms = top.add_subparsers(dest="room", required=True, metavar="ROOM")
    serve.register(rooms)
    for room in ROOMS:
        importlib.import_module(f"harken.service.{room}.commands").register(rooms)
    return top


def alone(argv: Sequence[str]) -> argparse.Namespace | None:
    """What those do who have a certificate or a checkpoint and nothing else of ours.

    It is run before settings are read, which would make a data folder.
    """
    program = ALONE.get(" ".join(argv[:2]))
    if program is None:
        return None
    reader = argparse.ArgumentParser(
        prog=f"harken {' '.join(argv[:2])}", description=program.__doc__
    )
    program.add_arguments(reader)
    return reader.parse_args(argv[2:])


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code (method.errors.Exit)."""
    given = sys.argv[1:] if argv is None else argv
    args = alone(given)
    if args is None:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "harken.service.settings")
        if list(given[:1]) == ["demo"]:
            # The demo replaces its folder, so it never falls back on the real one.
            os.environ.setdefault("HARKEN_DATA", DEMO_DATA)
            # Its months pass in minutes, so its keys follow the time they are told.
            os.environ.setdefault("HARKEN_CLOCK", "stated")
        django.setup()
        args = parser().parse_args(given)
    run: Callable[[argparse.Namespace], int] = args.run
    try:
        return int(run(args))
    except (HarkenError, HolderAway) as error:
        terminal.show_findings(error.findings)
        return int(error.exit)
    except BrokenPipeError:
        sys.stderr.close()
        return int(Exit.DONE)
    except OSError as error:
        name = PurePath(str(error.filename or "")).name
        problem = error.strerror or type(error).__name__
        terminal.fail(f"error: {refuse(terminal.NO_FILE, name=name, problem=problem)}")
        return int(terminal.NO_FILE.exit)
    except (OperationalError, ProgrammingError) as error:
        fault = terminal.BUSY if "locked" in str(error) else terminal.NOT_PREPARED
        terminal.fail(f"error: {refuse(fault)}")
        return int(fault.exit)
    except KeyboardInterrupt:
        terminal.fail("Stopped.")
        return int(Exit.FAULT)


if __name__ == "__main__":
    sys.excepthook = terminal.crash
    raise SystemExit(main())
