"""Respondents who see everything, simulations, the picture, and what words ask of people.

Proves: issue 3, the checker also writes; simulate. SAF-33.
"""

from __future__ import annotations

from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from harken.method import interview
from harken.method.interview import Status
from harken.method.questionnaire import Question, Value, read_questionnaire
from harken.method.questionnaire.proof import cover, draw, prove, simulate
from harken.method.questionnaire.wording.readability import reading_age, syllables
from harken.method.terms import Missing, Mode
from tests.make.instruments import make_instrument
from tests.make.questionnaire import AGREE, make_questionnaire, question, section

DEMO = Path(__file__).parents[3] / "studies" / "victims-review" / "questionnaire.yaml"
CHOICE = question("x")


def form_of(asked: Question, value: Value) -> dict[str, list[str]]:
    """An answer as a page would send it."""
    if isinstance(value, Missing):
        return {} if value is Missing.NO_ANSWER else {"value": [value.word]}
    if isinstance(value, tuple):
        return {"value": list(value)}
    if asked.type.value == "month":
        year, _, month = str(value).partition("-")
        return {"year": [year], "month": [month]}
    return {"value": [f"{value}"]}


@pytest.mark.parametrize("source", ["demo", "made"])
def test_the_cover_sees_everything_when_played_through_the_interview(
    source: str,
) -> None:
    text = DEMO.read_text("utf-8") if source == "demo" else make_instrument(30).text
    read = read_questionnaire(text)
    found = cover(read)
    assert found.unseen == frozenset()
    asked: set[str] = set()
    chosen: set[tuple[str, str]] = set()
    for one in found.respondents:
        held = interview.begin(
            read,
            mode=one.context.mode,
            arm=one.context.arm,
            language=one.context.language,
            started=one.context.today,
        )
        for name, value in one.answers.items():
            assert held.position == name
            page = read.question(name)
            held = interview.answer(read, held, name, form_of(page, value))
            asked.add(name)
            codes = value if isinstance(value, tuple) else (str(value),)
            chosen |= {(name, code) for code in codes if code in page.codes}
        assert held.position is None
        if held.status is Status.OPEN:
            interview.submit(read, held)
    assert asked == read.ids
    assert chosen == {(q.id, code) for q in read.questions for code in q.codes}
    assert len(found.respondents) <= 40


def test_the_cover_says_what_nobody_sees() -> None:
    never = question("y", if_="\"x == 'a' and x == 'b'\"")
    found = cover(make_questionnaire(AGREE, section(CHOICE, never)))
    assert ("asked", "y", "") in found.unseen
    assert ("option", "y", "a") in found.unseen
    assert ("asked", "x", "") in found.seen


def test_a_rare_branch_is_covered_by_the_solver() -> None:
    exact = question("n", "number", minimum="0", maximum="9999")
    deep = question("y", if_='"n * 3 == 7407"')
    found = cover(make_questionnaire(AGREE, section(exact, deep)))
    assert found.unseen == frozenset()


def test_a_simulation_counts_bases_and_is_the_same_for_a_seed() -> None:
    read = make_questionnaire(AGREE, section(CHOICE, question("y", if_="\"x == 'a'\"")))
    told: list[tuple[int, int]] = []
    found = simulate(read, 900, seed=3, report=lambda *now: told.append(now))
    assert told[0] == (0, 900)
    assert found == simulate(read, 900, seed=3)
    assert found != simulate(read, 900, seed=4)
    bases = {base.id: base for base in found.bases}
    assert bases["agree"].asked == 900
    assert 0 < bases["y"].asked < bases["x"].asked
    assert found.never == ()
    assert found.minutes[0] <= found.minutes[1] <= found.minutes[2]


def test_marginals_decide_what_is_answered() -> None:
    read = make_questionnaire(
        AGREE,
        section(
            CHOICE,
            question("n", "number", minimum="0", maximum="10"),
            question("s", "multiple"),
            question("y", if_="\"x == 'b' and n == 4 and has(s, 'c')\""),
            question("z", if_="refused(x)"),
        ),
    )
    given = {
        "agree": {"yes": 1.0},
        "x": {"b": 0.9, "prefer_not_to_say": 0.1},
        "n": {"4": 1.0},
        "s": {"a+c": 1.0},
    }
    found = simulate(read, 400, marginals=given)
    bases = {base.id: base.share for base in found.bases}
    assert bases["y"] == pytest.approx(0.9, abs=0.05)
    assert bases["z"] == pytest.approx(0.1, abs=0.05)
    nobody = simulate(read, 50, marginals={"agree": {"no": 1.0}})
    assert nobody.completed == 0
    assert set(nobody.never) == {"x", "n", "s", "y", "z"}


