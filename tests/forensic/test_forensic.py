"""Nobody's name anywhere. Proves PRV 1, 6 in part, 7, 28 and the 10.9 test, on SQLite.

The real application is driven over people made of markers; every file of the house is
searched, packed streams unpacked, in all the forms that text is written in. The whole,
with PostgreSQL, a raw ext4 image and worker memory, is ``script/bench forensic``.
"""

from __future__ import annotations

import base64
import json
import zlib
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.forensic.drive import SABOTAGES, marker, needles, person
from tests.forensic.search import drive, inside, look, unpacked

PEOPLE = 12


@pytest.mark.slow
def test_no_name_is_in_any_file_of_the_house(tmp_path: Path) -> None:
    drive(tmp_path, people=PEOPLE)
    found = look(tmp_path, inside(tmp_path))
    assert found.people == {}
    assert found.files > 20
    assert (tmp_path / "backup" / "databases").is_dir()
    assert list((tmp_path / "outside").glob("*.pdf"))
    log = (tmp_path / "log" / "house.log").read_text(encoding="utf-8")
    assert log.count("builtins.") >= 20  # every forced error was reported


@pytest.mark.slow
def test_each_sabotage_is_caught(tmp_path: Path) -> None:
    drive(tmp_path, people=PEOPLE, sabotages=SABOTAGES)
    found = look(tmp_path, inside(tmp_path))
    caught = [name for n, name in enumerate(SABOTAGES) if n in found.people]
    assert caught == list(SABOTAGES)
    assert set(range(len(SABOTAGES))) >= set(found.people)


def _folder(tmp_path: Path) -> tuple[Path, str]:
    people = [person(number) for number in range(3)]
    said = {"people": needles(people), "words": []}
    (tmp_path / "markers.json").write_text(json.dumps(said), encoding="utf-8")
    return tmp_path, people[1]["surname"]


def _writings(name: str) -> dict[str, bytes]:
    raw = name.encode()
    return {
        "utf-8": raw,
        "utf-16-le": name.encode("utf-16-le"),
        "utf-16-be": name.encode("utf-16-be"),
        "hex": raw.hex().encode(),
        "HEX": raw.hex().upper().encode(),
        "base64 at 0": base64.b64encode(raw),
        "base64 at 1": base64.b64encode(b"." + raw),
        "base64 at 2": base64.b64encode(b".." + raw),
        "base64url": base64.urlsafe_b64encode(b"?>" + raw),
        "json": json.dumps({"name": name}).encode(),
        "url": quote(f"/who/{name}").encode(),
        "upper": name.upper().encode(),
        "zlib": zlib.compress(raw * 3),
        "zlib in a blob": b"\0" * 7 + zlib.compress(raw * 3) + b"rest",
    }


@pytest.mark.parametrize("writing", sorted(_writings("x")))
def test_a_name_is_found_however_it_is_written(writing: str, tmp_path: Path) -> None:
    root, name = _folder(tmp_path)
    file = tmp_path / "left.bin"
    file.write_bytes(b"before " + _writings(name)[writing] + b" after")
    assert look(root, [file]).people == {1: {"left.bin"}}


def test_what_is_nobodys_name_is_not_found(tmp_path: Path) -> None:
    root, _ = _folder(tmp_path)
    file = tmp_path / "left.bin"
    file.write_bytes((marker() * 1000).encode() + zlib.compress(marker(4000).encode()))
    assert look(root, [file]).people == {}
    assert sum(1 for _ in unpacked(file.read_bytes())) == 1
