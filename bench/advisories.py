"""Is a locked dependency in a public advisory? ``script/bench advisories --list FOLDER``.

FOLDER is a copy of the Python Packaging Advisory Database (YAML files in the OSV format,
below ``vulns/``): nothing is fetched here, so a machine without a network can be audited
with a list brought to it. Exit code 5 when a locked version is affected. PRV 65 in part:
what a list does not know yet, nobody finds in it.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[1]
LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-uv.lock")
LINE = re.compile(r"^([\w.-]+)(?:\[[^]]*\])?==([^ ;\\]+)", re.M)


def locked() -> dict[str, set[str]]:
    """The versions that the lock files name, by package."""
    found: dict[str, set[str]] = {}
    for name in LOCKS:
        for package, version in LINE.findall((ROOT / name).read_text(encoding="utf-8")):
            found.setdefault(_plain(package), set()).add(version)
    return found


def affected(version: str, advisory: Mapping[str, Any]) -> bool:
    """Whether an advisory names this version, one by one or by a range."""
    for part in advisory.get("affected", ()):
        if version in part.get("versions", ()):
            return True
        for span in part.get("ranges", ()):
            if span["type"] == "ECOSYSTEM" and _within(Version(version), span):
                return True
    return False


def audit(folder: Path, parts: Mapping[str, set[str]]) -> dict[str, object]:
    """How many packages the list knows, how new it is, and who is affected."""
    known: set[str] = set()
    newest, found = "", []
    for package, advisory in _advisories(folder):
        newest = max(newest, str(advisory.get("published", "")))
        if package not in parts or advisory.get("withdrawn"):
            continue
        known.add(package)
        found += [
            f"{package} {version}: {advisory['id']}"
            for version in sorted(parts[package])
            if affected(version, advisory)
        ]
    return {
        "locked": len(parts),
        "with_advisories": len(known),
        "list_of": newest[:10],
        "affected": found,
    }


def _advisories(folder: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for path in sorted(folder.glob("vulns/*/*.yaml")):
        text = path.read_text(encoding="utf-8")
        # This loader makes texts of everything, so that a version stays what was written.
        read = yaml.load(text, Loader=yaml.CBaseLoader)  # noqa: S506 - makes no objects
        yield _plain(path.parent.name), read


def _within(version: Version, span: Mapping[str, Any]) -> bool:
    """Whether the last event at or before this version opened the range."""
    events = [
        (Version(bound), kind)
        for event in span["events"]
        for kind, bound in event.items()
    ]
    open_now = False
    for bound, kind in sorted(events):
        reached = version > bound if kind == "last_affected" else version >= bound
        if reached:
            open_now = kind == "introduced"
    return open_now


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def main(argv: Sequence[str] | None = None) -> int:
    """Print what was found; exit code 5 for an affected version or an empty list."""
    parser = argparse.ArgumentParser(
        prog="script/bench advisories", description=__doc__
    )
    parser.add_argument("--list", type=Path, required=True, help="the list's folder")
    parser.add_argument("--json", action="store_true", help="write JSON")
    args = parser.parse_args(argv)
    found = audit(args.list, locked())
    sys.stdout.write(json.dumps(found, indent=2 if args.json else None) + "\n")
    return 5 if found["affected"] or not found["list_of"] else 0


if __name__ == "__main__":
    raise SystemExit(main())
