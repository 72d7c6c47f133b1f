"""The disclosure room: which figures may leave, and the proof that the rest stays.

In: unweighted counts of a table and a `Policy`. Out: a verdict for each cell with its
reason. Nobody can overrule a verdict here; compliance and publication obey it.
"""

from harken.method.disclosure.judge import Judgement, judge
from harken.method.disclosure.policy import Policy, Suppression
from harken.method.disclosure.system import Figure
from harken.method.disclosure.verdict import Reason, Verdict, rules

__all__ = [
    "Figure",
    "Judgement",
    "Policy",
    "Reason",
    "Suppression",
    "Verdict",
    "judge",
    "rules",
]
