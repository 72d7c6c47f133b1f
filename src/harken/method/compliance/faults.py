"""What can be wrong with an analysis plan, a Code file or a set of results."""

from __future__ import annotations

from harken.method.errors import Exit, Fault

NOT_RESULTS = Fault(
    "CMP-001",
    "The text is not a set of results of this version: {problem}.",
    "It was cut, edited, or written by another version of Harken.",
    "Run the analysis again: harken analysis run STUDY.",
)
UNKNOWN_NAME = Fault(
    "CMP-010",
    "The question '{name}' is not in the questionnaire.",
    "The name is misspelt, or the question was renamed.",
    "Use the id of a question of questionnaire.yaml.",
)
UNKNOWN_ENTITLEMENT = Fault(
    "CMP-011",
    "The entitlement '{name}' is not in the edition {code}.",
    "The id is misspelt, or belongs to another edition of the Code.",
    "Use an id of code/{code}.yaml, or change 'code'.",
)
UNKNOWN_DESIGN = Fault(
    "CMP-012",
    "'{name}' is not a design variable.",
    "Weights stand on variables that are known for every case before the interview.",
    "Use one of: {known}.",
)
BAD_BREAKDOWN = Fault(
    "CMP-013",
    "'{name}' cannot break figures down.",
    "It is neither a design variable, nor mode or language, nor a question with one "
    "answer out of a list.",
    "Use a design variable, mode, language or a single-choice question.",
)
INDICATOR_TWICE = Fault(
    "CMP-014",
    "The indicator '{name}' stands twice.",
    "Figures are known by the indicator's id, so it must be unique.",
    "Give one of them another id.",
)
UNKNOWN_INDICATOR = Fault(
    "CMP-015",
    "The headline '{name}' is not an indicator of this plan.",
    "The id is misspelt, or the indicator was removed.",
    "Use the id of an indicator.",
)
MODE_MISSING = Fault(
    "CMP-016",
    "The breakdowns lack mode.",
    "Web and telephone answers may differ, so mode is always reported.",
    "Add mode to breakdowns.",
)
NOT_A_SHARE = Fault(
    "CMP-017",
    "'{key}' is {value}; it should lie between 0 and 1.",
    "Targets and confidence are shares, such as 0.5 or 0.95.",
    "Write a share above 0 and below 1.",
)
UNKNOWN_KIND = Fault(
    "CMP-018",
    "'{name}' is not a kind of no answer.",
    "in_base lists the kinds of no answer that stay in the base as not positive.",
    "Use one of: {known}.",
)
NO_QUESTION = Fault(
    "CMP-019",
    "The indicator '{name}' does not say which question it measures.",
    "Its positive condition names no question, or several.",
    "Add question: with the id of the measured question.",
)
NEVER_POOLED = Fault(
    "CMP-020",
    "The plan asks for both arms together without a reason and an owner.",
    "People who came by themselves differ from people who were drawn, by up to 30 "
    "percentage points in sister surveys; together they stand for nobody.",
    "Leave 'combined' out. If both arms must be shown together, write "
    "combined: {{reason: ..., owner: ...}}; the choice is logged and printed.",
)
WRONG_AGENCY = Fault(
    "CMP-021",
    "The entitlement '{name}' is not a duty of '{agency}'.",
    "The edition lays it on: {known}.",
    "Change the indicator's agency, or the entitlement it measures.",
)
UNKNOWN_STAGE = Fault(
    "CMP-022",
    "'{name}' is not a stage of the edition {code}.",
    "The scorecard is ordered by the Code's stages.",
    "Use one of: {known}.",
)
WRONG_CODE = Fault(
    "CMP-023",
    "The plan measures '{wanted}', the Code file given is '{given}'.",
    "Two editions lay different duties on agencies.",
    "Give the file of the edition that the plan names.",
)
THRESHOLDS = Fault(
    "CMP-024",
    "The disclosure thresholds contradict each other: {problem}.",
    "A figure is first marked as unreliable, then hidden: the flag stands higher.",
    "Mend threshold, flag_below or minority.",
)
ENTITLEMENT_TWICE = Fault(
    "CMP-030",
    "The entitlement '{name}' stands twice in the edition.",
    "Ids of a Code edition are stable and unique.",
    "Give one of them another id.",
)
NO_ENTITLEMENTS = Fault(
    "CMP-031",
    "The edition holds no entitlement.",
    "The list 'entitlements' is empty.",
    "Check that the right file was given.",
)
NO_STRATUM = Fault(
    "CMP-040",
    "A response carries no stratum.",
    "Its design variables were written by another version, or were cut.",
    "Collect the responses again: harken response collect STUDY.",
    exit=Exit.FAULT,
)
