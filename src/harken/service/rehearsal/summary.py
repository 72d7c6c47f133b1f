"""What a rehearsal shows at its end: on the terminal, and as var/demo/summary.json."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from harken.method.terms import Arm
from harken.service import terminal
from harken.service.analysis import queries as analysis
from harken.service.contact import queries as contacts
from harken.service.redaction.crossing import Crossed
from harken.service.rehearsal.cast import CAST, PASSWORD
from harken.service.rehearsal.ending import Proof
from harken.service.rehearsal.live import Live
from harken.service.rehearsal.stopwatch import Stopwatch
from harken.service.sampling.load import LoadReport
from harken.service.study.models import Study

RATE = "RR1"


@dataclass(slots=True)
class Summary:
    """Facts in the order they came about; ``truths`` are the simulated ones."""

    truths: Mapping[str, float]
    people: dict[str, Any] = field(default_factory=dict)
    letters: dict[str, int] = field(default_factory=dict)
    interviews: dict[str, Any] = field(default_factory=dict)
    rates: dict[str, Any] = field(default_factory=dict)
    headlines: list[dict[str, Any]] = field(default_factory=list)
    coverage: dict[str, Any] = field(default_factory=dict)
    destruction: dict[str, Any] = field(default_factory=dict)
    visit: dict[str, Any] = field(default_factory=dict)
    release: str = ""
    seconds: dict[str, float] = field(default_factory=dict)

    def add_sample(self, report: LoadReport, issued: int) -> None:
        """What the force sent and what was left of it."""
        self.people = {
            "read": report.read,
            "loaded": report.loaded,
            "excluded": dict(sorted(report.excluded.items())),
            "findings": len(report.findings),
            "issued": issued,
        }

    def add_fieldwork(self, study: Study, collected: int) -> None:
        """Interviews and response rates, each with its formula's name."""
        self.interviews["collected"] = collected
        self.rates = {
            name: {"formula": rate.formula, "value": rate.value}
            for name, rate in contacts.rates(study).items()
        }

    def add_texts(self, crossed: Crossed) -> None:
        """What became of the free text that was read."""
        self.interviews["texts_coded"] = crossed.coded

    def add_results(self, study: Study, release: Path) -> None:
        """The headline figures beside the truths they estimate."""
        results = analysis.results(study.slug)
        self.interviews |= {
            name: count
            for name, count in results.facts.items()
            if name.startswith("interviews_")
        }
        self.release = str(release)
        for name in results.headlines:
            found = results.overall(name)
            opened = results.overall(name, Arm.OPEN)
            estimate = found.estimate if found else None
            other = opened.estimate if opened else None
            self.headlines.append(
                {
                    "indicator": name,
                    "title": results.measure(name).title,
                    "truth": self.truths[name],
                    "estimate": estimate.value if estimate else None,
                    "low": estimate.low if estimate else None,
                    "high": estimate.high if estimate else None,
                    "base": estimate.base if estimate else None,
                    "open_arm": other.value if other else None,
                }
            )
        held = results.coverage(self.truths)
        self.coverage = {"intervals": len(held), "hold": sum(held.values())}

    def add_proof(self, proof: Proof, reachable: tuple[int, int]) -> None:
        """What was destroyed, what was kept, and what shows it."""
        can, agreed = reachable
        self.destruction = {
            **asdict(proof),
            "verified": True,
            "agreed_to_recontact": agreed,
            "can_be_contacted": can,
        }

    def add_live(self, live: Live, address: str) -> None:
        """Where a visitor can go, with which accounts and codes."""
        self.visit = {
            "respondents": f"http://{address}/start",
            "staff": f"http://{address}/staff/",
            "results": f"http://{address}/results/",
            "study": live.study.slug,
            "codes": list(live.codes),
            "letters": live.letters,
            "password": PASSWORD,
            "accounts": {
                member.username: {"role": member.role.value, "totp": member.secret}
                for member in CAST
            },
        }

    def add_steps(self, watch: Stopwatch) -> None:
        """How long each step took."""
        self.seconds = {**watch.steps, "total": watch.total}

    def write(self, path: Path) -> None:
        """The summary as JSON. It holds no person: counts, figures, demo accounts."""
        body = asdict(self)
        body["truths"] = dict(sorted(self.truths.items()))
        text = json.dumps(body, indent=2, ensure_ascii=False)
        path.write_text(text + "\n", encoding="utf-8")

    def show(self) -> None:
        """The summary for a person at a terminal."""
        self._show_people()
        terminal.say()
        terminal.table(
            (
                "headline figure",
                "truth",
                "estimate",
                "95 % interval",
                "base",
                "open arm",
            ),
            [_figures(row) for row in self.headlines],
        )
        held, all_of_them = self.coverage["hold"], self.coverage["intervals"]
        terminal.say(f"{held} of {all_of_them} intervals hold their simulated truth.")
        terminal.say("The open arm chose itself; it is shown apart and never pooled.")
        self._show_destruction()
        self._show_visit()

    def _show_people(self) -> None:
        people, found = self.people, self.interviews
        terminal.say()
        left_out = sum(people["excluded"].values())
        terminal.table(
            ("the review", "people"),
            [
                ("in the force's file", people["read"]),
                ("loaded and sealed", people["loaded"]),
                ("left out", left_out),
                *((f"   {name}", n) for name, n in people["excluded"].items()),
                ("issued", people["issued"]),
                *((f"letters: {kind}", n) for kind, n in self.letters.items()),
                *((name.replace("_", " "), n) for name, n in found.items()),
            ],
        )
        rate = self.rates[RATE]
        terminal.say(f"Response rate ({RATE}, {rate['formula']}): {rate['value']:.1%}")

    def _show_destruction(self) -> None:
        told = self.destruction
        terminal.say()
        terminal.table(
            ("the promise", ""),
            [
                ("people destroyed", told["destroyed"]),
                ("withdrawn before", told["withdrawn"]),
                ("kept for recontact, contact only", told["recontact"]),
                ("of these, can still be contacted", told["can_be_contacted"]),
                ("texts searched for", told["needles"]),
                ("files searched", told["files"]),
                ("found", told["found"]),
            ],
        )
        terminal.say(f"Certificate ({told['stage']}): verified. {told['certificate']}")
        terminal.say("Tables and release made again afterwards: identical.")

    def _show_visit(self) -> None:
        visit = self.visit
        terminal.say()
        terminal.say(f"Respondents  {visit['respondents']}")
        terminal.say(f"   codes     {'  '.join(visit['codes'])}")
        terminal.say(f"Staff desk   {visit['staff']}   password: {visit['password']}")
        rows = [
            (name, account["role"], account["totp"])
            for name, account in visit["accounts"].items()
        ]
        terminal.table(("account", "role", "second factor's secret (TOTP)"), rows)
        terminal.say("Current second-factor numbers: harken demo --codes")
        terminal.say(f"Results      {visit['results']}")
        terminal.say(f"Took {self.seconds['total']:.0f} seconds.")


def _figures(row: Mapping[str, Any]) -> tuple[str, ...]:
    title = f"{row['indicator']} {row['title']}"
    if row["estimate"] is None:
        return (title, f"{row['truth']:.1%}", "hidden", "", "", "")
    opened = row["open_arm"]
    return (
        title,
        f"{row['truth']:.1%}",
        f"{row['estimate']:.1%}",
        f"{row['low']:.1%} to {row['high']:.1%}",
        str(row["base"]),
        f"{opened:.1%}" if opened is not None else "",
    )
