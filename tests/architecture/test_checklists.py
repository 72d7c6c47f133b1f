"""The checklists are whole and name only tests that exist: PRV 66, PRV 65 in part."""

from __future__ import annotations

import json
import re
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest

from bench import advisories
from tests.architecture.tree import ROOT

sys.path.insert(0, str(ROOT / "docs"))
import proofs

ROW = re.compile(
    r"^\| (?P<id>\d+\.\d+\.\d+) \| (?P<asked>[^|]+) "
    r"\| (?P<how>[\w/]+) \| (?P<by>[^|]+) \|$"
)
# Requirements of levels 1 and 2, and those of level 3 in chapters 6, 8, 11, 14, section
# 13.3 and rows 3.4.7, 3.4.8 and 3.5.6 to 3.5.8, by chapter of ASVS 5.0.0.
WANTED = {
    1: 27, 2: 11, 3: 24, 4: 10, 5: 9, 6: 47, 7: 19, 8: 13, 9: 7, 10: 29,
    11: 24, 12: 9, 13: 15, 14: 13, 15: 13, 16: 16, 17: 7,
}  # fmt: skip
HOW = {"test", "design", "operator", "n/a", "deviation"}
TEST = re.compile(r"(tests/[\w/]+\.py)(?:::(test_\w+))?")


def rows() -> list[re.Match[str]]:
    text = (ROOT / "docs" / "reference" / "asvs.md").read_text(encoding="utf-8")
    return [found for line in text.splitlines() if (found := ROW.match(line))]


def test_every_row_of_the_security_checklist_is_answered_once() -> None:
    found = Counter(int(row["id"].split(".")[0]) for row in rows())
    assert dict(found) == WANTED
    assert len({row["id"] for row in rows()}) == len(rows())
    assert {row["how"] for row in rows()} <= HOW


def test_every_test_named_exists_and_every_deviation_is_explained() -> None:
    text = (ROOT / "docs" / "reference" / "asvs.md").read_text(encoding="utf-8")
    for row in rows():
        tests = TEST.findall(row["by"])
        if row["how"] == "test":
            assert tests, row["id"]
            assert all(name for _, name in tests), row["id"]
        for file, name in tests:
            assert (ROOT / file).exists(), (row["id"], file)
            known = proofs.functions(ROOT / file) if name else {""}
            assert name in known, (row["id"], file, name)
        if row["how"] == "deviation":
            assert f"**{row['by'].strip()}**" in text, row["id"]


def test_every_privacy_requirement_has_its_proof_or_its_reason() -> None:
    named = proofs.named()
    assert list(proofs.REQUIREMENTS) == list(range(1, 69))
    assert set(named) <= set(proofs.REQUIREMENTS)
    bare = set(proofs.REQUIREMENTS) - set(named) - set(proofs.UNPROVED)
    assert bare == set()


def test_each_test_that_is_said_to_prove_something_exists_and_its_file_says_so() -> (
    None
):
    named = proofs.named()
    for number, tests in proofs.TESTS.items():
        for one in tests:
            file, _, name = one.partition("::")
            assert name in proofs.functions(ROOT / file), one
            assert file in {path for path, _ in named[number]}, (number, file)
    mine = {*range(1, 43), *range(48, 53), 54, *range(56, 69)}
    assert mine - set(proofs.TESTS) == mine & set(proofs.UNPROVED)


def test_headers_are_read_with_lists_ranges_and_parts() -> None:
    words = "Proves PRV 9, 17-19, 63 in part and 68 in part; also PRV 2 and 3."
    found = [
        (first, last, bool(part))
        for listed in proofs.LIST.finditer(words)
        for first, last, part in proofs.ONE.findall(listed[1])
    ]
    assert found == [
        ("9", "", False),
        ("17", "19", False),
        ("63", "", True),
        ("68", "", True),
        ("2", "", False),
        ("3", "", False),
    ]


def test_a_locked_version_in_an_advisory_is_found(tmp_path: Path) -> None:
    """Named one by one, or within a range, whatever the order of its events."""
    folder = tmp_path / "vulns" / "some-part"
    folder.mkdir(parents=True)
    (folder / "A-1.yaml").write_text(
        "id: A-1\npublished: 2026-01-02T00:00:00Z\naffected:\n"
        "- versions: ['1.5']\n"
        "  ranges:\n"
        "  - type: ECOSYSTEM\n"
        "    events: [{introduced: '3'}, {fixed: 3.0.2}, {introduced: '2'}, {fixed: 2.2}]\n"
        "  - type: ECOSYSTEM\n"
        "    events: [{introduced: '7'}, {last_affected: '7.1'}]\n"
    )
    bad = {"1.5", "2.1", "3.0.1", "7.1"}
    good = {"1.4", "2.2", "3.0.2", "7.2"}
    found = advisories.audit(tmp_path, {"some-part": bad | good, "other": {"1"}})
    assert found["affected"] == [f"some-part {one}: A-1" for one in sorted(bad)]
    assert (found["with_advisories"], found["list_of"]) == (1, "2026-01-02")
    assert len(advisories.locked()["django"]) == 1


class Registry(BaseHTTPRequestHandler):
    """Two packages whose newest versions are 2.0; one version of its own page."""

    pages: ClassVar[dict[str, dict[str, Any]]] = {}

    def do_GET(self) -> None:
        page = self.pages.get(self.path)
        body = json.dumps(page).encode()
        self.send_response(200 if page else 404)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def registry() -> Iterator[str]:
    """The address of a registry that answers here."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Registry)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/pypi/"
    server.shutdown()
    server.server_close()


def _page(version: str, *known: dict[str, str | None]) -> dict[str, Any]:
    return {"info": {"version": version}, "vulnerabilities": list(known)}


def test_a_registry_is_asked_for_what_it_knows_of_each_version(registry: str) -> None:
    """Its word on the newest is not taken for an older one; withdrawn words do not count."""
    gone = {"id": "A-2", "withdrawn": "2026-01-01"}
    Registry.pages = {
        "/pypi/newest/json": _page("2.0", gone),
        "/pypi/older/json": _page("2.0"),
        "/pypi/bad/1.5/json": _page("1.5", {"id": "A-3", "withdrawn": None}),
        "/pypi/pycrypto/json": _page("2.6.1", {"id": "A-4"}),
    }
    parts = {"newest": {"2.0"}, "older": {"1.0"}, "bad": {"1.5"}, "unknown": {"1"}}
    assert advisories.ask(registry, parts) == {
        "locked": 4,
        "told": 2,
        "not_told": ["older 1.0", "unknown 1"],
        "control_found": True,
        "affected": ["bad 1.5: A-3"],
    }
    Registry.pages = {"/pypi/newest/json": _page("2.0")}
    assert not advisories.ask(registry, {"newest": {"2.0"}})["control_found"]


def test_every_locked_dependency_has_its_hash() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text(encoding="utf-8")
        entries = re.split(r"\n(?=[a-z0-9])", text)
        parts = [part for part in entries if "==" in part.splitlines()[0]]
        assert len(parts) > 20
        for part in parts:
            assert "--hash=sha256:" in part, part.splitlines()[0]
