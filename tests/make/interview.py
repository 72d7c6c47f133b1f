"""A small questionnaire with one question of each type, and interviews through it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from harken.method import interview as method
from harken.method.interview import Interview
from harken.method.questionnaire import Questionnaire, read_questionnaire
from harken.method.terms import Arm, Language, Mode

QUESTIONNAIRE = """\
questionnaire: small
version: "1"
sections:
  - id: start
    title: Taking part
    questions:
      - id: agree
        type: consent
        purpose: take_part
        required: yes
        text: Do you agree to take part?
      - id: reported
        type: single
        text: Did you report what happened?
        telephone: Can I ask whether you reported what happened?
        hint: To the police, in any way.
        note: Do not ask what happened.
        options:
          - {code: "yes", text: "Yes"}
          - {code: "no", text: "No"}
        refusals: [dont_know, prefer_not_to_say]
  - id: report
    title: Reporting
    if: "reported == 'yes'"
    sensitive: yes
    announcement: The next questions are about reporting. You can leave them out.
    questions:
      - id: how
        type: multiple
        text: How did you report it?
        options:
          - {code: phone, text: By phone}
          - {code: web, text: Online}
          - {code: other, text: In another way}
          - {code: none, text: None of these, exclusive: yes}
      - id: days
        type: number
        text: After how many days did somebody answer?
        minimum: 0
        maximum: 365
        unit: days
      - id: month
        type: month
        text: When did you report it?
      - id: slow
        type: single
        text: Was that slow?
        if: "days > 30"
        options:
          - {code: "yes", text: "Yes"}
          - {code: "no", text: "No"}
  - id: end
    title: Last questions
    questions:
      - id: thanks
        type: information
        text: You are nearly there.
      - id: words
        type: text
        text: Is there anything you want to add about the service?
        max_length: 200
      - id: again
        type: consent
        purpose: recontact
        text: May we write to you again?
"""

POLISH = """\
language: pl
texts:
  refusal.dont_know: Nie wiem
  refusal.prefer_not_to_say: Wolę nie mówić
  consent.yes: Tak
  consent.no: Nie
  announcement.continue: Dalej
  announcement.skip: Pomiń
  section.start.title: Udział
  section.report.title: Zgłoszenie
  section.report.announcement: Następne pytania dotyczą zgłoszenia. Można je pominąć.
  section.end.title: Ostatnie pytania
  agree.text: Czy zgadza się Pan/Pani wziąć udział?
  reported.text: Czy zgłoszono to, co się stało?
  reported.hint: Policji, w dowolny sposób.
  reported.yes: Tak
  reported.no: Nie
  how.text: W jaki sposób?
  how.phone: Przez telefon
  how.web: Przez internet
  how.other: W inny sposób
  how.none: Żaden z tych
  days.text: Po ilu dniach ktoś odpowiedział?
  days.unit: dni
  month.text: Kiedy to zgłoszono?
  slow.text: Czy to było wolno?
  slow.yes: Tak
  slow.no: Nie
  thanks.text: To już prawie koniec.
  words.text: Czy chce Pan/Pani coś dodać o usłudze?
  again.text: Czy możemy napisać ponownie?
"""

ANSWERS: Mapping[str, Sequence[str]] = {
    "agree": ("yes",),
    "reported": ("yes",),
    "report_ok": ("continue",),
    "how": ("phone", "web"),
    "days": ("40",),
    "month": ("2025-03",),
    "slow": ("yes",),
    "thanks": (),
    "words": ("They were kind.",),
    "again": ("no",),
}
"""What the person of the tests answers when a test says nothing else."""


def make_questionnaire(text: str = QUESTIONNAIRE) -> Questionnaire:
    """The small questionnaire, with its Polish words."""
    return read_questionnaire(text, translations={Language("pl"): POLISH})


def make_interview(
    questionnaire: Questionnaire | None = None,
    *,
    mode: Mode = Mode.WEB,
    arm: Arm = Arm.SAMPLE,
    language: str = "en",
    until: str | None = None,
    **answers: Sequence[str] | str,
) -> Interview:
    """An interview answered to its end, or until the question named is shown.

    Keyword arguments replace what the person answers; submitted it is not.
    """
    book = questionnaire or make_questionnaire()
    interview = method.begin(book, mode=mode, arm=arm, language=Language(language))
    while interview.position and interview.position != until:
        given = answers.get(interview.position, ANSWERS.get(interview.position, ()))
        form = {"value": (given,) if isinstance(given, str) else given}
        interview = method.answer(book, interview, interview.position, form)
    return interview


def make_long_questionnaire(pages: int) -> Questionnaire:
    """A questionnaire of so many pages, every second one behind a condition."""
    lines = ["questionnaire: long", 'version: "1"', "sections:"]
    lines += ["  - id: all", "    title: All", "    questions:"]
    for number in range(pages):
        lines += [
            f"      - id: q{number}",
            "        type: single",
            "        text: Well?",
        ]
        if number % 2:
            lines.append(f"        if: \"q{number - 1} == 'yes' and mode == 'web'\"")
        lines += ["        options:", '          - {code: "yes", text: "Yes"}']
        lines += ['          - {code: "no", text: "No"}']
    return read_questionnaire("\n".join(lines), translations={})
