"""One request at the web door: which study, which language, which interview.

The session holds opaque words only: the interview's handle, which page is shown, how
far an earlier visit came. Never an answer, a code or a name; and no address of a device
is read or kept (SAF-23).
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property
from ipaddress import ip_address, ip_network
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation.trans_real import parse_accept_lang_header

from harken.method.interview.paradata import Device
from harken.method.study import Folder
from harken.method.study.promised import Promised
from harken.method.terms import Arm, CaseRef, Language
from harken.service.interview import actions, aloud, models, queries, shapes
from harken.service.interview.queries import Door, Sitting
from harken.service.interview.readers import spoken_day
from harken.service.interview.words import FIRST, direction, spoken, words
from harken.service.pages.forgery import SECRET, is_first_visit, token
from harken.service.pages.sessions import VisitStore
from harken.service.study import queries as studies
from harken.service.study.models import Study
from harken.service.vault import queries as keys
from harken.service.vault.reach import HolderAway

STEP_HEADER = "X-Step"
NEXT_HEADER = "X-Next"
IDLE_MINUTES = 15
SIGNED_EVERY = 60
"""Seconds in which a visit's cookie is signed anew at most once."""
IDLE_WARNING = 5
"""Minutes before the end at which a page left open asks whether anybody is there."""


class Page(StrEnum):
    """What the one address shows, when it is not simply the next question."""

    NEXT = ""
    CODE = "code"
    RETURN = "return"
    STOP = "stop"
    SAVE = "save"
    CHECK = "check"
    STOPPED = "stopped"
    REFUSE = "refuse"
    TIMED_OUT = "timed_out"

    @classmethod
    def _missing_(cls, value: object) -> Page:
        """A page that an earlier version of the house knew."""
        return cls.NEXT


