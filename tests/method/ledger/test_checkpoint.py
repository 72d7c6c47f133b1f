"""Signed notes in the C2SP formats. Proves DP-13 and PRV 26: a rewrite is detected."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harken.method.errors import HarkenError
from harken.method.ledger import (
    Signer,
    open_note,
    read_checkpoint,
    sign_note,
)
from harken.method.ledger.checkpoint import Checkpoint

SIGNER = Signer("harken/ledger-test", bytes(range(32)))
WITNESS = Signer("controller/witness", bytes(range(1, 33)))
POINT = Checkpoint("harken/ledger-test", 7, bytes(range(32)))

# The signed-note specification's own example key: golang.org/x/mod/sumdb/note.
EXAMPLE_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
EXAMPLE_NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUg"
    "YN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)


def test_a_note_signed_elsewhere_by_the_same_format_opens() -> None:
    assert open_note(EXAMPLE_NOTE, EXAMPLE_KEY).startswith("If you think")


def test_a_checkpoint_goes_out_and_comes_back() -> None:
    note = sign_note(POINT.text(), [SIGNER, WITNESS])
    for signer in (SIGNER, WITNESS):
        assert read_checkpoint(open_note(note, signer.public_key)) == POINT


def test_another_key_does_not_vouch() -> None:
    note = sign_note(POINT.text(), [SIGNER])
    with pytest.raises(HarkenError, match="LED-007"):
        open_note(note, WITNESS.public_key)


@given(st.data())
def test_no_single_bit_of_the_text_can_change(data: st.DataObject) -> None:
    note = sign_note(POINT.text(), [SIGNER]).encode()
    bit = data.draw(st.integers(0, len(POINT.text()) * 8 - 1))
    changed = bytearray(note)
    changed[bit // 8] ^= 1 << bit % 8
    try:
        text = changed.decode("utf-8")
    except UnicodeDecodeError:
        return
    with pytest.raises(HarkenError, match=r"LED-00[67]"):
        open_note(text, SIGNER.public_key)


@pytest.mark.parametrize(
    "text",
    ["", "a\n", "a\n1\n", "a\nx\nAAAA\n", "a\n01\nAAAA\n", "a\n1\nAAAA\n", "a\n1\n!\n"],
)
def test_what_is_not_a_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(HarkenError, match="LED-006"):
        read_checkpoint(text)


@pytest.mark.parametrize("note", ["", "text\n", "\n\n", "text\n\nno dash\n"])
def test_what_is_not_a_note_is_refused(note: str) -> None:
    with pytest.raises(HarkenError, match=r"LED-00[67]"):
        open_note(note, SIGNER.public_key)


def test_a_signature_line_of_the_name_with_another_key_id_is_passed_over() -> None:
    note = sign_note(POINT.text(), [Signer(SIGNER.name, bytes(32)), SIGNER])
    assert open_note(note, SIGNER.public_key) == POINT.text()
    broken = POINT.text() + f"\n\u2014 {SIGNER.name} !!\n"
    with pytest.raises(HarkenError, match="LED-006"):
        open_note(broken, SIGNER.public_key)


@pytest.mark.parametrize("key", ["", "a+b", "a+zz+AA==", "a+00000000+AAAA"])
def test_a_key_that_is_none_is_refused(key: str) -> None:
    with pytest.raises(HarkenError, match="LED-008"):
        open_note(sign_note(POINT.text(), [SIGNER]), key)


def test_a_key_under_another_name_is_refused() -> None:
    renamed = SIGNER.public_key.replace("ledger", "leader")
    with pytest.raises(HarkenError, match="LED-008"):
        open_note(sign_note(POINT.text(), [SIGNER]), renamed)


def test_a_note_must_end_with_a_newline() -> None:
    with pytest.raises(ValueError, match="newline"):
        sign_note("text", [SIGNER])


def test_a_note_under_a_heap_of_signatures_is_not_read() -> None:
    note = sign_note(POINT.text(), [SIGNER] * 65)
    with pytest.raises(HarkenError, match="LED-006"):
        open_note(note, SIGNER.public_key)
    assert open_note(sign_note(POINT.text(), [SIGNER] * 64), SIGNER.public_key)
