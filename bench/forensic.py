"""Searches the whole house for marked people: files, PostgreSQL, a raw disk, memory.

Proves PRV 1, 2, 5 and 6.

``script/bench forensic [--quick] [--json]``. Works in a temporary folder. Parts that this
machine does not allow (a loop mount needs root) are said to be left out, never passed.
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from urllib.parse import urlencode

from tests.forensic.drive import SABOTAGES
from tests.forensic.search import (
    REPOSITORY,
    Found,
    caught,
    drive,
    end_holder,
    inside,
    look,
    plant,
    run,
    upload,
)
from tests.make.ports import free_port

PEOPLE = 60
KEPT = 2
"""How many of those kept are shown on their page."""
PIECE = 1 << 26
LARGE = 50
"""Megabytes of the large sample file."""
IMAGE = "disk.img"
HIDDEN = r'name="(csrfmiddlewaretoken|mark)" value="([^"]+)"'
PREFIX = "harken-forensic-"


def on_sqlite(root: Path) -> Found:
    """Every file of a house on SQLite."""
    drive(root, people=PEOPLE)
    return look(root, inside(root))


def on_sabotage(root: Path) -> Found:
    """The same with mistakes in it: each must be found."""
    drive(root, people=PEOPLE, sabotages=SABOTAGES)
    found = look(root, inside(root))
    missed = {n for n, _ in enumerate(SABOTAGES)} - set(found.people)
    if missed:
        raise SystemExit(f"The search is broken: it missed {missed}.")
    found.people, found.planted = {}, set(SABOTAGES)
    return found


def on_raw_disk(root: Path) -> Found:
    """A house on an ext4 image of its own; the image itself is searched, unmounted."""
    with disk(root, megabytes=400) as house:
        # The print house and the list of markers lie elsewhere: they are not the house.
        apart = root / "apart"
        apart.mkdir()
        (house / "outside").symlink_to(apart / "outside")
        (house / "markers.json").symlink_to(apart / "markers.json")
        (apart / "outside").mkdir()
        drive(house, people=PEOPLE)
        for part in ("data", "temp", "backup", "exports"):
            shutil.rmtree(house / part, ignore_errors=True)
        leak(house, apart)
    return searched(apart, [root / IMAGE])


def on_large_upload(root: Path) -> Found:
    """A sample file of 50 MB through its page: no name in the temporary folder, no byte.

    House and temporary folder lie on an image of their own, which is searched whole; what
    the kernel saw made in the temporary folder must be the one file made for the trial.
    """
    with disk(root, megabytes=900) as house:
        (house / "markers.json").symlink_to(root / "markers.json")
        told = upload(house, megabytes=LARGE)
        leak(house, root)
    sys.stderr.write(f"{told}\n")
    if told["made"] != ["seen"] or int(str(told["bytes"])) < LARGE * 1_000_000:
        raise SystemExit(f"The upload left names in a folder: {told}")
    return searched(root, [root / IMAGE])


def leak(house: Path, root: Path) -> None:
    """A word written to the disk on purpose and deleted: the search must find it."""
    file = house / "leak.txt"
    with file.open("w", encoding="utf-8") as out:
        out.write(plant(root))
        out.flush()
        os.fsync(out.fileno())
    file.unlink()


def searched(root: Path, files: Iterable[Path]) -> Found:
    """A search that has found what was planted for it."""
    found = look(root, files)
    found.planted = caught(found)
    return found


@contextlib.contextmanager
def disk(root: Path, *, megabytes: int) -> Iterator[Path]:
    """A mounted ext4 image; unmounted at the end, its file stays."""
    image, house = root / IMAGE, root / "mount"
    with image.open("wb") as file:
        file.truncate(megabytes << 20)
    call("mkfs.ext4", "-q", str(image))
    house.mkdir()
    call("mount", "-o", "loop", str(image), str(house))
    try:
        yield house
    finally:
        call("umount", str(house))


def on_memory(root: Path) -> Found:
    """A web worker's memory after it served respondents' pages."""
    drive(root, people=PEOPLE)
    port = free_port()
    with served(root, port, plant(root)) as process:
        for path in ("start", "weather", "results/", "staff/login/", "nowhere") * 8:
            with contextlib.suppress(urllib.error.HTTPError):
                urllib.request.urlopen(f"http://127.0.0.1:{port}/{path}").close()
        dumps = root / "memory"
        dumps.mkdir()
        for number in family(process.pid):
            dump(number, dumps / f"{number}.mem")
    return searched(root, sorted(dumps.glob("*.mem")))


def on_staff_memory(root: Path) -> Found:
    """The same after pages of the staff that opened people: each process has ended since.

    One person is opened at a time, by the helpdesk's code or as the next of those kept;
    which processes were there before is noted, and none of them may be left. Their
    successors are searched.
    """
    run(root, "staff", str(PEOPLE), HARKEN_CLOCK="")
    run(root, "kept")
    told = json.loads((root / "staff.json").read_text(encoding="utf-8"))
    kept = json.loads((root / "kept.json").read_text(encoding="utf-8"))
    port = free_port()
    asks: list[Callable[[], None]] = [
        functools.partial(card, port, told["session"], code) for code in told["codes"]
    ]
    asks += [functools.partial(again, port, kept)] * KEPT
    with served(root, port, plant(root)) as process:
        for ask in asks:
            before = set(family(process.pid)[1:])
            ask()
            until = time.monotonic() + 10
            while before <= set(family(process.pid)[1:]) and time.monotonic() < until:
                time.sleep(0.1)
        urllib.request.urlopen(f"http://127.0.0.1:{port}/weather").close()
        dumps = root / "memory"
        dumps.mkdir()
        for number in family(process.pid):
            dump(number, dumps / f"{number}.mem")
    return searched(root, sorted(dumps.glob("*.mem")))


def card(port: int, session: str, code: str) -> None:
    """Ask the helpdesk's page for one card, as its form does."""
    page = f"http://127.0.0.1:{port}/field/desk/"
    if b"Number ends in" not in press(page, page, session, code=code):
        raise SystemExit("The helpdesk's page shows no card.")


