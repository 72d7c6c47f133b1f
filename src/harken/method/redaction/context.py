"""Words beside which somebody or somewhere is named: kin, titles, roles, places of work.

Then names from the list, and last any capital that nothing else explains.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from harken.method.redaction.kinds import Mark, MarkKind, MarkSource
from harken.method.redaction.names import COMMON, DOUBLE, FAMILY, GIVEN

_WORD = r"[^\W\d_][\w'\u2019-]*"
_NAME = r"[A-ZÀ-ÖØ-ÞĀ-Ž][\w'\u2019-]+"
_NAMES = rf"(?P<it>{_NAME}(?:\s+(?!(?:I|The)\b){_NAME}){{0,2}})"
_LOWER = rf"(?P<it>{_WORD}(?:\s+{_WORD})?)"
_KIN = (
    r"(?:ex[- ]?)?(?:step[- ]?)?(?:husband|wife|partner|boyfriend|girlfriend|fianc[eé]e?"
    r"|son|daughter|brother|sister|mum|mummy|mother|dad|father|nan|nana|gran|grandad"
    r"|grand(?:mother|father|son|daughter)|uncle|auntie?|cousin|niece|nephew|neighbour"
    r"|friend|mate|boss|manager|carer|landlord|landlady|colleague|flatmate|housemate"
    r"|child|baby|kid|boy|girl|ex|in-law)"
)
_ROLE = (
    r"(?:worker|caseworker|officer|detective|constable|sergeant|inspector|solicitor"
    r"|barrister|lawyer|prosecutor|judge|idva|isva|advocate|counsellor|interpreter|nurse"
    r"|doctor|teacher|head|lady|man|woman|guy|bloke|person|lad|manager|volunteer|liaison"
    r"|coordinator|co-ordinator|driver|suspect|attacker)"
)
_TITLE = (
    r"(?:mr|mrs|ms|miss|mx|dr|prof|professor|sir|dame|lord|lady|w?pc|dc|ds|di|dci|pcso|sgt"
    r"|sergeant|constable|inspector|detective|judge|justice|rev|reverend|father|imam|rabbi"
    r"|councillor|cllr|auntie|aunt|uncle|nurse|officer|pan|pani)"
)
_FORMAL = r"(?:mr|mrs|ms|miss|mx|dr|pc|wpc|dc|ds|di|dci|pcso|sgt)"
_BODY = (
    r"(?:school|academy|college|university|hospital|surgery|infirmary|clinic|church"
    r"|mosque|temple|synagogue|gurdwara|nursery|pharmacy|hotel|arms|inn|tavern|club|gym"
    r"|ltd|limited|plc|estate|house|court|centre|station|practice|salon|garage|bakery"
    r"|caf[eé]|restaurant|takeaway|supermarket|primary|comprehensive|refuge|hostel)"
)
_WHOSE = r"(?:my|our|his|her|their)"
_ARTICLE = r"(?:the|a|my|our|any|local|at|in|from|old|whole)"
_AGE = r"(?:primary|secondary|high|infant|junior)"
_HOUSE = r"(?:arms|inn|tavern|hotel|club|pub|bakery|surgery|mosque|temple|hospital)"
_WORKING = (
    r"(?:night|nights|home|weekends?|them|him|her|us|me|you|all|once|least|it|the)"
)
_UNIT = (
    r"(?:minutes?|hours?|days?|weeks?|months?|years?|times?|people|pounds?|of|per|and"
    r"|officers?|or|to|more|different|calls?)"
)
_SMALL_WAY = (
    r"(?:close|drive|place|walk|way|row|rise|parade|wharf|reach|yard|hill|square|park)"
)
_NAMED = (
    r"(?:called|named|name(?:'s| is| was)?|known as|by the name of|i'?m|i am|spoke to)"
)

_CAPITAL: tuple[tuple[MarkKind, str], ...] = (
    (MarkKind.NAME, rf"\b(?i:{_TITLE})\.?\s+{_NAMES}"),
    (
        MarkKind.NAME,
        rf"\b(?i:{_WHOSE}\s+(?:\w+\s+){{0,2}}?{_KIN}\b,?\s+(?:is |was |called )?){_NAMES}",
    ),
    (MarkKind.NAME, rf"\b(?i:{_ROLE})\b,?\s+(?i:is |was |called |named )?{_NAMES}"),
    (MarkKind.NAME, rf"\b(?i:{_NAMED})\s+{_NAMES}"),
    (
        MarkKind.ORGANISATION,
        rf"(?P<it>(?:\b{_NAME}\s+(?:of\s+|and\s+|&\s+)?){{1,4}}(?i:{_BODY})\b)",
    ),
    (
        MarkKind.ORGANISATION,
        rf"\b(?i:work(?:s|ed|ing)?|job|shift)\s+(?i:at|for|in)\s+(?i:the\s+)?{_NAMES}",
    ),
    (
        MarkKind.PLACE,
        rf"\b(?i:in|near|from|around|outside|towards|(?:came|went|moved|back|got) to)\s+{_NAMES}",
    ),
)
_SMALL: tuple[tuple[MarkKind, str], ...] = (
    (MarkKind.NAME, rf"\b{_FORMAL}\.?\s+(?P<it>{_WORD})"),
    (MarkKind.NAME, rf"\b{_WHOSE}\s+(?:\w+\s+){{0,2}}?{_KIN}\b,?\s+(?:is |was |called )?{_LOWER}"),
    (MarkKind.NAME, rf"\b{_ROLE}\b,?\s+(?:is |was |called |named )?{_LOWER}"),
    (MarkKind.NAME, rf"\b(?:called|named|name is|name was|name's)\s+{_LOWER}"),
    (MarkKind.ORGANISATION, rf"\b(?P<it>(?!{_ARTICLE}\b)\w+\s+{_AGE}\s+school)\b"),
    (MarkKind.ORGANISATION, rf"\b(?P<it>st\.?\s+\w+'?s?\s+{_BODY})\b"),
    (MarkKind.ORGANISATION, rf"\bat\s+(?:the\s+)?(?P<it>(?!{_ARTICLE}\b)\w+\s+{_HOUSE})\b"),
    (MarkKind.ORGANISATION, rf"\bwork(?:s|ed|ing)?\s+(?:at|for)\s+(?P<it>(?!{_WORKING}\b)\w+)\b"),
    (MarkKind.PLACE, rf"\b(?P<it>\d{{1,4}}[a-d]?\s+(?!{_UNIT}\b)\w+\s+{_SMALL_WAY})\b"),
    (MarkKind.AGE, rf"\b(?:i am|i'm|i was|(?:he|she|who|{_KIN}) (?:is|was)|turned)\s+"
     rf"(?P<it>\d{{1,3}})\b(?!\s*(?:{_UNIT}|%))"),
)  # fmt: skip
_CAPITAL_FORMS = tuple((kind, re.compile(source)) for kind, source in _CAPITAL)
_SMALL_FORMS = tuple(
    (kind, re.compile(source, re.IGNORECASE)) for kind, source in _SMALL
)
_TOKEN = re.compile(_WORD)
_RUN = re.compile(rf"{_NAME}(?:(?:\s+|\s*[&]\s*){_NAME})*")
_OPENING = re.compile(r"(?:^|[.!?:;\n\"“(•\u2013-]\s*)$")
_LOUD = 0.6
"""With so many capitals among the letters, a capital says nothing."""


def in_context(text: str) -> Iterator[Mark]:
    """Names and places that the words beside them give away."""
    for kind, pattern in _CAPITAL_FORMS:
        for found in pattern.finditer(text):
            yield from _trimmed(text, found.span("it"), kind)
    for kind, pattern in _SMALL_FORMS:
        for found in pattern.finditer(text):
            if kind is MarkKind.NAME:
                yield from _small_names(found)
            else:
                yield Mark(*found.span("it"), kind, MarkSource.CONTEXT)


def listed(text: str) -> Iterator[Mark]:
    """Names of the list, in capitals or small letters."""
    for found in _TOKEN.finditer(text):
        word, start = _bare(found[0]), found.start()
        known = word in GIVEN or word in FAMILY
        if known and (
            word not in DOUBLE or (found[0][0].isupper() and _inside(text, start))
        ):
            yield Mark(start, start + len(word), MarkKind.NAME, MarkSource.NAMES)


def capitals(text: str) -> Iterator[Mark]:
    """Capitals within a sentence, and several together anywhere, that no list explains."""
    if loud(text):
        return
    for found in _RUN.finditer(text):
        words = list(_TOKEN.finditer(found[0]))
        opening = not _inside(text, found.start())
        unknown = [w for w in words if _bare(w[0]) not in COMMON]
        if opening and unknown and unknown[0] is words[0] and len(unknown) == 1:
            # A sentence begins with a capital; alone it is a name only when it is listed.
            continue
        for word in unknown:
            start = found.start() + word.start()
            length = len(_bare(word[0]))
            yield Mark(start, start + length, MarkKind.NAME, MarkSource.CAPITALS)


def loud(text: str) -> bool:
    """Whether the text is written in capitals throughout."""
    letters = [one for one in text if one.isalpha()]
    return bool(letters) and sum(map(str.isupper, letters)) > _LOUD * len(letters)


def _trimmed(text: str, span: tuple[int, int], kind: MarkKind) -> Iterator[Mark]:
    """The words of a run that are no common words; nothing of a text in capitals."""
    if loud(text):
        return
    words = [w for w in _TOKEN.finditer(text, *span) if _names(w[0], kind)]
    if kind is MarkKind.ORGANISATION and words:
        yield Mark(*span, kind, MarkSource.CONTEXT)
        return
    for word in words:
        end = word.start() + len(_bare(word[0]))
        yield Mark(word.start(), end, kind, MarkSource.CONTEXT)


def _names(word: str, kind: MarkKind) -> bool:
    """Whether a word beside a telling one names; *Will* does, beside *my friend*."""
    bare = _bare(word)
    return bare not in COMMON or (kind is MarkKind.NAME and bare in DOUBLE)


def _small_names(found: re.Match[str]) -> Iterator[Mark]:
    """Listed names in small letters beside a word of kin or role, or after a title."""
    formal = re.match(_FORMAL + r"\b", found[0], re.IGNORECASE) is not None
    for word in _TOKEN.finditer(found.string, *found.span("it")):
        bare = _bare(word[0])
        if bare in COMMON or not (
            formal or bare in GIVEN or bare in FAMILY or bare in DOUBLE
        ):
            return
        yield Mark(
            word.start(), word.start() + len(bare), MarkKind.NAME, MarkSource.CONTEXT
        )


def _inside(text: str, start: int) -> bool:
    """Whether a word stands within a sentence and not at its beginning."""
    return _OPENING.search(text[max(0, start - 4) : start]) is None and start > 0


def _bare(word: str) -> str:
    """A word in small letters without its *'s*."""
    small = word.lower().replace("\u2019", "'")
    return small.removesuffix("'s").rstrip("'")
