"""The manifest: every file listed, every change found.

Proves QA-07: a reader can tell the release from a changed copy.
"""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harken.method.errors import HarkenError
from harken.method.publication import release

ABOUT = release.About(
    study="trial",
    title="A trial",
    language="en",
    publisher="The Office",
    issued="2026-07-15",
    version=1,
    results="a" * 64,
    plan="b" * 64,
    study_digest="c" * 64,
    software="0.1.0",
)


def make_release(**files: bytes) -> dict[str, bytes]:
    """Files with their manifest."""
    made = files or {"index.html": b"<p>", "a.csv": b"1\r\n"}
    return made | {release.MANIFEST: release.manifest(ABOUT, made)}


def test_an_untouched_release_verifies_to_its_digest() -> None:
    files = make_release()
    assert release.verify(files) == release.digest(files)


def test_the_manifest_lists_every_file_with_size_and_hash() -> None:
    document = json.loads(make_release()[release.MANIFEST])
    assert [item["path"] for item in document["files"]] == ["a.csv", "index.html"]
    assert document["files"][0]["bytes"] == 3
    assert len(document["files"][0]["sha256"]) == 64


@pytest.mark.parametrize("path", ["index.html", "a.csv"])
def test_a_changed_file_is_found(path: str) -> None:
    files = make_release() | {path: b"other"}
    with pytest.raises(HarkenError, match=f"PUB-006.*{path} was changed"):
        release.verify(files)


def test_a_lost_file_is_found() -> None:
    files = make_release()
    del files["a.csv"]
    with pytest.raises(HarkenError, match=r"a\.csv is missing"):
        release.verify(files)


def test_an_added_file_is_found() -> None:
    with pytest.raises(HarkenError, match=r"extra\.js is not listed"):
        release.verify(make_release() | {"extra.js": b""})


def test_a_path_listed_twice_is_refused() -> None:
    files = make_release()
    document = json.loads(files[release.MANIFEST])
    document["files"].append(document["files"][0])
    files[release.MANIFEST] = json.dumps(document).encode()
    with pytest.raises(HarkenError, match="twice"):
        release.verify(files)


@pytest.mark.parametrize(
    "text",
    [b"", b"[]", b'{"format": "other"}', b"\xff", b'{"format":"harken-release/1"}'],
)
def test_a_folder_without_a_readable_manifest_is_refused(text: bytes) -> None:
    with pytest.raises(HarkenError, match="PUB-005"):
        release.verify({release.MANIFEST: text})


@given(st.binary(max_size=400))
def test_no_manifest_makes_the_check_stumble(text: bytes) -> None:
    with pytest.raises(HarkenError):
        release.verify({"a": b"", release.MANIFEST: text})
