"""The help list in the reader's language; what is not translated says so by its tag."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from harken.method.study import Folder
from harken.method.terms import Language

FIELDS = ("need", "name", "area", "hours")


@dataclass(frozen=True, slots=True)
class Service:
    """One service that can help. ``foreign`` holds, for each text not in the reader's
    language, the language it is in."""

    need: str
    name: str
    area: str
    hours: str
    phone: str
    url: str
    foreign: dict[str, Language]


def services_in(folder: Folder | None, language: Language) -> Sequence[Service]:
    """The help list of a study, in its author's order."""
    if folder is None:
        return ()
    source = folder.charter.source_language
    found = []
    for entry in folder.help_list:
        spoken = entry.spoken(language)
        words = entry.translated.get(language, {})
        missing = [] if language == source else [f for f in FIELDS if f not in words]
        found.append(
            Service(
                need=spoken.need,
                name=spoken.name,
                area=spoken.area,
                hours=spoken.hours,
                phone=spoken.phone,
                url=spoken.url,
                foreign=dict.fromkeys(missing, source),
            )
        )
    return found
