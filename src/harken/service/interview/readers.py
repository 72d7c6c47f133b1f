"""Who reads a page, as far as its words depend on it: somebody on a visit, or imagined.

One who is imagined reads each page as such a person would, to tell what must be recorded.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from django.utils import translation
from django.utils.formats import date_format

from harken.method.study import Folder
from harken.method.study.promised import Promised
from harken.method.terms import Language
from harken.service.interview.words import words


class Reader(Protocol):
    """What a page asks of whoever reads it."""

    @property
    def folder(self) -> Folder | None:
        """The study's files."""

    @property
    def language(self) -> Language:
        """The language that was chosen."""

    @property
    def words(self) -> Mapping[str, str]:
        """The house's own words in it."""

    @property
    def promised(self) -> tuple[Promised, ...]:
        """Every promise of the study."""

    @property
    def own_days(self) -> Promised | None:
        """The one given to this reader; None when it is not known."""

    def day(self, day: dt.date) -> str:
        """A date in the words of the page's language."""


@dataclass(frozen=True, slots=True)
class Imagined:
    """A reader of one language, with the days that were promised to them, if known."""

    folder: Folder
    language: Language
    promised: tuple[Promised, ...]
    own_days: Promised | None

    @property
    def words(self) -> Mapping[str, str]:
        """The house's own words."""
        return words(self.language)

    def day(self, day: dt.date) -> str:
        """A date in the words of the page's language."""
        return spoken_day(day, self.language)


def spoken_day(day: dt.date, language: Language) -> str:
    """A date as pages and texts write it: ``30 September 2026``."""
    with translation.override(language):
        return date_format(day, "j E Y")
