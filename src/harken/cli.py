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
from types import ModuleType

import django
from django.db.utils import OperationalError, ProgrammingError

from harken import VERSION
from harken.method.errors import AwayError, Exit, HarkenError, refuse
from harken.service import terminal

DEMO_DATA = "var/demo/data"
ROOMS = {
    "prepare": "serve",
    "serve": "serve",
    "accounts": "accounts.commands",
    "study": "questionnaire.commands",
    "questionnaire": "questionnaire.commands",
    "sampling": "sampling.commands",
    "safeguarding": "safeguarding.commands",
    "contact": "contact.commands",
    "interview": "interview.commands",
    "response": "response.commands",
    "redaction": "redaction.commands",
    "analysis": "analysis.commands",
    "publication": "publication.commands",
    "vault": "vault.commands",
    "ledger": "ledger.commands",
    "destroy": "anonymisation.commands",
    "rights": "rights.commands",
    "demo": "rehearsal.commands",
}
"""The first word of a command and the module that registers it, in the order of the flow.

They are named and not imported above: their models need Django to be set up first, and a
command loads its own room's libraries only.
"""

HEAVY = {"questionnaire": "questionnaire.exchange"}
"""Verbs of a room that bring libraries of their own, registered when none other is meant."""

ALONE = {
    "destroy verify": "anonymisation.offline",
    "ledger witness": "ledger.witness",
    "vault holder": "vault.keyholder.process",
    "vault witness": "vault.witness",
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


def parser(words: Sequence[str] = ()) -> argparse.ArgumentParser:
    """The command line, of the room that the first word names or of the whole house."""
    top = argparse.ArgumentParser(
        prog="harken",
        description="Runs a review of how victims of crime were treated, from the "
        "sample file to the published figure and the certificate of destruction.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("--version", action="version", version=f"harken {VERSION}")
    rooms = top.add_subparsers(dest="room", required=True, metavar="ROOM")
    asked = words[0] if words and words[0] in ROOMS else None
    for module in dict.fromkeys([ROOMS[asked]] if asked else ROOMS.values()):
        _module(module).register(rooms)
    for room, module in HEAVY.items():
        if asked in (None, room):
            verbs = _verbs(rooms.choices[room])
            if asked is None or not set(words[1:2]) & set(verbs.choices):
                _module(module).register(verbs)
    return top


def _module(name: str) -> ModuleType:
    return importlib.import_module(f"harken.service.{name}")


def _verbs(
    room: argparse.ArgumentParser,
) -> argparse._SubParsersAction[argparse.ArgumentParser]:
    below = (
        one for one in room._actions if isinstance(one, argparse._SubParsersAction)
    )
    return next(below)


def alone(argv: Sequence[str]) -> argparse.Namespace | None:
    """What those do who have a certificate or a checkpoint and nothing else of ours.

    It is run before settings are read, which would make a data folder.
    """
    name = ALONE.get(" ".join(argv[:2]))
    if name is None:
        return None
    program = _module(name)
    reader = argparse.ArgumentParser(
        prog=f"harken {' '.join(argv[:2])}", description=program.__doc__
    )
    program.add_arguments(reader)
    return reader.parse_args(argv[2:])


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code (method.errors.Exit)."""
    given = sys.argv[1:] if argv is None else argv
    if list(given) == ["--version"]:
        terminal.say(f"harken {VERSION}")
        return Exit.DONE
    args = alone(given)
    if args is None:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "harken.service.settings")
        if list(given[:1]) == ["demo"]:
            # The demo replaces its folder, so it never falls back on the real one.
            os.environ.setdefault("HARKEN_DATA", DEMO_DATA)
            # Its months pass in minutes, so its keys follow the time they are told.
            os.environ.setdefault("HARKEN_CLOCK", "stated")
        django.setup()
        args = parser(given).parse_args(given)
    run: Callable[[argparse.Namespace], int] = args.run
    try:
        return int(run(args))
    except (HarkenError, AwayError) as error:
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
