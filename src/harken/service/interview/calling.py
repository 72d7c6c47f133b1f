"""One call in an interviewer's session: which case, how far, and what may come next.

The session holds the case's reference and stage words only. Names and numbers are
opened by the contact room for one page at a time and are never kept here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from harken.method.contact import Outcome
from harken.method.errors import HarkenError
from harken.method.interview import Status
from harken.method.study import Folder
from harken.method.terms import Actor, CaseRef, Language, Speaker
from harken.service.accounts.permissions import actor_of
from harken.service.interview import models, queries
from harken.service.interview.queries import Sitting
from harken.service.interview.words import words
from harken.service.study import queries as studies
from harken.service.study.models import Study

KEY = "call"

NOBODY_SPOKE = (
    Outcome.RANG_OUT,
    Outcome.BUSY,
    Outcome.MACHINE,
    Outcome.DEAD_LINE,
    Outcome.WRONG_NUMBER,
    Outcome.SOMEBODY_ELSE,
)
BEFORE_CONSENT = (
    Outcome.CALL_BACK,
    Outcome.DROPPED,
    Outcome.NOT_SAFE,
    Outcome.SOFT_REFUSAL,
    Outcome.REFUSAL,
    Outcome.LANGUAGE,
    Outcome.UNABLE,
    Outcome.DECEASED,
    Outcome.NOT_ELIGIBLE,
)
AFTER_CONSENT = (
    Outcome.CALL_BACK,
    Outcome.DROPPED,
    Outcome.NOT_SAFE,
    Outcome.PARTIAL,
    Outcome.BROKEN_OFF,
    Outcome.SOFT_REFUSAL,
    Outcome.REFUSAL,
)
"""What a call can end with depends on how far it came: after consent it can no longer
be *no answer* (web.md 5.3)."""


class Stage(StrEnum):
    """Where the call is."""

    DESK = "desk"
    CARD = "card"
    GATE = "gate"
    SAFE_WAYS = "safe_ways"
    INTERVIEW = "interview"
    DISTRESS = "distress"
    DISCLOSURE = "disclosure"
    LISTENING = "listening"
    OUTCOME = "outcome"
    APPOINTMENT = "appointment"
    SUPPORT = "support"


@dataclass
class Call:
    """A request of an interviewer, and the call it belongs to."""

    request: HttpRequest
    by: Actor
    study: Study | None
    at: dt.datetime

    @property
    def held(self) -> dict[str, Any]:
        """What the session knows of the call."""
        return dict(self.request.session.get(KEY, {}))

    @property
    def stage(self) -> Stage:
        """Where the call is; at the desk when there is none."""
        return Stage(self.held.get("stage", Stage.DESK))

    @property
    def ref(self) -> CaseRef | None:
        """The case in the call."""
        ref = self.held.get("ref")
        return CaseRef(ref) if ref else None

    @cached_property
    def row(self) -> models.Interview | None:
        """The case's interview, when one was begun in this call."""
        if self.study is None or self.ref is None or not self.held.get("begun"):
            return None
        return queries.of_case(self.study, self.ref)

    @property
    def sitting(self) -> Sitting:
        """The interview, opened; only when there is one."""
        if self.row is None:
            raise LookupError("no interview was begun in this call")
        return queries.sitting(self.row)

    @property
    def language(self) -> Language:
        """The language the person speaks."""
        return Language(self.held.get("language", "en"))

    @property
    def speaker(self) -> Speaker:
        """Who speaks: the person, or whoever may speak for them."""
        return Speaker(self.held.get("speaker", Speaker.PERSON))

    @property
    def proxies(self) -> tuple[Speaker, ...]:
        """Who may speak for a person of this study; a parent only where minors are in it."""
        minors = (
            self.folder and self.folder.charter.sampling.exclusions.minimum_age < 18
        )
        parent = (Speaker.PARENT,) if minors else ()
        return (*parent, Speaker.FAMILY, Speaker.SPOKESPERSON)

    @property
    def folder(self) -> Folder | None:
        """The study's folder."""
        return queries.folder(self.study) if self.study else None

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """The outcomes that fit how far the call came."""
        if self.row is not None and self.row.status == Status.DECLINED:
            return (Outcome.SOFT_REFUSAL, Outcome.REFUSAL)
        if self.row is not None:
            return AFTER_CONSENT
        return BEFORE_CONSENT if self.held.get("spoke") else NOBODY_SPOKE

    def keep(self, **changes: object) -> None:
        """Change what the session knows of the call."""
        self.request.session[KEY] = self.held | changes

    def turn(self, stage: Stage, **changes: object) -> HttpResponse:
        """Show another page of the call."""
        self.keep(stage=stage.value, **changes)
        return redirect("call:call")

    def drop(self) -> HttpResponse:
        """Back to the desk; the session forgets the case."""
        self.request.session.pop(KEY, None)
        return redirect("call:call")

    def show(
        self, template: str, *, status: int = 200, **context: object
    ) -> HttpResponse:
        """Render a page of the console."""
        common: Mapping[str, object] = {
            "call": self,
            "stage": self.stage.value,
            "w": words(self.language),
            "neutral_title": self.folder.charter.neutral_title if self.folder else "",
            "title": self.folder.charter.title if self.folder else "",
        }
        return render(
            self.request,
            f"interview/call/{template}.html",
            {**common, **context},
            status=status,
        )

    def told(self, error: HarkenError) -> str:
        """What an interviewer is told of an error: message and cure."""
        finding = error.findings[0]
        return f"{finding.message} {finding.cure}"


def call_of(request: HttpRequest) -> Call:
    """The call of this request."""
    return Call(request, actor_of(request), studies.current(), timezone.now())
