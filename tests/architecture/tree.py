"""Finds and reads the project's own files for the architecture tests; judges nothing."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src"
PACKAGE = SOURCE / "harken"


@cache
def kept() -> tuple[Path, ...]:
    """Every file that git keeps or would keep, or all of them where there is no git."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode == 0:
        names = listed.stdout.decode().split("\0")
        return tuple(
            ROOT / name for name in sorted(set(names)) if (ROOT / name).is_file()
        )
    hidden = {".venv", "var", ".git"}
    return tuple(
        path
        for path in sorted(ROOT.rglob("*"))
        if path.is_file() and not hidden & set(path.relative_to(ROOT).parts)
    )


def python(folder: Path = PACKAGE, *, migrations: bool = False) -> Iterator[Path]:
    """Python files below a folder."""
    for path in kept():
        made = "migrations" in path.parts and not migrations
        if path.suffix == ".py" and folder in path.parents and not made:
            yield path


@cache
def parsed(path: Path) -> ast.Module:
    """A file's syntax tree."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def module(path: Path) -> str:
    """The dotted name of a file under src."""
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """Absolute dotted names a file imports, each name of a ``from`` apart, with its line."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                yield f"{node.module}.{alias.name}", node.lineno


def shown(path: Path) -> str:
    """A path fit for a message: below the project's root."""
    return str(path.relative_to(ROOT))
