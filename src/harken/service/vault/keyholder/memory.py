"""Keeps the key holder's memory from disks and from other processes, as far as it may.

No core file, no reading through /proc by the same user, no page in the swap space. What
the system does not permit is said, not hidden.
"""

from __future__ import annotations

import ctypes
import resource
from dataclasses import dataclass
from pathlib import Path

PR_GET_DUMPABLE, PR_SET_DUMPABLE = 3, 4
MCL_CURRENT, MCL_FUTURE = 1, 2
CAP_IPC_LOCK = 14


@dataclass(frozen=True, slots=True)
class Guard:
    """What protects the memory of this process."""

    no_core: bool
    no_reading: bool
    locked: bool
    swap: bool

    def words(self) -> dict[str, bool]:
        """For a report."""
        return {
            "no_core_file": self.no_core,
            "not_readable_by_same_user": self.no_reading,
            "locked_in_memory": self.locked,
            "machine_has_swap": self.swap,
        }


def protect() -> Guard:
    """Protect this process; call it before any key is read, and after every exec."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    library = ctypes.CDLL(None, use_errno=True)
    library.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
    hidden = library.prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0
    # Locking under a limit would make a later allocation fail and lose the process.
    locked = False
    if may_lock():
        locked = library.mlockall(MCL_CURRENT | MCL_FUTURE) == 0
    core = resource.getrlimit(resource.RLIMIT_CORE) == (0, 0)
    return Guard(core, hidden, locked, has_swap())


def may_lock() -> bool:
    """Whether this process may lock all it ever allocates."""
    soft, _ = resource.getrlimit(resource.RLIMIT_MEMLOCK)
    if soft == resource.RLIM_INFINITY:
        return True
    for line in _lines("/proc/self/status"):
        if line.startswith("CapEff:"):
            return bool(int(line.split()[1], 16) >> CAP_IPC_LOCK & 1)
    return False


def has_swap() -> bool:
    """Whether the machine could write memory to a disk at all."""
    return len(_lines("/proc/swaps")) > 1


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
