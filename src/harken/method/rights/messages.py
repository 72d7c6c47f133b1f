"""What may be written to a person after an incident, safe for whoever reads it first.

The words say that something went wrong with details they gave, what was done and what
they can do. They never say what the survey was about: somebody else may open the letter.
"""

from __future__ import annotations

from harken.method.contact import Letter
from harken.method.errors import refuse
from harken.method.rights import faults
from harken.method.study import Charter


def incident_message(charter: Charter, *, happened: str, done: str, can_do: str) -> str:
    """The message after an incident (Article 34), in neutral words.

    Raises HarkenError RIG-006 when a sentence says what the survey is about.
    """
    for text in (happened, done, can_do):
        check_neutral(text)
    return "\n\n".join(
        [
            f"{charter.neutral_title}: about your details",
            f"Something went wrong with details we hold. {happened.strip()}",
            f"What we have done: {done.strip()}",
            f"What you can do: {can_do.strip()}",
            f"You can ring {charter.contact.caller_display or 'us'} or write to "
            f"{charter.processor.contact}. You need not say what it is about. "
            f"Our data protection officer is {charter.processor.dpo}.",
        ]
    )


def check_neutral(text: str) -> None:
    """Raise HarkenError RIG-006 for words that tell a stranger too much (SAF-04)."""
    found = Letter.read(text, "message").findings(outside=[text])
    words = {str(one.detail["word"]) for one in found if "word" in one.detail}
    if words:
        raise refuse(faults.TELLS_TOO_MUCH, words=", ".join(sorted(words)))
