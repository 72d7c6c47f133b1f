"""Co-signatures and the witness's rules. Proves PRV 26 and 27: a fork or rewrite is refused.

The expected bytes are put together here from the text of tlog-cosignature and RFC 6962,
not by the code under test.
"""

from __future__ import annotations

import base64
import hashlib
import struct

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from harken.method.errors import HarkenError
from harken.method.ledger import (
    Signer,
    leaf_hash,
    merkle,
    open_note,
    sign_note,
)
from harken.method.ledger.checkpoint import Checkpoint
from harken.method.ledger.cosign import Cosigner, check_key, open_cosigned
from harken.method.ledger.witness import (
    Request,
    countersign,
    make_request,
    read_request,
)

SEED = bytes(range(32))
LOG = Signer("example.org/review", bytes(range(1, 33)))
WITNESS = Cosigner("witness.example.org/w1", SEED)
OTHER = Cosigner("witness.example.org/w1", bytes(32))
AT = 1_679_315_147


def _leaves(number: int, word: bytes = b"entry") -> list[bytes]:
    return [leaf_hash(b"%s %d" % (word, n)) for n in range(number)]


def _note(leaves: list[bytes]) -> str:
    point = Checkpoint(LOG.name, len(leaves), merkle.root_of(leaves))
    return sign_note(point.text(), [LOG])


def _ask(leaves: list[bytes], seen: Checkpoint | None) -> tuple[Checkpoint, str]:
    request = make_request(leaves, seen.size if seen else 0, _note(leaves))
    return countersign(
        read_request(request.text()),
        seen=seen,
        log_key=LOG.public_key,
        by=WITNESS,
        at=AT,
    )


def test_a_cosignature_is_byte_for_byte_what_the_format_says() -> None:
    text = Checkpoint(LOG.name, 7, bytes(range(32))).text()
    key = Ed25519PrivateKey.from_private_bytes(SEED)
    raw = key.public_key().public_bytes_raw()
    number = hashlib.sha256(b"witness.example.org/w1\n\x04" + raw).digest()[:4]
    message = b"cosignature/v1\ntime 1679315147\n" + text.encode()
    blob = number + struct.pack(">Q", AT) + key.sign(message)
    wanted = f"\u2014 witness.example.org/w1 {base64.b64encode(blob).decode()}\n"
    assert WITNESS.cosign(text, at=AT) == wanted
    encoded = base64.b64encode(b"\x04" + raw).decode()
    assert WITNESS.public_key == f"witness.example.org/w1+{number.hex()}+{encoded}"


def test_a_request_is_line_for_line_what_the_protocol_says() -> None:
    leaves = _leaves(3)
    request = make_request(leaves, 1, _note(leaves))
    hashes = [leaves[1], leaves[2]]  # RFC 6962 2.1.2: from one leaf to three
    proof = "".join(base64.b64encode(value).decode() + "\n" for value in hashes)
    assert request.text() == f"old 1\n{proof}\n{_note(leaves)}"
    assert read_request(request.text()) == request


@given(st.lists(st.integers(0, 40), min_size=1, max_size=5))
def test_a_ledger_that_only_grows_is_cosigned_each_time(steps: list[int]) -> None:
    seen: Checkpoint | None = None
    size = 0
    for step in steps:
        size += step
        leaves = _leaves(size)
        seen, line = _ask(leaves, seen)
        point, at = open_cosigned(_note(leaves) + line, WITNESS.public_key)
        assert (point, at) == (seen, AT)
        assert point.size == size


@given(st.integers(2, 60), st.integers(0, 30), st.data())
def test_the_second_of_two_checkpoints_of_a_forked_ledger_is_refused(
    size: int, more: int, data: st.DataObject
) -> None:
    seen, _ = _ask(_leaves(size), None)
    place = data.draw(st.integers(0, size - 1))
    forked = _leaves(size + more)
    forked[place] = leaf_hash(b"another story")
    with pytest.raises(HarkenError, match="LED-005"):
        _ask(forked, seen)


