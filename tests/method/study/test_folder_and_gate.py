"""A study folder as a whole, and its launch gate. Proves: SAF-50, SAF-34, SAF-44, SAF-05."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harken.method.errors import Finding, HarkenError, Place
from harken.method.questionnaire import check
from harken.method.study import Folder, gate, read_folder, text_of
from harken.method.terms import Language
from tests.make.questionnaire import AGREE, make_questionnaire
from tests.make.study import CHARTER, SUPPORT, make_charter, make_files, make_folder

OPENING = dt.date(2026, 2, 2)


def at_gate(
    files: dict[str, str],
    *,
    today: dt.date = OPENING,
    instrument: tuple[Finding, ...] = (),
) -> list[str]:
    found = gate(read_folder(files), today=today, instrument=instrument)
    return [finding.fault.code for finding in found]


def without(*names: str) -> dict[str, str]:
    return {name: text for name, text in make_files().items() if name not in names}


def codes_in(files: dict[str, str]) -> list[str]:
    with pytest.raises(HarkenError) as caught:
        read_folder(files)
    return [finding.fault.code for finding in caught.value.findings]


def test_a_folder_keeps_its_texts_and_has_a_digest() -> None:
    folder = make_folder()
    assert folder.files == make_files()
    assert folder.digest == make_folder().digest
    others = {
        make_folder(shift_days=1).digest,
        make_folder(support=SUPPORT + "# a remark\n").digest,
        folder.digest,
    }
    assert len(others) == 3


def test_a_folder_without_its_two_pillars_is_refused() -> None:
    assert codes_in({}) == ["STU-001", "STU-001"]
    assert codes_in(without("support.yaml")) == ["STU-001"]


def test_empty_giant_and_unknown_files_are_found() -> None:
    assert codes_in(make_files() | {"questionnaire.yaml": " \n"}) == ["STU-003"]
    assert codes_in(make_files() | {"study.yaml": ""}) == ["STU-003"]
    assert codes_in(make_files() | {"population.csv": "x" * 5_000_001}) == ["STU-004"]
    assert codes_in(make_files() | {"support.yaml": "x" * 5_000_001}) == ["STU-004"]
    folder = read_folder(make_files() | {"questionaire.yaml": "x", "notes.txt": ""})
    assert [str(finding.place) for finding in folder.warnings] == [
        "notes.txt",
        "questionaire.yaml",
    ]
    assert folder.warnings[1].suggestion == "questionnaire.yaml"


def test_unreadable_support_is_a_finding() -> None:
    assert codes_in(make_files(support="services: [")) == ["SRC-001"]
    assert codes_in(make_files(support="services: no")) == ["SRC-005"]
    wrong = SUPPORT.replace("in: {pl:", "in: {Polish:")
    assert codes_in(make_files(support=wrong)) == ["STU-006"]


def test_the_help_list_speaks_the_respondents_language() -> None:
    folder = make_folder()
    (polish,) = folder.help_in(Language("pl"))
    assert polish.need == "Grozi Ci niebezpieczeństwo"
    assert polish.name == "Emergency services"
    assert folder.help_in(Language("cy")) == folder.help_list


def test_a_text_falls_back_on_the_source_language() -> None:
    files = make_files() | {"messages/safety.pl.md": "Bezpieczeństwo\n"}
    folder = read_folder(files)
    assert text_of(folder, "messages/safety", Language("pl")) == "Bezpieczeństwo\n"
    assert "consent" in text_of(folder, "messages/consent", Language("pl"))
    with pytest.raises(HarkenError) as caught:
        text_of(folder, "messages/none", Language("pl"))
    assert caught.value.findings[0].fault.code == "STU-001"


def test_translations_are_those_of_the_charters_languages() -> None:
    files = make_files(study=make_charter(languages="[en, pl, cy]"))
    files |= {"translations/pl.yaml": "a", "translations/fr.yaml": "b"}
    assert read_folder(files).translations() == {"pl": "a"}


def test_a_study_may_be_read_under_another_name() -> None:
    assert read_folder(make_files(), name="again").charter.id == "again"
    with pytest.raises(HarkenError):
        read_folder(make_files(), name="Not so")


def test_a_complete_study_passes_the_gate() -> None:
    assert at_gate(make_files()) == []


MISSING = [
    ("messages/privacy-notice.en.md", "STU-025"),
    ("messages/privacy-notice-open.en.md", "STU-025"),
    ("messages/sponsor.en.md", "STU-025"),
    ("letters/invitation.en.md", "STU-025"),
    ("questionnaire.yaml", "STU-026"),
    ("analysis.yaml", "STU-026"),
    ("population.csv", "STU-026"),
    ("code/code-2015.yaml", "STU-026"),
]


@pytest.mark.parametrize(("name", "code"), MISSING)
def test_the_gate_names_each_missing_file(name: str, code: str) -> None:
    assert at_gate(without(name)) == [code]


@pytest.mark.parametrize(
    "kind",
    [
        "ethics",
        "dpia",
        "contract",
        "privacy_notice",
        "safeguarding_lead",
        "distress_protocol",
    ],
)
def test_the_gate_asks_for_each_reference_with_its_date(kind: str) -> None:
    lines = [line for line in CHARTER.splitlines() if f"  {kind}:" not in line]
    assert at_gate(make_files(study="\n".join(lines))) == ["STU-020"]
    ahead = make_charter(**{kind: "{value: Later, date: 2026-03-01}"})
    assert at_gate(make_files(study=ahead)) == ["STU-021"]


def test_every_text_is_asked_for_in_every_language() -> None:
    files = make_files(study=make_charter(languages="[en, pl]"))
    assert at_gate(files) == ["STU-025"] * 9


def test_texts_of_an_arm_that_is_not_used_are_not_asked_for() -> None:
    names = ("letters/invitation", "letters/reminder", "messages/privacy-notice")
    files = without(*(f"{name}.en.md" for name in names))
    files["study.yaml"] = make_charter(arms="[open]")
    assert at_gate(files) == []
    files = without("messages/privacy-notice-open.en.md")
    files["study.yaml"] = make_charter(arms="[sample]")
    assert at_gate(files) == []


HELP = [
    ("services: []\n", ["STU-022"]),
    (SUPPORT.replace("2026-12-31", "2026-01-31"), ["STU-023"]),
    (SUPPORT.replace('"999"', "0808 157 0111"), ["STU-024"]),
]


@pytest.mark.parametrize(("support", "codes"), HELP)
def test_the_help_list_is_there_and_in_date(support: str, codes: list[str]) -> None:
    assert at_gate(make_files(support=support)) == codes


DAYS = [
    (dt.date(2026, 2, 1), ["STU-029"]),
    (dt.date(2026, 4, 30), []),
    (dt.date(2026, 5, 1), ["STU-027"]),
    (dt.date(2026, 10, 1), ["STU-028", "STU-027"]),
]


@pytest.mark.parametrize(("today", "codes"), DAYS)
def test_the_gate_knows_the_calendar(today: dt.date, codes: list[str]) -> None:
    assert at_gate(make_files(), today=today) == codes


def test_keeping_identities_long_is_pointed_out() -> None:
    late = make_charter(
        destroy_by="2027-09-30", recontact_until="2028-09-30", publish="2026-07-15"
    )
    assert at_gate(make_files(study=late)) == ["STU-031"]


@pytest.mark.parametrize("title", ["Victims Survey", "Crime and You", "Police Review"])
def test_a_title_that_reveals_the_subject_is_not_neutral(title: str) -> None:
    assert at_gate(make_files(study=make_charter(neutral_title=title))) == ["STU-030"]


def test_the_instruments_findings_and_the_folders_warnings_count_too() -> None:
    instrument = check(make_questionnaire(AGREE))
    files = make_files() | {"notes.txt": "x"}
    assert at_gate(files, instrument=instrument) == ["STU-002", "QUE-040"]


def whole(files: dict[str, str]) -> Folder | None:
    try:
        folder = read_folder(files)
    except HarkenError as error:
        str(error)
        return None
    for finding in gate(folder, today=OPENING, instrument=()):
        assert isinstance(finding.place, Place)
        assert str(finding)
    folder.charter.policy()
    return folder


@settings(max_examples=200)
@given(st.text(max_size=100), st.text(max_size=100), st.text(max_size=12))
def test_any_texts_are_a_folder_or_findings(one: str, two: str, name: str) -> None:
    whole({"study.yaml": one, "support.yaml": two, name: one})


@settings(max_examples=400)
@given(st.data())
def test_a_damaged_folder_is_read_or_findings(data: st.DataObject) -> None:
    files = make_files()
    name = data.draw(st.sampled_from(["study.yaml", "support.yaml"]))
    text = files[name]
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 30)))
    damage = data.draw(
        st.one_of(
            st.text(max_size=15),
            st.text(alphabet="0123456789-:[]{}, \n'\"", max_size=15),
        )
    )
    files[name] = text[:start] + damage + text[end:]
    whole(files)
