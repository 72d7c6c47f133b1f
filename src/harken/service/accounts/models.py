"""Staff accounts. Respondents never have one."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models

from harken.method.terms import DataClass, Role

STAFF_ROLES = [
    (role.value, role.value)
    for role in Role
    if role not in {Role.RESPONDENT, Role.SYSTEM}
]

_FIELDS = (
    "password",
    "last_login",
    "is_superuser",
    "username",
    "first_name",
    "last_name",
    "email",
    "is_staff",
    "is_active",
    "date_joined",
    "role",
    "session_mark",
    "setup_hash",
    "setup_until",
    "failures",
    "denials",
    "denials_from",
)


class User(AbstractUser):
    """A member of staff: a user name that is a label, never a person's name in full."""

    role = models.CharField(max_length=20, choices=STAFF_ROLES)
    # The one session that may act: sessions that carry another mark are dead.
    session_mark = models.CharField(max_length=64, default="", blank=True)
    # SHA-256 of the one-time set-up link's token; empty once used.
    setup_hash = models.CharField(max_length=64, default="", blank=True)
    setup_until = models.DateTimeField(null=True, blank=True)
    # Wrong second factors in a row; too many disable the account.
    failures = models.PositiveSmallIntegerField(default=0)
    # Pages refused or not found in the hour since; too many raise the alarm.
    denials = models.PositiveSmallIntegerField(default=0)
    denials_from = models.DateTimeField(null=True, blank=True)

    DATA_CLASS: ClassVar[dict[str, DataClass]] = dict.fromkeys(
        _FIELDS, DataClass.OPERATIONAL
    )
