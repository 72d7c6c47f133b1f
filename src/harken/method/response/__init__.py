"""The response: what was said, parted from who said it.

In goes a submitted interview's answers; out comes a pseudonymous row and the codebook
that explains it. Intake, analysis and publication may open the door. Free text and
identifying answers never pass it.
"""

from harken.method.response.codebook import Codebook, Variable, make_codebook
from harken.method.response.record import (
    Dataset,
    IssuedCase,
    Response,
    crossing,
    from_stored,
    to_stored,
)
from harken.method.response.table import columns

__all__ = [
    "Codebook",
    "Dataset",
    "IssuedCase",
    "Response",
    "Variable",
    "columns",
    "crossing",
    "from_stored",
    "make_codebook",
    "to_stored",
]
