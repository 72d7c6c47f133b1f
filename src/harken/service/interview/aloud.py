"""Pages read aloud from files of this house: which recording belongs to a page, and serving it.

A recording is named by what it says, so that a text that changed has none until it is
made anew. A browser's own voice is never used: it may send the text to a stranger. What
is read is the page as everybody sees it, never an answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from harken.method.questionnaire import Question, Questionnaire
from harken.method.study import Folder
from harken.method.study.promised import Promised
from harken.method.terms import Language, Mode
from harken.service.interview import notices
from harken.service.interview.notices import MESSAGES, joined
from harken.service.interview.notices import of_message as of_message
from harken.service.interview.recordings import FORMATS, Sources, recorded, served
from harken.service.interview.recordings import folder as folder
from harken.service.interview.recordings import name_of as name_of
from harken.service.interview.recordings import offered as offered
from harken.service.interview.recordings import sources as sources
from harken.service.interview.recordings import stamp as stamp
from harken.service.interview.screen import Screen, has_fills
from harken.service.interview.support import services_in
from harken.service.interview.words import words

RANGE = re.compile(r"bytes=(\d+)-(\d*)")
MOST = 10_000

_NAMES: dict[tuple[str, str, Language], str] = {}


def of_page(book: Questionnaire, question: Question, language: Language) -> Sources:
    """The same for a question, whose text is put together once."""
    if not recorded():
        return ()
    key = (book.digest, question.id, language)
    if key not in _NAMES:
        if len(_NAMES) >= MOST:
            _NAMES.clear()
        _NAMES[key] = name_of(of_question(book, question, language), language)
    return served(_NAMES[key])


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
    return joined([shown.title, shown.text, shown.hint, *(one.text for one in choices)])


def of_help(study: Folder | None, language: Language) -> str:
    """What is read of the help list."""
    said = words(language)
    services = services_in(study, language)
    if any(service.foreign for service in services):
        return ""
    lines = [said["help_title"], said["help_now"]]
    for one in services:
        lines += [one.need, one.name, _digits(one.phone), one.area, one.hours]
    return joined(lines)


def of_front(language: Language) -> str:
    """What is read of the first page while the survey is open."""
    keys = ("front_title", "front_lead", "front_choice", "front_time", "front_leave")
    return joined(words(language)[key] for key in keys)


def texts(
    study: Folder, book: Questionnaire, promised: Sequence[Promised] = ()
) -> Iterator[tuple[Language, str]]:
    """Everything that can be read aloud in a study, each text once.

    Where it has more than one promise, each notice as each of its readers sees it too.
    """
    seen = set()
    for language in study.charter.languages:
        found = [of_front(language), of_help(study, language)]
        found += [of_message(study, name, language) for name in MESSAGES]
        found += [of_question(book, one, language) for one in book.questions]
        found += [one.text for one in notices.dated(study, promised, language)]
        for text in filter(None, found):
            if (language, text) not in seen:
                seen.add((language, text))
                yield language, text


@require_safe
def sound(request: HttpRequest, name: str, ending: str) -> HttpResponse:
    """One recording, whole or the part that a player asks for."""
    if ending not in recorded().get(name, ()):
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


def _digits(phone: str) -> str:
    """A number figure by figure."""
    return " ".join(phone.replace(" ", ""))
