"""Writes the reference pages that code knows best: commands, errors, roles, settings, data.

Run by script/docs. With ``--check`` it writes nothing and fails when a page is stale.
"""

from __future__ import annotations

import argparse
import importlib
import os
import pkgutil
import sys
from collections.abc import Iterator
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "harken.service.settings")
django.setup()

import format_page  # noqa: E402 - after set-up
import proofs  # noqa: E402 - beside this file
from django.apps import apps  # noqa: E402 - after set-up
from django.conf import settings  # noqa: E402 - after set-up

import harken  # noqa: E402 - after set-up
from harken import cli  # noqa: E402 - after set-up
from harken.method.errors import CATALOGUE, Exit  # noqa: E402 - after set-up
from harken.method.terms import Role  # noqa: E402 - after set-up
from harken.service.accounts.permissions import (  # noqa: E402 - after set-up
    ROLE_PERMISSIONS,
    Permission,
)

REFERENCE = Path(__file__).resolve().parent / "reference"
NOTE = "<!-- Written by script/docs; change the code, not this page. -->\n"

Subparsers = argparse._SubParsersAction


def commands() -> str:
    """Every subcommand with its own help text."""
    lines = ["# Commands", NOTE]
    lines.append(
        "Every command answers `--help`. Exit codes: "
        + ", ".join(
            f"{code.value} {code.name.lower().replace('_', ' ')}" for code in Exit
        )
        + ".\n"
    )
    for title, parser in walk("harken", cli.parser()):
        level = "##" if title.count(" ") < 2 else "###"
        lines.append(f"{level} `{title}`\n")
        lines.append(f"```text\n{parser.format_help().strip()}\n```\n")
    return "\n".join(lines)


def walk(
    title: str, parser: argparse.ArgumentParser
) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """A parser and all below it, in order."""
    yield title, parser
    for action in parser._actions:
        if isinstance(action, Subparsers):
            for word, below in action.choices.items():
                yield from walk(f"{title} {word}", below)


def errors() -> str:
    """The whole catalogue by code."""
    for module in pkgutil.walk_packages(harken.__path__, "harken."):
        if module.name.endswith((".faults", ".source", ".terminal")):
            importlib.import_module(module.name)
    lines = ["# Errors", NOTE]
    lines.append(
        "Every message carries a code. Codes are stable and never used twice. None ever "
        "shows a name, an address, an answer, a code or a key.\n"
    )
    for code in sorted(CATALOGUE):
        fault = CATALOGUE[code]
        lines.append(f"## {code}\n")
        lines.append(f"{fault.summary}\n")
        lines.append(f"- Weight: {fault.level.value}; exit code {fault.exit.value}")
        lines.append(f"- Cause: {fault.cause}")
        lines.append(f"- Cure: {fault.cure}\n")
    return "\n".join(lines)


def roles() -> str:
    """Permissions down, roles across."""
    shown = [role for role in Role if role is not Role.RESPONDENT]
    lines = ["# Roles", NOTE]
    lines.append(
        "Deny by default: a page or an act needs a permission, and a role has the ones "
        "marked here. Respondents have no account and no permission.\n"
    )
    lines.append("| permission | " + " | ".join(role.value for role in shown) + " |")
    lines.append("|---|" + "---|" * len(shown))
    for permission in Permission:
        marks = [
            "yes" if permission in ROLE_PERMISSIONS[role] else "" for role in shown
        ]
        lines.append(f"| {permission.value} | " + " | ".join(marks) + " |")
    return "\n".join(lines) + "\n"


def environment() -> str:
    """The table at the head of settings.py."""
    module = importlib.import_module(os.environ["DJANGO_SETTINGS_MODULE"])
    text = (module.__doc__ or "").strip()
    hosts = ", ".join(f"`{host}`" for host in settings.ALLOWED_HOSTS)
    return f"# Settings\n\n{NOTE}\n{text}\n\nHosts served unless told otherwise: {hosts}.\n"


def data() -> str:
    """Every stored field with its class: the start of a record of processing."""
    lines = ["# Stored data", NOTE]
    lines.append(
        "Every field of every table, with its class (STYLE 4.9) and its database. Fields "
        "that identify hold sealed bytes only; `id` is a running number.\n"
    )
    lines.append("| table | field | class | database |")
    lines.append("|---|---|---|---|")
    for model in apps.get_models():
        classes = getattr(model, "DATA_CLASS", None)
        if classes is None:
            continue
        zone = "answers" if model._meta.app_label in ZONE else "identity"
        for field, kind in classes.items():
            lines.append(f"| {model._meta.label} | {field} | {kind.value} | {zone} |")
    return "\n".join(lines) + "\n"


MODES = {
    "tutorial": "Tutorial: learn by doing, on invented people",
    "how-to": "How to: one task, step by step",
    "reference": "Reference: what there is, exactly",
    "explanation": "Explanation: why it is so",
    "gallery": "Gallery: what a respondent sees",
    "decisions": "Decisions: what was chosen, and what it costs",
}


def index() -> str:
    """The manual's front page: every page under its mode, by its own title."""
    lines = ["# The manual", NOTE]
    lines.append(
        "Four modes, and the decisions behind them. For the walk through the code see "
        "[CONTRIBUTING](../CONTRIBUTING.md); for words, the [glossary](../GLOSSARY.md)."
    )
    for folder, title in MODES.items():
        lines.append(f"\n## {title}\n")
        for page in sorted((REFERENCE.parent / folder).glob("*.md")):
            head = page.read_text(encoding="utf-8").splitlines()[0].lstrip("# ")
            lines.append(f"- [{head}]({folder}/{page.name})")
    return "\n".join(lines) + "\n"


ZONE = {"response", "analysis", "publication"}
PAGES = {
    "commands.md": commands,
    "errors.md": errors,
    "roles.md": roles,
    "settings.md": environment,
    "data.md": data,
    "privacy-proofs.md": proofs.page,
    "questionnaire-format.md": format_page.page,
    "../README.md": index,
}
# It changes with the head of any test, so a check of one change does not ask for it.
LATE = {"privacy-proofs.md"}


def main() -> int:
    """Write or check every page."""
    checking = "--check" in sys.argv[1:]
    stale = []
    for name, make in PAGES.items():
        page, text = REFERENCE / name, make().rstrip() + "\n"
        if page.exists() and page.read_text(encoding="utf-8") == text:
            continue
        if not (checking and name in LATE and page.exists()):
            stale.append(name)
        if not checking:
            page.write_text(text, encoding="utf-8")
    if checking and stale:
        sys.stderr.write(f"Stale: {', '.join(stale)}. Run script/docs.\n")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
