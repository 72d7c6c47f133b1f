"""Who a person is, as two documents that are sealed apart: contact and case.

Nothing here is ever logged or shown in an error; ``repr`` tells nothing either.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, fields

from harken.method.vault.names import KeyName

CASE_FIELDS = frozenset({"crime_reference", "date_of_birth"})


@dataclass(frozen=True, slots=True, repr=False)
class Identity:
    """Everything that says who a person is. Absent parts are empty."""

    given_name: str = ""
    surname: str = ""
    date_of_birth: dt.date | None = None
    address_lines: tuple[str, ...] = ()
    town: str = ""
    postcode: str = ""
    telephone: str = ""
    email: str = ""
    crime_reference: str = ""
    safe_contact: str = ""

    def __repr__(self) -> str:
        return "Identity(...)"

    def part(self, name: KeyName) -> bytes:
        """The UTF-8 JSON document sealed under the contact or the case key.

        Raises ValueError for the other two keys, which seal no identity.
        """
        if name not in (KeyName.CONTACT, KeyName.CASE):
            raise ValueError("only the contact and case keys seal an identity")
        wanted = name is KeyName.CASE
        return _dump(
            {
                field.name: getattr(self, field.name)
                for field in fields(self)
                if (field.name in CASE_FIELDS) is wanted
            }
        )

    def to_bytes(self) -> bytes:
        """Both parts as one UTF-8 JSON document."""
        return _dump({field.name: getattr(self, field.name) for field in fields(self)})

    @classmethod
    def from_bytes(cls, *parts: bytes) -> Identity:
        """Read back what ``part`` or ``to_bytes`` wrote; several parts are joined."""
        values: dict[str, object] = {}
        for part in parts:
            values |= json.loads(part)
        lines = values.get("address_lines")
        if isinstance(lines, list):
            values["address_lines"] = tuple(str(line) for line in lines)
        born = values.get("date_of_birth")
        values["date_of_birth"] = (
            dt.date.fromisoformat(born) if isinstance(born, str) else None
        )
        return cls(**values)  # type: ignore[arg-type]  # JSON of our own writing


def _dump(values: dict[str, object]) -> bytes:
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":"), default=str)
    return text.encode("utf-8")
