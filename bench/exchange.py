"""How many forms of others are taken in, how much of them, and how fast.

``script/bench exchange [FOLDER] [--quick] [--json]``: the forms kept with the tests, or
every workbook, schema and survey below a folder.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import warnings
from pathlib import Path

from harken.method.errors import HarkenError
from harken.method.questionnaire.exchange import Carriage, counted, import_file

KEPT = Path(__file__).parents[1] / "tests/method/questionnaire/exchange/forms"
ENDINGS = {".xlsx", ".xls", ".json", ".lss"}
QUICK = 20


def measured(paths: list[Path]) -> dict[str, object]:
    """Counts over these files, and the seconds they took."""
    made = dict.fromkeys(("taken in", "without loss", "refused", "crashed"), 0)
    begun = time.perf_counter()
    slowest = 0.0
    for path in paths:
        start = time.perf_counter()
        try:
            found = import_file(path.read_bytes(), path.name)
        except HarkenError:
            made["refused"] += 1
        except Exception:  # noqa: BLE001 - a crash is what is counted here
            made["crashed"] += 1
        else:
            made["taken in"] += 1
            made["without loss"] += not counted(found.findings)[Carriage.LOST]
        slowest = max(slowest, time.perf_counter() - start)
    seconds = round(time.perf_counter() - begun, 2)
    return {
        "files": len(paths),
        **made,
        "seconds": seconds,
        "slowest": round(slowest, 2),
    }


def main() -> None:
    """Measure and say so."""
    parser = argparse.ArgumentParser(prog="script/bench exchange", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=KEPT)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    warnings.simplefilter("ignore")
    paths = sorted(p for p in args.folder.rglob("*") if p.suffix.lower() in ENDINGS)
    figures = measured(paths[:QUICK] if args.quick else paths)
    if args.json:
        sys.stdout.write(json.dumps(figures) + "\n")
    else:
        for key, value in figures.items():
            sys.stdout.write(f"{key}: {value}\n")


if __name__ == "__main__":
    main()
