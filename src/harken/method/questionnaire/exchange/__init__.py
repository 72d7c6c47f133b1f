"""Questionnaires of other programs, in and out.

In: a file's bytes; out: Harken source that the house's own reader has read, and a finding
for everything that did not cross. Or the other way: a questionnaire in, a file out.
Anybody downstream may open the door; a respondent's page never needs it.
"""

from harken.method.questionnaire.exchange.carried import Carriage, carriage, counted
from harken.method.questionnaire.exchange.convert import Imported, import_file
from harken.method.questionnaire.exchange.out import FORMATS, Exported, export

__all__ = [
    "FORMATS",
    "Carriage",
    "Exported",
    "Imported",
    "carriage",
    "counted",
    "export",
    "import_file",
]
