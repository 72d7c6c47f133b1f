"""What can stop a rehearsal: the catalogue entries REH-001 to REH-005."""

from __future__ import annotations

from harken.method.errors import Exit, Fault

NOT_OURS = Fault(
    "REH-001",
    "The data folder holds something that is not a rehearsal.",
    "A rehearsal replaces its own data folder, and only that.",
    "Unset HARKEN_DATA and the database variables, or name an empty folder with --data.",
    exit=Exit.REFUSED,
)
NO_STUDY = Fault(
    "REH-002",
    "The demo study's folder was not found.",
    "It is looked for in studies/victims-review below the working folder and beside the "
    "program.",
    "Run from the root of the repository, or name the folder with --study.",
)
TOO_FEW = Fault(
    "REH-003",
    "{people} people are too few, or too many, for a rehearsal.",
    "With fewer than {least} hardly any figure can be shown; {most} is the most that "
    "invented telephone numbers reach.",
    "Use --people with a number from {least} to {most}.",
)
FOUND_AGAIN = Fault(
    "REH-004",
    "{found} texts of destroyed people are still in the data folder.",
    "Something wrote an identity outside the vault.",
    "Look at the files named in summary.json; this is a defect to report.",
    exit=Exit.NOT_VERIFIED,
)
NOT_THE_SAME = Fault(
    "REH-005",
    "The {what} made after the destruction is not the one made before.",
    "The tables must not depend on anything that was destroyed.",
    "Compare the two; this is a defect to report.",
    exit=Exit.NOT_VERIFIED,
)
