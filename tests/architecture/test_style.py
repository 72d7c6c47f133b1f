"""How code is written everywhere: STYLE 4.2, 4.3, 4.5, 4.12, 4.14, ARCHITECTURE 3."""

from __future__ import annotations

import ast
import re

from tests.architecture.tree import (
    PACKAGE,
    ROOT,
    imports,
    kept,
    module,
    parsed,
    python,
    shown,
)

METHOD_ROOMS = {
    path.name
    for path in (PACKAGE / "method").iterdir()
    if (path / "__init__.py").exists()
}
SERVICE_ROOMS = {
    path.name
    for path in (PACKAGE / "service").iterdir()
    if (path / "__init__.py").exists()
}

# What a service room shows to others, besides actions, queries and models: the named
# long writes and the few modules that are a room's reason to exist.
SHOWN = {
    "accounts": {"permissions", "doors", "session", "views", "adapter"},
    "anonymisation": {"execute", "keeping", "offline", "scan"},
    "contact": {"codes", "letters", "safe"},
    "interview": {"sealed", "urls_web", "urls_call", "visit"},
    "ledger": {"signing", "witness"},
    "redaction": {"crossing"},
    "response": {"intake", "exports"},
    "rights": {"registers"},
    "safeguarding": {"care"},
    "sampling": {"load"},
    "study": {"files", "records"},
    "pages": {"forgery", "sessions", "views"},
    "vault": {
        "custody",
        "durable",
        "enrolment",
        "holder",
        "keyholder",
        "reach",
        "sealing",
        "witness",
    },
}
FURNITURE = {"actions", "queries", "models"}
FORBIDDEN_NAMES = {"utils", "helpers", "common", "misc", "manager", "core"}


def test_outside_a_method_room_only_its_facade_is_imported() -> None:
    """A facade may show a whole module; the error catalogue of a room is open data."""
    found = []
    for path in python():
        mine = module(path).split(".")
        for name, line in imports(path):
            parts = name.split(".")
            if parts[:2] != ["harken", "method"] or len(parts) < 4:
                continue
            room, inner = parts[2], parts[3]
            inside = mine[:3] == ["harken", "method", room]
            submodule = (PACKAGE / "method" / room / f"{inner}.py").exists()
            if room in METHOD_ROOMS and not inside and submodule and inner != "faults":
                facade = (PACKAGE / "method" / room / "__init__.py").read_text()
                if f'"{inner}"' not in facade:
                    found.append(f"{shown(path)}:{line} {name}")
    assert found == []


def test_outside_a_service_room_only_its_furniture_is_imported() -> None:
    found = []
    for path in python():
        mine = module(path).split(".")
        for name, line in imports(path):
            parts = name.split(".")
            if parts[:2] != ["harken", "service"] or len(parts) < 4:
                continue
            room = parts[2]
            if room not in SERVICE_ROOMS or mine[:3] == ["harken", "service", room]:
                continue
            if parts[3] not in FURNITURE | SHOWN.get(room, set()):
                found.append(f"{shown(path)}:{line} {name}")
    assert found == []


def test_nothing_is_imported_inside_a_function() -> None:
    found = []
    for path in python():
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.If):
                found += [
                    f"{shown(path)}:{inner.lineno}"
                    for inner in ast.walk(node)
                    if isinstance(inner, ast.Import | ast.ImportFrom)
                ]
    assert found == []


def test_no_model_is_fetched_by_its_name() -> None:
    """The linter sees imports: a name in a text would climb over a wall unseen."""
    found = [
        f"{shown(path)}:{node.lineno}"
        for path in python()
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Attribute) and node.attr == "get_model"
    ]
    assert found == []


def test_no_cycle_is_hidden_and_nothing_prints() -> None:
    found = []
    for path in python():
        for node in ast.walk(parsed(path)):
            word = getattr(node, "id", None) or getattr(node, "name", None)
            if isinstance(node, ast.Name | ast.alias) and word in {
                "TYPE_CHECKING",
                "print",
                "breakpoint",
            }:
                found.append(f"{shown(path)}:{node.lineno} {word}")
    assert found == []


def test_every_file_opens_by_saying_what_it_does() -> None:
    silent = [
        shown(path)
        for path in python()
        if parsed(path).body and not ast.get_docstring(parsed(path))
    ]
    assert silent == []


def test_every_public_function_and_class_says_what_it_is() -> None:
    silent = []
    for path in python():
        for node in parsed(path).body:
            public = isinstance(
                node, ast.FunctionDef | ast.ClassDef
            ) and not node.name.startswith("_")
            if public and not ast.get_docstring(node):
                silent.append(f"{shown(path)}:{node.lineno} {node.name}")
    assert silent == []


def test_no_room_is_a_drawer_for_anything() -> None:
    drawers = [shown(path) for path in python() if path.stem in FORBIDDEN_NAMES]
    assert drawers == []


def test_nothing_is_left_for_later() -> None:
    later = re.compile(r"\b(TODO|FIXME|XXX)\b|raise NotImplementedError")
    found = []
    for path in kept():
        if path.suffix in {".py", ".html", ".yaml", ".md", ".sh"} and path.name not in {
            "test_style.py",
        }:
            for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
                if later.search(line):
                    found.append(f"{shown(path)}:{number}")
    assert found == []


def test_no_test_is_skipped_or_expected_to_fail() -> None:
    mark = re.compile(r"pytest\.(skip|xfail|importorskip)|mark\.(skip|skipif|xfail)\b")
    found = [
        f"{shown(path)}:{number}"
        for path in python(ROOT / "tests")
        if path.name != "test_style.py"
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if mark.search(line)
    ]
    assert found == []


def test_each_ignore_names_its_code_and_its_reason() -> None:
    bare = []
    for path in python():
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if "# type: ignore" in line and not re.search(
                r"# type: ignore\[[a-z-]+\]\s*# \S", line
            ):
                bare.append(f"{shown(path)}:{number}")
            if "# noqa" in line and not re.search(r"# noqa: [A-Z0-9, ]+ - \S", line):
                bare.append(f"{shown(path)}:{number}")
    assert bare == []


def test_actions_take_who_and_when_by_keyword() -> None:
    found = []
    for path in python(PACKAGE / "service"):
        if path.name != "actions.py":
            continue
        for node in parsed(path).body:
            # A check is no write, and a function of a time has the time as its subject.
            if isinstance(node, ast.FunctionDef) and not node.name.startswith(
                ("_", "check_")
            ):
                names = [arg.arg for arg in (*node.args.posonlyargs, *node.args.args)]
                if {"by", "at"} & set(names[1:]):
                    found.append(f"{shown(path)}:{node.lineno} {node.name}")
    assert found == []
