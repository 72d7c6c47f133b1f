"""Passwords of tests: the same algorithm as in use, at the least work it allows."""

from __future__ import annotations

from django.contrib.auth.hashers import Argon2PasswordHasher


class QuickArgon2(Argon2PasswordHasher):
    """Argon2id with one pass over the least memory; thousands of tests sign in."""

    time_cost = 1
    memory_cost = 8
    parallelism = 1
