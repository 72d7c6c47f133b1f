"""Pages read aloud from files of this house: which recording belongs to a page, and serving it.

A recording is named by what it says, so that a text that changed has none until it is
made anew. A browser's own voice is never used: it may send the text to a stranger. What
is read is the page as everybody sees it, never an answer.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import strip_tags
from django.views.decorators.http import require_safe

from harken.method.questionnaire import Question, Questionnaire
from harken.method.study import Folder
from harken.method.terms import Language, Mode
from harken.service.interview.prose import prose
from harken.service.interview.screen import Screen, has_fills
from harken.service.interview.support import services_in
from harken.service.interview.words import words

NAME = "sound"
FORMATS = {
    "opus": "audio/ogg",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "wav": "audio/wav",
}
"""The endings of recordings, the ones preferred first, and their kinds."""
RANGE = re.compile(r"bytes=(\d+)-(\d*)")
MESSAGES = (
    "safety",
    "privacy-notice",
    "privacy-notice-open",
    "participate",
    "sponsor",
    "consent",
)
"""The study's own messages that are read aloud, where they are in the reader's language."""
MOST = 10_000

Sources = tuple[tuple[str, str], ...]
"""Addresses of one recording, each with its kind; a player takes the first it can."""

_NAMES: dict[tuple[str, str, Language], str] = {}


def folder() -> Path:
    """Where recordings lie."""
    return Path(settings.DATA) / NAME


def stamp() -> int:
    """Changes whenever a recording comes or goes."""
    try:
        return folder().stat().st_mtime_ns
    except FileNotFoundError:
        return 0


def name_of(text: str, language: str) -> str:
    """The name of the recording of a text, without its ending."""
    said = " ".join(text.split())
    return hashlib.sha256(f"{language}|{said}".encode()).hexdigest()[:24]


def sources(text: str, language: str) -> Sources:
    """Where a page's recording is served; empty when there is none."""
    return _served(name_of(text, language)) if text and _recordings() else ()


def offered(read: Callable[[], str], language: Language) -> Sources:
    """The same for a text that is put together only where anything is recorded."""
    return sources(read(), language) if _recordings() else ()


def of_page(book: Questionnaire, question: Question, language: Language) -> Sources:
    """The same for a question, whose text is put together once."""
    if not _recordings():
        return ()
    key = (book.digest, question.id, language)
    if key not in _NAMES:
        if len(_NAMES) >= MOST:
            _NAMES.clear()
        _NAMES[key] = name_of(of_question(book, question, language), language)
    return _served(_NAMES[key])


def _served(name: str) -> Sources:
    return tuple(
        (reverse("interview:sound", args=[name, ending]), FORMATS[ending])
        for ending in _recordings().get(name, ())
    )


def _recordings() -> dict[str, list[str]]:
    """The endings of each recording's files, the preferred one first."""
    return _found(folder(), stamp())


@lru_cache(maxsize=1)
def _found(where: Path, stamp: int) -> dict[str, list[str]]:
    """What lies there since it last changed: the folder is read once until it does."""
    found: dict[str, list[str]] = {}
    for ending in FORMATS:
        for file in where.glob(f"[!.]*.{ending}"):
            found.setdefault(file.stem, []).append(ending)
    return found


def of_question(book: Questionnaire, question: Question, language: Language) -> str:
    """What is read of a question; empty when people see it differently, or not wholly
    in this language."""
    if has_fills(book, question, Mode.WEB, language):
        return ""
    same = not question.shuffled and not any(one.condition for one in question.options)
    offered = tuple((one.code, one.exclusive) for one in question.options)
    shown = Screen(
        book, question, Mode.WEB, language, {}, offered=offered if same else ()
    )
    choices = [*shown.choices, *shown.refusals] if same else []
    if shown.lang or any(choice.lang for choice in choices):
        return ""
    return _joined(
        [shown.title, shown.text, shown.hint, *(one.text for one in choices)]
    )


def of_help(study: Folder | None, language: Language) -> str:
    """What is read of the help list."""
    said = words(language)
    services = services_in(study, language)
    if any(service.foreign for service in services):
        return ""
    lines = [said["help_title"], said["help_now"]]
    for one in services:
        lines += [one.need, one.name, _digits(one.phone), one.area, one.hours]
    return _joined(lines)


def of_front(language: Language) -> str:
    """What is read of the first page while the survey is open."""
    keys = ("front_title", "front_lead", "front_choice", "front_time", "front_leave")
    return _joined(words(language)[key] for key in keys)


def of_message(study: Folder | None, name: str, language: Language) -> str:
    """What is read of a message of the study, where it is in the reader's language."""
    text = study.files.get(f"messages/{name}.{language}.md", "") if study else ""
    return _joined(strip_tags(prose(text)).splitlines())


def texts(study: Folder, book: Questionnaire) -> Iterator[tuple[Language, str]]:
    """Everything that can be read aloud in a study, each text once."""
    seen = set()
    for language in study.charter.languages:
        found = [of_front(language), of_help(study, language)]
        found += [of_message(study, name, language) for name in MESSAGES]
        found += [of_question(book, one, language) for one in book.questions]
        for text in filter(None, found):
            if (language, text) not in seen:
                seen.add((language, text))
                yield language, text


@require_safe
def sound(request: HttpRequest, name: str, ending: str) -> HttpResponse:
    """One recording, whole or the part that a player asks for."""
    if ending not in _recordings().get(name, ()):
        raise Http404
    data = (folder() / f"{name}.{ending}").read_bytes()
    headers = {"Content-Type": FORMATS[ending], "Accept-Ranges": "bytes"}
    wanted = RANGE.fullmatch(request.headers.get("Range", ""))
    if wanted is None:
        return HttpResponse(data, headers=headers)
    first = int(wanted[1])
    last = min(int(wanted[2] or len(data)), len(data) - 1)
    if first > last:
        headers["Content-Range"] = f"bytes */{len(data)}"
        return HttpResponse(status=416, headers=headers)
    headers["Content-Range"] = f"bytes {first}-{last}/{len(data)}"
    return HttpResponse(data[first : last + 1], status=206, headers=headers)


def _joined(lines: Iterable[str]) -> str:
    """Sentences with a full stop between them, so that a voice rests there."""
    said = [" ".join(line.split()) for line in lines]
    return " ".join(f"{line}." if line[-1].isalnum() else line for line in said if line)


def _digits(phone: str) -> str:
    """A number figure by figure."""
    return " ".join(phone.replace(" ", ""))
