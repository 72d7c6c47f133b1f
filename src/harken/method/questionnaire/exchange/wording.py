"""Other people's words as this house's: tags to markup, languages to tags."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable
from functools import cache

from babel import Locale

from harken.method.questionnaire.exchange.names import plain

TAG = re.compile(r"[a-zA-Z]{2,3}([-_][A-Za-z0-9]{2,8})*")
_IN_BRACKETS = re.compile(r"\(\s*([A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*)\s*\)\s*$")
_HTML = re.compile(r"</?[a-zA-Z][^<>]*>|<!--.*?-->", re.DOTALL)
_BREAK = re.compile(r"<\s*(?:br|/p|/div|/li|/h[1-6])\s*/?\s*>", re.IGNORECASE)
_STRONG = re.compile(r"<\s*/?\s*(?:b|strong)\s*>", re.IGNORECASE)
_ITEM = re.compile(r"<\s*li\b[^>]*>", re.IGNORECASE)
_HEADING = re.compile(r"^\s{0,3}#{1,6}\s+(.+?)\s*#*\s*$", re.MULTILINE)
_LINK = re.compile(r"\[([^\]\n]+)\]\((https?://[^)\s]+|mailto:[^)\s]+)\)")
_CONTROL = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]"
)


_OWN = {
    "bahasa_indonesia": "id", "cestina": "cs", "creole": "ht", "cymraeg": "cy",
    "dansk": "da", "deutsch": "de", "espanol": "es", "farsi": "fa", "francais": "fr",
    "gaeilge": "ga", "italiano": "it", "kiswahili": "sw", "kreyol": "ht",
    "magyar": "hu", "nederlands": "nl", "norsk": "no", "polski": "pl",
    "portugues": "pt", "romana": "ro", "shqip": "sq", "soomaali": "so", "suomi": "fi",
    "svenska": "sv", "tagalog": "tl", "tieng_viet": "vi", "turkce": "tr",
}  # fmt: skip
"""Languages by their own names, as headings have them."""


def clean(text: str) -> str:
    """Without what no page and no YAML file can hold."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).replace(
        "\u0085", "\n"
    )


def unmarked(text: str) -> tuple[str, bool]:
    """Plain text with strong words, paragraphs and lists; whether markup was taken off."""
    plain_text = clean(text)
    made = _BREAK.sub("\n", plain_text)
    made = _STRONG.sub("**", made)
    made = _ITEM.sub("\n- ", made)
    made = _HTML.sub("", made)
    made = _HEADING.sub(lambda found: "**" + found[1].replace("**", "") + "**", made)
    made = _LINK.sub(r"\1 (\2)", made)
    made = html.unescape(made)
    if made.count("**") % 2:
        made = made.replace("**", "")
    made = re.sub(r"\*\*\s*\*\*", "", made)
    lines = [re.sub(r"[ \t\u00a0]+", " ", line).strip() for line in made.split("\n")]
    made = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    return clean(made), made.replace("**", "") != _bare(plain_text)


def _bare(text: str) -> str:
    lines = [re.sub(r"[ \t\u00a0]+", " ", line).strip() for line in text.split("\n")]
    joined = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    return joined.replace("**", "")


def filled(text: str, fill: Callable[[str], str], pattern: re.Pattern[str]) -> str:
    """Text whose references became fills; braces of its own became brackets."""
    made: list[str] = []
    end = 0
    for found in pattern.finditer(text):
        made.append(unbraced(text[end : found.start()]))
        made.append(fill(found[1]))
        end = found.end()
    made.append(unbraced(text[end:]))
    return "".join(made)


def unbraced(text: str) -> str:
    """Braces mean a fill here; in other people's words they are brackets."""
    return text.replace("{", "(").replace("}", ")")


@cache
def _by_name() -> dict[str, str]:
    """Languages by their English and their own name."""
    names: dict[str, str] = {}
    english = Locale("en")
    for tag, name in english.languages.items():
        names.setdefault(plain(str(name)), str(tag))
    return names | _OWN


def tag_of(heading: str) -> str | None:
    """The tag a heading such as ``French (fr)`` or ``Français`` gives, or None."""
    bracketed = _IN_BRACKETS.search(heading)
    if bracketed is not None:
        return bracketed[1].replace("_", "-")
    name = heading.strip()
    found = _by_name().get(plain(name))
    if found is not None:
        return found.replace("_", "-")
    if TAG.fullmatch(name) and name.split("-")[0].lower() in set(_by_name().values()):
        return name.lower().replace("_", "-")
    return None


def tags(headings: Iterable[str]) -> dict[str, str]:
    """A tag for each heading, each once; private ones where none is known."""
    found: dict[str, str] = {}
    for heading in headings:
        tag = tag_of(heading)
        if tag is None or tag in found.values():
            free = (f"qa{chr(97 + place)}" for place in range(26))
            tag = next((one for one in free if one not in found.values()), "qzz")
        found[heading] = tag
    return found
