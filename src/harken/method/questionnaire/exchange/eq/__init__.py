"""ONS eQ schemas in: one JSON document a questionnaire and language.

In: the document's bytes. Out: an instrument and findings. Jumps become conditions,
lists become rosters, variants become questions of their own under one computed name.
"""

from harken.method.questionnaire.exchange.eq.document import read_eq

__all__ = ["read_eq"]
