"""The drill's bench, ended by a signal in the middle, leaves nothing running: PRV 67."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.make.journey import ROOT, environment_of

pytestmark = [pytest.mark.slow, pytest.mark.browser]

PATIENCE = 60.0
SERVES = """
import sys, time
from pathlib import Path
from types import SimpleNamespace
from bench import drill
state = Path(sys.argv[1])
told = SimpleNamespace(url="", shell=SimpleNamespace(state=state))
with drill.ended_by_signal(), drill.served(told):
    print(told.url, flush=True)
    time.sleep(600)
"""


def holding(folder: Path) -> list[int]:
    """The processes whose command or environment names this folder."""
    found = []
    for one in Path("/proc").iterdir():
        if not one.name.isdigit() or int(one.name) == os.getpid():
            continue
        try:
            said = (one / "cmdline").read_bytes() + (one / "environ").read_bytes()
        except OSError:
            continue
        if os.fsencode(folder) in said:
            found.append(int(one.name))
    return found


def until(holds: Callable[[], bool]) -> bool:
    """Whether it comes to hold in time."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.1)
    return False


@pytest.mark.parametrize("ends", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_what_the_drill_serves(tmp_path: Path, ends: int) -> None:
    data = tmp_path / "data"
    subprocess.run(
        [sys.executable, "-m", "tests.make.journey"],
        cwd=ROOT,
        env=environment_of(data),
        check=True,
        capture_output=True,
    )
    state = tmp_path / "shell"
    bin_ = Path(sys.executable).parent
    state.write_text(
        f"cd {ROOT}\nexport HARKEN_DATA={data} PATH={bin_}:$PATH\n", encoding="utf-8"
    )
    with subprocess.Popen(
        [sys.executable, "-c", SERVES, str(state)],
        cwd=ROOT,
        env=environment_of(data),
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("http://127.0.0.1:")
        served = [pid for pid in holding(data) if pid != process.pid]
        assert served
        process.send_signal(ends)
        assert process.wait(timeout=PATIENCE) == 128 + ends
    # The holder goes when nobody has called for a minute, or its folder is gone.
    data.rename(tmp_path / "gone")
    assert until(lambda: not any(_runs(pid) for pid in served))


@pytest.fixture
def short() -> Iterator[Path]:
    """A folder of a short name: a browser's socket lies in it, and paths of those are."""
    with tempfile.TemporaryDirectory(prefix="hd") as folder:
        yield Path(folder)


def test_a_signal_in_the_first_part_ends_its_commands_and_the_folder(
    short: Path,
) -> None:
    environment = os.environ | {"TMPDIR": str(short), "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [sys.executable, "-m", "bench.drill"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        # Its first commands run as soon as they name the folder.
        assert until(lambda: any(map(holding, short.glob("harken-drill-*"))))
        (folder,) = short.glob("harken-drill-*")
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=PATIENCE) == 128 + signal.SIGTERM
    assert until(lambda: holding(folder) == [])
    assert not folder.exists()


def _command(pid: int) -> bytes:
    try:
        return (Path("/proc") / str(pid) / "cmdline").read_bytes()
    except OSError:
        return b""


def _runs(pid: int) -> bool:
    return bool(_command(pid))
