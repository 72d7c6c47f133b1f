"""The manual's list of indicators is the demo study's plan. Proves: FACTS 2.2."""

from __future__ import annotations

from pathlib import Path

from harken.method.compliance import Indicator, read_code, read_plan
from harken.method.questionnaire import read_questionnaire
from harken.method.study import read_folder

ROOT = Path(__file__).resolve().parents[3]
STUDY = ROOT / "studies" / "victims-review"
HEAD = """\
# The indicators of the demo study

Each indicator is a share: of the people in its base, those with the positive answer.
*Kept in the base* are the kinds of no answer that count as not positive; the others leave
the base. An indicator with a letter is a part of the one without. Targets stand where
they differ from the plan's default. How to write one: [the analysis plan](analysis-plan.md).

| id | indicator | agency | base | positive | kept in the base | entitlements | target |
|---|---|---|---|---|---|---|---|
"""


def page() -> str:
    """The page docs/reference/indicators.md as the plan has it."""
    texts = {
        path.relative_to(STUDY).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(STUDY.rglob("*"))
        if path.suffix in {".yaml", ".csv", ".md"}
    }
    charter = read_folder(texts).charter
    path = f"code/{charter.code_edition}.yaml"
    plan = read_plan(
        texts["analysis.yaml"],
        read_questionnaire(texts["questionnaire.yaml"], translations={}),
        charter.sampling.design_variables,
        edition=read_code(texts[path], path),
    )
    lines = [HEAD.rstrip("\n")]
    stage = ""
    for one in plan.indicators:
        if one.stage != stage:
            stage = one.stage
            lines.append(f"| | **{stage}** | | | | | | |")
        lines.append(row(one))
    return "\n".join(lines) + "\n"


def row(one: Indicator) -> str:
    target = "" if one.target == 0.5 else f"{one.target:g}"
    kept = ", ".join(kind.word.replace("_", " ") for kind in one.in_base)
    duties = ", ".join(one.entitlements)
    cells = (
        one.id,
        one.title,
        one.agency,
        f"`{one.base}`",
        f"`{one.positive}`",
        kept,
        duties,
        target,
    )
    return "| " + " | ".join(cells) + " |"


def test_the_list_of_indicators_is_the_plans() -> None:
    written = ROOT / "docs" / "reference" / "indicators.md"
    assert written.read_text(encoding="utf-8") == page()


def test_the_frame_of_forty_indicators_is_whole() -> None:
    text = page()
    for number in range(1, 41):
        assert f"| I{number:02} |" in text
