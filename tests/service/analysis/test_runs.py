"""A run is kept whole or not at all, and shown as it was kept. Proves: SAF-53, QA-05."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from harken.cli import main
from harken.method.compliance import Results
from harken.method.errors import HarkenError
from harken.method.terms import Role
from harken.service.analysis import actions, queries, tables
from harken.service.analysis.models import AnalysisRun
from harken.service.ledger.models import Entry
from tests.make.accounts import sign_in
from tests.make.analysis import ANALYST, AT, PLAN, Shape, make_analysed_study
from tests.make.study import MANAGER, make_study

pytestmark = pytest.mark.django_db(databases=["default", "answers"])

SMALL = Shape(sample=150, opened=30)


def make_run(shape: Shape = SMALL, *, plan: str = PLAN) -> AnalysisRun:
    study = make_analysed_study(shape, plan=plan)
    return actions.run(study.slug, by=ANALYST, at=AT)


def test_a_run_is_kept_with_its_digest_and_one_ledger_entry() -> None:
    run = make_run()
    results = queries.results("trial")
    assert results.to_json() == run.results
    assert run.responses == 180
    assert run.hidden == sum(item.estimate is None for item in results.indicators)
    entry = Entry.objects.get(event="analysis_run")
    assert entry.subject == run.digest
    counts = {"responses": 180, "figures": run.figures, "hidden": run.hidden}
    assert json.loads(entry.body)["counts"] == counts


def test_the_same_responses_give_the_same_digest() -> None:
    first = make_run()
    again = actions.run("trial", by=ANALYST, at=AT)
    assert again.digest == first.digest
    assert queries.run_of("trial").pk == again.pk
    assert queries.run_of("trial", first.pk).pk == first.pk


def test_another_plan_may_be_given_for_one_run() -> None:
    make_analysed_study(SMALL)
    plan = PLAN.replace("headlines: [I01]", "headlines: [I08]")
    run = actions.run("trial", {"analysis.yaml": plan}, by=ANALYST, at=AT)
    assert queries.results_of(run).headlines == ("I08",)


def test_both_arms_together_is_logged() -> None:
    make_run(plan=PLAN + "combined: {reason: The board asked., owner: J. Smith}\n")
    assert queries.results("trial").pooled
    entry = Entry.objects.get(event="analysis_run")
    assert "both arms" in json.loads(entry.body)["reason"]


def test_only_those_who_analyse_may_run_it() -> None:
    make_analysed_study(SMALL)
    with pytest.raises(HarkenError, match="ACC-001"):
        actions.run("trial", by=MANAGER, at=AT)


def test_a_wrong_plan_keeps_nothing() -> None:
    make_analysed_study(SMALL, plan=PLAN.replace("[area]", "[aera]"))
    with pytest.raises(HarkenError, match="CMP-012"):
        actions.run("trial", by=ANALYST, at=AT)
    assert not AnalysisRun.objects.exists()
    assert not Entry.objects.filter(event="analysis_run").exists()


def test_a_study_without_responses_is_refused() -> None:
    make_analysed_study(Shape(sample=0, opened=0))
    with pytest.raises(HarkenError, match="ANA-003"):
        actions.run("trial", by=ANALYST, at=AT)


def test_a_study_not_yet_analysed_says_how() -> None:
    make_study()
    with pytest.raises(HarkenError, match="harken analysis run trial"):
        queries.results("trial")
    with pytest.raises(HarkenError, match="ANA-004"):
        queries.run_of("trial", 77)


def test_files_for_staff_hold_no_hidden_number() -> None:
    results = queries.results_of(make_run())
    rows = list(csv.DictReader(io.StringIO(tables.indicators_csv(results))))
    hidden = [row for row in rows if row["suppression"] != "none"]
    assert len(rows) == len(results.indicators)
    assert hidden
    assert all(not row[name] for row in hidden for name in tables.FIGURE)
    cards = list(csv.DictReader(io.StringIO(tables.scorecard_csv(results))))
    assert {row["state"] for row in cards} >= {"not_measured"}


def test_a_statistician_reads_runs_weights_indicators_and_scorecard(
    client: Client,
) -> None:
    sign_in(client, Role.STATISTICIAN)
    run = make_run()
    page = client.get(reverse("analysis:runs"))
    assert f"Run {run.pk}".encode() in page.content
    report = client.get(reverse("analysis:report", args=["trial", run.pk]))
    assert b"Effective base" in report.content
    assert b"crime_group" in report.content
    table = client.get(
        reverse("analysis:indicators", args=["trial", run.pk]),
        {"breakdown": "ethnic", "arm": "sample"},
    )
    assert b"[c]" in table.content
    assert b"not_stated" in table.content
    none = client.get(
        reverse("analysis:indicators", args=["trial", run.pk]), {"indicator": "I99"}
    )
    assert b"No figure fits this choice" in none.content
    card = client.get(reverse("analysis:scorecard", args=["trial", run.pk]))
    assert b"cannot be told by victims" in card.content


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("json", "application/json"),
        ("indicators_csv", "text/csv"),
        ("scorecard_csv", "text/csv"),
    ],
)
def test_downloads_are_files(client: Client, name: str, kind: str) -> None:
    sign_in(client, Role.STATISTICIAN)
    run = make_run()
    answer = client.get(reverse(f"analysis:{name}", args=["trial", run.pk]))
    assert answer["Content-Type"].startswith(kind)
    assert answer["Content-Disposition"].startswith("attachment")


def test_the_page_runs_the_analysis_and_shows_what_stands_against_it(
    client: Client,
) -> None:
    sign_in(client, Role.STATISTICIAN)
    empty = client.get(reverse("analysis:runs"))
    assert b"There is no study yet" in empty.content
    make_analysed_study(SMALL)
    assert b"Not analysed yet" in client.get(reverse("analysis:runs")).content
    done = client.post(reverse("analysis:run", args=["trial"]))
    assert done.status_code == 302
    make_analysed_study(
        Shape(sample=20, opened=0, seed=2),
        slug="other",
        plan=PLAN.replace("[area]", "[aera]"),
    )
    refused = client.post(reverse("analysis:run", args=["other"]))
    assert refused.status_code == 400
    assert b"CMP-012" in refused.content
    assert b"Did you mean area?" in refused.content


def test_a_manager_may_not_open_the_desk(client: Client) -> None:
    sign_in(client, Role.MANAGER)
    assert client.get(reverse("analysis:runs")).status_code == 403


def test_a_run_of_another_study_is_not_found(client: Client) -> None:
    sign_in(client, Role.STATISTICIAN)
    run = make_run()
    answer = client.get(reverse("analysis:report", args=["other", run.pk]))
    assert answer.status_code == 404


Said = Callable[[], tuple[str, str]]


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Said:
    def read() -> tuple[str, str]:
        out, err = capsys.readouterr()
        return out, err

    return read


def test_commands_run_list_and_show(said: Said, tmp_path: Path) -> None:
    assert main(["analysis", "list"]) == 0
    assert "No study has been analysed yet" in said()[0]
    make_analysed_study(SMALL)
    assert main(["analysis", "run", "trial"]) == 0
    assert "180 responses" in said()[0]
    for verb, word in (
        ("list", "180"),
        ("show", "rate_RR1"),
        ("weights", "effective base"),
        ("scorecard", "not_measured"),
    ):
        args = [verb] if verb == "list" else [verb, "trial"]
        assert main(["analysis", *args]) == 0
        assert word in said()[0]
    assert main(["analysis", "indicators", "trial", "--by", "mode"]) == 0
    assert "telephone" in said()[0].lower()
    for verb in ("indicators", "scorecard"):
        path = tmp_path / f"{verb}.csv"
        assert main(["analysis", verb, "trial", "--csv", str(path)]) == 0
        assert path.read_text(encoding="utf-8").count("\n") > 3


def test_a_plan_given_to_the_command_is_used(said: Said, tmp_path: Path) -> None:
    make_analysed_study(SMALL)
    path = tmp_path / "other.yaml"
    path.write_text(PLAN.replace("headlines: [I01]", "headlines: [I08]"))
    assert main(["analysis", "run", "trial", "--plan", str(path)]) == 0
    assert "Offered" in said()[0]
    assert main(["analysis", "run", "trial", "--plan", str(tmp_path / "no")]) == 3


def test_a_study_with_only_the_open_arm_has_no_weights(said: Said) -> None:
    make_run(Shape(sample=0, opened=40))
    assert main(["analysis", "weights", "trial"]) == 0
    assert "nothing was weighted" in said()[0]


def test_results_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    make_run()
    first = queries.results("trial")
    monkeypatch.setattr(Results, "from_json", None)
    assert queries.results("trial") is first
