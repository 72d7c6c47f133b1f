"""The disclosure room: which figures may leave, and the proof that the rest stays.

In: unweighted counts of a table and a `Policy`. Out: a verdict for each cell with its
reason. Nobody can overrule a verdict here; compliance and publication obey it.
"""

from harken.method.disclosure.policy import Policy, Suppression

__all__ = ["Policy", "Suppression"]
