"""What invented respondents write in their own words: short, harmless, made up.

Some of it carries an invented name, as real free text does, so that the destruction of
unread text has something to destroy.
"""

from __future__ import annotations

from numpy.random import Generator

from harken.method.questionnaire import Value
from harken.method.rehearsal import invented
from harken.method.terms import Language, Missing

TEXTS: dict[str, dict[str, tuple[str, ...]]] = {
    "en": {
        "went_well": (
            "One officer rang back every week, even when there was no news.",
            "{name} from the support service listened and did not rush me.",
            "The person at the court showed me where to wait.",
            "They came quickly and were kind to my children.",
            "Somebody told me in plain words what would happen next.",
        ),
        "do_better": (
            "Tell people when a case is closed. I found out months later.",
            "I had to explain it all again to each new person.",
            "{name} promised to ring me back and never did.",
            "Send letters that can be understood.",
            "Have one number to call, and let somebody answer it.",
        ),
    },
    "pl": {
        "went_well": (
            "Tłumacz był na miejscu już za pierwszym razem.",
            "{name} oddzwaniała zawsze, kiedy obiecała.",
        ),
        "do_better": (
            "Listy powinny przychodzić także po polsku.",
            "{name} obiecał pomóc i już się nie odezwał.",
        ),
    },
}
WRITES = 0.3
"""The share that writes anything at all."""


def write(question: str, language: Language, rng: Generator) -> Value:
    """A few words for a box, or nothing."""
    if rng.random() > WRITES:
        return Missing.NO_ANSWER
    by_box = TEXTS.get(language, TEXTS["en"])
    texts = by_box.get(question, by_box["do_better"])
    name = f"{invented.given_name(rng)} {invented.surname(rng)}"
    return invented.pick(rng, texts).format(name=name)
