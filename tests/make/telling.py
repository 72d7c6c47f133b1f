"""Words that give away what a page is about (SAF-05, PRV 47, PRV 53)."""

from __future__ import annotations

import re

TELLING = re.findall(
    r"\w+",
    """
    victim survivor police crime criminal offence offender assault abuse abuser rape
    sexual violence violent attack attacker stalking harassment robbery burglary theft
    murder killed hate domestic partner court trial judge jury prosecut solicitor witness
    justice suspect arrest charged sentence prison probation detective officer statement
    evidence incident injury trauma perpetrator commissioner safeguarding danger threat
    fear suffer harm weapon knife emergency 999 helpline compensation
    """,
)
TELLING_POLISH = [
    "ofiar",
    "pokrzywdzon",
    "policj",
    "przestęp",
    "napaś",
    "gwałt",
    "przemoc",
    "sąd",
    "proces",
]


def told_in(text: str) -> list[str]:
    """The telling words in a text, each at the beginning of a word."""
    low = text.lower()
    return [
        word for word in [*TELLING, *TELLING_POLISH] if re.search(rf"\b{word}", low)
    ]
