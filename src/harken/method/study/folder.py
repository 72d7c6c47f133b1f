"""A study folder: every text of a study by relative path, read and found sound.

Reading touches no disk: the texts are given, and the folder keeps them unchanged.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from harken.method.errors import Finding, HarkenError, Place, closest, errors_in
from harken.method.source import Node, Reader, read
from harken.method.study import faults
from harken.method.study.charter import Charter
from harken.method.study.reader import LANGUAGE, SLUG, read_charter
from harken.method.terms import Language

CHARTER, SUPPORT = "study.yaml", "support.yaml"
QUESTIONS, PLAN = "questionnaire.yaml", "analysis.yaml"
POPULATION = "population.csv"
KEPT = "kept-file.yaml"
CODING = "coding.yaml"
LIMIT = 5_000_000
LETTERS = ("invitation", "reminder")
MESSAGES = (
    "sponsor",
    "privacy-notice",
    "privacy-notice-open",
    "participate",
    "safety",
    "consent",
)

_SINGLE = (CHARTER, QUESTIONS, PLAN, SUPPORT, POPULATION, KEPT, CODING, "README.md")
_KNOWN = re.compile(
    r"code/[a-z0-9-]+\.yaml|translations/(?P<tongue>[a-z0-9-]+)\.(yaml|po)"
    r"|lists/[a-z0-9-]+\.csv|banks/[a-z0-9-]+\.yaml"
    r"|(letters|messages)/[a-z0-9-]+\.[a-z]{2,3}(-[a-z0-9]{2,8})*\.md"
)


@dataclass(frozen=True, slots=True)
class HelpService:
    """One service that can help, with somebody who answers for the entry."""

    name: str
    need: str
    area: str
    phone: str
    url: str
    hours: str
    owner: str
    review_by: dt.date
    translated: Mapping[Language, Mapping[str, str]] = field(default_factory=dict)

    def spoken(self, language: Language) -> HelpService:
        """The entry with its words in a language, where they are given."""
        words = self.translated.get(language, {})
        return replace(
            self,
            name=words.get("name", self.name),
            need=words.get("need", self.need),
            area=words.get("area", self.area),
            hours=words.get("hours", self.hours),
        )


@dataclass(frozen=True, slots=True)
class Folder:
    """A whole study as data. ``digest`` is the SHA-256 over every path and text."""

    charter: Charter
    help_list: tuple[HelpService, ...]
    files: Mapping[str, str]
    digest: str
    warnings: tuple[Finding, ...] = ()

    def translations(self) -> dict[Language, str]:
        """The text of translations/<language>.yaml (or .po) for each further language."""
        paths = {
            language: f"translations/{language}.{form}"
            for language in self.charter.languages[1:]
            for form in ("po", "yaml")
            if f"translations/{language}.{form}" in self.files
        }
        return {language: self.files[path] for language, path in paths.items()}

    @property
    def coding(self) -> str:
        """The text of coding.yaml, empty when the study codes no free text."""
        return self.files.get(CODING, "")

    def beside(self) -> dict[str, str]:
        """The lists and question banks that the questionnaire may take in, by path."""
        return {
            path: text
            for path, text in self.files.items()
            if path.startswith(("lists/", "banks/"))
        }

    def help_in(self, language: Language) -> tuple[HelpService, ...]:
        """The help list in a language, as far as it is translated."""
        return tuple(service.spoken(language) for service in self.help_list)


def read_folder(
    files: Mapping[str, str], *, shift_days: int = 0, name: str | None = None
) -> Folder:
    """Read a study from its texts by relative path.

    Args:
        files: for instance ``{"study.yaml": "...", "letters/invitation.en.md": ...}``.
        shift_days: moves the whole calendar, so that one folder can be run again.
        name: the study's name, when it is not to be the charter's.

    Raises HarkenError with every finding (SRC-..., STU-001 to STU-019).
    """
    findings: list[Finding] = list(_files(files))
    charter: Charter | None = None
    root = _root(files, CHARTER, findings)
    if root is not None:
        charter = read_charter(root, findings, shift_days=shift_days)
    support = _root(files, SUPPORT, findings)
    help_list = _help(support, findings, shift_days) if support else ()
    if name is not None and not SLUG.fullmatch(name):
        findings.append(Finding(faults.BAD_NAME, None, {"id": name[:60]}))
    if charter is None or errors_in(findings):
        raise HarkenError(*findings)
    return Folder(
        charter=replace(charter, id=name or charter.id),
        help_list=help_list,
        files=MappingProxyType(dict(files)),
        digest=_digest(files, shift_days),
        warnings=tuple(findings),
    )


def text_of(folder: Folder, path: str, language: Language) -> str:
    """The text of ``messages/privacy-notice`` and the like in a language.

    Falls back on the source language. Raises HarkenError (STU-001) when neither is
    there.
    """
    for tongue in (language, folder.charter.source_language):
        text = folder.files.get(f"{path}.{tongue}.md")
        if text is not None:
            return text
    file = f"{path}.{folder.charter.source_language}.md"
    raise HarkenError(Finding(faults.NO_FILE, None, {"file": file}))


def _files(files: Mapping[str, str]) -> list[Finding]:
    findings: list[Finding] = []
    for path in sorted(files):
        place, text = Place(path), files[path]
        detail: dict[str, object] = {"file": path}
        if path not in _SINGLE and not _KNOWN.fullmatch(path):
            near = closest(path, _SINGLE)
            findings.append(Finding(faults.UNKNOWN_FILE, place, detail, near))
        elif not text.strip():
            findings.append(Finding(faults.EMPTY_FILE, place, detail))
        if len(text) > LIMIT:
            detail |= {"size": len(text), "limit": LIMIT}
            findings.append(Finding(faults.GIANT_FILE, place, detail))
    return findings


def _root(files: Mapping[str, str], path: str, findings: list[Finding]) -> Node | None:
    """The YAML of a file that every study has; None when it cannot be read."""
    text = files.get(path)
    if text is None:
        findings.append(Finding(faults.NO_FILE, Place(path), {"file": path}))
        return None
    if not text.strip() or len(text) > LIMIT:
        return None
    try:
        return read(text, path)
    except HarkenError as error:
        findings.extend(error.findings)
        return None


def _help(
    root: Node, findings: list[Finding], shift_days: int
) -> tuple[HelpService, ...]:
    reader = Reader(root, findings)
    services: list[HelpService] = []
    for child in reader.children("services"):
        service = HelpService(
            name=child.text("name"),
            need=child.text("need"),
            area=child.text("area"),
            phone=child.text("phone", ""),
            url=child.text("url", ""),
            hours=child.text("hours"),
            owner=child.text("owner"),
            review_by=child.day("review_by"),
            translated=_translated(child),
        )
        child.done()
        services.append(_shifted(service, shift_days))
    reader.done()
    return tuple(services)


def _shifted(service: HelpService, days: int) -> HelpService:
    """A review date moves with the calendar, so that a run-again finds it in time."""
    try:
        return replace(service, review_by=service.review_by + dt.timedelta(days=days))
    except OverflowError:
        return service


def _translated(reader: Reader) -> dict[Language, dict[str, str]]:
    translated: dict[Language, dict[str, str]] = {}
    for language, node in reader.entries("in", required=False):
        if not LANGUAGE.fullmatch(language):
            reader.find(faults.BAD_LANGUAGE, node.place, language=language[:20])
        child = Reader(node, reader.findings)
        words = {key: child.text(key, "") for key in ("name", "need", "area", "hours")}
        child.done()
        translated[Language(language)] = {k: v for k, v in words.items() if v}
    return translated


def _digest(files: Mapping[str, str], shift_days: int) -> str:
    digest = hashlib.sha256(f"harken study 1\0{shift_days}".encode())
    for path in sorted(files):
        text = files[path].encode("utf-8", "surrogatepass")
        name = path.encode("utf-8", "surrogatepass")
        digest.update(b"\0%d\0%d\0" % (len(name), len(text)) + name + text)
    return digest.hexdigest()
