"""What differs between two versions of an instrument, and whether it differs in meaning.

In: two questionnaires. Out: differences in the order of the new one, each of a kind.
"""

from harken.method.questionnaire.versions.compare import (
    Change,
    Difference,
    difference,
)

__all__ = ["Change", "Difference", "difference"]
