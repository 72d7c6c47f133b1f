"""What can go wrong with a study on its way into the house and through its states."""

from __future__ import annotations

from harken.method.errors import Exit, Fault

NO_STUDY = Fault(
    "STU-040",
    "There is no study called '{slug}'.",
    "The name is misspelt, or the study has not been loaded here.",
    "See 'harken study list', or load the study's folder.",
)
NOT_DRAFT = Fault(
    "STU-041",
    "The study '{slug}' is {state}: its folder can no longer be replaced.",
    "Respondents are bound to what they were promised and asked.",
    "Load the new folder under another name (--as NAME).",
    exit=Exit.REFUSED,
)
WRONG_STATE = Fault(
    "STU-042",
    "The study '{slug}' is {state} and cannot become {wanted}.",
    "A study goes from draft to open to closed to destroyed, one step at a time.",
    "Look at its state with 'harken study show {slug}'.",
    exit=Exit.REFUSED,
)
GATE_SHUT = Fault(
    "STU-043",
    "The study '{slug}' may not open: {count} things are missing or wrong.",
    "The launch gate asks for everything that protects respondents (SAF-50).",
    "Settle each finding below, load the folder again, then open it.",
    exit=Exit.REFUSED,
)
NOT_IN_FIELDWORK = Fault(
    "STU-044",
    "The study '{slug}' is {state}: nobody is asked now.",
    "Interviews are taken only while a study is open.",
    "Open the study first; a closed study stays closed.",
    exit=Exit.REFUSED,
)
EXPIRED = Fault(
    "STU-045",
    "The study '{slug}' has expired: its fieldwork closed on {date}.",
    "Nobody may be asked after the date the notice gave.",
    "Close the study; a new one needs a new calendar and new notices.",
    exit=Exit.REFUSED,
)
NO_FOLDER = Fault(
    "STU-046",
    "'{name}' cannot be read.",
    "It does not exist, is of another kind, or may not be opened.",
    "Give the folder that holds study.yaml.",
)
NOT_UTF8 = Fault(
    "STU-047",
    "The file is not UTF-8 text: byte {byte} cannot be read.",
    "It was saved in another encoding, or it is not a text at all.",
    "Save it as UTF-8 and load again.",
)
TOO_BIG = Fault(
    "STU-048",
    "{what} is larger than {limit} bytes.",
    "A study folder holds texts that people read; this is a mistake or an attack.",
    "Check that the right folder or file was given.",
)
TOO_MANY_FILES = Fault(
    "STU-049",
    "There are more than {limit} files.",
    "A study folder has some dozens; this is another folder.",
    "Give the folder that holds study.yaml.",
)
NOT_A_ZIP = Fault(
    "STU-050",
    "The file is not a ZIP archive that can be read: {problem}.",
    "It is of another kind, damaged, or encrypted.",
    "Pack the study folder as a plain ZIP file and upload it again.",
)
BAD_PATH = Fault(
    "STU-051",
    "The archive holds a file outside its own folder.",
    "A name starts with / or climbs with '..'.",
    "Pack the study folder again.",
)
CONTROL = Fault(
    "STU-052",
    "The file holds a NUL character.",
    "Texts do not; the file is damaged or not a text.",
    "Save it as UTF-8 text and load again.",
)
NO_UPLOAD = Fault(
    "STU-053",
    "No file was chosen.",
    "The form was sent without a study.",
    "Choose the ZIP file of a study folder.",
)
