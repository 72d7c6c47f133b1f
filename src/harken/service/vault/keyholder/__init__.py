"""The key holder: the one process that has keys, behind a Unix socket.

What enters: sealed records with a purpose, a role and a case; new people to seal. What
leaves: one opened record at a time, sealed bytes, counts. No key ever leaves. Nothing here
touches a database or reads Django's settings.
"""
