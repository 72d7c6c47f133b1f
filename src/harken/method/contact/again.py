"""Being contacted again: which of those kept may come next, and by which ways.

What was done about each purpose is a list of tries, without a word about who the person
is. No identity enters here: only the flag of safe contact does.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

SAID = {"follow_up": "later research on this topic"}
"""Purposes in the words of the question that people said yes to."""


class Ending(StrEnum):
    """How it went once somebody kept had been opened."""

    OPENED = "opened"
    CONTACTED = "contacted"
    TRY_AGAIN = "try_again"
    NOT_TRIED = "not_tried"
    LEADS_NOWHERE = "leads_nowhere"
    RESTRICTED = "restricted"
    REFUSED = "refused"

    @property
    def words(self) -> str:
        """It as the person reads it in a copy of what is held of them."""
        return _WORDS[self]


_WORDS = {
    Ending.OPENED: "your details were opened; how it ended is not written down",
    Ending.CONTACTED: "we reached you",
    Ending.TRY_AGAIN: "we did not reach you",
    Ending.NOT_TRIED: "your details were opened, and nothing was tried",
    Ending.LEADS_NOWHERE: "your details no longer lead to you; they are not used any more",
    Ending.RESTRICTED: "you asked us not to use your details for now",
    Ending.REFUSED: "you did not want it any more",
}
CHOICES = (
    (Ending.CONTACTED, "I reached them"),
    (Ending.TRY_AGAIN, "Not reached: try again on another day"),
    (Ending.NOT_TRIED, "Nothing was tried: the page was lost, or there was no time"),
    (Ending.LEADS_NOWHERE, "These details no longer lead to them"),
    (Ending.REFUSED, "They do not want it any more"),
)
"""What the manager may say, in the words of the page."""
SILENT = frozenset({Ending.LEADS_NOWHERE, Ending.RESTRICTED})
"""After these nobody is opened any more, whatever the purpose."""


@dataclass(frozen=True, slots=True)
class Try:
    """One opening of one person for one purpose: on which day, and how it ended."""

    purpose: str
    on: dt.date
    how: Ending

    def row(self) -> dict[str, str]:
        """As it is stored."""
        return {"purpose": self.purpose, "on": self.on.isoformat(), "how": self.how}

    @classmethod
    def of(cls, row: Mapping[str, str]) -> Try:
        """Read back what ``row`` wrote."""
        on = dt.date.fromisoformat(row["on"])
        return cls(row["purpose"], on, Ending(row["how"]))


@dataclass(frozen=True, slots=True)
class Agreement:
    """A consent to be contacted again: for what, until when, and what was done."""

    on: dt.date
    until: dt.date
    purposes: tuple[str, ...]
    done: tuple[Try, ...] = ()
    told: tuple[tuple[str, str], ...] = ()


def said(purpose: str) -> str:
    """A purpose in words."""
    return SAID.get(purpose, purpose.replace("_", " "))


def silent(tries: Sequence[Try]) -> bool:
    """Whether nobody may be opened any more, for whatever purpose."""
    return any(one.how in SILENT for one in tries)


def reached(tries: Sequence[Try], purpose: str) -> bool:
    """Whether this was done already: each purpose is one contact."""
    return any(one.purpose == purpose and one.how is Ending.CONTACTED for one in tries)


def attempts(tries: Sequence[Try], purpose: str) -> int:
    """How often somebody was tried for it; an opening without an ending counts."""
    counted = (Ending.TRY_AGAIN, Ending.OPENED)
    return sum(one.purpose == purpose and one.how in counted for one in tries)


def turn(
    tries: Sequence[Try], purpose: str, *, today: dt.date, rings: bool
) -> tuple[int, int]:
    """Who comes first has the lowest: the least tried.

    Whoever was given back untried today comes before all, so that nobody is chosen by
    giving others back. At an hour without calls they come last: only a call may do.
    """
    back = sum(one.how is Ending.NOT_TRIED and one.on == today for one in tries)
    return (-back if rings else back), attempts(tries, purpose)


def may_open(tries: Sequence[Try], purpose: str, *, today: dt.date, most: int) -> bool:
    """Whether a person may be opened now: once a day, so often and no more (SAF-14)."""
    if silent(tries) or reached(tries, purpose):
        return False
    rested = all(one.on < today for one in tries if one.how is not Ending.NOT_TRIED)
    return rested and attempts(tries, purpose) < most


@dataclass(frozen=True, slots=True)
class Ways:
    """Which ways may be shown of one person, and what must be obeyed with them."""

    obey: tuple[str, ...]
    telephone: bool = False
    email: bool = False
    address: bool = False


ANY, PHONE_ONLY, POST_ONLY = "any", "phone_only", "post_only"
_OBEY = {
    PHONE_ONLY: "By telephone only. Write nothing to them.",
    POST_ONLY: "By letter only. Do not ring and do not send e-mail.",
    "daytime": "Ring in the daytime only.",
    "evening": "Ring in the evening only.",
    "no_voicemail": "Leave no message, on any machine or with anybody.",
}
"""What each flag of a sample file asks for; ``any`` asks for nothing."""
_NO_WAY = "No way is safe: do not contact them."
_ASK = "Whoever answers, ask first whether they are alone and can talk."
_UNKNOWN = "Nothing is known of safe ways."


_LATER = (
    "Nobody is rung at this hour, so no number is shown. If only a call will do, say "
)
_LATER += "that nothing was tried."


def ways_of(flag: str, told: Mapping[str, object], *, rings: bool = True) -> Ways:
    """The ways a person allows, from the flag that is sealed with them and what they told.

    ``told`` is what they said of safe ways themselves, as it stood at the end; the
    stricter of both counts. A flag that is not understood allows no way at all. Without
    ``rings`` it is no hour for calls, and no number is shown.
    """
    if flag and flag != ANY and flag not in _OBEY:
        return Ways((_NO_WAY,))
    by_phone = flag != POST_ONLY and told.get("phone") is not False
    by_post = flag != PHONE_ONLY and told.get("post") is not False
    if not (by_phone or by_post):
        return Ways((_NO_WAY,))
    if not by_phone:
        return Ways((_OBEY[POST_ONLY],), address=True)
    rules = tuple(_rules(flag, told, by_post=by_post))
    if not rings:
        rules = (_LATER, *rules)
    return Ways(rules, telephone=rings, email=by_post, address=by_post)


def told_in_words(told: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    """What is kept of what a person said about safe ways, for their own copy."""
    names = {"phone": "We may ring you", "post": "We may write to you"}
    names["voicemail"] = "We may leave a message"
    found = [
        (words, "yes" if told[name] else "no")
        for name, words in names.items()
        if name in told
    ]
    if told.get("hours"):
        found.append(("It is safe for you", str(told["hours"])))
    if told.get("call_back"):
        back = "you call" if told["call_back"] == "them" else "we call"
        found.append(("After a dropped call", back))
    return tuple(found)


def _rules(flag: str, told: Mapping[str, object], *, by_post: bool) -> Iterator[str]:
    """What must be obeyed by whoever rings, in sentences; the last one always."""
    if not by_post:
        yield _OBEY[PHONE_ONLY]
    if flag in _OBEY and flag != PHONE_ONLY:
        yield _OBEY[flag]
    if told.get("voicemail") is False and flag != "no_voicemail":
        yield _OBEY["no_voicemail"]
    if told.get("hours"):
        yield f"They said when it is safe: {told['hours']}."
    if told.get("call_back") == "them":
        yield "If the call drops, do not ring back: they call."
    if not flag and not told:
        yield _UNKNOWN
    yield _ASK
