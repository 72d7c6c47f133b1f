"""How far a destruction has come, in a file that survives any crash.

The file is replaced by rename and reaches the disk before the step that it names begins.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings

from harken.method.anonymisation import Step
from harken.method.errors import refuse
from harken.service.anonymisation.faults import BUSY
from harken.service.anonymisation.models import Run
from harken.service.vault import durable


@dataclass(frozen=True, slots=True)
class State:
    """The step that has begun, and what the trial openings found."""

    step: Step
    tried: int = 0
    opened: int = 0


def read(run: Run) -> State:
    """Where the run stands; PLANNED when no step has begun."""
    try:
        row = json.loads(_file(run).read_bytes())
    except FileNotFoundError:
        return State(Step.PLANNED)
    return State(Step(row["step"]), row["tried"], row["opened"])


def is_under_way(run: Run) -> bool:
    """Whether a step has begun and the last has not ended."""
    return read(run).step not in (Step.PLANNED, Step.ENDED)


def write(run: Run, state: State) -> None:
    """Make the state durable."""
    durable.make_folder(_folder())
    durable.replace(_file(run), json.dumps(asdict(state)).encode("ascii"))


@contextmanager
def alone(slug: str) -> Iterator[None]:
    """Plan, run or certify alone among processes; else HarkenError ANO-112."""
    durable.make_folder(_folder())
    handle = os.open(_folder() / f"{slug}.lock", os.O_RDWR | os.O_CREAT)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise refuse(BUSY, study=slug) from None
    finally:
        os.close(handle)


def _file(run: Run) -> Path:
    return _folder() / f"{run.study}-{run.pk}.json"


def _folder() -> Path:
    return Path(settings.DATA) / "destruction"
