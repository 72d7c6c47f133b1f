"""The catalogue of what an author of a questionnaire is told, each with cause and cure.

Ids, codes and names in these messages are the author's own, never a respondent's.
"""

from __future__ import annotations

from harken.method.errors import Fault, Level

SYNTAX = Fault(
    "QUE-001",
    "The condition cannot be read at '{near}': {problem}.",
    "Conditions are a small language of their own: names, comparisons, and, or, not.",
    "Write it like: reported == 'yes' and stage in ['charged', 'court'].",
)
UNKNOWN_NAME = Fault(
    "QUE-002",
    "The condition names '{name}', which is not a question here.",
    "The name is misspelt, or the question was renamed or removed.",
    "Use the id of a question, or mode, arm or language.",
)
UNKNOWN_CODE = Fault(
    "QUE-003",
    "'{name}' never has the value '{code}'.",
    "The options of that question hold no such code, so the comparison never holds.",
    "Use one of: {known}.",
)
WRONG_TYPE = Fault(
    "QUE-004",
    "'{name}' holds {kind}: {problem}.",
    "Conditions are typed: each kind of question is compared in its own way.",
    "{remedy}",
)
CONDITION_TOO_LONG = Fault(
    "QUE-005",
    "The condition is longer or deeper than a person can check.",
    "It has more than {limit} characters or more than {depth} levels of brackets.",
    "Split the section, or ask a routing question that settles part of it.",
)
UNKNOWN_FUNCTION = Fault(
    "QUE-006",
    "The expression calls '{name}', which is not a function here.",
    "The name is misspelt, or the function belongs to another product.",
    "Use a function of the table in docs/reference/questionnaire-format.md.",
)
BAD_CALL = Fault(
    "QUE-007",
    "{name}() is given {count} values.",
    "Every function takes a set number of values.",
    "Give it {wanted}.",
)
BAD_PATTERN = Fault(
    "QUE-008",
    "'{pattern}' is not a pattern.",
    "A bracket is not closed, a sign stands where it has no meaning, or it looks ahead, "
    "looks back or names a group again, which can take for ever.",
    "Write a regular expression that fits the whole text, such as '[A-Z]{{2}}[0-9]+'; say "
    "what must not be there with a second matches() and not.",
)
BAD_ID = Fault(
    "QUE-010",
    "'{id}' is not a usable id.",
    "An id names a column of the answers file and a name in conditions.",
    "Start with a small letter; then small letters, digits and _, at most 40 in all.",
)
SAME_ID = Fault(
    "QUE-011",
    "The id '{id}' is used twice.",
    "It already stands at {first}; two questions cannot share a column.",
    "Rename one of the two.",
)
RESERVED_ID = Fault(
    "QUE-012",
    "The id '{id}' is taken by the house.",
    "{why}",
    "Choose another id.",
)
BAD_CODE = Fault(
    "QUE-013",
    "'{code}' is not a usable option code.",
    "A code is written in conditions and stands in the answers file.",
    "Use letters, digits, _ and -, at most 40; the words of refusals are taken.",
)
SAME_CODE = Fault(
    "QUE-014",
    "The code '{code}' stands twice among the options of '{id}'.",
    "Two options with one code cannot be told apart in the answers.",
    "Give each option its own code.",
)
FEW_OPTIONS = Fault(
    "QUE-015",
    "'{id}' offers fewer than {least} options.",
    "A choice needs something to choose between.",
    "Add options, or use another type.",
)
NOT_THIS_TYPE = Fault(
    "QUE-016",
    "The key '{key}' has no meaning for a question of type {type}.",
    "It belongs to questions of type {types}.",
    "Remove the key, or change the type.",
)
BAD_RANGE = Fault(
    "QUE-017",
    "The limits of '{id}' leave no answer possible, or one is not a number.",
    "The minimum is above the maximum, or max_length is below 1 or above 10000.",
    "Write the smaller number as minimum; keep max_length between 1 and 10000.",
)
UNKNOWN_REFUSAL = Fault(
    "QUE-018",
    "'{word}' is not a kind of refusal.",
    "The kinds are fixed, because they stay apart in every file and table.",
    "Use dont_know, cant_remember or prefer_not_to_say.",
)
NO_REFUSALS = Fault(
    "QUE-019",
    "'{id}' is of type {type} and takes no refusals.",
    "A consent is yes or no, and an information page asks nothing.",
    "Remove the key 'refusals'.",
)
NO_ANNOUNCEMENT = Fault(
    "QUE-020",
    "The sensitive section '{id}' is not announced.",
    "People are told what comes and may skip it before it starts (SAF-31).",
    "Add 'announcement:' with a sentence on what is asked and that it can be skipped.",
)
NOT_SENSITIVE = Fault(
    "QUE-021",
    "The section '{id}' has an announcement but is not marked as sensitive.",
    "An announcement gives the choice to skip, which only sensitive sections offer.",
    "Add 'sensitive: yes', or turn the text into an information page.",
)
EMPTY_SECTION = Fault(
    "QUE-022",
    "The section '{id}' holds no questions.",
    "An empty section would show in the list of pages with nothing behind it.",
    "Add questions or remove the section.",
)
UNKNOWN_TEXT = Fault(
    "QUE-023",
    "The text key '{key}' matches nothing in the questionnaire.",
    "The question or option was renamed or removed, or the key is misspelt.",
    "Use a key such as told_code.text or section.report.title.",
)
OTHER_LANGUAGE = Fault(
    "QUE-024",
    "The file says its language is '{found}', but it stands as '{expected}'.",
    "Words of one language would be shown as another.",
    "Rename the file or correct its first line.",
)
TOO_MANY = Fault(
    "QUE-025",
    "There are {count} {what}; the limit is {limit}.",
    "Nobody answers that many; it is a mistake in the file.",
    "Check that the right file was given.",
)
CONSENT_OPTIONS = Fault(
    "QUE-026",
    "The options of the consent '{id}' are not 'yes' and 'no'.",
    "Other rooms act on a consent, and look for these two codes.",
    "Use the codes yes and no with your own texts, or leave the options out.",
)
CONFUSABLE = Fault(
    "QUE-030",
    "The ids '{id}' and '{other}' are easily taken for each other.",
    "They differ only in an underscore, or in letters and digits that look alike.",
    "Rename one so that a condition cannot name the wrong one unnoticed.",
    Level.WARNING,
)
LATER_NAME = Fault(
    "QUE-031",
    "The condition of '{id}' needs '{name}', which is asked later.",
    "When the page is reached, that answer cannot exist yet.",
    "Move the question before this one, or change the condition.",
)
NO_TRANSLATION = Fault(
    "QUE-033",
    "'{key}' has no text in '{language}'.",
    "The page would fall back to the source language in the middle of an interview.",
    "Add the key under 'texts:' in translations/{language}.yaml.",
)
NO_SPOKEN_TRANSLATION = Fault(
    "QUE-034",
    "'{key}' has no text in '{language}'.",
    "The interviewer would read the written wording, or a note in another language.",
    "Add the key under 'texts:' in translations/{language}.yaml.",
    Level.WARNING,
)
STALE_TRANSLATION = Fault(
    "QUE-035",
    "The '{language}' texts were made for version {found}, not version {version}.",
    "The source has changed since the translator worked.",
    "Have the changes translated, then set the version in the file.",
    Level.WARNING,
)
MAY_NOT_REQUIRE = Fault(
    "QUE-036",
    "'{id}' may not be required.",
    "Nobody is forced to answer (SAF-30). Only a consent, or a choice that settles "
    "eligibility before the first other question, may be.",
    "Remove 'required', or move the question in front of all others.",
)
NO_CONSENT = Fault(
    "QUE-037",
    "No question asks for consent to take part.",
    "An interview without consent has no lawful place in the study.",
    "Add a question of type consent with 'purpose: take_part' at the start.",
)
LATE_CONSENT = Fault(
    "QUE-038",
    "'{id}' stands before the consent to take part.",
    "Nothing may be asked before a person has agreed.",
    "Move the consent in front, and give it no condition.",
)
CONDITIONAL_CONSENT = Fault(
    "QUE-046",
    "The consent '{id}' is asked only under a condition.",
    "Nobody may get past it without having agreed.",
    "Take the condition away from the consent and from its section.",
)
TWO_CONSENTS = Fault(
    "QUE-039",
    "'{id}' asks a second time for the consent '{purpose}'.",
    "Two answers to one promise would leave open which one counts.",
    "Keep one of the two.",
)
NO_RECONTACT = Fault(
    "QUE-040",
    "No question asks whether the person may be contacted again.",
    "Without it every identity is destroyed at the date, with no exception.",
    "Add a consent with 'purpose: recontact' if the study wants to write again.",
    Level.WARNING,
)
UNKNOWN_INDICATOR = Fault(
    "QUE-041",
    "'{id}' names the indicator '{name}', which the analysis plan does not have.",
    "The plan and the questionnaire have drifted apart.",
    "Correct the id here or add the indicator to analysis.yaml.",
)
UNKNOWN_ENTITLEMENT = Fault(
    "QUE-042",
    "'{id}' names the entitlement '{name}', which this edition does not have.",
    "The id is misspelt or belongs to another edition of the Code.",
    "Look the id up in the edition's file in the folder code/.",
)
DESIGN_NAME = Fault(
    "QUE-043",
    "The question '{id}' has the name of a design variable.",
    "In the analysis one name would mean an answer and a fact of the frame.",
    "Rename the question.",
)
NO_LANGUAGE = Fault(
    "QUE-044",
    "There is no file of texts for '{language}'.",
    "The charter offers the study in that language.",
    "Add translations/{language}.yaml, or take the language out of the charter.",
)
NOT_SPOKEN = Fault(
    "QUE-047",
    "The sensitive question '{id}' has no wording for the telephone.",
    "Somebody near the person may hear the answer; spoken, it should reveal nothing "
    "(SAF-33).",
    "Add 'telephone:' with a wording that is answered by yes, no or a number.",
    Level.WARNING,
)
UNKNOWN_QUESTION = Fault(
    "QUE-045",
    "There is no question '{id}' in this version.",
    "The name is misspelt, or the address was made for another version.",
    "Go back and start from the list of pages.",
)
OTHER_LINE = Fault(
    "QUE-070",
    "'{name}' is asked once for each line of its roster.",
    "From outside the roster the plain name does not say which line is meant.",
    "Write {name}#1, or count, sum, any, all, first or last of it.",
)
BAD_ROSTER = Fault(
    "QUE-071",
    "The roster of '{id}' cannot be followed.",
    "A roster is one of over (a multiple choice), count (a number question), fixed or "
    "more, with a maximum from 1 to 50; within names a roster that is in none itself.",
    "Write it like: roster: {{count: how_many, maximum: 5}}.",
)
NO_LIST = Fault(
    "QUE-072",
    "The look-up '{id}' names no list.",
    "A look-up chooses from a long list of codes.",
    "Add 'list:' with the name of a list under 'lists:'.",
)
UNKNOWN_LIST = Fault(
    "QUE-073",
    "'{id}' takes its options from '{list}', which is not a list here.",
    "The name is misspelt, or the list was removed.",
    "Use the name of a list under 'lists:'.",
)
NO_LIST_FILE = Fault(
    "QUE-074",
    "The file '{file}' is not in the study's folder.",
    "Its name is misspelt, or it was not put beside the questionnaire.",
    "Add the file, below lists/ or banks/.",
)
BAD_LIST_FILE = Fault(
    "QUE-075",
    "The list '{file}' cannot be read in this line.",
    "A list is CSV: the first line code,text and further columns, then a line an option.",
    "Give every line as many cells as the first, each option a code and a text.",
)
LIST_OR_OPTIONS = Fault(
    "QUE-076",
    "'{id}' has both options and a list.",
    "It would not be clear which of them are offered.",
    "Keep one of the two.",
)
NO_VALUE = Fault(
    "QUE-077",
    "The computed '{id}' has no value.",
    "A computed question is never asked; its value is worked out from others.",
    "Add 'value:' with an expression.",
)
NO_CONDITION = Fault(
    "QUE-078",
    "A check of '{id}' has no condition.",
    "A check says when an answer is wrong.",
    "Add 'if:' with what makes the answer wrong, and 'say:' with what to tell.",
)
BAD_UNITS = Fault(
    "QUE-079",
    "The units of the duration '{id}' are not known, or do not go together.",
    "A month has no fixed number of days, so the two kinds of unit are not mixed.",
    "Use some of: {known}.",
)
UNKNOWN_BANK = Fault(
    "QUE-080",
    "'{name}' is not a section of a question bank here.",
    "Its file is not listed under 'banks:', or the name is misspelt.",
    "Write bank.section, both as their files name them.",
)
OLD_TRANSLATION = Fault(
    "QUE-081",
    "The words of '{key}' have changed since they were put into '{language}'.",
    "The translation may say something else than the source does now.",
    "Have the words looked at again, and put the new source words beside them.",
    Level.WARNING,
)
BAD_FILL = Fault(
    "QUE-082",
    "A fill in the words cannot be read near '{near}'.",
    "Words in braces are replaced by answers; a brace or a quote is not closed.",
    "Write {{name|words instead}}; a brace that is meant as one is written twice.",
)
NOT_PO = Fault(
    "QUE-083",
    "The file is not readable gettext PO.",
    "A quote is not closed, or a line is no keyword of the format.",
    "Mend it with a PO editor, or write it anew with harken questionnaire translate.",
)
SHOWN_EARLY = Fault(
    "QUE-084",
    "The words of '{id}' show the answer to '{name}', which is asked later.",
    "When the page is shown, that answer cannot exist yet.",
    "Move the question before this one, or take the fill out.",
)
SAME_HEADING = Fault(
    "QUE-085",
    "The rows of '{id}' stand under one and the same words in '{language}'.",
    "Each row is a page of its own, and its words are shown nowhere but in a fill.",
    "Write {{row}} where they belong, as in: How did {{row}} treat you?",
)
