"""The catalogue of errors: stable codes, one prefix a room, cause and cure (STYLE 4.7)."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from pathlib import Path

from tests.architecture.tree import PACKAGE, ROOT, parsed, python, shown

CODE = re.compile(r"[A-Z]{3}-\d{3}")


def codes() -> dict[str, list[Path]]:
    """Every code given to ``Fault(...)`` in the package, with the files that give it."""
    found: dict[str, list[Path]] = defaultdict(list)
    for path in python():
        for node in ast.walk(parsed(path)):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            first = node.args[0] if node.args else None
            if name == "Fault" and isinstance(first, ast.Constant):
                found[str(first.value)].append(path)
    return found


def test_codes_are_unique_and_well_formed() -> None:
    assert codes()
    for code, files in codes().items():
        assert CODE.fullmatch(code), code
        assert len(files) == 1, (code, [shown(path) for path in files])


def test_one_prefix_belongs_to_one_room_name() -> None:
    rooms: dict[str, set[str]] = defaultdict(set)
    for code, files in codes().items():
        for path in files:
            rooms[code[:3]].add(path.relative_to(PACKAGE).parts[1])
    assert {p: r for p, r in rooms.items() if len(r) > 1} == {}


def test_every_code_is_in_the_manual() -> None:
    page = (ROOT / "docs" / "reference" / "errors.md").read_text(encoding="utf-8")
    assert [code for code in sorted(codes()) if f"## {code}\n" not in page] == []


def test_every_entry_has_cause_and_cure() -> None:
    for path in python():
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Fault":
                assert len(node.args) + len(node.keywords) >= 4, (
                    f"{shown(path)}:{node.lineno}"
                )
