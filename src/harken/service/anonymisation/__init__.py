"""Destruction: planned, approved by two sides, run to its end, proved by certificate.

What enters: a closed study whose day has come, two approvals, texts to search for. What
leaves: a signed certificate. It opens no identity; it ends the keys of those who did not
agree to be contacted again and sweeps what hung on them.
"""
