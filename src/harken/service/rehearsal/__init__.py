"""The rehearsal room: the whole review with invented people, and a study to visit.

It may call every other room's actions, because it plays every part; no other room calls
it, and a house that works for real people need not have it (docs/decisions/0002).
"""
