"""What an import or export has to tell: what could not be read, carried or kept.

EXC-0.. stop the work. The hundreds say how much weighs: 1.. lost, 2.. approximated,
3.. worth a note. Names and expressions in these messages are the author's own.
"""

from __future__ import annotations

from harken.method.errors import Fault, Level

_W = Level.WARNING

NOT_READABLE = Fault(
    "EXC-001",
    "The file cannot be read as {format}: {problem}.",
    "It is damaged, cut short, protected, or of another kind than its name says.",
    "Open it in the program it comes from and save it again.",
)
UNKNOWN_FORMAT = Fault(
    "EXC-002",
    "The format of '{name}' is not known.",
    "Neither its name nor its first bytes tell XLSForm, ONS eQ or LimeSurvey.",
    "Give an .xlsx, .xls, .csv, .json or .lss file.",
)
NO_QUESTIONS = Fault(
    "EXC-003",
    "The file holds no question.",
    "The sheet or part that should hold them is missing, empty or named otherwise.",
    "See that questions stand where the format wants them, such as a sheet 'survey'.",
)
TOO_LARGE = Fault(
    "EXC-004",
    "The file is larger than any questionnaire: {size} bytes.",
    "It is of another kind, or made to fill the memory.",
    "Check that the right file was given.",
)
NOT_SOUND = Fault(
    "EXC-005",
    "The source made from the file is not accepted: {problem}.",
    "The instrument breaks a rule of this house that no import can mend.",
    "Mend it in the program it comes from, or take the written source and mend that.",
)
OUT_EXISTS = Fault(
    "EXC-006",
    "The folder '{name}' holds a questionnaire already.",
    "An import never writes over what somebody may have worked on.",
    "Name another folder with --to.",
)

UNKNOWN_TYPE = Fault(
    "EXC-101",
    "'{name}' is left out: questions of type '{type}' are not known here.",
    "The type is misspelt, obsolete, or of one vendor alone.",
    "Ask it with another type.",
    _W,
)
NOT_SAID = Fault(
    "EXC-102",
    "The {column} of '{name}' is not carried over: {problem}.",
    "The expression uses what the question language has no words for.",
    "Write it anew by hand: {expression}",
    _W,
)
NOT_PARSED = Fault(
    "EXC-103",
    "The {column} of '{name}' is no expression: {problem}.",
    "It is misspelt there too, and was never evaluated as meant.",
    "Write it anew by hand: {expression}",
    _W,
)
NO_LIST = Fault(
    "EXC-104",
    "'{name}' takes its options from '{list}', of which none is there.",
    "The list is misspelt, or is in a file that was not given.",
    "Put the file beside the form and import it again.",
    _W,
)
REFUSED = Fault(
    "EXC-105",
    "The {column} of '{name}' is not carried over: {problem}",
    "What was made of it does not pass the reader's checks.",
    "Write it anew by hand: {expression}",
    _W,
)
MISPLACED = Fault(
    "EXC-106",
    "'{name}' does not fit where it stands: {problem}.",
    "Groups, repeats and their ends do not match, or are nested too deeply.",
    "Mend the order there, or arrange the sections by hand here.",
    _W,
)
NO_PLACE = Fault(
    "EXC-107",
    "{what} is not kept in {format}.",
    "The format has no place for it.",
    "Keep the Harken source beside the exported file.",
    _W,
)

