"""The catalogue of what is wrong with a study folder, or missing before a launch."""

from __future__ import annotations

from harken.method.errors import Exit, Fault, Level

NO_FILE = Fault(
    "STU-001",
    "The study folder has no '{file}'.",
    "Every study is defined by that file.",
    "Add it; docs/reference/study-folder.md shows each file of a study.",
)
UNKNOWN_FILE = Fault(
    "STU-002",
    "The file '{file}' is not part of a study folder and is not used.",
    "Its name or place is not one the study knows.",
    "Rename it, move it, or remove it; docs/reference/study-folder.md has the names.",
    Level.WARNING,
)
EMPTY_FILE = Fault(
    "STU-003",
    "The file '{file}' is empty.",
    "An empty text would be shown to people as an empty page.",
    "Write it, or remove it.",
)
GIANT_FILE = Fault(
    "STU-004",
    "The file '{file}' has {size} characters; the limit is {limit}.",
    "A study's files are read by people; one of this size is a mistake.",
    "Check that the right file is in the folder.",
)
BAD_NAME = Fault(
    "STU-005",
    "'{id}' is not a usable name for a study.",
    "The name stands in file names and in the answers file.",
    "Start with a small letter; then small letters, digits and -, at most 40 in all.",
)
BAD_LANGUAGE = Fault(
    "STU-006",
    "'{language}' is not a language tag.",
    "Languages are written as BCP 47 tags.",
    "Write en, pl, cy, pt-br and the like; name each once, the source first.",
)
CALENDAR_ORDER = Fault(
    "STU-007",
    "The calendar has '{later}' on {late}, before '{earlier}' on {early}.",
    "The steps of a study follow one another.",
    "Correct one of the two dates in study.yaml.",
)
OUT_OF_TIME = Fault(
    "STU-008",
    "Shifting the calendar by {days} days leads outside the calendar.",
    "The shift is too large.",
    "Use a number of days between -36500 and 36500.",
)
BAD_VALUE = Fault(
    "STU-009",
    "'{key}' is {value}: {problem}.",
    "The value cannot be used.",
    "{remedy}",
)
TWICE = Fault(
    "STU-010",
    "'{what}' is given twice under '{key}'.",
    "It would be unclear which one counts.",
    "Keep one of the two.",
)
UNKNOWN_STRATUM = Fault(
    "STU-011",
    "The stratum variable '{name}' is not among the design variables.",
    "Strata are made from design variables, which travel with each response.",
    "Add it to 'design_variables' or choose another.",
)

NO_REFERENCE = Fault(
    "STU-020",
    "The charter names no '{kind}'.",
    "{why}",
    "Add it under 'references' in study.yaml, with its value and its date.",
)
REFERENCE_AHEAD = Fault(
    "STU-021",
    "The {kind} is dated {date}, which is still to come.",
    "A launch stands on what has been decided, not on what will be.",
    "Correct the date, or wait for the decision.",
)
NO_HELP = Fault(
    "STU-022",
    "The help list is empty.",
    "Every page links to services that can help (SAF-34).",
    "List them in support.yaml, each with an owner and a review date.",
)
HELP_OVERDUE = Fault(
    "STU-023",
    "The help service '{name}' was to be reviewed by {date}.",
    "A number that no longer answers harms somebody who needs it.",
    "Have its owner check the entry, then set a new review date in support.yaml.",
)
NO_EMERGENCY = Fault(
    "STU-024",
    "The help list does not name the emergency number {number}.",
    "Somebody in danger must find it on the same page (SAF-35).",
    "Add an entry with that phone number to support.yaml.",
)
NO_TEXTS = Fault(
    "STU-025",
    "There is no '{file}'.",
    "The charter offers the study in {language}, so every text must be there in it.",
    "Write the file, or take the language out of the charter.",
)
NO_DATA_FILE = Fault(
    "STU-026",
    "There is no '{file}'.",
    "{why}",
    "Add the file to the study folder and load the study again.",
)
FIELDWORK_OVER = Fault(
    "STU-027",
    "The study has expired: its fieldwork closed on {date}.",
    "Nobody may be asked after the date the notice gave.",
    "Load a folder with a new calendar, new notices and a new policy version.",
    exit=Exit.REFUSED,
)
DESTROY_PAST = Fault(
    "STU-028",
    "The date promised for destruction, {date}, has passed.",
    "Identities may not be taken in under a promise that is already due.",
    "Load a folder with a new calendar, new notices and a new policy version.",
    exit=Exit.REFUSED,
)
EARLY = Fault(
    "STU-029",
    "The calendar opens the web on {date}, which is still to come.",
    "Pages become reachable as soon as the study is open.",
    "Open it on the day, or go on if this is a rehearsal.",
    Level.WARNING,
)
REVEALING_TITLE = Fault(
    "STU-030",
    "The neutral title holds the word '{word}'.",
    "It is seen at doors, on envelopes and in browser histories (SAF-05).",
    "Choose a title that says nothing of crime, police or victims.",
)
LONG_KEEPING = Fault(
    "STU-031",
    "Identities would be kept for {days} days after fieldwork closes.",
    "The promise is to destroy them when they are no longer needed.",
    "Bring destroy_by forward, or record in the DPIA why it cannot be sooner.",
    Level.WARNING,
)
