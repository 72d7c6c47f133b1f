"""One word per thing: every enumeration and every table is in GLOSSARY.md (STYLE 4.1)."""

from __future__ import annotations

import importlib
import pkgutil
import re
from enum import Enum

from django.apps import apps

import harken
from tests.architecture.tree import ROOT

ENTRY = re.compile(r"^\*\*(?P<word>[^*]+)\*\*: \S.*[.]$")


def entries() -> list[str]:
    """The glossary's words in the order of the page."""
    lines = (ROOT / "GLOSSARY.md").read_text(encoding="utf-8").splitlines()
    return [found["word"] for line in lines if (found := ENTRY.match(line))]


def phrase(name: str) -> str:
    """``AccessCode`` as the glossary writes it: ``access code``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name.lstrip("_")).lower()


def enumerations() -> set[str]:
    """Every enumeration class of the package."""
    found = set()
    for module in pkgutil.walk_packages(harken.__path__, "harken."):
        if ".migrations" in module.name or module.name.endswith("wsgi"):
            continue
        for value in vars(importlib.import_module(module.name)).values():
            if (
                isinstance(value, type)
                and issubclass(value, Enum)
                and value.__module__.startswith("harken.")
            ):
                found.add(value.__name__)
    return found


def tables() -> set[str]:
    """Every model class of the package."""
    return {
        model.__name__
        for model in apps.get_models()
        if model.__module__.startswith("harken.")
    }


def test_every_enumeration_is_in_the_glossary() -> None:
    words = {word.lower() for word in entries()}
    assert (
        sorted(phrase(name) for name in enumerations() if phrase(name) not in words)
        == []
    )


def test_every_table_is_in_the_glossary() -> None:
    words = {word.lower() for word in entries()}
    assert sorted(phrase(name) for name in tables() if phrase(name) not in words) == []


def test_the_glossary_is_sorted_and_says_each_word_once() -> None:
    words = [word.lower() for word in entries()]
    assert words == sorted(set(words))
