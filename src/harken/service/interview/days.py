"""Which promised day is whose: what a page says once a study has more than one promise.

Whoever is in an interview reads their own days. Everybody else reads each of them, and
how to tell which is theirs. With one promise nothing is added to any page.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from harken.method.study.promised import Promised
from harken.method.terms import Arm, Language
from harken.service.interview.readers import Reader
from harken.service.interview.readers import spoken_day as _spoken
from harken.service.interview.words import FIRST, direction, spoken

PROMISED = frozenset({"destroy_by", "recontact_until"})


@dataclass(frozen=True, slots=True)
class Box:
    """What stands above a text: a title, and sentences or lists of lines in order."""

    title: str
    blocks: tuple[str | tuple[str, ...], ...]

    def html(self, reader: Reader) -> SafeString:
        """The box in the page's own language."""
        lang = reader.language if reader.language in spoken() else FIRST
        blocks = [
            {"text": block} if isinstance(block, str) else {"lines": block}
            for block in self.blocks
        ]
        said = {"title": self.title, "blocks": blocks}
        said |= {"lang": lang, "direction": direction(lang)}
        return render_to_string("interview/days.html", said)


def box(reader: Reader, arm: str = "", *, dated: bool = True) -> Box | None:
    """What a text that names the first days needs to stand beside it; None when nothing.

    Args:
        reader: who reads, as far as it is known.
        arm: whom the text is for; everybody when empty.
        dated: whether the text says the reader's own days already.
    """
    own, words = reader.own_days, reader.words
    if len(reader.promised) < 2 or own == reader.promised[0]:
        return None
    if own is None:
        return _unknown(reader, arm)
    said = [words["days_own"].format(**_named(reader, own))]
    if arm != Arm.OPEN:
        said.append(words["days_own_again"].format(**_named(reader, own)))
    if not dated:
        said.append(words["days_instead"])
    return Box(words["days_own_title"], tuple(said))


def dated(reader: Reader, text: str, language: Language) -> str:
    """A text of the study with the reader's own days where it names the first ones.

    It stays as it is when a day of it could mean something else as well.
    """
    own = reader.own_days
    if own is None or own == reader.promised[0] or reader.folder is None:
        return text
    first = reader.promised[0]
    days = reader.folder.charter.calendar.days().items()
    others = {day for name, day in days if name not in PROMISED}
    if {first.destroy_by, first.recontact_until} & others:
        return text
    if first.destroy_by == first.recontact_until != own.destroy_by:
        return text
    said = {
        _spoken(first.recontact_until, language): own.recontact_until,
        _spoken(first.destroy_by, language): own.destroy_by,
    }
    pattern = "|".join(rf"(?<!\d){re.escape(day)}" for day in said)
    return re.sub(pattern, lambda found: _spoken(said[found[0]], language), text)


def each(reader: Reader) -> str:
    """The reader's own day of destruction, or every one that it may be."""
    own = reader.own_days
    days = (own,) if own else reader.promised
    return f" {reader.words['days_or']} ".join(
        reader.day(one.destroy_by) for one in days
    )


def _unknown(reader: Reader, arm: str) -> Box:
    words, blocks = reader.words, list[str | tuple[str, ...]]()
    blocks.append(words["days_lead"].format(**_named(reader, reader.promised[1])))
    if arm != Arm.OPEN:
        every = [
            words["days_each"].format(**_named(reader, p)) for p in reader.promised
        ]
        blocks += (words["days_list"], tuple(every))
        blocks += (words["days_letter"], words["days_code"])
    if arm != Arm.SAMPLE:
        blocks += (words["days_open"], tuple(_begun(reader)))
    contact = reader.folder.charter.processor.contact if reader.folder else ""
    blocks += (words["days_ask"].format(contact=contact), words["days_below"])
    return Box(words["days_title"], tuple(blocks))


def _begun(reader: Reader) -> list[str]:
    """Without a letter, people are told by when they begin."""
    found = []
    for one in reader.promised:
        key = "days_after" if one.until is None else "days_between"
        key = key if one.since else "days_before"
        found.append(reader.words[key].format(**_named(reader, one)))
    return found


def _named(reader: Reader, one: Promised) -> dict[str, str]:
    days = {
        "destroy": one.destroy_by,
        "recontact": one.recontact_until,
        "since": one.since,
        "until": one.until,
    }
    return {
        name: reader.day(day).replace(" ", "\u00a0")
        for name, day in days.items()
        if day
    }
