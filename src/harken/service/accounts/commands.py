"""``harken accounts``: the operator's way to make, list, reset and disable staff accounts.

A password is never an argument: it would stand in the shell's history. The person
chooses it with a one-time set-up code.
"""

from __future__ import annotations

import argparse

from django.utils import timezone

from harken.method.errors import Exit, refuse
from harken.method.terms import Role
from harken.service import terminal
from harken.service.accounts import actions, faults, grants, queries
from harken.service.accounts.models import STAFF_ROLES

ROLES = [value for value, _ in STAFF_ROLES]


def register(rooms: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the room's subcommands."""
    room = rooms.add_parser(
        "accounts",
        help="staff accounts: add, list, role, reset, disable; database grants",
        description="Staff accounts. A new person gets a one-time set-up code, chooses a "
        "password of at least 15 characters and sets up an authenticator app.",
    )
    verbs = room.add_subparsers(dest="verb", required=True)
    add = verbs.add_parser("add", help="make an account and print its set-up code")
    add.add_argument("username", help="a short label, never a person's full name")
    add.add_argument("role", help="one of: " + ", ".join(ROLES))
    add.set_defaults(run=_add)
    shown = verbs.add_parser("list", help="who is on the staff")
    shown.set_defaults(run=_list)
    role = verbs.add_parser("role", help="give an account another role")
    role.add_argument("username")
    role.add_argument("role", help="one of: " + ", ".join(ROLES))
    role.set_defaults(run=_role)
    reset = verbs.add_parser(
        "reset", help="take password and second factor away; print a new set-up code"
    )
    reset.add_argument("username")
    reset.set_defaults(run=_reset)
    disable = verbs.add_parser("disable", help="close an account and end its session")
    disable.add_argument("username")
    disable.set_defaults(run=_disable)
    given = verbs.add_parser(
        "grants", help="print PostgreSQL's roles and grants for one database"
    )
    given.add_argument("zone", choices=[zone.value for zone in grants.Zone])
    given.add_argument("database", help="the database's name in PostgreSQL")
    given.set_defaults(run=_grants)


def _as_role(word: str) -> Role:
    if word not in ROLES:
        raise refuse(faults.BAD_ROLE, role=word, known=", ".join(ROLES))
    return Role(word)


def _add(args: argparse.Namespace) -> int:
    role = _as_role(args.role)
    code = actions.invite(
        args.username, role, by=terminal.operator(), at=timezone.now()
    )
    _show_code(args.username, code)
    return Exit.DONE


def _list(args: argparse.Namespace) -> int:
    terminal.table(
        ["account", "role", "state", "last sign-in"],
        [
            (
                row.username,
                row.role.value,
                row.state,
                row.last_seen.date() if row.last_seen else "never",
            )
            for row in queries.staff()
        ],
    )
    return Exit.DONE


def _role(args: argparse.Namespace) -> int:
    user = queries.account(args.username)
    role = _as_role(args.role)
    actions.change_role(user, role, by=terminal.operator(), at=timezone.now())
    terminal.say(f"{args.username} now has the role {role.value}.")
    return Exit.DONE


def _reset(args: argparse.Namespace) -> int:
    user = queries.account(args.username)
    code = actions.reset(user, by=terminal.operator(), at=timezone.now())
    _show_code(args.username, code)
    return Exit.DONE


def _disable(args: argparse.Namespace) -> int:
    user = queries.account(args.username)
    actions.disable(user, by=terminal.operator(), at=timezone.now())
    terminal.say(f"{args.username} is disabled; no session of it lives.")
    return Exit.DONE


def _grants(args: argparse.Namespace) -> int:
    terminal.say(grants.grants(grants.Zone(args.zone), args.database).rstrip())
    return Exit.DONE


def _show_code(username: str, code: str) -> None:
    terminal.say(f"Account {username} waits for its person.")
    terminal.say("They open /staff/first/ within three days and type this code once:")
    terminal.say(f"  {code}")