@dataclass
class Visit:
    """A request, and what the door needs to know to answer it."""

    request: HttpRequest
    study: Study | None
    row: models.Interview | None
    at: dt.datetime
    turned: bool = False
    """Whether the next page can be given at once, with the row as it stands now."""
    over: bool = False
    """Whether this very request found that nobody had used the visit for too long."""

    @cached_property
    def folder(self) -> Folder | None:
        """The folder of the study, when there is a study."""
        return studies.folder(self.study) if self.study else None

    @cached_property
    def sitting(self) -> Sitting:
        """The interview, opened; only when there is one."""
        if self.row is None:
            raise LookupError("there is no interview in this visit")
        return queries.sitting(self.row)

    @cached_property
    def promised(self) -> tuple[Promised, ...]:
        """Every promise of the study."""
        return studies.promised(self.study) if self.study else ()

    @cached_property
    def own_days(self) -> Promised | None:
        """What whoever is in this interview was promised; None when that is not known."""
        if len(self.promised) < 2:
            return next(iter(self.promised), None)
        if self.study is None or self.row is None:
            return None
        try:
            return keys.promised(self.study, CaseRef(self.row.case))
        except HolderAway:  # the page says every day instead
            return None

    @property
    def languages(self) -> tuple[Language, ...]:
        """The languages the study offers."""
        return self.folder.charter.languages if self.folder else (FIRST,)

    @cached_property
    def language(self) -> Language:
        """The language of the page: of the interview, chosen, or the browser's."""
        if self.row is not None:
            return Language(self.row.language)
        chosen = self.request.session.get("language")
        wanted = [chosen] if chosen else []
        header = self.request.headers.get("Accept-Language", "")
        wanted += [tag.split("-")[0] for tag, _ in parse_accept_lang_header(header)]
        offered = set(self.languages)
        return next((Language(t) for t in wanted if t in offered), self.languages[0])

    @cached_property
    def words(self) -> Mapping[str, str]:
        """The page's own words in its language."""
        return words(self.language)

    @cached_property
    def door(self) -> Door:
        """Which ways to take part are open today."""
        today = timezone.localdate(self.at)
        return queries.door(self.study, self.folder, today=today)

    @property
    def page(self) -> Page:
        """What is to be shown."""
        return Page(self.request.session.get("page", ""))

    @property
    def since(self) -> int:
        """The first page of this visit; pages of earlier visits are not shown again."""
        return int(self.request.session.get("since", 0))

    @property
    def device(self) -> Device:
        """Phone or computer, as the browser says by itself; nothing finer is asked."""
        headers = self.request.headers
        hint, agent = headers.get("Sec-CH-UA-Mobile"), headers.get("User-Agent", "")
        if not (hint or agent):
            return Device.UNKNOWN
        phone = hint == "?1" or "Mobi" in agent
        return Device.PHONE if phone else Device.COMPUTER

    @property
    def page_since(self) -> str:
        """When the page was first shown, in seconds: it travels in the page alone."""
        sent = "" if self.turned else self._since
        return sent or str(int(self.at.timestamp()))

    @property
    def page_seconds(self) -> float | None:
        """How long the page that was sent had been open; None when it does not say."""
        return self.at.timestamp() - int(self._since) if self._since else None

    @property
    def _since(self) -> str:
        sent = self.request.POST.get("since", "")
        return sent if sent.isascii() and sent.isdecimal() and len(sent) < 12 else ""

    def turn(self, page: Page, *, row: models.Interview | None = None) -> HttpResponse:
        """Show another page at the same address.

        With the ``row`` as it was just written, the script is given the page at once: no
        word around it changes, and no form that was open without a token.
        """
        if page is not self.page:
            self.request.session["page"] = page.value
        if row is not None and self.request.headers.get(STEP_HEADER):
            self.row, self.turned = row, True
            for name in ("sitting", "_frame"):
                self.__dict__.pop(name, None)
        return self.onward()

    def onward(self) -> HttpResponse:
        """Post, redirect, get; for the script, the address to put in place."""
        address = _start()
        if self.request.headers.get(STEP_HEADER):
            return HttpResponse(status=204, headers={NEXT_HEADER: address})
        return HttpResponseRedirect(address)

    def hold(self, row: models.Interview) -> HttpResponse:
        """Take an interview into this visit, under a fresh session key."""
        session = self.request.session
        session.cycle_key()
        minutes = IDLE_MINUTES
        if self.folder:
            minutes = self.folder.charter.safety.idle_minutes
        session["idle"] = minutes * 60
        session["interview"], session["mark"] = row.handle, row.visit
        session["since"] = self._pages_passed(row)
        return self.turn(Page.NEXT)

    def end(self) -> None:
        """The visit is over, here and in every other window or device (SAF-22)."""
        if self.row is not None:
            actions.end_visits(self.row)
        self.request.session.flush()

    def time_out(self) -> None:
        """End the visit gently, with the answers kept or deleted as was said before."""
        row = self.row
        if row is None:
            return
        kept = queries.ended(row) or self.keeps_when_idle
        if kept:
            actions.end_visits(row)
        else:
            actions.stop(row, keep=False, at=self.at)
        self.let_go()
        self.row, self.over = None, True
        self.request.session["timed_out"] = "kept" if kept else "lost"
        self.request.session["page"] = Page.TIMED_OUT.value

    def let_go(self) -> None:
        """Forget the interview; the choice of language and text size stays, and so
        does the secret of the forms, for one of them is about to be shown.
        """
        kept = {
            name: self.request.session[name]
            for name in ("language", "size", "plain", SECRET)
            if name in self.request.session
        }
        kept["language"] = self.language
        self.request.session.flush()
        self.request.session.update(kept)

    def show(
        self,
        template: str,
        *,
        status: int = 200,
        shape: Hashable = None,
        slots: Mapping[str, str] | None = None,
        **context: Any,
    ) -> HttpResponse:
        """Render a page of the respondent's door; another room names its own folder.

        With a ``shape`` the page is kept and shown to others whose shape and frame are
        the same: whatever of ``context`` varies must be in the shape, or in ``slots``,
        which are filled for each person.
        """
        file = f"{'' if '/' in template else 'interview/'}{template}.html"
        # At first no form needs a token, and so no cookie is set by looking.
        first = is_first_visit(self.request)
        sign = {shapes.TOKEN: "" if first else token(self.request)}
        if shape is None:
            shown = {**self._common(), **context, **(slots or {}), **sign}
            return render(self.request, file, shown, status=status)
        key = (file, status, shape, *self._frame_key())
        page = shapes.kept(key) or shapes.keep(
            key, file, {**self._common(), **context}, slots or {}, self.request
        )
        filled = shapes.filled(page, {**(slots or {}), **sign})
        return HttpResponse(filled, status=status)

    def _common(self) -> dict[str, object]:
        """What every page is given."""
        charter = self.folder.charter if self.folder else None
        return {
            "w": self.words,
            "language": self.language,
            "languages": [(tag, words(tag)["language_name"]) for tag in self.languages],
            "neutral_title": charter.neutral_title if charter else self.words["menu"],
            "exit_url": self.exit_url,
            **self._frame,
        }

    def _frame_key(self) -> tuple[Hashable, ...]:
        """Everything the frame of a page depends on."""
        study, session = self.study, self.request.session
        return (
            (study.slug, study.digest, study.shift_days) if study else None,
            self.language,
            self.request.path,
            session.get("size"),
            session.get("plain"),
            self.exit_url,
            aloud.stamp(),
            *self._frame.values(),
        )

    @property
    def source(self) -> str:
        """Where a code comes from, for counting wrong ones: the network's prefix.

        Only a keyed hash of it is ever kept, for two days (SAF-23). Behind a proxy of
        our own machine the proxy says who asked.
        """
        asked = self.request.META.get("REMOTE_ADDR", "")
        if asked in {"", "127.0.0.1", "::1"}:
            behind = self.request.headers.get("X-Forwarded-For", "")
            asked = behind.rpartition(",")[2].strip() or asked
        try:
            address = ip_address(asked)
        except ValueError:
            return ""
        if address.is_loopback:
            return ""
        width = 32 if address.version == 4 else 56
        return str(ip_network((address, width), strict=False))

    @property
    def exit_url(self) -> str:
        """Where *Exit this page* leads: the study's choice, else the house's."""
        if self.folder is None:
            return settings.EXIT_URL
        return self.folder.charter.safety.exit_url or settings.EXIT_URL

    def day(self, day: dt.date) -> str:
        """A date in the words of the page's language."""
        return spoken_day(day, self.language)

    @property
    def keeps_on_exit(self) -> bool:
        """Whether answers outlive *Exit this page*, as the person was told."""
        return self.folder is None or self.folder.charter.safety.exit_keeps

    @property
    def keeps_when_idle(self) -> bool:
        """Whether answers outlive a page left open: when there is a way back to them."""
        letter = self.row is not None and self.row.arm == Arm.SAMPLE
        return letter or self.keeps_on_exit

    @cached_property
    def _frame(self) -> dict[str, Hashable]:
        """What the frame of every page needs: language, direction, what a wait brings."""
        own = self.language if self.language in spoken() else FIRST
        active = self.row is not None and not queries.ended(self.row)
        minutes = 0
        if active and self.folder is not None:
            minutes = self.folder.charter.safety.idle_minutes
        warning = min(IDLE_WARNING, minutes)
        said = self.words["idle"].format(minutes=warning)
        return {
            "lang": own,
            "direction": direction(own),
            "active": active,
            "idle_seconds": minutes * 60,
            "idle_warning": warning * 60,
            "idle_said": said,
            "idle_keeps": self.keeps_when_idle,
            "exit_keeps": self.keeps_on_exit,
        }

    def _pages_passed(self, row: models.Interview) -> int:
        """The number of the page this visit begins at; 0 for a new interview."""
        if row.version == 0:
            return 0
        sitting = queries.sitting(row)
        here = sitting.interview.position
        if here is None:
            return len(sitting.book.questions)
        return queries.number_of(sitting.book, here)