class _Marks(HTMLParser):
    """The tags of a picture, balanced or not."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: dict[str, int] = {}
        self.text = ""

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.open.append(tag)
        self.seen[tag] = self.seen.get(tag, 0) + 1

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        self.seen[tag] = self.seen.get(tag, 0) + 1

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_picture_shows_every_page_and_what_leads_to_it() -> None:
    read = read_questionnaire(DEMO.read_text("utf-8"))
    svg = draw(read, title="Tea & <cake>")
    marks = _Marks()
    marks.feed(svg)
    assert marks.open == []
    assert marks.seen["rect"] == len(read.questions) + 1
    assert "Tea & <cake>" in marks.text
    assert all(question.id[:26] in marks.text for question in read.questions)
    sources = {
        name
        for one in (*read.questions, *read.sections)
        for condition in [getattr(one, "own", None) or getattr(one, "condition", None)]
        if condition is not None
        for name in condition.names
        if name in read.ids
    }
    gates = {f"{section.id}_ok" for section in read.sections if section.sensitive}
    assert marks.seen["path"] == len(sources - gates)
    assert svg == draw(read, title="Tea & <cake>")


@pytest.mark.parametrize(
    ("word", "count"),
    [("police", 2), ("asked", 1), ("wanted", 2), ("people", 2), ("one", 1), ("the", 1),
     ("services", 3), ("responsibility", 6), ("times", 1)],
)  # fmt: skip
def test_syllables_are_counted_by_groups_of_vowels(word: str, count: int) -> None:
    assert syllables(word, "en") == count


def test_harder_words_ask_for_a_higher_age() -> None:
    easy = "Did the police tell you what they would do next? You can say yes or no."
    middle = (
        "Did the officer explain the stages of the investigation that would follow?"
    )
    hard = (
        "Notwithstanding any subsequent communication concerning administrative "
        "responsibilities, was the investigative procedure satisfactorily elucidated?"
    )
    ages = [reading_age(text + " It was so.", "en") for text in (easy, middle, hard)]
    assert all(age is not None for age in ages)
    assert all(one < other for one, other in pairwise(filter(None, ages)))
    assert reading_age("Too short.", "en") is None
    assert reading_age(easy, "fr") is None
    polish = "Czy policja powiedziała, co będzie dalej? Można odpowiedzieć tak albo nie wiem."
    assert (reading_age(polish, "pl") or 0) > 7


def test_a_hard_page_is_found_with_its_place() -> None:
    hard = (
        '"Notwithstanding any subsequent communication concerning administrative '
        "responsibilities, was the investigative procedure satisfactorily "
        'elucidated to you by the responsible authorities?"'
    )
    proof = prove(make_questionnaire(AGREE, section(question("y", text=hard))))
    (finding,) = proof.findings
    assert finding.fault.code == "QUE-221"
    assert finding.place is not None
    assert finding.place.line == 11
    assert prove(make_questionnaire(), reading_age=40).findings == ()


@pytest.mark.parametrize(
    ("spoken", "given_away"),
    [
        ("Which of them was it?", True),
        ("Which was it? Please tell me only the number.", False),
        ("Say the letter that fits.", False),
    ],
)
def test_an_answer_spoken_in_words_is_found(spoken: str, given_away: bool) -> None:
    page = question(
        "y",
        telephone=f'"{spoken}"',
        options="[{code: a, text: Burglary}, {code: b, text: Robbery}]",
    )
    proof = prove(make_questionnaire(AGREE, section(page)))
    codes = [finding.fault.code for finding in proof.findings]
    assert codes == (["QUE-220"] if given_away else [])
    web = prove(make_questionnaire(AGREE, section(page)), modes=[Mode.WEB])
    assert web.findings == ()


def test_two_options_that_read_the_same_are_found() -> None:
    page = question("y", options="[{code: a, text: Often}, {code: b, text: often }]")
    (finding,) = prove(make_questionnaire(AGREE, section(page))).findings
    assert (finding.fault.code, finding.detail["other"]) == ("QUE-215", "b")
