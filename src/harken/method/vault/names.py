"""The names of a person's keys: a closed list that several rooms use."""

from __future__ import annotations

from enum import StrEnum


class KeyName(StrEnum):
    """The four keys of a person. Each dies alone or with the others."""

    CONTACT = "contact"
    CASE = "case"
    LINK = "link"
    TEXT = "text"