@cache
def _start() -> str:
    return reverse("interview:start")


def enter(request: HttpRequest) -> Visit:
    """Begin to answer a request: find the interview it belongs to, else the study."""
    handle = request.session.get("interview")
    row = queries.find(handle) if handle else None
    if row is not None and not _admitted(request, row):
        row = None
    visit = Visit(request, row.study if row else studies.current(), row, timezone.now())
    if handle and row is None:
        visit.let_go()
    if row is not None and _left_open(request):
        visit.time_out()
        return visit
    minute = visit.at.hour * 60 + visit.at.minute
    if row is not None and request.session.get("minute") != minute:
        # Written at most once a minute: it keeps the session of a reader alive.
        request.session["minute"] = minute
    return visit


def _left_open(request: HttpRequest) -> bool:
    """Whether nobody used the visit for as long as a page may stay open.

    A page with script says so itself, before this; without, the next request finds out.
    """
    idle, session = request.session.get("idle"), request.session
    if not idle or not isinstance(session, VisitStore):
        return False
    return session.rested > int(idle) + SIGNED_EVERY


def _admitted(request: HttpRequest, row: models.Interview) -> bool:
    """Whether the cookie carries the mark that the interview goes by now."""
    mark = str(request.session.get("mark", ""))
    return bool(row.visit) and secrets.compare_digest(mark, row.visit)
