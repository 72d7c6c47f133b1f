"""Small files, small functions, few parameters, narrow facades: STYLE 4.2.

The lists of exceptions may only shrink: an entry that is no longer needed fails too.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.architecture.tree import PACKAGE, ROOT, parsed, python, shown

FILE_LINES, FUNCTION_LINES, PARAMETERS, FACADE = 500, 60, 5, 10

LONG_FILES: frozenset[str] = frozenset()
LONG_FUNCTIONS: frozenset[str] = frozenset()
MANY_PARAMETERS: frozenset[str] = frozenset()

Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions() -> Iterator[tuple[str, Function]]:
    """Every function of the package with a name fit for the lists above."""
    for path in python():
        for node in ast.walk(parsed(path)):
            if isinstance(node, Function):
                yield f"{shown(path)}::{node.name}", node


def test_no_file_is_longer_than_five_hundred_lines() -> None:
    long = {
        shown(path)
        for folder in (PACKAGE, ROOT / "tests", ROOT / "docs")
        for path in python(folder)
        if len(path.read_text(encoding="utf-8").splitlines()) > FILE_LINES
    }
    assert long == LONG_FILES


def test_no_function_is_longer_than_sixty_lines() -> None:
    long = {
        name
        for name, node in functions()
        if (node.end_lineno or node.lineno) - node.lineno + 1 > FUNCTION_LINES
    }
    assert long == LONG_FUNCTIONS


def test_no_function_takes_more_than_five_parameters_by_position() -> None:
    many = set()
    for name, node in functions():
        names = [arg.arg for arg in (*node.args.posonlyargs, *node.args.args)]
        if len([word for word in names if word not in {"self", "cls"}]) > PARAMETERS:
            many.add(name)
    assert many == MANY_PARAMETERS


def test_no_facade_shows_more_than_ten_names() -> None:
    wide = {}
    for path in python():
        if path.name != "__init__.py":
            continue
        for node in parsed(path).body:
            if isinstance(node, ast.Assign) and any(
                isinstance(target, ast.Name) and target.id == "__all__"
                for target in node.targets
            ):
                assert isinstance(node.value, ast.List | ast.Tuple), shown(path)
                if len(node.value.elts) > FACADE:
                    wide[shown(path)] = len(node.value.elts)
    assert wide == {}


def test_every_method_room_has_a_facade() -> None:
    for folder in sorted((PACKAGE / "method").iterdir()):
        if folder.is_dir() and folder.name != "__pycache__":
            text = (folder / "__init__.py").read_text(encoding="utf-8")
            assert "__all__" in text, f"{folder.name} has no __all__"
