"""The anonymisation room's catalogue of faults."""

from __future__ import annotations

from harken.method.errors import Exit, Fault

NOT_VALID = Fault(
    "ANO-001",
    "The certificate is not valid: {reason}.",
    "It was changed after it was signed, or it states what its own proofs deny.",
    "Ask the operator for the certificate again; if it stays so, tell the regulator.",
    exit=Exit.NOT_VERIFIED,
)
NEEDLE_SHORT = Fault(
    "ANO-002",
    "A needle has fewer than {least} characters.",
    "So short a text is found everywhere by chance and would prove nothing.",
    "Search for whole telephone numbers, addresses, references or full names.",
)
NO_NEEDLES = Fault(
    "ANO-003",
    "There is nothing to search for.",
    "The list of needles is empty.",
    "Give one needle a line.",
)
UNDECLARED = Fault(
    "ANO-004",
    "The column {column} of the file is not declared, or declared twice.",
    "A column that nobody judged could name somebody; the gate keeps none of them.",
    "Declare it once: as a key variable, as sensitive, or as harmless; or leave it out.",
    exit=Exit.REFUSED,
)
UNKNOWN_COLUMN = Fault(
    "ANO-005",
    "The declaration names the column {column}, which the file does not have.",
    "It is mistyped, or the column has another name in this study.",
    "Compare with the header of the exported file.",
)
SEEN_BY_OTHERS = Fault(
    "ANO-007",
    "The column {column} is declared as an answer, and others know it.",
    "Whoever spoke for the person knows that they did, and few people have a proxy.",
    "Declare it as a key variable, or leave it out of the kept file.",
    exit=Exit.REFUSED,
)
NO_KEYS = Fault(
    "ANO-006",
    "No key variable is declared.",
    "Without the variables that could single a person out nothing can be judged.",
    "Declare at least what the frame knows: area, crime group, sex, age band.",
)
NOT_IN_FRAME = Fault(
    "ANO-008",
    "The frame knows none of the key variables.",
    "They have other names there, so everybody of the frame would count as alike and no "
    "record could fail.",
    "Name the keys as the sample file names them, such as area and age_band.",
    exit=Exit.REFUSED,
)
