"""What the proof and the reading of the words find: the catalogue entries QUE-200 to QUE-239.

Where it is a matter of logic the detail ``respondent`` holds answers that show it. They
are invented by the solver; no entry ever carries what a person wrote.
"""

from __future__ import annotations

from harken.method.errors import Fault, Level

NEVER_ASKED = Fault(
    "QUE-200",
    "'{id}' is never asked: {reason}.",
    "No answers lead to it: parts of its condition, with those of the questions it "
    "needs, exclude each other.",
    "Correct the condition, or remove the question.{respondent}",
)
NEVER_SECTION = Fault(
    "QUE-201",
    "Nobody comes to the section '{id}': {reason}.",
    "No answers make its condition true.",
    "Correct the condition of the section, or remove the section.{respondent}",
)
NEVER_CHOSEN = Fault(
    "QUE-202",
    "The option '{code}' of '{id}' can never be chosen: {reason}.",
    "The checks turn everybody back who chooses it.",
    "Correct the check, or remove the option.",
)
ALWAYS_TRUE = Fault(
    "QUE-203",
    "The condition of '{id}' is true for everybody who comes to it.",
    "It keeps nobody out: either it is not needed, or it says something else than meant.",
    "Remove the condition, or correct it.{respondent}",
    Level.WARNING,
)
NEVER_TRUE_PART = Fault(
    "QUE-204",
    "In the condition of '{id}' the part '{part}' is never true: {reason}.",
    "It adds nobody to those who are asked.",
    "Correct the part, or remove it.",
    Level.WARNING,
)
NO_ANSWER_PASSES = Fault(
    "QUE-205",
    "No answer to '{id}' passes its checks: {reason}.",
    "Together they turn back every answer the question can take.",
    "Correct one of the checks.{respondent}",
)
DEAD_END = Fault(
    "QUE-206",
    "At '{id}' some people cannot go on: every answer and every refusal is turned back.",
    "The checks leave them nothing to say, and the page cannot be left.",
    "Correct the check, or let the question be refused.{respondent}",
)
NO_WAY_FOR_SOME = Fault(
    "QUE-207",
    "At '{id}' some people have no answer that passes the checks; they can only refuse.",
    "With what they said before, every answer of the question is turned back.",
    "Correct the check, or ask the question of others only.{respondent}",
    Level.WARNING,
)
CHECK_NEVER = Fault(
    "QUE-208",
    "A check of '{id}' never finds anything: {reason}.",
    "No answer that can be given makes its condition true.",
    "Correct the check, or remove it.",
    Level.WARNING,
)
ALWAYS_WARNS = Fault(
    "QUE-218",
    "A soft check of '{id}' warns of every answer: {reason}.",
    "No answer that can be given makes its condition false, so that everybody is asked "
    "whether they are sure.",
    "Turn the condition round, or widen it.",
    level=Level.WARNING,
)
WITHOUT_CONSENT = Fault(
    "QUE-209",
    "A person comes to '{id}' without having agreed to take part.",
    "There is a path past the consent.",
    "Ask the consent of everybody, before the first question.{respondent}",
)
MAY_BE_UNASKED = Fault(
    "QUE-210",
    "'{id}' uses '{name}', which some were not asked; for them the result turns round.",
    "What was not asked counts as not chosen, so a denial of it is true.",
    "Say what is meant for them with asked({name}) or answered({name}), or ask it of "
    "everybody.{respondent}",
    Level.WARNING,
)
INCOMPLETE_SUM = Fault(
    "QUE-211",
    "'{id}' computes with '{name}', which some were not asked; for them nothing results.",
    "A result with a missing part is missing.",
    "Give the missing part a value with coalesce({name}, 0), or ask it of everybody."
    "{respondent}",
    Level.WARNING,
)
FILL_UNANSWERED = Fault(
    "QUE-212",
    "The words of '{id}' show the answer to '{name}', which may not be there.",
    "Some are shown the page who were not asked, or would not say.",
    "Write {{{name}|other words}}, or ask the page only of those who answered."
    "{respondent}",
)
FILL_SENSITIVE = Fault(
    "QUE-213",
    "The words of '{id}' show the answer to '{name}', which is sensitive or identifying.",
    "Somebody near may read or hear it long after the person chose to say it.",
    "Find words that do not repeat the answer.",
)
SAME_WORDS = Fault(
    "QUE-215",
    "Two options of '{id}' read the same: '{code}' and '{other}'.",
    "Nobody can tell which of the two was meant.",
    "Word them apart, or keep one.",
    Level.WARNING,
)
ROSTER_BEYOND = Fault(
    "QUE-216",
    "'{id}' can ask for {count} lines; the roster has {maximum}.",
    "Lines above the maximum would be lost without a word.",
    "Raise the roster's maximum, or limit the number that it counts by.{respondent}",
)
GIVES_AWAY = Fault(
    "QUE-220",
    "Spoken aloud, an answer to '{id}' gives away what it is about: '{option}'.",
    "Somebody near the person hears their side (SAF-33).",
    "Ask for a number or a letter in 'telephone:' or 'note:', or word the question so "
    "that yes or no is enough.",
    Level.WARNING,
)
HARD_TO_READ = Fault(
    "QUE-221",
    "The words of '{id}' ask for a reading age of {age}; the limit is {limit}.",
    "Long sentences and long words shut people out ({formula}).",
    "Use shorter sentences and shorter words.",
    Level.WARNING,
)
TOO_LONG = Fault(
    "QUE-222",
    "An interview can take {minutes} minutes; {promised} are promised.",
    "The longest path has {pages} pages.",
    "Leave questions out, or promise what is true.{respondent}",
    Level.WARNING,
)
UNDECIDED = Fault(
    "QUE-230",
    "It could not be decided whether {what}.",
    "The solver gave up, or the condition uses a function it knows only roughly.",
    "Read this condition with special care, or make it simpler.",
    Level.WARNING,
)
