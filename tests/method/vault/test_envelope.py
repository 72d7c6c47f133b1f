"""Sealing of one record. Proves PRV 34 (lengths) and ARCHITECTURE 4 (binding)."""

from __future__ import annotations

import datetime as dt
import os
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from harken.method.errors import HarkenError
from harken.method.vault import Identity, KeyName, envelope

KEY = bytes(range(32))
PLACE = envelope.Place("study", "1:abc", "0" * 32, "contact:identity")


@given(st.binary(max_size=2000))
def test_what_is_sealed_opens_again(plaintext: bytes) -> None:
    sealed = envelope.seal(KEY, plaintext, PLACE, os.urandom)
    assert envelope.unseal(KEY, sealed, PLACE) == plaintext


@given(st.binary(max_size=251), st.binary(max_size=251))
def test_the_length_tells_nothing_within_a_block(one: bytes, other: bytes) -> None:
    lengths = {
        len(envelope.seal(KEY, text, PLACE, os.urandom)) for text in (one, other)
    }
    assert lengths == {1 + 12 + 256 + 16}


@pytest.mark.parametrize(
    "elsewhere",
    [
        replace(PLACE, study="other"),
        replace(PLACE, policy="2:abc"),
        replace(PLACE, case="1" * 32),
        replace(PLACE, purpose="case:identity"),
        replace(PLACE, schema=2),
    ],
)
def test_a_record_moved_from_its_place_does_not_open(elsewhere: envelope.Place) -> None:
    sealed = envelope.seal(KEY, b"text", PLACE, os.urandom)
    with pytest.raises(HarkenError, match="VAU-005"):
        envelope.unseal(KEY, sealed, elsewhere)


@given(st.integers(0, 8 * (1 + 12 + 256 + 16) - 1))
def test_any_flipped_bit_is_noticed(bit: int) -> None:
    sealed = bytearray(envelope.seal(KEY, b"text", PLACE, os.urandom))
    sealed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(HarkenError, match=r"VAU-00[56]"):
        envelope.unseal(KEY, bytes(sealed), PLACE)


@given(st.binary(max_size=300))
def test_rubbish_is_refused_with_a_message(data: bytes) -> None:
    with pytest.raises(HarkenError, match=r"VAU-00[56]"):
        envelope.unseal(KEY, data, PLACE)


def test_an_authentic_record_with_a_false_length_is_refused() -> None:

    padded = (10_000).to_bytes(4, "big") + bytes(252)
    body = AESGCM(KEY).encrypt(bytes(12), padded, PLACE.encode())
    with pytest.raises(HarkenError, match="VAU-005"):
        envelope.unseal(KEY, b"\x01" + bytes(12) + body, PLACE)


def test_a_place_cannot_smuggle_the_separator() -> None:
    with pytest.raises(ValueError, match="separator"):
        replace(PLACE, case="a|b").encode()


def test_a_purpose_may_hold_the_separator_and_stays_one_part() -> None:
    one = replace(PLACE, purpose="text:interview|7").encode()
    assert one != replace(PLACE, purpose="text:interview", schema=7).encode()
    assert one.endswith(b"|text:interview|7|1")


def test_an_identity_is_two_documents_and_reads_back() -> None:
    whole = Identity(
        given_name="Zoë",
        surname="O'Hara",
        date_of_birth=dt.date(1990, 2, 28),
        address_lines=("1 Low Road", "Flat 2"),
        crime_reference="CR/1/26",
    )
    contact, case = whole.part(KeyName.CONTACT), whole.part(KeyName.CASE)
    assert b"CR/1/26" not in contact
    assert b"1990" not in contact
    assert "Zoë".encode() not in case
    assert Identity.from_bytes(contact, case) == whole
    assert Identity.from_bytes(whole.to_bytes()) == whole
    assert Identity.from_bytes(contact).crime_reference == ""
    assert Identity.from_bytes(contact).date_of_birth is None


def test_an_identity_does_not_show_itself() -> None:
    assert "Vireo" not in repr(Identity(given_name="Vireo"))


def test_only_two_keys_seal_an_identity() -> None:
    with pytest.raises(ValueError, match="contact and case"):
        Identity().part(KeyName.LINK)


def test_a_crowd_is_sealed_as_each_would_be() -> None:
    before, after = envelope.places("study", "1:abc", "contact:identity")
    about = before + PLACE.case.encode() + after
    assert about == PLACE.encode()
    sealed = envelope.seal_at(KEY, b"text", about, bytes(12))
    assert sealed == envelope.seal(KEY, b"text", PLACE, bytes)
    with pytest.raises(ValueError, match="separator"):
        envelope.places("a|b", "1", "contact")


def test_a_record_cut_short_is_refused() -> None:
    sealed = envelope.seal(KEY, b"text", PLACE, os.urandom)
    for size in (1, 13, 200, len(sealed) - 1):
        with pytest.raises(HarkenError, match="VAU-005"):
            envelope.unseal(KEY, sealed[:size], PLACE)
    with pytest.raises(HarkenError, match="VAU-006"):
        envelope.unseal(KEY, b"", PLACE)


def test_an_identity_of_one_document_without_an_address_reads_back() -> None:
    assert Identity.from_bytes(b'{"surname": "Quenhallow"}').surname == "Quenhallow"
