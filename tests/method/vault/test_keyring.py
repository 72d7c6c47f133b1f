"""The keyring's file and the holder's slot. Proves PRV 13 in part: a torn tail is known."""

from __future__ import annotations

import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harken.method.errors import HarkenError
from harken.method.terms import CaseRef
from harken.method.vault import KeyName, keyring, slot
from harken.method.vault.keyring import Header, Retention

EPOCH = slot.EpochKey(3, os.urandom(32), os.urandom(32))
HEADER = Header(
    "small", Retention.STANDARD, 3, ({"policy_version": "1"},), bytes(32), bytes(32)
)


def _ref() -> CaseRef:
    return CaseRef(os.urandom(16).hex())


def _file(people: int = 3, segments: int = 2) -> tuple[bytes, list[int]]:
    """A keyring file, and the byte where each segment ends."""
    entries = [keyring.make_entry(_ref(), os.urandom) for _ in range(people)]
    data = keyring.write_new(
        HEADER, EPOCH.key, [keyring.additions(entries)], os.urandom
    )
    ends = [len(data)]
    for number in range(2, 2 + segments):
        more = keyring.additions([keyring.make_entry(_ref(), os.urandom)])
        data += keyring.write_segment(
            EPOCH.key, HEADER.place(), number, more, os.urandom
        )
        ends.append(len(data))
    return data, ends


def test_a_keyring_reads_back_with_people_and_withdrawals() -> None:
    people = [keyring.make_entry(_ref(), os.urandom) for _ in range(5)]
    data = keyring.write_new(HEADER, EPOCH.key, [keyring.additions(people)], os.urandom)
    data += keyring.write_segment(
        EPOCH.key,
        HEADER.place(),
        2,
        keyring.withdrawals([people[1].ref]),
        os.urandom,
    )
    ring, size = keyring.read_new(data, EPOCH.key, HEADER.place())
    assert size == len(data)
    assert ring.header == HEADER
    assert [ref for ref in people if ring.is_withdrawn(ref.ref)] == [people[1]]
    for entry in people:
        found = ring.entry(entry.ref)
        assert found == entry
        assert all(ring.key(entry.ref, name) == entry.keys[name] for name in KeyName)
        assert keyring.commit(found.ref, found.keys, found.nonce) == found.commitment


def test_an_entry_with_fewer_keys_keeps_its_commitment() -> None:
    entry = keyring.make_entry(_ref(), os.urandom)
    kept = entry.only(KeyName.CONTACT)
    data = keyring.write_new(HEADER, EPOCH.key, [keyring.additions([kept])], os.urandom)
    ring, _ = keyring.read_new(data, EPOCH.key, HEADER.place())
    found = ring.entry(entry.ref)
    assert found is not None
    assert set(found.keys) == {KeyName.CONTACT}
    assert ring.key(entry.ref, KeyName.LINK) is None
    assert found.commitment == entry.commitment


@settings(max_examples=60)
@given(st.data())
def test_a_torn_tail_is_discarded_and_all_before_it_kept(data: st.DataObject) -> None:
    whole, ends = _file()
    cut = data.draw(st.integers(ends[0], len(whole) - 1))
    ring, size = keyring.read_new(whole[:cut], EPOCH.key, HEADER.place())
    assert size == max(end for end in ends if end <= cut)
    assert len(ring) == 3 + ends.index(size)


def test_zeros_where_the_tail_should_be_are_a_torn_tail() -> None:
    whole, ends = _file()
    holes = whole[: ends[-2] + 4] + bytes(len(whole) - ends[-2] - 4)
    _, size = keyring.read_new(holes, EPOCH.key, HEADER.place())
    assert size == ends[-2]


@settings(max_examples=60)
@given(st.data())
def test_damage_before_the_tail_stops_the_reading(data: st.DataObject) -> None:
    whole, ends = _file()
    # Lengths are excluded: a changed length looks like a torn tail to any reader.
    spot = data.draw(st.integers(8, ends[0] - 1))
    lengths = {*range(4, 8)}
    header_end = 8 + 12 + int.from_bytes(whole[4:8], "big")
    lengths |= {*range(header_end, header_end + 4)}
    if spot in lengths:
        return
    damaged = bytearray(whole)
    damaged[spot] ^= 1
    with pytest.raises(HarkenError, match="VAU-007"):
        keyring.read_new(bytes(damaged), EPOCH.key, HEADER.place())


def test_another_epoch_key_or_place_opens_nothing() -> None:
    whole, _ = _file()
    for key, place in (
        (os.urandom(32), HEADER.place()),
        (EPOCH.key, b"other|standard|3"),
        (EPOCH.key, b"small|recontact|3"),
    ):
        with pytest.raises(HarkenError, match="VAU-007"):
            keyring.read_new(whole, key, place)
    with pytest.raises(HarkenError, match="VAU-007"):
        keyring.read_new(b"HKR9" + whole[4:], EPOCH.key, HEADER.place())
    with pytest.raises(HarkenError, match="VAU-007"):
        keyring.read_new(whole[:30], EPOCH.key, HEADER.place())


def test_segments_cannot_change_places() -> None:
    whole, ends = _file(segments=2)
    first, second = whole[ends[0] : ends[1]], whole[ends[1] :]
    with pytest.raises(HarkenError, match="VAU-007"):
        keyring.read_new(whole[: ends[0]] + second + first, EPOCH.key, HEADER.place())


def test_an_unknown_operation_is_damage() -> None:
    data = keyring.write_new(HEADER, EPOCH.key, [b"\x09"], os.urandom)
    with pytest.raises(HarkenError, match="VAU-007"):
        keyring.read_new(data, EPOCH.key, HEADER.place())


def test_reading_goes_on_where_it_stopped() -> None:
    whole, ends = _file()
    ring, size = keyring.read_new(whole[: ends[0]], EPOCH.key, HEADER.place())
    assert keyring.read_more(ring, whole, size, EPOCH.key) == len(whole)
    assert len(ring) == 5


@pytest.mark.parametrize("bad", ["", "zz" * 16, "ab" * 15, "x"])
def test_a_reference_that_is_none_is_refused(bad: str) -> None:
    with pytest.raises(HarkenError, match="VAU-009"):
        keyring.ref_bytes(CaseRef(bad))


def test_a_slot_holds_a_key_and_always_has_its_size() -> None:
    data = slot.write_slot(EPOCH)
    assert len(data) == len(slot.EMPTY) == 4096
    assert slot.read_slot(data) == EPOCH
    assert slot.read_slot(data).commitment == EPOCH.commitment


@given(st.integers(0, 103 * 8))
def test_a_damaged_slot_is_refused(bit: int) -> None:
    data = bytearray(slot.write_slot(EPOCH))
    data[bit // 8] ^= 1 << bit % 8
    with pytest.raises(HarkenError, match="VAU-008"):
        slot.read_slot(bytes(data))


def test_an_empty_slot_holds_nothing() -> None:
    with pytest.raises(HarkenError, match="VAU-008"):
        slot.read_slot(slot.EMPTY)


def test_hashes_under_a_pepper_differ_by_pepper_purpose_and_text() -> None:
    found = {
        keyring.keyed_hash(pepper, purpose, text)
        for pepper in (bytes(32), bytes([1]) * 32)
        for purpose in ("code", "handle")
        for text in ("a", "b")
    }
    assert len(found) == 8
