"""Words ready to be shown or spoken: fills, the grammar of languages, plain markup.

In: a questionnaire, a person's values, a mode and a language. Out: texts. It is the one
place where answers enter words, and nothing here is ever logged.
"""

from harken.method.questionnaire.wording.fills import Fill, fills
from harken.method.questionnaire.wording.markup import Block, blocks, plain, unbroken
from harken.method.questionnaire.wording.speech import (
    Wording,
    locale_of,
    right_to_left,
)
from harken.method.questionnaire.wording.translator import translators_file

__all__ = [
    "Block",
    "Fill",
    "Wording",
    "blocks",
    "fills",
    "locale_of",
    "plain",
    "right_to_left",
    "translators_file",
    "unbroken",
]
