"""From folder or archive to texts, within limits. Proves: issue 2, bad input."""

from __future__ import annotations

import io
import random
import warnings
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest

from harken.method.errors import HarkenError
from harken.service.study import files


def pack(entries: dict[str, bytes]) -> io.BytesIO:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    stream.seek(0)
    return stream


def codes_of(error: HarkenError) -> list[str]:
    return [finding.fault.code for finding in error.findings]


def test_a_folder_is_read_with_its_subfolders(tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "invitation.en.md").write_text("Dear", encoding="utf-8")
    (tmp_path / "study.yaml").write_bytes(b"\xef\xbb\xbfstudy: a")
    (tmp_path / ".hidden").write_bytes(b"\xff")
    assert files.read_directory(tmp_path) == {
        "letters/invitation.en.md": "Dear",
        "study.yaml": "study: a",
    }


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "secret"
    outside.write_text("secret", encoding="utf-8")
    inside = tmp_path / "study"
    inside.mkdir()
    (inside / "study.yaml").symlink_to(outside)
    assert files.read_directory(inside) == {}


def test_a_missing_folder_is_named_without_its_path(tmp_path: Path) -> None:
    with pytest.raises(HarkenError) as caught:
        files.read_directory(tmp_path / "none")
    assert codes_of(caught.value) == ["STU-046"]
    assert str(tmp_path) not in str(caught.value)


def test_bytes_that_are_not_utf8_are_found_with_their_line() -> None:
    stream = pack({"a.md": b"one\ntwo \xe9t\xe9\n", "b.md": b"fine", "c.md": b"x\0y"})
    with pytest.raises(HarkenError) as caught:
        files.read_zip(stream)
    assert codes_of(caught.value) == ["STU-047", "STU-052"]
    assert str(caught.value.findings[0].place) == "a.md:2:5"
    assert "0xe9" in caught.value.findings[0].message


def test_an_enclosing_folder_is_taken_off() -> None:
    stream = pack({"trial/study.yaml": b"a", "trial/letters/x.en.md": b"b"})
    assert sorted(files.read_zip(stream)) == ["letters/x.en.md", "study.yaml"]


@pytest.mark.parametrize("name", ["../study.yaml", "/etc/study.yaml", "a/../../b"])
def test_an_archive_may_not_climb_out(name: str) -> None:
    with pytest.raises(HarkenError) as caught:
        files.read_zip(pack({name: b"x"}))
    assert codes_of(caught.value) == ["STU-051"]


def test_what_is_not_an_archive_is_refused() -> None:
    with pytest.raises(HarkenError) as caught:
        files.read_zip(io.BytesIO(b"not a zip"))
    assert codes_of(caught.value) == ["STU-050"]


def test_a_damaged_archive_is_refused() -> None:
    data = bytearray(pack({"study.yaml": b"study: trial\n" * 50}).getvalue())
    data[45:60] = bytes(15)
    with pytest.raises(HarkenError) as caught:
        files.read_zip(io.BytesIO(bytes(data)))
    assert codes_of(caught.value) == ["STU-050"]


def test_an_unusual_compression_is_refused() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("study.yaml", b"study: trial")
    stream.seek(0)
    with pytest.raises(HarkenError) as caught:
        files.read_zip(stream)
    assert codes_of(caught.value) == ["STU-050"]


def test_any_damage_to_an_archive_is_a_finding_or_harmless() -> None:
    whole = pack({"trial/study.yaml": b"study: trial\n" * 30, "trial/b.md": b"x"})
    chance = random.Random(1)
    for _ in range(2000):
        data = bytearray(whole.getvalue())
        for _ in range(chance.randint(1, 4)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        with suppress(HarkenError), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            files.read_zip(io.BytesIO(bytes(data)))


def test_a_bomb_is_read_no_further_than_the_limit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(files, "FILE_LIMIT", 1000)
    monkeypatch.setattr(files, "TOTAL_LIMIT", 5000)
    with pytest.raises(HarkenError) as caught:
        files.read_zip(pack({"a.md": b"0" * 100_000}))
    assert codes_of(caught.value) == ["STU-048"]
    many = {f"{n}.md": b"0" * 900 for n in range(9)}
    with pytest.raises(HarkenError, match="The folder"):
        files.read_zip(pack(many))


def test_too_many_files_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "FILES_LIMIT", 3)
    with pytest.raises(HarkenError) as caught:
        files.read_zip(pack({f"{n}.md": b"x" for n in range(4)}))
    assert codes_of(caught.value) == ["STU-049"]
