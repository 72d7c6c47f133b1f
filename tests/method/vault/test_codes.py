"""Access codes. Proves PRV 43 and 44 (research/privacy.md 8.1)."""

from __future__ import annotations

import os
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from harken.method.errors import HarkenError
from harken.method.vault import (
    hash_secret,
    locator,
    make_code,
    read_code,
    verify_secret,
)
from harken.method.vault.codes import ALPHABET, SPELLED


def test_codes_are_unique_and_every_symbol_is_as_likely() -> None:
    codes = [make_code(os.urandom) for _ in range(20_000)]
    assert len(set(codes)) == len(codes)
    counts = Counter("".join(codes).replace("-", ""))
    assert set(counts) == set(ALPHABET)
    result = stats.chisquare(np.array([counts[symbol] for symbol in ALPHABET]))
    assert result.pvalue > 1e-6


def test_no_code_spells_anything() -> None:
    drawn = iter(["R4P32222222", "222D34D2222", "2346789CDFG"])

    def source(count: int) -> bytes:
        return bytes(ALPHABET.index(symbol) for symbol in next(drawn)) + b"\0"

    assert make_code(source).startswith("2346-789C-DFG")
    assert all(len(word) >= 4 and set(word) <= set(ALPHABET) for word in SPELLED)


def test_a_code_is_read_however_it_is_typed() -> None:
    code = make_code(os.urandom)
    bare = code.replace("-", "")
    for typed in (code, bare, bare.lower(), " ".join(bare), f" {code}\n", code + "."):
        assert read_code(typed) == code


def test_every_single_mistake_and_every_swap_is_caught() -> None:
    for _ in range(20):
        bare = make_code(os.urandom).replace("-", "")
        for place in range(12):
            for symbol in ALPHABET:
                if symbol != bare[place]:
                    _is_refused(bare[:place] + symbol + bare[place + 1 :])
            for other in range(place + 1, 12):
                if bare[place] != bare[other]:
                    swapped = list(bare)
                    swapped[place], swapped[other] = swapped[other], swapped[place]
                    _is_refused("".join(swapped))


@pytest.mark.parametrize(
    ("typed", "code"),
    [("", "VAU-001"), ("2346", "VAU-001"), ("O346789CDFGH", "VAU-002")],
)
def test_a_mistyped_code_says_what_is_wrong_but_not_what_was_typed(
    typed: str, code: str
) -> None:
    with pytest.raises(HarkenError, match=code) as caught:
        read_code(typed)
    assert not typed or typed not in str(caught.value)


@given(st.text(max_size=40))
def test_any_text_is_a_code_or_a_finding(typed: str) -> None:
    try:
        code = read_code(typed)
    except HarkenError:
        return
    assert len(code) == 14


def test_a_secret_is_verified_by_its_hash_and_nothing_else() -> None:
    code, other, salt = make_code(os.urandom), make_code(os.urandom), os.urandom(16)
    stored = hash_secret(code, salt)
    assert len(stored) == 32
    assert len(locator(code)) == 4
    verify_secret(code, salt, stored)
    with pytest.raises(HarkenError, match="VAU-004"):
        verify_secret(other, salt, stored)


def _is_refused(typed: str) -> None:
    with pytest.raises(HarkenError, match="VAU-003"):
        read_code(typed)
