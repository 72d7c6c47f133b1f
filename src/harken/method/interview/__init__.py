"""The interview: one person and one questionnaire, as an immutable value.

In goes a questionnaire and what a form sent; out comes a new interview, or findings
that say what to mend. Anyone may open the door: the web page, the telephone and the
rehearsal all do, and none of them can ask what the route does not. It stores nothing.
"""

from harken.method.interview.engine import (
    answer,
    back,
    begin,
    final_answers,
    go_to,
    route,
    skip,
    submit,
)
from harken.method.interview.state import Interview, Status

__all__ = [
    "Interview",
    "Status",
    "answer",
    "back",
    "begin",
    "final_answers",
    "go_to",
    "route",
    "skip",
    "submit",
]
