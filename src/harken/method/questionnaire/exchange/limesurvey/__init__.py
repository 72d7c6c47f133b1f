"""LimeSurvey's .lss in: sectioned XML of every version from 143 on.

In: the file's bytes. Out: an instrument and findings. Relevance equations and the older
conditions are both read.
"""

from harken.method.questionnaire.exchange.limesurvey.survey import read_limesurvey

__all__ = ["read_limesurvey"]
