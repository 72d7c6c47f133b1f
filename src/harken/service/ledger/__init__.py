"""The ledger room: the append-only record of every act that matters.

What enters: an event, who, when, an opaque subject, counts. What leaves: entries,
proofs, signed checkpoints. Every room may write through ``actions.record``; nobody
changes or removes an entry, and none carries a value, a name or a case.
"""
