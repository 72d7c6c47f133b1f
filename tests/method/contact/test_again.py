"""Whom of those kept comes next, and which ways may be shown: SAF-10, SAF-14, DP-05."""

from __future__ import annotations

import datetime as dt

import pytest

from harken.method.contact import again as method
from harken.method.contact.again import Ending, Try
from harken.method.sampling.columns import SafeContact

DAY = dt.date(2026, 10, 5)
BEFORE = DAY - dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("tries", "may"),
    [
        ([], True),
        ([Try("talk", BEFORE, Ending.TRY_AGAIN)], True),
        ([Try("talk", DAY, Ending.TRY_AGAIN)], False),
        ([Try("other", DAY, Ending.CONTACTED)], False),
        ([Try("other", BEFORE, Ending.CONTACTED)], True),
        ([Try("talk", BEFORE, Ending.CONTACTED)], False),
        ([Try("talk", BEFORE, Ending.OPENED)], True),
        ([Try("talk", BEFORE, Ending.OPENED)] * 3, False),
        ([Try("talk", DAY, Ending.NOT_TRIED)], True),
        ([Try("talk", BEFORE, Ending.TRY_AGAIN)] * 2, True),
        ([Try("talk", BEFORE, Ending.TRY_AGAIN)] * 3, False),
        ([Try("other", BEFORE, Ending.TRY_AGAIN)] * 3, True),
        ([Try("other", BEFORE, Ending.LEADS_NOWHERE)], False),
        ([Try("", BEFORE, Ending.RESTRICTED)], False),
    ],
)
def test_each_purpose_once_each_day_once_and_so_often_and_no_more(
    tries: list[Try], may: bool
) -> None:
    assert method.may_open(tries, "talk", today=DAY, most=3) is may
    assert [Try.of(one.row()) for one in tries] == tries


def ways(flag: str, **told: object) -> tuple[bool, bool, bool, str]:
    """Whether number, e-mail and address are shown; and what must be obeyed."""
    found = method.ways_of(flag, told)
    assert all(found.obey)
    return found.telephone, found.email, found.address, " ".join(found.obey)


def test_the_safe_ways_that_are_sealed_with_a_person_are_obeyed() -> None:
    assert ways("any")[:3] == (True, True, True)
    assert ways("phone_only")[:3] == (True, False, False)
    assert "Write nothing" in ways("phone_only")[3]
    assert ways("post_only")[:3] == (False, False, True)
    assert "Do not ring" in ways("post_only")[3]
    assert "daytime only" in ways("daytime")[3]
    assert "evening only" in ways("evening")[3]
    assert "Leave no message" in ways("no_voicemail")[3]
    assert "Nothing is known" in ways("")[3]
    assert ways("by_carrier_pigeon")[:3] == (False, False, False)
    assert "do not contact" in ways("by_carrier_pigeon")[3]


def test_nobody_is_chosen_by_giving_others_back() -> None:
    people = {
        "fresh": [],
        "tried": [Try("talk", BEFORE, Ending.TRY_AGAIN)],
        "back": [Try("talk", DAY, Ending.NOT_TRIED)],
        "long ago": [Try("talk", BEFORE, Ending.NOT_TRIED)],
    }

    def order(*, rings: bool) -> list[str]:
        return sorted(
            people,
            key=lambda one: method.turn(people[one], "talk", today=DAY, rings=rings),
        )

    assert order(rings=True) == ["back", "fresh", "long ago", "tried"]
    assert order(rings=False) == ["fresh", "long ago", "tried", "back"]


def test_every_flag_that_a_sample_file_may_carry_is_understood() -> None:
    assert all(any(ways(flag)[:3]) for flag in SafeContact)


def test_what_a_person_said_themselves_narrows_them_and_never_widens() -> None:
    assert ways("any", phone=False, post=True)[:3] == (False, False, True)
    assert ways("any", phone=True, post=False)[:3] == (True, False, False)
    assert ways("post_only", phone=True, post=True)[:3] == (False, False, True)
    assert ways("phone_only", phone=False)[:3] == (False, False, False)
    told = ways("evening", post=False, voicemail=False, hours="18:00", call_back="them")
    for words in ("telephone only", "evening only", "no message", "18:00", "they call"):
        assert words in told[3]
    quiet = ways("no_voicemail", voicemail=False)[3]
    assert quiet.count("Leave no message") == 1
    assert ways("any", phone=True, post=True)[3].startswith("Whoever answers, ask")
    assert ways("", phone=True)[3].startswith("Whoever answers, ask")


def test_at_an_hour_without_calls_no_number_is_shown() -> None:
    for flag, written in (("any", True), ("phone_only", False), ("post_only", True)):
        found = method.ways_of(flag, {}, rings=False)
        assert (found.telephone, found.address) == (False, written)
        assert ("at this hour" in found.obey[0]) is (flag != "post_only")


def test_what_is_kept_of_safe_ways_is_told_in_words() -> None:
    told = {"phone": True, "post": False, "voicemail": False, "call_back": "them"}
    assert dict(method.told_in_words(told | {"hours": "10:00"})) == {
        "We may ring you": "yes",
        "We may write to you": "no",
        "We may leave a message": "no",
        "It is safe for you": "10:00",
        "After a dropped call": "you call",
    }
    assert dict(method.told_in_words({"call_back": "us"})).popitem()[1] == "we call"
    assert method.told_in_words({}) == ()


def test_purposes_are_said_in_words() -> None:
    assert method.said("follow_up") == "later research on this topic"
    assert method.said("a_new_thing") == "a new thing"
    assert all(one.words for one in Ending)
