"""What can be wrong with an answer or a step: the catalogue entries INT-001 to INT-014, INT-040 on.

No entry ever carries what the person wrote.
"""

from __future__ import annotations

from harken.method.errors import Exit, Fault

NO_SUCH_QUESTION = Fault(
    "INT-001",
    "The questionnaire has no question '{question}'.",
    "The page is of another version of the questionnaire, or the address was edited.",
    "Go back to the interview and carry on from the page it shows.",
)
NOT_ON_ROUTE = Fault(
    "INT-002",
    "The question '{question}' is not on this person's route.",
    "An earlier answer leads elsewhere, or an earlier question must come first.",
    "Go back to the interview and carry on from the page it shows.",
)
REQUIRED = Fault(
    "INT-003",
    "The question '{question}' needs an answer before the interview can go on.",
    "Only consent and eligibility are asked in this way; everything else can be left.",
    "Choose one of the answers, or stop the interview.",
)
NO_SUCH_OPTION = Fault(
    "INT-004",
    "The question '{question}' does not offer that answer.",
    "The page is of another version of the questionnaire, or the form was edited.",
    "Choose one of the answers shown.",
)
ONE_ONLY = Fault(
    "INT-005",
    "The question '{question}' takes one answer.",
    "More than one answer was sent.",
    "Choose one answer.",
)
EXCLUSIVE = Fault(
    "INT-006",
    "Two answers to '{question}' cannot both hold.",
    "One of them says that none of the others applies.",
    "Choose that answer alone, or the others without it.",
)
NOT_A_NUMBER = Fault(
    "INT-007",
    "The answer to '{question}' is not a number.",
    "The box takes figures, such as 14.",
    "Write the number in figures, or leave the box empty.",
)
OUT_OF_RANGE = Fault(
    "INT-008",
    "The answer to '{question}' is not between {minimum} and {maximum}.",
    "The number is smaller or larger than the question can take.",
    "Write a number between {minimum} and {maximum}, or leave the box empty.",
)
NOT_A_MONTH = Fault(
    "INT-009",
    "The answer to '{question}' is not a month and a year.",
    "A month is a number from 1 to 12, a year has four figures.",
    "Write a month and a year, such as 3 and 2025, or leave both empty.",
)
TOO_LONG = Fault(
    "INT-010",
    "The answer to '{question}' has more than {limit} characters.",
    "The box takes {limit} characters.",
    "Make it shorter.",
)
UNFINISHED = Fault(
    "INT-011",
    "The interview is not at its end.",
    "There are questions on the route that were not shown yet.",
    "Answer or leave each of them first, or stop the interview.",
    exit=Exit.REFUSED,
)
NOT_OPEN = Fault(
    "INT-012",
    "The interview is no longer open.",
    "It was handed in, or it was stopped.",
    "Nothing more can be changed; a receipt code serves to withdraw it.",
    exit=Exit.REFUSED,
)
UNREADABLE = Fault(
    "INT-013",
    "A stored interview cannot be read.",
    "It was written by a later version of Harken, or it is damaged.",
    "Run the version that wrote it, or restore the database from a backup.",
    exit=Exit.FAULT,
)
OTHER_VERSION = Fault(
    "INT-014",
    "The interview belongs to version {theirs} of the questionnaire, not {ours}.",
    "People stay with the version they were shown.",
    "Load the version the interview was begun with.",
    exit=Exit.FAULT,
)
NOT_A_DATE = Fault(
    "INT-040",
    "The answer to '{question}' is not a date.",
    "A date is a day of the calendar; a year has four figures.",
    "Write day, month and year, such as 31 3 2025, or leave the boxes empty.",
)
NOT_A_YEAR = Fault(
    "INT-041",
    "The answer to '{question}' is not a year.",
    "A year has four figures.",
    "Write the year, such as 2025, or leave the box empty.",
)
NOT_A_TIME = Fault(
    "INT-042",
    "The answer to '{question}' is not a time of day.",
    "An hour is a number from 0 to 23, a minute one from 0 to 59.",
    "Write the time, such as 14:30, or leave the boxes empty.",
)
NOT_RANKED = Fault(
    "INT-043",
    "The order given to '{question}' cannot be read.",
    "Two answers have the same place, or a place is not a number from 1 to {most}.",
    "Give each answer a place of its own, or leave its box empty.",
)
TOO_FINE = Fault(
    "INT-044",
    "The answer to '{question}' has more than {places} places after the point.",
    "The question takes numbers to {places} places.",
    "Round the number.",
)
CHECK_FAILS = Fault(
    "INT-045",
    "The answer to '{question}' does not go with other answers ({check}).",
    "A check of the questionnaire finds that it cannot be right.",
    "Mend this answer or the one it contradicts.",
)
CHECK_WARNS = Fault(
    "INT-046",
    "The answer to '{question}' is unusual ({check}).",
    "A check of the questionnaire asks to look at it again.",
    "Mend the answer, or confirm it.",
)
