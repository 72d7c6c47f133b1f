"""questionnaire.yaml and translations/*.yaml to a Questionnaire, or every finding.

Whatever the text holds, the outcome is a document or a HarkenError, nothing else.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation

from harken.method.errors import (
    Finding,
    HarkenError,
    Place,
    closest,
    errors_in,
)
from harken.method.questionnaire import faults
from harken.method.questionnaire.document import (
    Option,
    Purpose,
    Question,
    Questionnaire,
    QuestionType,
    Section,
    variables,
)
from harken.method.questionnaire.expression import Expression
from harken.method.questionnaire.syntax import RESERVED
from harken.method.source import Node, Reader, read
from harken.method.terms import REFUSALS, Language, Missing

ID = re.compile(r"[a-z][a-z0-9_]{0,39}")
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
MOST_QUESTIONS = 1000
MOST_OPTIONS = 500
LONGEST_TEXT = 10_000

WORDS = {
    "refusal.dont_know": "Don't know",
    "refusal.cant_remember": "Can't remember",
    "refusal.prefer_not_to_say": "Prefer not to say",
    "consent.yes": "Yes",
    "consent.no": "No",
    "announcement.continue": "Continue to these questions",
    "announcement.skip": "Skip these questions",
    "routing.if": "Only if {condition}.",
    "routing.question": "question {number}",
    "routing.and": "and",
    "routing.or": "or",
    "routing.not": "not ({part})",
    "routing.is": "{name} is {value}",
    "routing.is_not": "{name} is answered with anything but {value}",
    "routing.below": "{name} is below {value}",
    "routing.at_most": "{name} is at most {value}",
    "routing.above": "{name} is above {value}",
    "routing.at_least": "{name} is at least {value}",
    "routing.within": "{name} is one of {values}",
    "routing.outside": "{name} is answered with none of {values}",
    "routing.has": "{name} includes {value}",
    "routing.answered": "{name} is answered",
    "routing.refused": "{name} was declined or not known",
}
"""Words every questionnaire needs; ``words:`` in the file replaces them."""

_TAKEN = frozenset(missing.word for missing in Missing)
_NOT_IDS = (
    RESERVED
    | _TAKEN
    | set(variables(()))
    | {"section", "announcement", "refusal", "routing"}
)
_NOT_CODES = _TAKEN | {"text", "telephone", "hint", "note", "unit"}
_ONLY_FOR = {
    "options": (QuestionType.SINGLE, QuestionType.MULTIPLE, QuestionType.CONSENT),
    "purpose": (QuestionType.CONSENT,),
    "minimum": (QuestionType.NUMBER,),
    "maximum": (QuestionType.NUMBER,),
    "unit": (QuestionType.NUMBER,),
    "max_length": (QuestionType.TEXT,),
}
_CHOICES = (QuestionType.SINGLE, QuestionType.MULTIPLE)
_WITHOUT_REFUSALS = (QuestionType.CONSENT, QuestionType.INFORMATION)


def read_questionnaire(
    text: str,
    *,
    translations: Mapping[Language, str] | None = None,
    source_language: str = "en",
    source: str = "questionnaire.yaml",
) -> Questionnaire:
    """Read an instrument and the texts of its other languages.

    Args:
        text: the whole of questionnaire.yaml.
        translations: the whole of each translations/<language>.yaml.
        source_language: the language questionnaire.yaml is written in.
        source: how findings name the file.

    Raises HarkenError with every finding (SRC-..., QUE-001 to QUE-029).
    """
    given = dict(translations or {})
    findings: list[Finding] = []
    draft = _Draft(findings)
    reader = Reader(read(text, source), findings)
    identity, version = reader.text("questionnaire"), reader.text("version")
    sections = draft.sections(reader)
    draft.words(reader)
    reader.done()
    languages = (Language(source_language), *given)
    draft.check_names(languages)
    translated, made_for = _translations(given, draft.texts, findings)
    if errors_in(findings):
        raise HarkenError(*findings)
    return Questionnaire(
        id=identity,
        version=version,
        sections=tuple(sections),
        questions=tuple(draft.questions),
        source_language=Language(source_language),
        texts=draft.texts,
        translations=translated,
        digest=_digest(text, given),
        made_for=made_for,
    )


def _digest(text: str, translations: Mapping[Language, str]) -> str:
    digest = hashlib.sha256(b"harken questionnaire 1\0" + _bytes(text))
    for language in sorted(translations):
        digest.update(b"\0" + _bytes(language) + b"\0")
        digest.update(_bytes(translations[language]))
    return digest.hexdigest()


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


@dataclass
class _Draft:
    """What has been read so far: questions in order, words by key, findings."""

    findings: list[Finding]
    questions: list[Question] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=lambda: dict(WORDS))
    places: dict[str, Place] = field(default_factory=dict)
    conditions: list[Expression] = field(default_factory=list)

    def sections(self, reader: Reader) -> list[Section]:
        """Every section of the file, its questions added to ``questions``."""
        sections = [
            section
            for child in _mappings(reader, "sections")
            if (section := self.section(child)) is not None
        ]
        if len(self.questions) > MOST_QUESTIONS:
            self.too_many(reader, "questions", len(self.questions), MOST_QUESTIONS)
        if not sections and _is_empty(reader.get("sections")):
            reader.find(faults.EMPTY_SECTION, reader.at("sections"), id="sections")
        return sections

    def section(self, reader: Reader) -> Section | None:
        """One section with its announcement and questions."""
        identity = self.id(reader, "section ")
        self.text(reader, "title", f"section.{identity}.title", required=True)
        sensitive = reader.flag("sensitive", False)
        prefix = f"section.{identity}"
        told = self.text(reader, "announcement", f"{prefix}.announcement")
        key = "announcement_telephone"
        spoken = self.text(reader, key, f"{prefix}.{key}")
        if sensitive and not told:
            reader.find(faults.NO_ANNOUNCEMENT, id=identity)
        if (told or spoken) and not sensitive:
            reader.find(faults.NOT_SENSITIVE, id=identity)
        condition = self.condition(reader)
        first = len(self.questions)
        if sensitive:
            self.announce(reader, identity, condition)
        base = Expression.both(condition, _gate(identity) if sensitive else None)
        written = list(_mappings(reader, "questions"))
        for child in written:
            self.question(child, identity, base, sensitive)
        if not written and _is_empty(reader.get("questions")):
            reader.find(faults.EMPTY_SECTION, id=identity)
        reader.done()
        ids = tuple(question.id for question in self.questions[first:])
        return Section(identity, ids, sensitive, condition, reader.place)

    def announce(
        self, reader: Reader, section: str, condition: Expression | None
    ) -> None:
        """The page in front of a sensitive section: go on, or skip it all."""
        identity = f"{section}_ok"
        self.claim(identity, reader.place)
        self.questions.append(
            Question(
                id=identity,
                type=QuestionType.SINGLE,
                section=section,
                options=(Option("continue"), Option("skip")),
                condition=condition,
                announces=section,
                place=reader.place,
            )
        )

    def question(
        self, reader: Reader, section: str, base: Expression | None, sensitive: bool
    ) -> None:
        """One question, added to ``questions``."""
        identity = self.id(reader, "")
        kind = reader.choice("type", QuestionType)
        for key in ("text", "telephone", "hint", "note", "unit"):
            self.text(reader, key, f"{identity}.{key}", required=key == "text")
        own = self.condition(reader)
        question = Question(
            id=identity,
            type=kind,
            section=section,
            options=self.options(reader, identity, kind),
            refusals=self.refusals(reader, identity, kind),
            condition=Expression.both(base, own),
            own=own,
            required=reader.flag("required", False),
            purpose=self.purpose(reader, kind),
            unit=self.texts.get(f"{identity}.unit", ""),
            identifying=reader.flag("identifying", False),
            sensitive=sensitive,
            indicators=reader.words("indicators", ()),
            entitlements=reader.words("entitlements", ()),
            place=reader.place,
        )
        question = self.limits(reader, question)
        for key, types in _ONLY_FOR.items():
            if reader.has(key) and kind not in types:
                names = ", ".join(types)
                detail = {"key": key, "type": kind.value, "types": names}
                reader.find(faults.NOT_THIS_TYPE, reader.at(key), **detail)
        reader.done()
        self.questions.append(question)

    def id(self, reader: Reader, kind: str) -> str:
        """The id below ``reader``, well formed, not reserved and not yet used."""
        identity = reader.text("id")
        place = reader.at("id")
        if not identity:
            return f"unnamed_{len(self.places)}"
        if not ID.fullmatch(identity):
            reader.find(faults.BAD_ID, place, id=identity[:60])
        elif identity in _NOT_IDS:
            why = "It is a word of the condition language or of the answers file."
            reader.find(faults.RESERVED_ID, place, id=identity, why=why)
        else:
            self.claim(kind + identity, place)
        return identity

    def claim(self, owner: str, place: Place) -> None:
        """Note that an id is taken; a finding when it already was."""
        first = self.places.setdefault(owner, place)
        if first is not place:
            detail = {"id": owner.removeprefix("section "), "first": str(first)}
            self.findings.append(Finding(faults.SAME_ID, place, detail))

    def text(
        self, reader: Reader, key: str, name: str, *, required: bool = False
    ) -> str:
        """A text, kept under ``name`` when it is there."""
        value = reader.text(key, None if required else "")
        if value:
            self.texts[name] = value
        return value

    def condition(self, reader: Reader) -> Expression | None:
        """The condition under ``if``, or None."""
        text = reader.optional("if")
        if text is None:
            return None
        try:
            condition = Expression.parse(text, reader.at("if"))
        except HarkenError as error:
            self.findings.extend(error.findings)
            return None
        self.conditions.append(condition)
        return condition

    def options(
        self, reader: Reader, identity: str, kind: QuestionType
    ) -> tuple[Option, ...]:
        """The options in order; a consent without any has yes and no."""
        if kind is QuestionType.CONSENT and not reader.has("options"):
            return (Option("yes"), Option("no"))
        options: list[Option] = []
        seen: set[str] = set()
        for child in _mappings(reader, "options", required=kind in _CHOICES):
            code, place = child.text("code"), child.at("code")
            self.text(child, "text", f"{identity}.{code}", required=True)
            exclusive = child.flag("exclusive", False)
            if child.has("exclusive") and kind is not QuestionType.MULTIPLE:
                detail = {"key": "exclusive", "type": kind.value, "types": "multiple"}
                child.find(faults.NOT_THIS_TYPE, child.at("exclusive"), **detail)
            child.done()
            if code in seen:
                child.find(faults.SAME_CODE, place, code=code, id=identity)
            elif code and (not CODE.fullmatch(code) or code in _NOT_CODES):
                child.find(faults.BAD_CODE, place, code=code[:60])
            seen.add(code)
            options.append(Option(code, exclusive))
        self.count(reader, identity, kind, options)
        return tuple(options)

    def count(
        self,
        reader: Reader,
        identity: str,
        kind: QuestionType,
        options: list[Option],
    ) -> None:
        """Too few options to choose, or more than anybody reads."""
        node = reader.get("options")
        if node is None or not isinstance(node.value, tuple):
            return
        if len(options) > MOST_OPTIONS:
            self.too_many(reader, "options", len(options), MOST_OPTIONS)
        if kind in _CHOICES and len(node.value) < 2:
            reader.find(faults.FEW_OPTIONS, id=identity, least=2)
        if kind is QuestionType.CONSENT and {o.code for o in options} != {"yes", "no"}:
            place = reader.at("options")
            reader.find(faults.CONSENT_OPTIONS, place, id=identity)

    def too_many(self, reader: Reader, what: str, count: int, limit: int) -> None:
        """More of something than an instrument can have."""
        reader.find(faults.TOO_MANY, count=count, what=what, limit=limit)

    def refusals(
        self, reader: Reader, identity: str, kind: QuestionType
    ) -> tuple[Missing, ...]:
        """The refusals offered, always with 'prefer not to say' (SAF-30)."""
        words = reader.words("refusals", ())
        if kind in _WITHOUT_REFUSALS:
            if words:
                detail = {"id": identity, "type": kind.value}
                reader.find(faults.NO_REFUSALS, reader.at("refusals"), **detail)
            return ()
        known = {missing.word: missing for missing in REFUSALS}
        for word in words:
            if word not in known:
                near = closest(word, sorted(known))
                place = reader.at("refusals")
                detail = {"word": word}
                self.findings.append(
                    Finding(faults.UNKNOWN_REFUSAL, place, detail, near)
                )
        offered = {known[word] for word in words if word in known}
        offered.add(Missing.PREFER_NOT_TO_SAY)
        return tuple(missing for missing in REFUSALS if missing in offered)

    def purpose(self, reader: Reader, kind: QuestionType) -> Purpose | None:
        """What a consent is for; other types have none."""
        if kind is QuestionType.CONSENT:
            return reader.choice("purpose", Purpose)
        reader.get("purpose")
        return None

    def limits(self, reader: Reader, question: Question) -> Question:
        """The question with its smallest, largest and longest answer."""
        low = self.decimal(reader, "minimum", question.id)
        high = self.decimal(reader, "maximum", question.id)
        longest = reader.number("max_length", 2000)
        below = low is not None and high is not None and low > high
        if below or not 1 <= longest <= LONGEST_TEXT:
            reader.find(faults.BAD_RANGE, id=question.id)
        if not question.free_text:
            longest = 0
        return replace(question, minimum=low, maximum=high, max_length=longest)

    def decimal(self, reader: Reader, key: str, identity: str) -> Decimal | None:
        """A limit as an exact number."""
        raw = reader.optional(key)
        if raw is None:
            return None
        try:
            value = Decimal(raw)
        except InvalidOperation:
            value = Decimal("NaN")
        if not value.is_finite() or abs(value) > Decimal(10) ** 15:
            reader.find(faults.BAD_RANGE, reader.at(key), id=identity)
            return None
        return value

    def words(self, reader: Reader) -> None:
        """The top-level ``words``: replacements of the built-in words."""
        for key, node in reader.entries("words", required=False):
            if key not in WORDS:
                self.unknown_text(key, node.place, sorted(WORDS))
            elif isinstance(node.value, str) and node.value.strip():
                self.texts[key] = node.value.strip()
            else:
                reader.wrong(node.place, key, "a text")

    def unknown_text(self, key: str, place: Place, known: list[str]) -> None:
        """A text key that nothing in the questionnaire has."""
        near = closest(key, known)
        self.findings.append(Finding(faults.UNKNOWN_TEXT, place, {"key": key}, near))

    def check_names(self, languages: tuple[Language, ...]) -> None:
        """Names, codes and types of every condition, once all questions are read."""
        names = {question.id: question.name_type for question in self.questions}
        names |= variables(languages)
        for condition in self.conditions:
            self.findings.extend(condition.mistakes(names))


def _gate(section: str) -> Expression:
    return Expression.parse(f"{section}_ok == 'continue'")


def _is_empty(node: Node | None) -> bool:
    return node is not None and node.value == ()


def _mappings(reader: Reader, key: str, *, required: bool = True) -> Iterator[Reader]:
    """The items of a list that are mappings; the others become findings."""
    for child in reader.children(key, required=required):
        if isinstance(child.node.value, dict):
            yield child


def _translations(
    given: Mapping[Language, str], texts: Mapping[str, str], findings: list[Finding]
) -> tuple[dict[Language, dict[str, str]], dict[Language, str]]:
    """The texts of each language by key, and the version each was made for."""
    known = set(texts) | _spoken(texts)
    translated: dict[Language, dict[str, str]] = {}
    made_for: dict[Language, str] = {}
    for language, text in given.items():
        source = f"translations/{language}.yaml"
        try:
            root = read(text, source)
        except HarkenError as error:
            findings.extend(error.findings)
            continue
        reader = Reader(root, findings)
        found = reader.text("language")
        if found and found != language:
            place = reader.at("language")
            detail = {"found": found, "expected": language}
            reader.find(faults.OTHER_LANGUAGE, place, **detail)
        version = reader.optional("version")
        if version:
            made_for[language] = version
        translated[language] = _texts(reader, known)
        reader.done()
    return translated, made_for


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
            near = closest(key, sorted(known))
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
