"""The instrument: what is asked, of whom, in which words.

In: the text of questionnaire.yaml and of each translations/<language>.yaml.
Out: a frozen ``Questionnaire`` whose names and types are sound, typed conditions that
evaluate in microseconds, findings for its author, and rows for the printed form.
Anybody downstream may open the door; nothing here ever holds a respondent's answer.
"""

from harken.method.questionnaire import route
from harken.method.questionnaire.check import check
from harken.method.questionnaire.document import (
    Purpose,
    Question,
    Questionnaire,
    QuestionType,
)
from harken.method.questionnaire.expression import Expression
from harken.method.questionnaire.printed import printed_form
from harken.method.questionnaire.reader import read_questionnaire
from harken.method.questionnaire.values import Value

__all__ = [
    "Expression",
    "Purpose",
    "Question",
    "QuestionType",
    "Questionnaire",
    "Value",
    "check",
    "printed_form",
    "read_questionnaire",
    "route",
]
