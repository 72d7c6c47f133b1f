"""Makers of instruments: a small sound questionnaire, changed at will by the test."""

from __future__ import annotations

from collections.abc import Mapping

from harken.method.questionnaire import Questionnaire, read_questionnaire
from harken.method.terms import Language

AGREE = """
  - id: start
    title: Before we begin
    questions:
      - {id: agree, type: consent, purpose: take_part, text: Will you take part?}
"""

REPORTED = """
  - id: report
    title: Reporting to the police
    questions:
      - id: reported
        type: single
        text: Did you report it to the police?
        telephone: And did you tell the police?
        options: [{code: "yes", text: "Yes"}, {code: "no", text: "No"}]
        refusals: [dont_know]
"""

RECONTACT = """
  - id: end
    title: Before you go
    questions:
      - {id: again, type: consent, purpose: recontact, text: May we write again?}
"""


def question(id: str = "told", type: str = "single", **more: str) -> str:  # noqa: A002
    """One question as a line of YAML in flow style, to stand below ``questions:``.

    Values are written as they are given, so quote what YAML would misread.
    """
    keys = {"id": id, "type": type, "text": "Were you told?"}
    if type in {"single", "multiple"}:
        keys["options"] = "[{code: a, text: A}, {code: b, text: B}, {code: c, text: C}]"
    if type == "consent":
        keys["purpose"] = "take_part"
    keys |= {("if" if key == "if_" else key): value for key, value in more.items()}
    return "{" + ", ".join(f"{key}: {value}" for key, value in keys.items()) + "}"


def section(*questions: str, id: str = "more", **more: str) -> str:  # noqa: A002
    """A section as YAML, its questions given as lines."""
    keys = {"id": id, "title": "More questions", **more}
    lines = [f"    {key.removesuffix('_')}: {value}" for key, value in keys.items()]
    body = "\n".join(["  - " + lines[0].strip(), *lines[1:], "    questions:"])
    return body + "".join(f"\n      - {one}" for one in questions) + "\n"


def source_of(*sections: str, version: str = "1", more: str = "") -> str:
    """The text of a questionnaire.yaml made of these sections."""
    body = "".join(part if part.endswith("\n") else f"{part}\n" for part in sections)
    head = f'questionnaire: trial\nversion: "{version}"\n{more}sections:\n'
    return head + body.replace("\n\n", "\n").lstrip("\n")


def make_questionnaire(
    *sections: str, translations: Mapping[str, str] | None = None
) -> Questionnaire:
    """A read questionnaire; by default consent, one question, recontact."""
    given = sections or (AGREE, REPORTED, RECONTACT)
    texts = {Language(name): text for name, text in (translations or {}).items()}
    return read_questionnaire(source_of(*given), translations=texts)