def again(port: int, kept: dict[str, str]) -> None:
    """Ask for the next of those kept, then write down how it ended."""
    page, session = f"http://127.0.0.1:{port}{kept['page']}", kept["session"]
    shown = press(page, f"{page}/next", session, purpose=kept["purpose"])
    if b"ask first whether" not in shown:
        raise SystemExit("The page of those kept shows nobody.")
    press(page, f"{page}/ended", session, ending="try_again")


def press(page: str, address: str, session: str, **said: str) -> bytes:
    """Send a page's form to an address, hidden fields and all; the page that comes."""
    signed = {"Cookie": f"session={session}"}
    looked = urllib.request.Request(page, headers=signed)  # noqa: S310 - our own server
    with urllib.request.urlopen(looked) as got:  # noqa: S310 - our own server
        text = got.read().decode()
        cookies = [one.split(";")[0] for one in got.headers.get_all("Set-Cookie", [])]
    hidden = dict(re.findall(HIDDEN, text))
    if not hidden:
        raise SystemExit("The page has no form.")
    signed = {"Cookie": "; ".join([f"session={session}", *cookies]), "Referer": page}
    form = urlencode(hidden | said).encode()
    asked = urllib.request.Request(address, form, signed)  # noqa: S310 - our own server
    with urllib.request.urlopen(asked) as got:  # noqa: S310 - our own server
        return bytes(got.read())


def on_postgres(root: Path) -> Found:
    """Heap, indexes, TOAST, statistics, WAL and its archive, a dump, the server's log.

    The log holds every statement with its values: the worst setting there is.
    """
    server = root / "postgres"
    with postgres(server) as (bin_, port):
        names = {
            f"HARKEN_{zone}_DSN": f"postgresql://harken@127.0.0.1:{port}/{name}"
            for zone, name in (("IDENTITY", "identity"), ("ANSWERS", "answers"))
        }
        drive(root, people=PEOPLE, **names)
        word = plant(root)
        for name in ("identity", "answers"):
            at = ["-h", "127.0.0.1", "-p", str(port), "-U", "harken"]
            psql = [str(bin_ / "psql"), *at, "-d", name, "-q", "-c"]
            call(*psql, f"CREATE TABLE leak AS SELECT repeat('{word} ', 40) AS said")
            call(*psql, "ANALYZE; SELECT pg_switch_wal();")
            for form in ("p", "c"):
                out = root / "data" / f"{name}.{form}.dump"
                call(str(bin_ / "pg_dump"), *at, "-F", form, "-f", str(out), name)
    files = [path for path in sorted(server.rglob("*")) if path.is_file()]
    found = searched(root, [*inside(root), *files])
    packed = {f"{name}.c.dump" for name in ("identity", "answers")}
    if not packed < found.planted or len(found.planted) < len(packed) + 3:
        raise SystemExit(f"The search is broken: it read only {found.planted}")
    return found