def test_every_way_to_tamper_is_caught_by_what_the_witness_saw() -> None:
    leaves = _leaves(40)
    seen, _ = _ask(leaves, None)
    tampered = {
        "edit": [*leaves[:7], leaf_hash(b"x"), *leaves[8:], leaf_hash(b"new")],
        "delete": [*leaves[:7], *leaves[8:], *_leaves(5, b"new")],
        "insert": [*leaves[:7], leaf_hash(b"x"), *leaves[7:]],
        "reorder": [*leaves[:7], leaves[8], leaves[7], *leaves[9:], leaf_hash(b"new")],
        "rewrite": _leaves(60, b"rewritten"),
    }
    for name, now in tampered.items():
        with pytest.raises(HarkenError, match="LED-005"):
            pytest.fail(name if _ask(now, seen) else "")
    truncated = Request(40, (), _note(leaves[:30]))
    with pytest.raises(HarkenError, match="LED-010"):
        countersign(
            truncated,
            seen=seen,
            log_key=LOG.public_key,
            by=WITNESS,
            at=AT,
        )


def test_a_proof_from_elsewhere_is_sent_back_with_the_size_seen() -> None:
    leaves = _leaves(9)
    seen, _ = _ask(leaves[:5], None)
    with pytest.raises(HarkenError, match=r"LED-011.* 5 entries"):
        countersign(
            make_request(leaves, 3, _note(leaves)),
            seen=seen,
            log_key=LOG.public_key,
            by=WITNESS,
            at=AT,
        )


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (Request(0, (bytes(32),), _note(_leaves(3))), "LED-005"),
        (Request(0, (), sign_note(f"{LOG.name}\n0\n{'A' * 43}=\n", [LOG])), "LED-005"),
        (Request(4, (), _note(_leaves(3))), "LED-010"),
        (Request(0, (), sign_note(f"x\n0\n{'A' * 43}=\n", [LOG])), "LED-010"),
        (
            Request(0, (), _note(_leaves(3)).replace("\n3\n", "\n4\n")),
            "LED-007",
        ),
    ],
)
def test_what_a_witness_does_not_sign(request_: Request, code: str) -> None:
    with pytest.raises(HarkenError, match=code):
        countersign(request_, seen=None, log_key=LOG.public_key, by=WITNESS, at=AT)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "old 1",
        "new 1\n\nx",
        "old 01\n\nx",
        "old -1\n\nx",
        "old 1\nAAAA\n\nx",
        "old 1\n" + "\n".join(["A" * 43 + "="] * 64) + "\n\nx",
    ],
)
def test_what_is_no_request_is_refused(text: str) -> None:
    with pytest.raises(HarkenError, match=r"LED-010|LED-006"):
        read_request(text)


def test_the_empty_ledger_is_cosigned() -> None:
    seen, _ = _ask([], None)
    assert seen.size == 0
    again, _ = _ask(_leaves(4), seen)
    assert again.size == 4


def test_only_the_witness_itself_vouches() -> None:
    note = _note(_leaves(3))
    line = WITNESS.cosign(note.rpartition("\n\n")[0] + "\n", at=AT)
    assert open_cosigned(note + line, WITNESS.public_key)[0].size == 3
    with pytest.raises(HarkenError, match="LED-007"):
        open_cosigned(note + line, OTHER.public_key)
    later = base64.b64decode(line.split(" ")[2])
    for changed in (
        later[:11] + bytes([later[11] ^ 1]) + later[12:],  # another time
        later[:4] + b"\xff" * 8 + later[12:],
        later[:-1] + bytes([later[-1] ^ 1]),
    ):
        lie = f"\u2014 {WITNESS.name} {base64.b64encode(changed).decode()}\n"
        with pytest.raises(HarkenError, match="LED-007"):
            open_cosigned(note + lie, WITNESS.public_key)
    with pytest.raises(HarkenError, match="LED-008"):
        open_cosigned(note + line, LOG.public_key)


def test_a_time_beyond_the_format_is_not_taken() -> None:
    note = _note(_leaves(3))
    line = WITNESS.cosign(note.rpartition("\n\n")[0] + "\n", at=2**63)
    with pytest.raises(HarkenError, match="LED-007"):
        open_cosigned(note + line, WITNESS.public_key)


@pytest.mark.parametrize("name", ["", "a b", "a+b"])
def test_a_key_has_a_name_fit_for_a_line(name: str) -> None:
    with pytest.raises(ValueError, match="name"):
        assert Cosigner(name, SEED).public_key


def test_the_example_key_of_the_note_format_opens_its_note() -> None:
    key = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
    line = (
        "\u2014 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1"
        "ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
    )
    from_spec = f"This is an example message.\n\n{line}"
    assert open_note(from_spec, key) == "This is an example message.\n"


def test_a_witness_is_appointed_by_a_key_of_its_kind() -> None:
    check_key(WITNESS.public_key)
    for key in (LOG.public_key, "", "witness.example.org/w1+00000000+AAAA"):
        with pytest.raises(HarkenError, match="LED-008"):
            check_key(key)
