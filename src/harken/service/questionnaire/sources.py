"""What an author names on the command line: a file, a folder, or a loaded study."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from harken.method.errors import Finding, Place, refuse
from harken.method.questionnaire import Questionnaire, read_questionnaire
from harken.method.study import Folder, read_folder
from harken.method.terms import Language
from harken.service.questionnaire import faults, queries
from harken.service.study import files
from harken.service.study import queries as studies

CHARTER, TRANSLATIONS = "study.yaml", "translations"
BESIDE = (TRANSLATIONS, "lists", "banks")
"""Folders that belong to a file when they lie beside it."""


@dataclass(frozen=True, slots=True)
class Source:
    """An instrument's texts: the folder they lie in, and the study they belong to."""

    name: str
    root: Path | None
    texts: dict[str, str]
    folder: Folder | None = None
    lone: Path | None = None
    """The file itself, when a file was named; it need not be called questionnaire.yaml."""

    def read(self) -> Questionnaire:
        """The instrument. Raises HarkenError with every finding."""
        if self.folder is not None:
            return queries.read(self.folder)
        text = self.texts.get(queries.SOURCE)
        if text is None:
            raise refuse(faults.NO_INSTRUMENT, study=self.name)
        return read_questionnaire(
            text, translations=self.translations(), files=self.beside()
        )

    def beside(self) -> dict[str, str]:
        """The lists and question banks that the questionnaire may take in."""
        return {
            name: text
            for name, text in self.texts.items()
            if name.startswith(("lists/", "banks/"))
        }

    def translations(self) -> dict[Language, str]:
        """The texts of other languages that lie beside a file without a study."""
        found = {}
        for name, text in self.texts.items():
            folder, _, file = name.rpartition("/")
            tongue, _, form = file.rpartition(".")
            if folder == TRANSLATIONS and form in {"yaml", "po"}:
                found[Language(tongue)] = text
        return found

    def spot(self, finding: Finding) -> str:
        """Where a finding stands, as an editor takes it: path:line:column."""
        place = finding.place
        if place is None:
            return self.name
        if self.root is None:
            return str(place)
        path = self.root / place.source
        if self.lone is not None and place.source == queries.SOURCE:
            path = self.lone
        if not path.is_file() and path.with_suffix(".po").is_file():
            path = path.with_suffix(".po")
        if not path.is_file():
            return str(place)
        return str(Place(str(path), place.line, place.column))


def find(source: str) -> Source:
    """The texts an author means. Raises HarkenError when there are none."""
    path = Path(source)
    if path.is_file():
        texts = {queries.SOURCE: files.read_file(path)}
        for name in BESIDE:
            beside = path.parent / name
            if beside.is_dir():
                for file, text in files.read_directory(beside).items():
                    texts[f"{name}/{file}"] = text
        return Source(source, path.parent, texts, lone=path)
    if path.is_dir():
        texts = files.read_directory(path)
        folder = read_folder(texts) if CHARTER in texts else None
        return Source(source, path, texts, folder)
    return Source(source, None, {}, studies.folder(studies.get(source)))


def folder(source: str) -> Folder:
    """The folder of a loaded study, or one on disk."""
    path = Path(source)
    if path.is_dir():
        return read_folder(files.read_directory(path))
    return studies.folder(studies.get(source))


def design_variables(source: str) -> tuple[str, ...]:
    """What the sampling frame brings into the answers file; of a lone file, nothing."""
    path = Path(source)
    if path.is_file() or (path.is_dir() and not (path / CHARTER).is_file()):
        return ()
    declared = folder(source).charter.sampling.design_variables
    return tuple(dict.fromkeys((*declared, "stratum")))


def questionnaire(source: str) -> Questionnaire:
    """The instrument of a file, of a folder, or the newest version of a loaded study."""
    path = Path(source)
    if path.is_file() or path.is_dir():
        return find(source).read()
    return queries.instrument(studies.get(source))


def language(read: Questionnaire, wanted: Language | None) -> Language:
    """The language asked for, when the instrument has it, else the source's."""
    if wanted is not None and wanted not in read.languages:
        known = ", ".join(read.languages)
        raise refuse(faults.NOT_IN_LANGUAGE, language=wanted[:20], known=known)
    return wanted or read.source_language
