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


class User(AbstractUser):
    """A member of staff: a user name that is a label, never a person's name in full."""

    role = models.CharField(max_length=20, choices=STAFF_ROLES)

    DATA_CLASS: ClassVar[dict[str, DataClass]] = {
        name: DataClass.OPERATIONAL
        for name in (
            "password last_login is_superuser username first_name last_name email "
            "is_staff is_active date_joined role"
        ).split()
    }
