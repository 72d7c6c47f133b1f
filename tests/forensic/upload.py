"""Uploads one large sample file through the page that takes it, as a program of its own.

``python -m tests.forensic.upload ROOT MEGABYTES`` works in ROOT/data and ROOT/temp and
writes ROOT/markers.json: a hundred people of the file are made of markers, spread over
all of it. The kernel is asked (inotify) for every name ever made in the temporary
folder; they are written to ROOT/made.json.
"""

from __future__ import annotations

import ctypes
import io
import json
import os
import struct
import sys
from pathlib import Path

import django

from tests.forensic.drive import needles, person

MADE, MOVED_HERE = 0x100, 0x80
EVENT = struct.Struct("iIII")
MARKED = 100
LONG = 195
"""Letters in each of the free columns: a longer field is refused."""


class Watch:
    """Names made in a folder, as the kernel saw them."""

    def __init__(self, folder: Path) -> None:
        self._library = ctypes.CDLL(None, use_errno=True)
        self._handle = self._library.inotify_init1(os.O_NONBLOCK)
        path = os.fsencode(folder)
        if self._library.inotify_add_watch(self._handle, path, MADE | MOVED_HERE) < 0:
            raise OSError(ctypes.get_errno(), "no watch")

    def names(self) -> list[str]:
        """Every name since the watch began, or since this was asked last."""
        try:
            data = os.read(self._handle, 1 << 20)
        except BlockingIOError:
            return []
        found, at = [], 0
        while at < len(data):
            *_, length = EVENT.unpack_from(data, at)
            at += EVENT.size
            found.append(data[at : at + length].rstrip(b"\0").decode())
            at += length
        return found


def sample(megabytes: int, people: list[dict[str, str]]) -> bytes:
    """A file of this size; the marked stand at equal distances."""
    from tests.make.sampling import make_csv, make_values

    def row(number: int, **changes: str) -> dict[str, str]:
        filler = ("Sallowmere Rise " * 13)[:LONG].strip()
        return make_values(number, address_line_2=filler, town=filler, **changes)

    one = len(make_csv([row(1)])) - len(make_csv([]))
    size = megabytes * 1_000_000 // one + MARKED
    step = size // MARKED
    return make_csv(
        row(n, **(people[n // step] if n % step == 0 and n // step < MARKED else {}))
        for n in range(1, size + 1)
    )


def main(root: Path, megabytes: int) -> None:
    """Make a house and a study, upload, and say what was seen."""
    django.setup()
    from django.test import Client

    from harken.method.terms import Role
    from harken.service import serve
    from harken.service.sampling.models import Case
    from tests.make.accounts import sign_in
    from tests.make.sampling import make_sampled_study

    serve.make()
    people = [person(number) for number in range(MARKED)]
    said = {"people": needles(people), "words": []}
    (root / "markers.json").write_text(json.dumps(said), encoding="utf-8")
    study = make_sampled_study()
    data = sample(megabytes, people)
    watch = Watch(Path(os.environ["TMPDIR"]))
    (Path(os.environ["TMPDIR"]) / "seen").touch()
    client = Client()
    sign_in(client, Role.MANAGER)
    file = io.BytesIO(data)
    file.name = "sample.csv"
    answer = client.post(f"/field/samples/{study.slug}/load", {"sample": file})
    if answer.status_code != 302:
        raise RuntimeError(f"the file was not taken: {answer.status_code}")
    made = watch.names()
    told = {"bytes": len(data), "made": made, "cases": Case.objects.count()}
    (root / "made.json").write_text(json.dumps(told), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
