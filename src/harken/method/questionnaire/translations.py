"""Words in other languages: the texts of translations/*, by key, and how old they are."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from babel.messages.pofile import PoFileError, read_po

from harken.method.errors import Finding, HarkenError, Place, closest
from harken.method.questionnaire import faults
from harken.method.questionnaire.document import Question, Questionnaire
from harken.method.questionnaire.shared import SHARED
from harken.method.source import Reader, read
from harken.method.terms import Language

Keys = tuple[str, ...]

_PO = re.compile(r"\A\ufeff?(\s|#[^\n]*\n)*msg(ctxt|id)\s")


@dataclass
class Translated:
    """The texts of each language by key, the version each was made for, and the keys
    whose source words are no longer what was translated."""

    texts: dict[Language, dict[str, str]] = field(default_factory=dict)
    made_for: dict[Language, str] = field(default_factory=dict)
    stale: dict[Language, Keys] = field(default_factory=dict)


def read_translations(
    given: Mapping[Language, str],
    texts: Mapping[str, str],
    findings: list[Finding],
) -> Translated:
    """The texts of each language by key."""
    known = set(texts) | _spoken(texts)
    found = Translated()
    for language, text in given.items():
        if is_po(text):
            _from_po(found, language, text, texts, findings)
            continue
        source = file_of(language, text)
        try:
            root = read(text, source)
        except HarkenError as error:
            findings.extend(error.findings)
            continue
        reader = Reader(root, findings)
        named = reader.text("language")
        if named and named != language:
            place = reader.at("language")
            detail = {"found": named, "expected": language}
            reader.find(faults.OTHER_LANGUAGE, place, **detail)
        version = reader.optional("version")
        if version:
            found.made_for[language] = version
        found.texts[language] = _texts(reader, known)
        reader.done()
    return found


def is_po(text: str) -> bool:
    """Whether a text is gettext PO; otherwise it is YAML."""
    return _PO.match(text) is not None


def file_of(language: Language, text: str) -> str:
    """How findings name the file of a language's texts."""
    return f"translations/{language}.{'po' if is_po(text) else 'yaml'}"


def _from_po(
    found: Translated,
    language: Language,
    text: str,
    texts: Mapping[str, str],
    findings: list[Finding],
) -> None:
    """The texts of a PO file: ``msgctxt`` is the key, ``msgid`` the source's words when
    they were translated. What is marked fuzzy is used, and counts as out of date."""
    source = file_of(language, text)
    try:
        catalog = read_po(io.BytesIO(text.encode()), abort_invalid=True)
    except (PoFileError, ValueError, LookupError, TypeError, AttributeError):
        findings.append(Finding(faults.NOT_PO, Place(source)))
        return
    known = set(texts) | _spoken(texts)
    words: dict[str, str] = {}
    stale: list[str] = []
    for message in catalog:
        key, said = message.context, message.string
        if not message.id or not key or not isinstance(said, str) or not said.strip():
            continue
        if key not in known:
            near = closest(key, sorted(known)[:2000])
            place = Place(source, message.lineno)
            detail = {"key": key[:80]}
            findings.append(Finding(faults.UNKNOWN_TEXT, place, detail, near))
            continue
        words[key] = said.strip()
        if message.fuzzy or message.id != texts.get(key, message.id):
            stale.append(key)
    found.texts[language] = words
    found.stale[language] = tuple(stale)


def _spoken(texts: Mapping[str, str]) -> set[str]:
    """Telephone keys a translation may have although the source does without."""
    written = {key.removesuffix(".text") for key in texts if key.endswith(".text")}
    sections = {key for key in texts if key.endswith(".announcement")}
    return {f"{key}.telephone" for key in written} | {
        f"{key}_telephone" for key in sections
    }


def _texts(reader: Reader, known: set[str]) -> dict[str, str]:
    texts: dict[str, str] = {}
    for key, node in reader.entries("texts"):
        if key not in known:
            near = closest(key, sorted(known)[:2000])
            detail = {"key": key[:80]}
            reader.findings.append(
                Finding(faults.UNKNOWN_TEXT, node.place, detail, near)
            )
        elif isinstance(node.value, str):
            if node.value.strip():
                texts[key] = node.value.strip()
        else:
            reader.wrong(node.place, key, "a text")
    return texts


def needed_texts(questionnaire: Questionnaire) -> list[str]:
    """Every key of the source that is ever shown; unused common words are not, and what
    is the same in every language neither."""
    used: set[str] = set()
    for question in questionnaire.questions:
        used |= {f"refusal.{one.word}" for one in question.refusals}
        used |= {f"unit.{unit}" for unit in question.units}
        parts = ("text", *question.codes) if _borrows(question) else ()
        for part in parts:
            keys = [f"{one}.{part}" for one in (question.source, *question.words)]
            used |= set([key for key in keys if key in questionnaire.texts][:1])
    return [
        key
        for key in questionnaire.texts
        if key in used
        or (not key.startswith(SHARED) and key not in questionnaire.untranslated)
    ]


def _borrows(question: Question) -> bool:
    """Whether a question may show words that are common to many."""
    return any(f"{prefix}." in SHARED for prefix in question.words)
