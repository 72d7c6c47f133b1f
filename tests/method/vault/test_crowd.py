"""A crowd's keys, marks, promises and copies: what a keyring holds beside one person.

Proves PRV 36: an old index cannot be tried without its pepper.
"""

from __future__ import annotations

import hmac
import os
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harken.method.errors import HarkenError
from harken.method.terms import CaseRef
from harken.method.vault import KeyName, envelope, keyring
from harken.method.vault.keyring import Fact, Header, Keyring, Marker, Retention

EPOCH = bytes(range(32))
PEPPER = bytes(range(1, 33))
PROMISE = {"policy_version": "1", "destroy_by": "2026-09-30"}
HEADER = Header(
    "small",
    Retention.STANDARD,
    1,
    (PROMISE,),
    bytes(32),
    bytes(32),
    index_pepper=PEPPER,
    clock=10.0,
)
PERSON = {
    "telephone": "+44 7700 900123",
    "email": " Vireo@Quenhallow.example ",
    "crime_reference": "CR/0000001/26",
    "surname": "Quenhallow",
    "postcode": "zz9 9zz",
}


def _ref() -> CaseRef:
    return CaseRef(os.urandom(16).hex())


def _ring(*payloads: bytes, header: Header = HEADER) -> Keyring:
    data = keyring.write_new(header, EPOCH, payloads, os.urandom)
    return keyring.read_new(data, EPOCH, header.place())[0]


@given(st.binary(min_size=160, max_size=160), st.integers(0, keyring.LAST_POLICY))
def test_a_person_of_a_crowd_is_one_like_any_other(drawn: bytes, policy: int) -> None:
    ref = _ref()
    fresh = keyring.enrol(ref, drawn, policy=policy)
    alone = keyring.make_entry(ref, lambda size: drawn[:size], policy=policy)
    assert fresh.payload == keyring.additions([alone])
    assert fresh.commitment == alone.commitment
    assert fresh.marked({}) == fresh.payload
    marks = {Fact.TELEPHONE: bytes(16), Fact.NAME: bytes(range(16))}
    own = keyring.markings([(ref, marks)])
    assert fresh.marked(marks) == fresh.payload + own
    assert {name: fresh.key(name) for name in KeyName} == alone.keys


@given(st.text(min_size=1).filter(lambda text: keyring.plain(Fact.EMAIL, text)))
def test_a_mark_is_the_keyed_hash_of_the_plain_fact(text: str) -> None:
    (mark,) = Marker(PEPPER).marks({"email": text}).values()
    plain = keyring.plain(Fact.EMAIL, text).encode()
    assert mark == hmac.digest(PEPPER, b"mark email\0" + plain, "sha256")[:16]


def test_a_person_is_found_by_each_whole_fact_and_by_no_part_of_one() -> None:
    ref, other = _ref(), _ref()
    marks = Marker(PEPPER).marks(PERSON)
    assert len(marks) == 4
    ring = _ring(keyring.markings([(ref, marks), (other, {})]))
    for fact, text in (
        (Fact.TELEPHONE, "07700 900 123"),
        (Fact.TELEPHONE, "0044 (0) 7700 900123"),
        (Fact.EMAIL, "vireo@quenhallow.example"),
        (Fact.CRIME_REFERENCE, "cr 0000001 26"),
        (Fact.NAME, "Quenhallow ZZ9 9ZZ"),
    ):
        assert keyring.find(ring, fact, text) == [ref], text
    for fact, text in (
        (Fact.TELEPHONE, "07700"),
        (Fact.NAME, "Quenhallow"),
        (Fact.NAME, "  "),
        (Fact.EMAIL, "07700900123"),
    ):
        assert keyring.find(ring, fact, text) == [], text
    changed = replace(HEADER, index_pepper=bytes(32))
    later = _ring(keyring.markings([(ref, marks)]), header=changed)
    assert keyring.find(later, Fact.TELEPHONE, "07700 900123") == []
    ring.apply(keyring.withdrawals([ref]))
    assert keyring.find(ring, Fact.TELEPHONE, "07700 900123") == []


def test_nothing_known_makes_no_mark() -> None:
    assert Marker(PEPPER).marks({}) == {}
    assert Marker(PEPPER).marks({"telephone": "-", "surname": "Quenhallow"}) == {}


def test_the_clock_only_goes_forward() -> None:
    ring = _ring(keyring.clock_reading(50.0), keyring.clock_reading(20.0))
    assert ring.clock == 50.0
    assert _ring().clock == 10.0


