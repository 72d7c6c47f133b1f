"""Which web processes a server had, which of them opened somebody, and when they ended.

All of it is read from the kernel's tables: the server is asked nothing and told nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from pathlib import Path

from bench.crowd.house import Served

EVERY = 0.02


class Turnover:
    """The web processes of a server while interviewers open people."""

    def __init__(self, server: Served) -> None:
        self.server = server
        self.lives: dict[int, list[float]] = {}
        self.openings: dict[int, float] = {}
        self.most = 0
        self.opened_times = 0

    def look(self) -> set[int]:
        """The processes of this moment, noted."""
        there = set(self.server.workers()) if not self.lives else self._children()
        now = time.monotonic()
        for pid in there:
            self.lives.setdefault(pid, [now, now])[1] = now
        self.most = max(self.most, len(there))
        return there

    async def watch(self) -> None:
        """Look again and again, until cancelled."""
        while True:
            self.look()
            await asyncio.sleep(EVERY)

    def opened(self, client: int) -> None:
        """Somebody was opened over the connection from this port.

        Without one the process had closed it: it was one that was ending already.
        """
        self.opened_times += 1
        pid = self._owner(client) if client else 0
        if pid:
            self.openings.setdefault(pid, time.monotonic())

    async def settle(self, seconds: float) -> set[int]:
        """Wait until all who opened somebody are gone; those who are not."""
        ends = time.monotonic() + seconds
        while (left := self.look() & set(self.openings)) and time.monotonic() < ends:
            await asyncio.sleep(EVERY)
        return left

    @property
    def slowest_end(self) -> float:
        """Seconds from an opening to the end of its process, at most."""
        return max(
            (self.lives[pid][1] - at for pid, at in self.openings.items()), default=0.0
        )

    def _children(self) -> set[int]:
        first = self.server.process.pid
        text = Path(f"/proc/{first}/task/{first}/children").read_text(encoding="ascii")
        return {int(one) for one in text.split()}

    def _owner(self, client: int) -> int:
        """The web process that holds the other end of a connection; 0 when none does."""
        ends = (f"0100007F:{self.server.port:04X}", f"0100007F:{client:04X}")
        for line in Path("/proc/net/tcp").read_text(encoding="ascii").splitlines():
            fields = line.split()
            if tuple(fields[1:3]) == ends:
                mark = f"socket:[{fields[9]}]"
                return next((pid for pid in self.look() if _holds(pid, mark)), 0)
        return 0


def _holds(pid: int, mark: str) -> bool:
    with contextlib.suppress(OSError):
        for file in Path(f"/proc/{pid}/fd").iterdir():
            with contextlib.suppress(OSError):
                if str(file.readlink()) == mark:
                    return True
    return False
