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


def write(run: Run, state: State) -> None:
    """Make the state durable."""
    durable.make_folder(_file(run).parent)
    durable.replace(_file(run), json.dumps(asdict(state)).encode("ascii"))


@contextmanager
def alone(run: Run) -> Iterator[None]:
    """Hold the run among processes; raises HarkenError ANO-112 when another does."""
    durable.make_folder(_file(run).parent)
    handle = os.open(_file(run).parent / f"{run.study}.lock", os.O_RDWR | os.O_CREAT)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise refuse(BUSY, study=run.study) from None
    finally:
        os.close(handle)


def _file(run: Run) -> Path:
    return Path(settings.DATA) / "destruction" / f"{run.study}-{run.pk}.json"
