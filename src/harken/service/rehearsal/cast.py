"""Who acts in a rehearsal: staff accounts of the demo, each with both factors.

The passwords and secrets are printed and public. They serve a demo on this machine and
nothing else; a study for real people never has these accounts.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from harken.method.terms import Actor, Role
from harken.service.accounts import actions as accounts
from harken.service.terminal import operator

PASSWORD = "estuary-rehearsal-only"  # noqa: S105 - printed for everybody to see


@dataclass(frozen=True, slots=True)
class Member:
    """One account of the demo."""

    username: str
    role: Role
    secret: str

    @property
    def actor(self) -> Actor:
        """The account as the ledger names it."""
        return Actor(self.username, self.role)


def _secret(word: str) -> str:
    """A base-32 secret that says what it is."""
    return f"{word}REHEARSALONLY".ljust(30, "A") + "22"


MANAGER = Member("demo-manager", Role.MANAGER, _secret("MANAGER"))
INTERVIEWER = Member("demo-interviewer", Role.INTERVIEWER, _secret("CALLER"))
HELPDESK = Member("demo-helpdesk", Role.HELPDESK, _secret("HELPDESK"))
STATISTICIAN = Member("demo-statistician", Role.STATISTICIAN, _secret("FIGURES"))
GUARDIAN = Member("demo-guardian", Role.GUARDIAN, _secret("GUARDIAN"))
REDACTOR = Member("demo-redactor", Role.REDACTOR, _secret("READER"))
SECOND_READER = Member("demo-second-reader", Role.REDACTOR, _secret("SECOND"))
CODER = Member("demo-coder", Role.CODER, _secret("CODER"))
SAFEGUARDING = Member("demo-safeguarding", Role.SAFEGUARDING, _secret("SAFE"))
CONTROLLER = Member("demo-controller", Role.CONTROLLER, _secret("CONTROLLER"))
CAST = (
    MANAGER,
    INTERVIEWER,
    HELPDESK,
    STATISTICIAN,
    GUARDIAN,
    SAFEGUARDING,
    REDACTOR,
    SECOND_READER,
    CODER,
    CONTROLLER,
)


def engage(*, at: dt.datetime) -> None:
    """Make every account of the cast, ready to sign in."""
    for member in CAST:
        accounts.make_account(
            member.username,
            member.role,
            PASSWORD,
            member.secret,
            by=operator(),
            at=at,
        )