OTHER_TYPE = Fault(
    "EXC-201",
    "'{name}' ({type}) is asked as {as_type}{why}.",
    "The types of the two languages differ here.",
    "See that the answers still serve.",
    _W,
)
MAXIMUM = Fault(
    "EXC-202",
    "The repeat '{name}' has at most {maximum} lines here.",
    "Every roster has a largest number of lines; the form gives none.",
    "Set the maximum that the study needs.",
    _W,
)
NEARLY = Fault(
    "EXC-203",
    "The {column} of '{name}' is carried over nearly: {problem}.",
    "The function has no exact counterpart.",
    "Compare the two: {expression}",
    _W,
)
SOMETIMES_REQUIRED = Fault(
    "EXC-204",
    "'{name}' is required under a condition there; here it may be left out.",
    "A question is required always or never.",
    "Split the question if it matters: {expression}",
    _W,
)
NO_DEFAULT = Fault(
    "EXC-205",
    "The default of '{name}' is not filled in.",
    "Here no answer is given before a person gives it.",
    "Say in the hint what is usual: {expression}",
    _W,
)
OUTSIDE = Fault(
    "EXC-206",
    "The {column} of '{name}' uses what is not asked here: {problem}.",
    "The form takes it from the device, another form or a file; here it is empty.",
    "See that the rest of the expression still serves: {expression}",
    _W,
)
SHORTENED = Fault(
    "EXC-207",
    "'{name}' has {count} {what}; the first {limit} are carried over.",
    "An instrument has limits so that a person can check it.",
    "Split it.",
    _W,
)
NEVER = Fault(
    "EXC-209",
    "'{name}' is left out: it could never be asked.",
    "Its condition needs an answer that is not asked here.",
    "Write it anew if it should be asked: {expression}",
    _W,
)
KEPT_NEARLY = Fault(
    "EXC-208",
    "{what} is kept in {format} as {kept}.",
    "The format says it in another way.",
    "Keep the Harken source beside the exported file.",
    _W,
)

NOT_ASKED = Fault(
    "EXC-301",
    "'{name}' ({type}) is not asked here.",
    "Pictures, files, places, codes and records of a database stay out of this survey.",
    "Ask in words if the study needs it.",
    _W,
)
DEVICE = Fault(
    "EXC-302",
    "'{name}' ({type}) is not collected.",
    "The form takes it from the device or the account without asking.",
    "Paradata keep times; who answered is in the sample.",
    _W,
)
RENAMED = Fault(
    "EXC-303",
    "'{name}' is called '{new}' here.",
    "Ids and codes have one form here, and some words are taken.",
    "Use the new name in the analysis.",
    _W,
)
LOOKS = Fault(
    "EXC-304",
    "The {column} of '{name}' has no meaning on this page: {expression}",
    "How a question looks follows from its type.",
    "Nothing need be done.",
    _W,
)
MARKUP = Fault(
    "EXC-305",
    "Markup in the {column} of '{name}' is taken off.",
    "Wording is plain text with strong words, paragraphs and lists.",
    "See that the words still read well.",
    _W,
)
NO_MEDIA = Fault(
    "EXC-306",
    "The {column} of '{name}' is not shown: {expression}",
    "Questions are words, the same on the telephone and on paper.",
    "Say in words what it shows.",
    _W,
)
UNUSED = Fault(
    "EXC-307",
    "{column} is not carried over: {expression}",
    "It is a setting of the other program.",
    "Nothing need be done.",
    _W,
)
LANGUAGE = Fault(
    "EXC-308",
    "The language '{name}' is taken for '{new}'.",
    "The file gives a name and no tag.",
    "Rename the translation file if it is another.",
    _W,
)
MOVED = Fault(
    "EXC-309",
    "'{name}' stands after '{after}' here.",
    "What a condition or a computed value draws on comes before it.",
    "Nothing need be done.",
    _W,
)
TWICE = Fault(
    "EXC-310",
    "{column} of '{name}' stands twice; the first is used: {expression}",
    "The file gives two values where one counts.",
    "Remove the one that is wrong.",
    _W,
)

MAY_LEAVE_OUT = Fault(
    "EXC-311",
    "'{name}' is required there; here it may be left out.",
    "Every question but the consents can be left out: a rule of this house.",
    "Nothing need be done.",
    _W,
)
LOOSE_PATTERN = Fault(
    "EXC-313",
    "A pattern in the {column} of '{name}' has no '^' in front and '$' behind.",
    "By the XForms specification it then fits a part of the text, and so it does here; "
    "some programs want it to fit the whole.",
    "If the whole is meant, write matches() without the '.*' around it: {expression}",
    _W,
)
ALSO_OTHER = Fault(
    "EXC-314",
    "'{name}' offers the option 'other' too.",
    "Another question adds it to their list with or_other.",
    "Take the option off if it is not meant.",
    _W,
)
NO_WORDS = Fault(
    "EXC-312",
    "'{name}' has no words of its own.",
    "The label is empty.",
    "Give it words.",
    _W,
)
