"""The accounts room's part of the error catalogue. No entry ever repeats a password or a code."""

from harken.method.errors import Exit, Fault

NOT_ALLOWED = Fault(
    "ACC-001",
    "The role {role} may not do this; it needs the permission {permission}.",
    "Each role does its own work and nothing else, so that no one person can see all.",
    "Ask someone whose role allows it. docs/reference/roles.md lists roles.",
    exit=Exit.REFUSED,
)
NOT_SIGNED_IN = Fault(
    "ACC-002",
    "Nobody is signed in.",
    "The sign-in ended, or never happened.",
    "Sign in with password and second factor.",
    exit=Exit.REFUSED,
)
NO_ACCOUNT = Fault(
    "ACC-003",
    "There is no account named {username}.",
    "The name is misspelt, or the account was never made.",
    "See `harken accounts list`.",
)
TAKEN = Fault(
    "ACC-004",
    "The account name {username} is taken.",
    "Account names are never used twice: the ledger would name two people alike.",
    "Choose another name.",
)
BAD_NAME = Fault(
    "ACC-005",
    "The account name '{username}' cannot be used.",
    "It stands in the ledger for ever, so it is a short label, not a person's name.",
    "Use 3 to 30 lower-case letters, digits, dots or hyphens; start with a letter.",
)
WEAK = Fault(
    "ACC-006",
    "The password is not accepted: {problem}",
    "A short or common password is guessed first.",
    "Use at least 15 characters; four or five random words are good.",
)
BAD_LINK = Fault(
    "ACC-007",
    "This set-up link cannot be used.",
    "It was used already, is older than three days, or was mistyped.",
    "Ask the person who manages accounts for a new one.",
    exit=Exit.REFUSED,
)
NOT_YOURSELF = Fault(
    "ACC-008",
    "You cannot disable or change the role of your own account.",
    "Nobody gives rights to themselves, and the last manager cannot lock all out.",
    "Ask another manager or the administrator.",
    exit=Exit.REFUSED,
)
BAD_ROLE = Fault(
    "ACC-009",
    "'{role}' is not a role of staff.",
    "The role is misspelt, or is not one that an account may have.",
    "Use one of: {known}.",
)
ABOVE_YOU = Fault(
    "ACC-010",
    "A manager cannot make or change an account with the role {role}.",
    "The commissioner's people approve what the research company does; a manager who "
    "could make such an account could approve alone.",
    "Ask the operator: `harken accounts add`.",
    exit=Exit.REFUSED,
)
NOT_THIS_PASSWORD = Fault(
    "ACC-011",
    "That is not your password.",
    "Whoever changes a password gives the one before, so that an open screen is not enough. "
    "Five wrong ones close the sign-in for half an hour.",
    "Try again; a forgotten one is replaced by a manager with a new set-up code.",
    exit=Exit.REFUSED,
)
