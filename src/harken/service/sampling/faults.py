"""What can go wrong in loading and drawing a sample. No entry ever shows a field."""

from __future__ import annotations

from harken.method.errors import Exit, Fault, Level

MOSTLY_UNREADABLE = Fault(
    "SAM-021",
    "{bad} of {read} rows cannot be used, more than one in five.",
    "The columns are probably shifted, or dates and codes are in another form.",
    "Mend the export by the findings listed; nothing was loaded.",
)
HIDDEN = Fault(
    "SAM-023",
    "{count} more findings of the same kinds are not listed.",
    "The list stops at {limit} findings.",
    "Mend the kinds listed and load again.",
    Level.WARNING,
)

LOADED = Fault(
    "SAM-050",
    "The study '{slug}' already has its sample.",
    "A sample is loaded once; a second one would double people.",
    "Discard it first ('harken sampling discard {slug}'), as long as nothing is drawn.",
    exit=Exit.REFUSED,
)
DRAWN = Fault(
    "SAM-051",
    "The sample of '{slug}' has been drawn.",
    "A draw is made once, so that nobody can draw until they like the result.",
    "Go on with the drawn sample; its seed and strata are on the sample page.",
    exit=Exit.REFUSED,
)
WRONG_STATE = Fault(
    "SAM-052",
    "The study '{slug}' is {state}.",
    "Samples are loaded and drawn while a study is a draft or open.",
    "Load the study again under another name for a new sample.",
    exit=Exit.REFUSED,
)
NO_CASE = Fault(
    "SAM-053",
    "There is no such case.",
    "The reference belongs to no case of this house.",
    "Look the case up again.",
    exit=Exit.REFUSED,
)
NO_OPEN_ARM = Fault(
    "SAM-054",
    "The open survey of '{slug}' is not running.",
    "The study has no open arm, or the arm has closed.",
    "See the study's public page for what is still running.",
    exit=Exit.REFUSED,
)
NO_SAMPLE = Fault(
    "SAM-055",
    "The study '{slug}' has no sample.",
    "No sample file has been loaded.",
    "Load one with 'harken sampling load'.",
    exit=Exit.REFUSED,
)
UPLOAD_LARGE = Fault(
    "SAM-056",
    "The uploaded file is larger than {limit} megabytes.",
    "Larger files would have to be kept on disk, which samples never are.",
    "Use 'harken sampling load' on the server, or check the file.",
)
NO_FILE = Fault(
    "SAM-057",
    "No file can be read there.",
    "The path does not exist, is a folder, or may not be opened.",
    "Give the path of the sample file, or - to read it from standard input.",
    exit=Exit.USAGE,
)
NO_UPLOAD = Fault(
    "SAM-058",
    "No file was chosen.",
    "The form was sent without a sample file.",
    "Choose the CSV file the force sent, then load it.",
)
