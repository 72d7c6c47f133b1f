"""The demo study's texts, and the days and hours at which things happen in it.

Texts are changed in memory only: the sample's size, and for the study that is open
today the dates in notices and the calling hours.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from pathlib import Path

from django.utils import timezone

from harken.method.errors import refuse
from harken.method.study import Calendar
from harken.service.rehearsal.faults import NO_STUDY
from harken.service.study.files import read_directory

FOLDER = Path("studies") / "victims-review"
MONTHS = {
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    "pl": [
        "stycznia",
        "lutego",
        "marca",
        "kwietnia",
        "maja",
        "czerwca",
        "lipca",
        "sierpnia",
        "września",
        "października",
        "listopada",
        "grudnia",
    ],
}
ALL_DAY = '["00:00", "23:59"]'


def read_texts(given: str | None = None) -> dict[str, str]:
    """Every text of the demo study. Raises HarkenError REH-002."""
    beside = Path(__file__).resolve().parents[4]
    places = [Path(given)] if given else [FOLDER, beside / FOLDER]
    for place in places:
        if (place / "study.yaml").is_file():
            return read_directory(place)
    raise refuse(NO_STUDY)


def with_total(texts: Mapping[str, str], total: int) -> dict[str, str]:
    """The texts with another sample size."""
    charter = re.sub(
        r"(?m)^(\s+total:) .*$", rf"\g<1> {total}", texts["study.yaml"], count=1
    )
    return {**texts, "study.yaml": charter}


def moved(texts: Mapping[str, str], calendar: Calendar, days: int) -> dict[str, str]:
    """The texts for a study whose calendar moves by ``days``: dates told to people.

    Calls may be made at any hour, so that a visitor can try one whenever they come.
    """
    changed = dict(texts)
    for path, text in texts.items():
        if path.startswith("messages/"):
            language = path.split(".")[-2]
            changed[path] = _moved_dates(text, calendar, days, language)
    hours = f"    weekday: {ALL_DAY}\n    saturday: {ALL_DAY}\n    sunday: {ALL_DAY}\n"
    changed["study.yaml"] = re.sub(
        r"(?m)^  windows:\n(?:    .*\n)+",
        f"  windows:\n{hours}",
        texts["study.yaml"],
        count=1,
    )
    return changed


def _moved_dates(text: str, calendar: Calendar, days: int, language: str) -> str:
    for day in calendar.days().values():
        later = day + dt.timedelta(days=days)
        text = text.replace(_spoken(day, language), _spoken(later, language))
    return text


def _spoken(day: dt.date, language: str) -> str:
    """A date as the notices write it, such as 30 September 2026."""
    names = MONTHS.get(language, MONTHS["en"])
    return f"{day.day} {names[day.month - 1]} {day.year}"


def moment(day: dt.date, hour: int = 10, minute: int = 0) -> dt.datetime:
    """An hour of a day in the study's time zone."""
    return timezone.make_aware(dt.datetime.combine(day, dt.time(hour, minute)))
