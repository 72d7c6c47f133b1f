"""The proof: what an instrument can and cannot do, decided before anybody is asked.

In: a sound ``Questionnaire``. Out: findings with place, reason and a respondent who shows
them; a small set of respondents who cover everything; what a simulation counts; the
routing as a picture. Only commands and staff pages open this door: it loads the solver.
"""

from harken.method.questionnaire.proof.cover import Cover, cover
from harken.method.questionnaire.proof.draw import draw
from harken.method.questionnaire.proof.proof import Proof, prove
from harken.method.questionnaire.proof.respondent import Respondent
from harken.method.questionnaire.proof.simulate import Simulation, simulate

__all__ = [
    "Cover",
    "Proof",
    "Respondent",
    "Simulation",
    "cover",
    "draw",
    "prove",
    "simulate",
]
