"""Safeguarding: what an interviewer must pass on when somebody may be in danger.

In comes an alert from a call; out goes a decision with its reason. The record lies
apart from every answer, and only the safeguarding role reads it (SAF-42).
"""
