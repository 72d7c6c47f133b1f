"""The house's signing keys: made once, whole, whoever comes first."""

from __future__ import annotations

import stat
import threading
from pathlib import Path

from harken.service.ledger.signing import signer_in


def come(folder: Path, start: threading.Barrier, said: list[str]) -> None:
    """One of a crowd that needs the signer at the same instant."""
    start.wait()
    said.append(signer_in(folder, "holder").public_key)


def test_many_who_come_at_once_get_one_and_the_same_key(tmp_path: Path) -> None:
    for turn in range(20):
        folder = tmp_path / f"keys-{turn}"
        said: list[str] = []
        given = (folder, threading.Barrier(8), said)
        crowd = [threading.Thread(target=come, args=given) for _ in range(8)]
        for one in crowd:
            one.start()
        for one in crowd:
            one.join()
        assert len(said) == 8
        assert len(set(said)) == 1
        assert sorted(path.name for path in folder.iterdir()) == [
            "holder.key",
            "holder.pub",
        ]
        assert stat.S_IMODE((folder / "holder.key").stat().st_mode) == 0o600
