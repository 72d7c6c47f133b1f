"""The locked room: keys of people, sealed identities, and who may open one.

What enters: identities as they are read from a sample, drafts and links to seal. What
leaves: sealed bytes, and one identity at a time to a named purpose and person, each
opening written in the ledger. ``custody`` is open to sampling, contact, safeguarding and
anonymisation only; ``sealing`` knows no names and is open to every room upstream of it.
"""
