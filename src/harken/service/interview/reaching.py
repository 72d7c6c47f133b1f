"""The console's page of safe ways to reach the person: asked, kept, asked again (SAF-10)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.http import HttpResponse, QueryDict

from harken.method.contact.safe import (
    KINDS_OF_DAY,
    TEXT_LIMIT,
    CallBack,
    SafeHours,
    SafeWays,
)
from harken.method.errors import HarkenError
from harken.service.contact import safe
from harken.service.interview.calling import Call, Stage

MISTAKE = 422


def known(now: Call) -> safe.Kept | None:
    """The record of the case in the call, when there is one."""
    if now.study is None or now.ref is None:
        return None
    return safe.kept(now.study, now.ref, by=now.by, at=now.at)


def page(now: Call, *, problem: str = "") -> HttpResponse:
    """The form, filled with what stands, or after a mistake with what was written."""
    kept = known(now)
    return now.show(
        "safe_ways",
        kept=kept,
        filled=_written(now.request.POST) if problem else _standing(kept),
        days=KINDS_OF_DAY,
        limit=TEXT_LIMIT,
        problem=problem,
        status=MISTAKE if problem else 200,
    )


def keep(now: Call) -> HttpResponse:
    """Keep what the person said; then whether it is still safe to talk."""
    if now.study is None or now.ref is None:
        return now.drop()
    post = now.request.POST
    try:
        hours = SafeHours(
            dt.time.fromisoformat(post.get("earliest", "")),
            dt.time.fromisoformat(post.get("latest", "")),
            frozenset(post.getlist("days")) & frozenset(KINDS_OF_DAY),
        )
        call_back = CallBack(post.get("call_back", ""))
    except ValueError:
        return page(now, problem="Write both times, and who calls back.")
    ways = SafeWays(
        hours=hours,
        phone="phone" in post,
        post="post" in post,
        voicemail="voicemail" in post,
        call_back=call_back,
        who_may_answer=post.get("who", "").strip(),
        code_word=post.get("word", "").strip(),
    )
    try:
        safe.keep(now.study, now.ref, ways, by=now.by, at=now.at)
    except HarkenError as error:
        return page(now, problem=now.told(error))
    return now.turn(Stage.GATE)


def _written(post: QueryDict) -> Mapping[str, object]:
    return {**post.dict(), "days": post.getlist("days")}


def _standing(kept: safe.Kept | None) -> Mapping[str, object]:
    if kept is None:
        return {"days": KINDS_OF_DAY, "phone": True, "call_back": CallBack.THEM.value}
    ways = kept.ways
    return {
        "days": ways.hours.days,
        "earliest": f"{ways.hours.earliest:%H:%M}",
        "latest": f"{ways.hours.latest:%H:%M}",
        "phone": ways.phone,
        "post": ways.post,
        "voicemail": ways.voicemail,
        "call_back": ways.call_back.value,
        "who": ways.who_may_answer,
        "word": ways.code_word,
    }


def confirm(now: Call) -> HttpResponse:
    """It all still holds, says the person."""
    if now.study is not None and now.ref is not None:
        safe.confirm(now.study, now.ref, by=now.by, at=now.at)
    return now.turn(Stage.GATE)
