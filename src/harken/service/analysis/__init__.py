"""The analysis room: runs the plan over the responses and keeps what it found.

In: a study's folder, its pseudonymous responses and its issued cases. Out: a kept run
of checked results, which publication releases. Statisticians may open the door; the
room never reaches back to people.
"""