def test_each_person_keeps_the_promise_they_were_given() -> None:
    first, second = _ref(), _ref()
    later = {**PROMISE, "policy_version": "1.1", "destroy_by": "2027-03-31"}
    ring = _ring(
        keyring.enrol(first, os.urandom(160)).payload,
        keyring.new_policy(later),
        keyring.enrol(second, os.urandom(160), policy=1).payload,
    )
    assert ring.header.policies == (PROMISE, later)
    assert ring.header.policies[0] == PROMISE
    assert ring.policy_of(first) == PROMISE
    assert ring.policy_of(second) == later
    assert ring.policy_of(_ref()) == PROMISE


def test_copies_carry_keys_and_marks_or_those_of_the_contact_alone() -> None:
    crowd = {
        ref: keyring.enrol(ref, os.urandom(160)) for ref in (_ref(), _ref(), _ref())
    }
    refs = list(crowd)
    marks = Marker(PEPPER).marks(PERSON)
    ring = _ring(
        b"".join(one.payload for one in crowd.values()),
        keyring.markings([(refs[0], marks)]),
        keyring.withdrawals([refs[2]]),
    )
    assert [ring.has(ref) for ref in refs] == [True] * 3
    living = list(ring.living())
    assert living == [keyring.ref_bytes(ref) for ref in refs[:2]]
    whole = _ring(*keyring.copies(ring, living))
    assert len(whole) == 2
    assert keyring.find(whole, Fact.TELEPHONE, "07700 900123") == [refs[0]]
    assert whole.key(refs[1], KeyName.LINK) == crowd[refs[1]].key(KeyName.LINK)
    only = frozenset({KeyName.CONTACT})
    bare = _ring(*keyring.copies(ring, living, only=only))
    assert bare.key(refs[1], KeyName.CONTACT) == crowd[refs[1]].key(KeyName.CONTACT)
    assert bare.key(refs[1], KeyName.CASE) is None
    assert bare.key(refs[2], KeyName.CONTACT) is None
    assert bare.entry(refs[2]) is None
    for fact, text in (
        (Fact.TELEPHONE, "07700 900123"),
        (Fact.EMAIL, "vireo@quenhallow.example"),
        (Fact.NAME, "Quenhallow ZZ9 9ZZ"),
    ):
        assert keyring.find(bare, fact, text) == [refs[0]]
    assert keyring.find(ring, Fact.CRIME_REFERENCE, "CR/0000001/26") == [refs[0]]
    assert keyring.find(bare, Fact.CRIME_REFERENCE, "CR/0000001/26") == []
    assert set(bare.marks) == {keyring.ref_bytes(refs[0])}
    told = {raw: (value, gone) for raw, value, _, gone in ring.commitments()}
    assert [told[keyring.ref_bytes(r)] for r in refs] == [
        (crowd[r].commitment, r == refs[2]) for r in refs
    ]


def test_marks_of_a_keyring_made_before_they_said_of_what_stay_behind() -> None:
    """They are found as ever, but which of them is the case's nobody can tell."""
    ref, marks = _ref(), Marker(PEPPER).marks(PERSON)
    raw = keyring.ref_bytes(ref)
    before = b"%c%b%c%b" % (keyring.MARKS, raw, 4, b"".join(marks.values()))
    ring = _ring(keyring.enrol(ref, os.urandom(160)).payload, before)
    assert keyring.find(ring, Fact.TELEPHONE, "07700 900123") == [ref]
    whole = _ring(*keyring.copies(ring, [raw]))
    assert keyring.find(whole, Fact.NAME, "Quenhallow ZZ9 9ZZ") == [ref]
    only = frozenset({KeyName.CONTACT})
    assert _ring(*keyring.copies(ring, [raw], only=only)).marks == {}


def test_a_secret_is_sealed_to_one_reader_and_about_one_thing() -> None:
    private, share = os.urandom(32), os.urandom(32)
    sealed = envelope.seal_to(envelope.public_of(private), share, b"give|a", os.urandom)
    assert envelope.open_from(private, sealed, b"give|a") == share
    for key, data, about in (
        (os.urandom(32), sealed, b"give|a"),
        (private, sealed, b"give|b"),
        (private, sealed[:-1], b"give|a"),
        (private, sealed[:20], b"give|a"),
    ):
        with pytest.raises(HarkenError, match="VAU-005"):
            envelope.open_from(key, data, about)


def test_two_halves_give_the_key_and_one_says_nothing() -> None:
    key, share = os.urandom(32), os.urandom(32)
    half = envelope.split(key, share)
    assert half not in (key, share)
    assert envelope.split(half, share) == key
    with pytest.raises(ValueError, match="shorter"):
        envelope.split(key, share[:5])
