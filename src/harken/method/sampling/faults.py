"""What can be wrong with a sample file, a population table or a draw.

No entry ever shows what a field holds: the file is full of people.
"""

from __future__ import annotations

from harken.method.errors import Exit, Fault, Level

EMPTY = Fault(
    "SAM-001",
    "The file is empty.",
    "Nothing, or only blank lines, was received.",
    "Check that the export finished and that the right file was given.",
)
NOT_UTF8 = Fault(
    "SAM-002",
    "The text is not UTF-8{looks}.",
    "The file was saved in another encoding, so names would be garbled.",
    "Save it again as 'CSV UTF-8' and give the new file.",
)
NOT_COMMAS = Fault(
    "SAM-003",
    "The header is separated by {mark}, not by commas.",
    "Harken does not guess separators: a wrong guess would shift columns.",
    "Export the file with commas.",
)
UNKNOWN_COLUMN = Fault(
    "SAM-004",
    "Column {number} of the header is not a column of the sample file.",
    "It is misspelt, or it is data nobody asked for, or the header line is missing.",
    "Rename or remove it; the columns are listed in docs/reference/sample-file.md.",
)
MISSING_COLUMN = Fault(
    "SAM-005",
    "The column {name} is missing from the header.",
    "Without it people cannot be screened or reached safely.",
    "Add the column; it may be empty where the reference says so.",
)
COLUMN_TWICE = Fault(
    "SAM-006",
    "The column {name} stands twice in the header.",
    "Two columns of one name cannot be told apart.",
    "Remove one of them.",
)
RAGGED = Fault(
    "SAM-007",
    "The row has {found} fields; the header has {wanted}.",
    "A comma inside a field is not quoted, or the row was cut.",
    "Quote fields that hold commas and export again.",
    Level.WARNING,
)
NOT_CSV = Fault(
    "SAM-008",
    "From here on the file cannot be read as CSV.",
    "A quotation mark is not closed, or stands inside an unquoted field.",
    "Double quotation marks inside fields, close the open one, and export again.",
)
TOO_LONG = Fault(
    "SAM-009",
    "The line is longer than {limit} characters.",
    "It is not a row of a sample file: perhaps the file is not text.",
    "Check that the right file was given.",
)
TOO_MANY = Fault(
    "SAM-010",
    "The file has more than {limit} rows.",
    "A file of that size is a mistake: a sample is some thousands of people.",
    "Split the file, or check that the right one was given.",
)
FIELD_LONG = Fault(
    "SAM-011",
    "{column} is longer than {limit} characters.",
    "No name, address or code is that long.",
    "Look at this row in the sender's system. The row is left out.",
    Level.WARNING,
)
CONTROL = Fault(
    "SAM-012",
    "{column} holds a line break or another control character.",
    "A field was pasted from elsewhere.",
    "Remove it in the sender's system. The row is left out.",
    Level.WARNING,
)
BAD_DATE = Fault(
    "SAM-013",
    "{column} is not a date written as 2018-03-31, between 1900 and today.",
    "The date is in another form, impossible, or in the future.",
    "Write the year first, with hyphens. The row is left out.",
    Level.WARNING,
)
BAD_CODE = Fault(
    "SAM-014",
    "{column} is not one of the codes of this study.",
    "The code is misspelt, or the population table does not know it.",
    "Use one of: {known}. The row is left out.",
    Level.WARNING,
)
BAD_FLAG = Fault(
    "SAM-015",
    "{column} is neither yes nor no.",
    "A safety flag that cannot be read must not be guessed.",
    "Write yes or no. The row is left out.",
    Level.WARNING,
)
NEEDED = Fault(
    "SAM-016",
    "{column} is empty.",
    "Without it the case cannot be placed in the design.",
    "Fill it in. The row is left out.",
    Level.WARNING,
)
BAD_PHONE = Fault(
    "SAM-017",
    "{column} cannot be a telephone number.",
    "It has too few or too many digits, or holds something else.",
    "Correct it at the source. The person is kept if a letter can reach them.",
    Level.WARNING,
)
BAD_POSTCODE = Fault(
    "SAM-018",
    "{column} does not have the shape of a United Kingdom postcode.",
    "It is mistyped or belongs to another country.",
    "Correct it at the source. The person is kept if a call can reach them.",
    Level.WARNING,
)
BAD_EMAIL = Fault(
    "SAM-019",
    "{column} cannot be an e-mail address.",
    "It has no @, or holds blanks.",
    "Correct it at the source. The e-mail is dropped; the person is kept.",
    Level.WARNING,
)
NOT_TRANSLATED = Fault(
    "SAM-020",
    "{column} is a language this study is not translated into.",
    "The study folder names its languages.",
    "The letter goes out in the first language; offer an interpreter on the phone.",
    Level.WARNING,
)
NO_ROWS = Fault(
    "SAM-022",
    "The file has a header but no rows.",
    "The export found nobody.",
    "Check the selection in the sender's system.",
)
POPULATION_HEADER = Fault(
    "SAM-030",
    "The population table's header must be {wanted}.",
    "The table is read strictly: columns of other names would be guesses.",
    "Write exactly this header line.",
)
POPULATION_ROW = Fault(
    "SAM-031",
    "The row needs {wanted} fields and a whole number as count.",
    "A field is missing or the count is not a whole number of people.",
    "Mend the row; counts are written without separators.",
)
POPULATION_TWICE = Fault(
    "SAM-032",
    "The same group stands twice in the population table.",
    "Its people would be counted twice.",
    "Add the two counts up in one row.",
)
POPULATION_EMPTY = Fault(
    "SAM-033",
    "The population table counts nobody.",
    "Weights need the number of people in each stratum.",
    "Give population.csv with counts above zero.",
)
UNKNOWN_VARIABLE = Fault(
    "SAM-034",
    "The population table has no variable named {name}.",
    "Only {known} can be weighted to or used as strata.",
    "Use one of these, or add the column to the table.",
)

NOBODY = Fault(
    "SAM-040",
    "There is nobody to draw from.",
    "The frame is empty.",
    "Load a sample file first.",
    exit=Exit.REFUSED,
)
NO_SUCH_STRATUM = Fault(
    "SAM-041",
    "The allocation names the stratum {stratum}, which the frame does not have.",
    "The name is misspelt, or nobody of that stratum was in the sample file.",
    "Correct the allocation in study.yaml.",
)
NOT_ALLOCATED = Fault(
    "SAM-042",
    "The stratum {stratum} has people but no allocation.",
    "They would have no chance of selection, so no estimate could speak for them.",
    "Give the stratum a number in study.yaml.",
)
NO_SIZE = Fault(
    "SAM-043",
    "The population table counts nobody in the stratum {stratum}.",
    "A design weight is the population count over the number issued.",
    "Complete population.csv.",
)
SHORT = Fault(
    "SAM-044",
    "The stratum {stratum} has {frame} people; {wanted} were asked for.",
    "The sample file was smaller than the plan.",
    "All of them are issued; the weight follows.",
    Level.WARNING,
)
