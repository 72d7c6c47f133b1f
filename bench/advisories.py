"""Is a locked dependency in a public advisory? ``script/bench advisories``.

``--ask ADDRESS`` asks a package registry that speaks PyPI's JSON API (ADDRESS is the part
before ``/NAME/json``) for what is known against each locked version today. One that has
nothing against CONTROL has nothing to say of the others either. A registry that answers
only for the newest version tells nothing of the rest: they are listed.

``--list FOLDER`` reads a copy of the Python Packaging Advisory Database (YAML files in the
OSV format, below ``vulns/``), so that a machine without a network can be audited too.

Exit code 5 when a locked version is affected or the answer is worth nothing. PRV 65 in
part: what a list does not know yet, nobody finds in it.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import yaml
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[1]
LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-uv.lock")
CONTROL = ("pycrypto", "2.6.1")
"""Left by its makers with faults that everybody knows: a registry must name one."""
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


def ask(address: str, parts: Mapping[str, set[str]]) -> dict[str, object]:
    """What a registry knows against each version; the control must be among it.

    Raises OSError when it cannot be reached.
    """
    asked = sorted((name, one) for name, own in parts.items() for one in own)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda one: _told(address, *one), [CONTROL, *asked]))
    told = dict(zip(asked, answers[1:], strict=True))
    return {
        "locked": len(asked),
        "told": sum(known is not None for known in told.values()),
        "not_told": [f"{n} {v}" for (n, v), known in told.items() if known is None],
        "control_found": bool(answers[0]),
        "affected": [
            f"{name} {version}: {known_id}"
            for (name, version), known in told.items()
            for known_id in known or ()
        ],
    }


def _told(address: str, name: str, version: str) -> list[str] | None:
    """The advisories against one version; None when the registry does not say."""
    for path in (f"{name}/{version}", name):
        try:
            with urlopen(f"{address.rstrip('/')}/{path}/json", timeout=60) as page:  # noqa: S310 - the operator's address
                found = json.load(page)
        except HTTPError as error:
            if error.code != 404:
                raise
            continue
        if found["info"]["version"] == version and "vulnerabilities" in found:
            against = found["vulnerabilities"]
            return [str(one["id"]) for one in against if not one.get("withdrawn")]
    return None


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
    """Print what was found; exit code 5 for an affected version or an empty answer."""
    parser = argparse.ArgumentParser(
        prog="script/bench advisories",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    how = parser.add_mutually_exclusive_group(required=True)
    how.add_argument("--ask", metavar="ADDRESS", help="the registry's JSON API")
    how.add_argument("--list", type=Path, metavar="FOLDER", help="the list's folder")
    parser.add_argument("--json", action="store_true", help="write JSON")
    args = parser.parse_args(argv)
    try:
        found = audit(args.list, locked()) if args.list else ask(args.ask, locked())
    except (OSError, ValueError) as error:
        sys.stderr.write(
            f"The registry did not answer as PyPI's JSON API does ({error}). "
            "Is the address the part before /NAME/json?\n"
        )
        return 5
    sys.stdout.write(json.dumps(found, indent=2 if args.json else None) + "\n")
    worth = found["list_of"] if args.list else found["control_found"]
    return 5 if found["affected"] or not worth else 0


if __name__ == "__main__":
    raise SystemExit(main())
