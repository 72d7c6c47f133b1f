"""The study's own messages as somebody reads them: in which words, with whose days.

What is read aloud of one is what its reader sees. Where their days are others than those
of the study's text, a recording of that text would say another day: it is withheld, the
page says so, and staff are told what to have recorded.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from django.utils.html import strip_tags
from django.utils.safestring import SafeString

from harken.method.study import Folder, text_of
from harken.method.study.promised import Promised
from harken.method.terms import Arm, Language
from harken.service.interview import days, recordings
from harken.service.interview.prose import below_heading, prose
from harken.service.interview.readers import Imagined, Reader
from harken.service.interview.words import direction, spoken

MESSAGES = (
    "safety",
    "privacy-notice",
    "privacy-notice-open",
    "participate",
    "sponsor",
    "consent",
)
"""The study's own messages that are read aloud, where they are in the reader's language."""
NOTICES = {"privacy-notice": Arm.SAMPLE, "privacy-notice-open": Arm.OPEN}
"""Those that say whose the days are, each with the arm it is for."""


@dataclass(frozen=True, slots=True)
class Leaflet:
    """A message of the study: its text as HTML, and its language where that is not
    the reader's."""

    body: SafeString
    lang: str = ""
    digest: str = ""
    dated: bool = False
    """Whether it says other days than the study's text, as its reader's are others."""

    @property
    def direction(self) -> str:
        """The way it is written."""
        return direction(self.lang) if self.lang else ""


def leaflet(reader: Reader, name: str, *, top: int = 1) -> Leaflet:
    """A message of the study in the reader's language, else in the study's own."""
    folder = reader.folder
    if folder is None:
        return Leaflet(SafeString())
    text = text_of(folder, f"messages/{name}", reader.language)
    here = f"messages/{name}.{reader.language}.md" in folder.files
    source = folder.charter.source_language
    said = days.dated(reader, text, reader.language if here else source)
    return Leaflet(
        body=prose(said, top=top),
        lang="" if here else source,
        digest=hashlib.sha256(text.encode()).hexdigest()[:12],
        dated=said != text,
    )


def notice(reader: Reader, name: str) -> Leaflet:
    """A notice, and which of the promised days is its reader's, below its heading."""
    found = leaflet(reader, name)
    box = days.box(reader, NOTICES[name], dated=found.dated)
    if box is None or not found.body:
        return found
    body = below_heading(found.body, box.html(reader))
    return replace(found, body=body, dated=True)


@dataclass(frozen=True, slots=True)
class Heard:
    """A message read aloud: its recording, or why the one there is is not played."""

    sound: recordings.Sources = ()
    unheard: str = ""


@dataclass(frozen=True, slots=True)
class Dated:
    """A message as readers with other days see it: its text, and that of the first."""

    name: str
    text: str
    first: str


def heard(reader: Reader, name: str, shown: Leaflet) -> Heard:
    """The recording of a message as it is shown, if there is one."""
    language = reader.language
    sound = recordings.offered(lambda: _read(shown, language), language)
    if sound or not shown.dated:
        return Heard(sound)
    first = recordings.offered(
        lambda: of_message(reader.folder, name, language), language
    )
    if not first or reader.folder is None:
        return Heard()
    contact = reader.folder.charter.processor.contact
    return Heard(unheard=reader.words["listen_not"].format(contact=contact))


def dated(
    study: Folder, promised: Sequence[Promised], language: Language
) -> Iterator[Dated]:
    """Each message as those see it whose days are not the first, or are not known."""
    given = tuple(promised)
    for own in (None, *given[1:]) if len(given) > 1 else ():
        reader = Imagined(study, language, given, own)
        for name in MESSAGES:
            first = of_message(study, name, language)
            if not first:
                continue  # there is none in this language, so nothing is read
            shown = (notice if name in NOTICES else leaflet)(reader, name)
            text = _read(shown, language) if shown.dated else ""
            if text:
                yield Dated(name, text, first)


def withheld(study: Folder, promised: Sequence[Promised]) -> int:
    """How many texts wait to be recorded anew, since their recordings say other days."""
    found = set()
    for language in study.charter.languages if recordings.recorded() else ():
        for one in dated(study, promised, language):
            had = recordings.sources(one.first, language)
            if had and not recordings.sources(one.text, language):
                found.add((language, one.text))
    return len(found)


def of_message(study: Folder | None, name: str, language: Language) -> str:
    """What is read of a message of the study, where it is in the reader's language."""
    text = study.files.get(f"messages/{name}.{language}.md", "") if study else ""
    return joined(strip_tags(prose(text)).splitlines())


def _read(shown: Leaflet, language: Language) -> str:
    """What is read of a message as it is shown, where all of it is in one language."""
    foreign = shown.lang or (shown.dated and language not in spoken())
    return "" if foreign else joined(strip_tags(shown.body).splitlines())


def joined(lines: Iterable[str]) -> str:
    """Sentences with a full stop between them, so that a voice rests there."""
    said = [" ".join(line.split()) for line in lines]
    return " ".join(f"{line}." if line[-1].isalnum() else line for line in said if line)
