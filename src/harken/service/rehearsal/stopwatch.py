"""Steps of a long rehearsal: each is announced, timed, and shows its progress."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from harken.service import terminal

Progress = Callable[[int, int], None]


@dataclass(slots=True)
class Stopwatch:
    """Seconds by step, in the order the steps were taken."""

    started: float = field(default_factory=time.perf_counter)
    steps: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str) -> Iterator[Progress]:
        """Time one step; yields what the step reports its progress to."""
        begun = time.perf_counter()
        with terminal.progress(name) as report:
            yield report
        seconds = time.perf_counter() - begun
        self.steps[name] = round(self.steps.get(name, 0.0) + seconds, 1)
        terminal.say(f"  {name:<44} {seconds:6.1f} s")

    @property
    def total(self) -> float:
        """Seconds since the start."""
        return round(time.perf_counter() - self.started, 1)
