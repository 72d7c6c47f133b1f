"""Cuts the statistical oracle down to what the tests read; run it when the oracle grows.

    python tests/golden/extract.py ORACLE_FOLDER

The oracle was written by ``make_oracle.R`` with the R package ``survey`` 4.5.
Every number is copied with all its digits; nothing is computed here.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
API = ("stype", "sch.wide", "comp.imp", "api00", "meals", "enroll", "api.stu", "pw")
BASIC = (
    "degf",
    "mean",
    "mean_deff_replace",
    "prop",
    "total",
    "ratio",
    "ciprop_compimp",
    "ciprop_H",
    "by_stype_mean",
    "subset_mean",
)
SURVEY = ("borough", "offence", "stratum", "age", "sex", "eth", "mode")
ANSWERS = ("informed", "days", "vps")


def main(oracle: Path) -> None:
    """Write every cut file beside this script."""
    for name, extra in (
        ("apistrat", ("fpc",)),
        ("apiclus1", ("dnum", "fpc")),
        ("apiclus2", ("dnum", "snum", "fpc1", "fpc2")),
        ("apistrat_lonely", ()),
    ):
        _columns(oracle / f"{name}.csv", HERE / f"{name}.csv", (*API, *extra))
    basic = _read(oracle / "api_basic.json")
    designs = {
        name: {key: design[key] for key in BASIC if key in design}
        for name, design in basic["designs"].items()
    }
    _write("api_basic.json", {"version": basic["version"], "designs": designs})
    cal = _read(oracle / "calibration.json")
    cases = {"population": cal["cases"]["population"], "trim": cal["cases"]["trim"]}
    for design in ("apistrat", "apiclus1", "apiclus1_nofpc"):
        cases[design] = {
            key: cal["cases"][design][key]
            for key in ("postStratify_stype", "raking_margins", "rake_stype_schwide")
        }
    _write("calibration.json", {"version": cal["version"], "cases": cases})
    lonely = _read(oracle / "nhanes_lonely.json")
    _write("lonely.json", {"version": lonely["version"], "lonely": lonely["lonely"]})
    _synthetic(oracle)


def _synthetic(oracle: Path) -> None:
    full = _read(oracle / "synthetic.json")
    with (oracle / "synthetic_wave1.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["resp"] == "1"]
    with (HERE / "synthetic.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow((*SURVEY, *ANSWERS, "class_weight", "raked_weight"))
        weights = zip(
            rows,
            full["weights"]["class"],
            full["cal_weights"]["raking_newton"],
            strict=True,
        )
        for row, start, raked in weights:
            writer.writerow(
                [row[name] for name in (*SURVEY, *ANSWERS)] + [repr(start), repr(raked)]
            )
    keep = ("degf", "informed", "days", "by_borough", "by_off_mode", "vps_applicable")
    _write(
        "synthetic.json",
        {
            "version": full["version"],
            "population": full["population"],
            "kish": full["kish"],
            "letters": {key: full["letters"][key] for key in ("pairs", "bh")},
            "est": {
                name: {key: full["est"][name][key] for key in keep}
                for name in ("class_weights", "raked", "raked_newton")
            },
        },
    )


def _columns(source: Path, target: Path, names: Sequence[str]) -> None:
    with source.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(names)
        writer.writerows([row[name] for name in names] for row in rows)


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _write(name: str, value: Mapping[str, object]) -> None:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"))
    (HERE / name).write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
