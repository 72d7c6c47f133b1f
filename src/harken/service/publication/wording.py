"""Reads the labels of a release: its own words, the study's questions, the Code's names.

Labels live in words.yaml beside the templates, never in Python.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from harken.method.compliance import CodeEdition
from harken.method.publication import Words
from harken.method.questionnaire import Questionnaire
from harken.method.source import Reader, read
from harken.method.terms import Missing

TEMPLATES = Path(__file__).resolve().parent / "templates" / "publication" / "release"


@cache
def own_words() -> dict[str, dict[str, str]]:
    """The lists of words.yaml. Raises HarkenError when the file is broken."""
    root = read((TEMPLATES / "words.yaml").read_text(encoding="utf-8"), "words.yaml")
    reader = Reader(root, [])
    return {
        name: {code: str(node.value) for code, node in reader.entries(name)}
        for name in (root.value if isinstance(root.value, dict) else ())
    }


def words_for(
    breakdowns: tuple[str, ...], questionnaire: Questionnaire, edition: CodeEdition
) -> Words:
    """The house's words, with the labels of every question used as a breakdown."""
    lists = {name: dict(labels) for name, labels in own_words().items()}
    lists["agency"] = dict(edition.agencies)
    lists["refusal"] = _no_answers(questionnaire)
    known = {question.id: question for question in questionnaire.questions}
    for name in breakdowns:
        question = known.get(name)
        if question is None:
            continue
        lists[name] = {
            **{
                code: questionnaire.text(f"{name}.{code}").value
                for code in question.codes
            },
            **_no_answers(questionnaire),
            **lists.get(name, {}),
        }
    return Words(lists)


def _no_answers(questionnaire: Questionnaire) -> dict[str, str]:
    """The kinds of no answer, as the questionnaire words them."""
    said = {
        kind.word: questionnaire.text(f"refusal.{kind.word}").value for kind in Missing
    }
    return {word: label for word, label in said.items() if label}
