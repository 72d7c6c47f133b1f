"""The words of a questionnaire as gettext PO, in the form that translators use."""

from __future__ import annotations

from harken.method.questionnaire.document import Questionnaire
from harken.method.questionnaire.translations import needed_texts
from harken.method.terms import Language


def translators_file(
    questionnaire: Questionnaire, language: Language
) -> tuple[str, int, int]:
    """A PO file for a translator, and how many texts are missing and out of date.

    What is translated already stands in it, and what is out of date is marked fuzzy.
    """
    keys = needed_texts(questionnaire)
    given = questionnaire.translations.get(language, {})
    stale = set(questionnaire.stale.get(language, ()))
    lines = [
        'msgid ""',
        'msgstr ""',
        _quoted(f"Project-Id-Version: {questionnaire.id} {questionnaire.version}\n"),
        _quoted(f"Language: {language}\n"),
        _quoted("MIME-Version: 1.0\n"),
        _quoted("Content-Type: text/plain; charset=UTF-8\n"),
        _quoted("Content-Transfer-Encoding: 8bit\n"),
    ]
    for key in keys:
        lines.append("")
        if key in stale:
            lines.append("#, fuzzy")
        lines.append(f"msgctxt {_quoted(key)}")
        lines.append(f"msgid {_quoted(questionnaire.texts[key])}")
        lines.append(f"msgstr {_quoted(given.get(key, ''))}")
    left = sum(key not in given for key in keys)
    return "\n".join(lines) + "\n", left, len(stale & set(keys))


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
