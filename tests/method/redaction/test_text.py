"""A redaction takes out and adds nothing, and says what is still there: PRV 41 and 42 in part."""

from __future__ import annotations

import pytest

from harken.method.errors import HarkenError
from harken.method.redaction import (
    Known,
    check_redaction,
    mark,
    propose,
    read_frames,
    tidy,
)
from harken.method.redaction.text import check_true

TEXT = "My brother Dave rang 07700 900123.\nNobody came to Tidemouth."
FRAMES = """\
frames:
  words:
    codes:
      - {code: slow, text: Too slow}
      - {code: other, text: Something else}
"""


def code_of(error: pytest.ExceptionInfo[HarkenError]) -> str:
    return error.value.findings[0].fault.code


def test_the_proposal_is_a_true_redaction() -> None:
    marks = mark(TEXT)
    words = propose(TEXT, marks)
    assert words == "My brother [name] rang [phone].\nNobody came to [place]."
    assert check_redaction(TEXT, words.replace("\n", "\r\n"), marks) == words


@pytest.mark.parametrize(
    "words",
    [
        "My sister [name] rang [phone].\nNobody came to [place].",
        "My brother [name] never rang [phone].\nNobody came to [place].",
        "My brother [name].\nNobody came to [place]. Truly.",
        "Everything was good.",
        "My brother Dave rang",
        "[name] rang 07700 900123.\n[name] Nobody [name] rang [name].",
        "[name] to Tidemouth.[name] to Tidemouth.",
    ],
)
def test_words_that_were_not_written_are_refused(words: str) -> None:
    with pytest.raises(HarkenError) as error:
        check_true(TEXT, words)
    assert code_of(error) == "RED-001"


def test_a_whole_text_may_stay_and_one_may_begin_and_end_with_a_placeholder() -> None:
    check_true("They were kind.", "They were kind.")
    check_true("Dave was kind to Jo", "[name] was kind to [name]")


def test_nothing_is_no_text() -> None:
    for words in ("", "  ", "[name] [place]"):
        with pytest.raises(HarkenError) as error:
            check_true(TEXT, words)
        assert code_of(error) == "RED-005"


def test_what_a_pattern_says_may_stay_only_when_somebody_looked() -> None:
    marks = mark(TEXT)
    words = "My brother [name] rang 07700 900123.\nNobody came to Tidemouth."
    with pytest.raises(HarkenError) as error:
        check_redaction(TEXT, words, marks)
    assert code_of(error) == "RED-002"
    assert "900123" not in str(error.value)
    assert check_redaction(TEXT, words, marks, looked=True) == words
    # A capital or a listed name is a guess: the reader's word is enough.
    kept = "My brother Dave rang [phone].\nNobody came to Tidemouth."
    assert check_redaction(TEXT, kept, marks) == kept


def test_what_is_known_of_the_writer_may_not_stay_either() -> None:
    text = "They called me Grace in there, and grace was lacking."
    marks = mark(text, Known(names=("Grace",)))
    with pytest.raises(HarkenError) as error:
        check_redaction(
            text, "They called me [name] in there, and grace was lacking.", marks
        )
    assert code_of(error) == "RED-002"
    kept = "They called me [name] in there, and [other] was lacking."
    assert check_redaction(text, kept, marks) == kept


def test_ends_of_lines_and_edges_are_made_alike() -> None:
    assert tidy(" a\r\nb\rc \n") == "a\nb\nc"


def test_a_frame_is_read_and_sorts_codes_in_its_order() -> None:
    frame = read_frames(FRAMES, ["words"])["words"]
    assert [one.label for one in frame.codes] == ["Too slow", "Something else"]
    assert not frame.keep_words
    assert frame.chosen(["other", "slow", "gone"]) == ("slow", "other")
    with pytest.raises(HarkenError) as error:
        frame.chosen(["gone"])
    assert code_of(error) == "RED-003"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (FRAMES.replace("words:", "colour:"), "no question"),
        (FRAMES.replace("      - {code: other, text: Something else}\n", ""), "fewer"),
        (FRAMES.replace("code: other", "code: slow"), "twice"),
        (FRAMES.replace("code: other", "code: Other!"), "small letters"),
        (FRAMES + "more: 1\n", "more"),
    ],
)
def test_a_bad_frame_says_what_is_wrong_with_it(text: str, says: str) -> None:
    with pytest.raises(HarkenError) as error:
        read_frames(text, ["words"])
    assert says in str(error.value)
