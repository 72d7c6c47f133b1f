"""An interview as a value, and its stored form.

A step never changes an interview: it returns a new one. What is stored is sealed by the
caller; this file must never write it anywhere.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from harken.method.errors import refuse
from harken.method.interview.faults import UNREADABLE
from harken.method.interview.paradata.trace import Trace
from harken.method.questionnaire import Questionnaire, Value
from harken.method.questionnaire import route as routing
from harken.method.terms import Arm, Language, Missing, Mode, Speaker

FORMAT = 2
"""Format 1 knew neither the first day nor the seed; it is still read."""


class Status(StrEnum):
    """Where an interview stands.

    DECLINED: the person said no to taking part, and can still change their mind.
    SUBMITTED: handed in. SCREENED: handed in, but the person was not eligible.
    STOPPED: broken off for good.
    """

    OPEN = "open"
    DECLINED = "declined"
    SUBMITTED = "submitted"
    SCREENED = "screened"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Interview:
    """One person's interview: answers by question id, and where they are.

    ``started`` is its first day and ``seed`` what its lotteries are drawn from; both stay.
    ``confirmed`` names the answers that stand although a soft check warns of them, each
    with the reason given, in the person's own words or empty.
    ``position`` is the id of the question to show; None means the end, where answers
    are checked. ``answers`` keeps answers that a later change put off the route; they
    count for nothing until they are back on it.
    """

    mode: Mode
    arm: Arm
    language: Language
    version: str
    answers: Mapping[str, Value] = field(default_factory=lambda: MappingProxyType({}))
    position: str | None = None
    status: Status = Status.OPEN
    started: dt.date | None = None
    seed: int = 0
    confirmed: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    trace: Trace = field(default_factory=Trace)
    """How it was filled in, coarse; parted from the answers when they are collected."""
    speaker: Speaker = Speaker.PERSON
    """Who answered; whoever spoke for the person once stays, for good (SAF-15)."""

    @property
    def context(self) -> routing.Context:
        """What conditions may know besides the answers."""
        return routing.Context(
            self.mode, self.arm, self.language, self.started, self.seed
        )

    def let_stand(self, questionnaire: Questionnaire) -> dict[str, str]:
        """The answers on the route that a soft check warns of and the person let stand,
        each with the reason they gave, or nothing."""
        values = routing.route(questionnaire, self.answers, self.context).values
        return {
            name: reason
            for name, reason in self.confirmed.items()
            if name in values
            and any(routing.failing(questionnaire.question(name), values))
        }

    def to_bytes(self) -> bytes:
        """The stored form: canonical JSON with a format number. Seal before storing."""
        body = {
            "format": FORMAT,
            "mode": self.mode.value,
            "arm": self.arm.value,
            "language": self.language,
            "version": self.version,
            "answers": {name: _plain(value) for name, value in self.answers.items()},
            "position": self.position,
            "status": self.status.value,
            "started": self.started.isoformat() if self.started else None,
            "seed": self.seed,
            "confirmed": dict(self.confirmed),
            "trace": self.trace.plain(),
            "speaker": self.speaker.value,
        }
        text = json.dumps(body, sort_keys=True, separators=(",", ":"))
        return text.encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> Interview:
        """Read the stored form. Raises HarkenError (INT-013) when it cannot be."""
        try:
            body = json.loads(data)
            if body["format"] not in (1, FORMAT):
                raise refuse(UNREADABLE)
            started = body.get("started")
            return cls(
                mode=Mode(body["mode"]),
                arm=Arm(body["arm"]),
                language=Language(body["language"]),
                version=body["version"],
                answers={name: _value(raw) for name, raw in body["answers"].items()},
                position=body["position"],
                status=Status(body["status"]),
                started=dt.date.fromisoformat(started) if started else None,
                seed=int(body.get("seed", 0)),
                confirmed={
                    str(name): str(reason)
                    for name, reason in body.get("confirmed", {}).items()
                },
                trace=Trace.of(body.get("trace", {})),
                speaker=Speaker(body.get("speaker", Speaker.PERSON)),
            )
        except (ValueError, KeyError, TypeError, AttributeError, InvalidOperation):
            raise refuse(UNREADABLE) from None


def _plain(value: Value) -> object:
    """A value in JSON: text as text, codes as a list, the rest marked by kind."""
    if isinstance(value, Missing):
        return {"missing": int(value)}
    if isinstance(value, Decimal):
        return {"number": str(value)}
    return list(value) if isinstance(value, tuple) else value


def _value(raw: Any) -> Value:
    if isinstance(raw, str):
        return raw
    if isinstance(raw, list):
        return tuple(str(code) for code in raw)
    if "missing" in raw:
        return Missing(raw["missing"])
    return Decimal(raw["number"])