@contextlib.contextmanager
def postgres(folder: Path) -> Iterator[tuple[Path, int]]:
    """A server of its own with an archive and the most talkative log."""
    bin_ = sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1]
    folder.mkdir()
    (folder / "archive").mkdir()
    become: list[str] = []
    if os.getuid() == 0:
        become = ["runuser", "-u", "postgres", "--"]
        call("chown", "-R", "postgres", str(folder))
        for parent in folder.parents:
            if parent.stat().st_uid == 0 and str(parent).startswith(
                tempfile.gettempdir()
            ):
                parent.chmod(0o755)
    port = free_port()
    options = (
        f"-p {port} -k {folder} -h 127.0.0.1 -c log_statement=all -c archive_mode=on "
        f"-c log_parameter_max_length=-1 -c archive_command='cp %p {folder}/archive/%f'"
    )

    def run(name: str, *words: str) -> None:
        call(*become, str(bin_ / name), *words)

    data = str(folder / "data")
    run("initdb", "-D", data, "-U", "harken", "-A", "trust", "-E", "UTF8")
    run("pg_ctl", "-D", data, "-w", "-l", str(folder / "log"), "-o", options, "start")
    try:
        for name in ("identity", "answers"):
            run("createdb", "-h", "127.0.0.1", "-p", str(port), "-U", "harken", name)
        yield bin_, port
    finally:
        run("pg_ctl", "-D", data, "-m", "fast", "-w", "stop")


@contextlib.contextmanager
def served(root: Path, port: int, leak: str) -> Iterator[subprocess.Popen[bytes]]:
    """The real server over the house's folder, with one word in its environment."""
    code = (
        "import os; from harken.service.serve import server;"
        f"c = server('127.0.0.1:{port}'); os.execv(c[0], c)"
    )
    settings = {
        "HARKEN_DATA": str(root / "data"),
        "DJANGO_SETTINGS_MODULE": "harken.service.settings",
        "PYTHONPATH": os.pathsep.join([str(REPOSITORY / "src"), str(REPOSITORY)]),
        "LEAK": leak,
    }
    process = subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-c", code],
        env=os.environ | settings,
        start_new_session=True,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(600):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{port}/weather").close()
                break
            time.sleep(0.2)
        yield process
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        end_holder(root / "data")


def call(program: str, *words: str) -> None:
    """A program of the system, to its end; a failure stops the benchmark."""
    path = shutil.which(program, path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
    if path is None:
        raise SystemExit(f"{program} is not on this machine")
    subprocess.run([path, *words], check=True, cwd="/", stdout=subprocess.DEVNULL)  # noqa: S603 - a program named above


def family(first: int) -> list[int]:
    """A process and its children."""
    children = Path(f"/proc/{first}/task/{first}/children").read_text().split()
    return [first, *(int(child) for child in children)]


def dump(number: int, out: Path) -> None:
    """All readable memory of a process."""
    with (
        Path(f"/proc/{number}/maps").open() as maps,
        Path(f"/proc/{number}/mem").open("rb", buffering=0) as memory,
        out.open("wb") as copy,
    ):
        for line in maps:
            span, rights = line.split()[:2]
            if not rights.startswith("rw"):
                continue
            begin, end = (int(part, 16) for part in span.split("-"))
            with contextlib.suppress(OSError):
                memory.seek(begin)
                while begin < end:
                    piece = memory.read(min(PIECE, end - begin))
                    if not piece:
                        break
                    copy.write(piece)
                    begin += len(piece)


PARTS: dict[str, Callable[[Path], Found]] = {
    "files, SQLite": on_sqlite,
    "five sabotages": on_sabotage,
    "raw ext4 image": on_raw_disk,
    "a sample of 50 MB": on_large_upload,
    "web workers' memory": on_memory,
    "their memory after staff's pages": on_staff_memory,
    "PostgreSQL, dumps, WAL archive, log": on_postgres,
}
QUICK = ("files, SQLite",)


def main() -> int:
    """Run every part; exit code 1 on any hit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="files on SQLite only")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--part", choices=PARTS, help="one part alone")
    given = parser.parse_args()
    rows = []
    for name, part in PARTS.items():
        if (given.quick and name not in QUICK) or given.part not in (None, name):
            continue
        begun = time.monotonic()
        with tempfile.TemporaryDirectory(prefix=PREFIX) as folder:
            found = part(Path(folder))
        rows.append(
            {
                "part": name,
                "files": found.files,
                "megabytes": round(found.bytes / 1e6, 1),
                "streams": found.streams,
                "people found": len(found.people),
                "where": sorted({f for files in found.people.values() for f in files}),
                "leak made on purpose": sorted(found.planted),
                "seconds": round(time.monotonic() - begun, 1),
            }
        )
        sys.stderr.write(f"{rows[-1]}\n")
    sys.stdout.write(json.dumps(rows, indent=None if given.json else 2) + "\n")
    return 1 if any(row["people found"] for row in rows) else 0


if __name__ == "__main__":
    raise SystemExit(main())
