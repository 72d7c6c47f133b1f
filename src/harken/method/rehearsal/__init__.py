"""The rehearsal room: an invented review, so that everything else can be seen to work.

In go a seed, a day and a study; out come an invented population, a sample file with
realistic faults, respondents who answer through the interview engine, and the truth that
every published figure can be held against. Nobody real is ever in it. Only the service
room of the same name, benchmarks and tests may open the door (docs/decisions/0002).
"""

from harken.method.rehearsal.fieldwork import Fate, fate_of
from harken.method.rehearsal.people import sample_file
from harken.method.rehearsal.population import population_table
from harken.method.rehearsal.replica import Study, replicate
from harken.method.rehearsal.respondent import form_of, hold, person_of
from harken.method.rehearsal.truth import truth

__all__ = [
    "Fate",
    "Study",
    "fate_of",
    "form_of",
    "hold",
    "person_of",
    "population_table",
    "replicate",
    "sample_file",
    "truth",
]
