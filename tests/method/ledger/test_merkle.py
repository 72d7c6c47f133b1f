"""The tree, its proofs and the canonical form. Proves PRV 26: tampering shows."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harken.method.errors import HarkenError
from harken.method.ledger import Frontier, canonical, leaf_hash, merkle

# RFC 6962 test vectors, from the certificate-transparency project's reference tests.
VECTORS = [
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
]
ROOTS = {
    0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


def _leaves(number: int) -> list[bytes]:
    return [leaf_hash(b"%d" % n) for n in range(number)]


@pytest.mark.parametrize("size", sorted(ROOTS))
def test_roots_are_those_of_the_standard(size: int) -> None:
    leaves = [leaf_hash(bytes.fromhex(text)) for text in VECTORS[:size]]
    assert merkle.root_of(leaves).hex() == ROOTS[size]


@given(st.integers(1, 70), st.data())
def test_every_entry_can_be_shown_to_be_included(
    size: int, data: st.DataObject
) -> None:
    leaves = _leaves(size)
    root = merkle.root_of(leaves)
    index = data.draw(st.integers(0, size - 1))
    proof = merkle.inclusion_proof(leaves, index)
    merkle.check_inclusion(leaves[index], index, size, proof, root)
    for wrong in (
        (leaf_hash(b"x"), index, size, proof, root),
        (leaves[index], index + 1, size, proof, root),
        (leaves[index], index, size, proof, bytes(32)),
        (leaves[index], index, size, [*proof, bytes(32)], root),
        (leaves[index], size, size, proof, root),
    ):
        with pytest.raises(HarkenError, match="LED-004"):
            merkle.check_inclusion(*wrong)


@given(st.integers(1, 70), st.data())
def test_a_grown_tree_is_shown_to_continue(size: int, data: st.DataObject) -> None:
    leaves = _leaves(size)
    first = data.draw(st.integers(1, size))
    old, new = merkle.root_of(leaves[:first]), merkle.root_of(leaves)
    proof = merkle.consistency_proof(leaves, first)
    merkle.check_consistency(first, old, size, new, proof)
    for wrong in (
        (first, bytes(32), size, new, proof),
        (first, old, size, bytes(32), proof),
        (first, old, size, new, [*proof, bytes(32)]),
        (0, old, size, new, proof),
        (size + 1, old, size, new, proof),
    ):
        with pytest.raises(HarkenError, match="LED-005"):
            merkle.check_consistency(*wrong)
    if first < size:
        with pytest.raises(HarkenError, match="LED-005"):
            merkle.check_consistency(first, old, size, new, [])


@given(st.integers(0, 100))
def test_a_frontier_can_be_put_down_and_taken_up(size: int) -> None:
    leaves = _leaves(size + 1)
    frontier = Frontier.of(leaves[:size])
    again = Frontier(frontier.size, list(frontier.peaks))
    again.append(leaves[size])
    assert again.root() == merkle.root_of(leaves)


def test_a_frontier_checks_its_peaks() -> None:
    with pytest.raises(ValueError, match="peak"):
        Frontier(3, [bytes(32)])


def test_there_is_no_proof_for_what_is_not_there() -> None:
    with pytest.raises(IndexError):
        merkle.inclusion_proof(_leaves(3), 3)
    with pytest.raises(IndexError):
        merkle.consistency_proof(_leaves(3), 4)


def test_the_empty_tree_has_the_hash_of_nothing() -> None:
    assert merkle.root_of([]) == hashlib.sha256(b"").digest()


def test_canonical_json_is_one_way_to_write_a_value() -> None:
    value = {"b": [1, True, None, "ü"], "a": {"z": -1}}
    assert canonical(value) == '{"a":{"z":-1},"b":[1,true,null,"ü"]}'.encode()


@pytest.mark.parametrize("value", [1.5, b"x", {1: 2}, {"a": {1, 2}}, [object()]])
def test_what_has_no_canonical_form_is_refused(value: object) -> None:
    with pytest.raises(HarkenError, match="LED-001"):
        canonical(value)
