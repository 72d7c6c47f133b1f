"""Who may do what: one list of permissions, roles as data, check and can as a pair.

This is the only place that says what a role may do. It never looks at the state of
things: that is policy, and lives in the room concerned.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from harken.method.errors import refuse
from harken.method.terms import Actor, Role
from harken.service.accounts import faults

SECOND_FACTOR = "second_factor"
"""The session key that says: this sign-in passed the second factor."""

P = ParamSpec("P")


class Permission(StrEnum):
    """One kind of work that a role may be allowed to do."""

    STUDY_MANAGE = "study_manage"
    INSTRUMENT_READ = "instrument_read"
    SAMPLE_LOAD = "sample_load"
    FIELD_MANAGE = "field_manage"
    CALL = "call"
    HELPDESK = "helpdesk"
    SAFEGUARD = "safeguard"
    INTAKE = "intake"
    RESPONSE_READ = "response_read"
    ANALYSE = "analyse"
    RELEASE = "release"
    DESTROY_PLAN = "destroy_plan"
    DESTROY_APPROVE = "destroy_approve"
    LEDGER_READ = "ledger_read"
    STAFF_MANAGE = "staff_manage"


_PERSONAL = frozenset(
    {
        Permission.CALL,
        Permission.HELPDESK,
        Permission.SAFEGUARD,
        Permission.DESTROY_APPROVE,
    }
)

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.INTERVIEWER: frozenset({Permission.CALL}),
    Role.MANAGER: frozenset(
        {
            Permission.STUDY_MANAGE,
            Permission.INSTRUMENT_READ,
            Permission.SAMPLE_LOAD,
            Permission.FIELD_MANAGE,
            Permission.INTAKE,
            Permission.STAFF_MANAGE,
            Permission.LEDGER_READ,
        }
    ),
    Role.HELPDESK: frozenset({Permission.HELPDESK}),
    Role.STATISTICIAN: frozenset(
        {
            Permission.INSTRUMENT_READ,
            Permission.RESPONSE_READ,
            Permission.ANALYSE,
            Permission.RELEASE,
        }
    ),
    Role.GUARDIAN: frozenset(
        {
            Permission.INSTRUMENT_READ,
            Permission.DESTROY_PLAN,
            Permission.DESTROY_APPROVE,
            Permission.LEDGER_READ,
        }
    ),
    Role.SAFEGUARDING: frozenset({Permission.SAFEGUARD}),
    Role.CONTROLLER: frozenset(
        {
            Permission.INSTRUMENT_READ,
            Permission.RELEASE,
            Permission.DESTROY_APPROVE,
            Permission.LEDGER_READ,
        }
    ),
    # The operator at the shell: everything but opening identities and approving
    # destruction, which need a person whose work it is.
    Role.ADMINISTRATOR: frozenset(Permission) - _PERSONAL,
    # Scheduled work that nobody stands behind.
    Role.SYSTEM: frozenset(Permission) - _PERSONAL - {Permission.STAFF_MANAGE},
    Role.RESPONDENT: frozenset(),
}


def can(actor: Actor, permission: Permission) -> bool:
    """Whether this actor's role holds the permission."""
    return permission in ROLE_PERMISSIONS[actor.role]


def check(actor: Actor, permission: Permission) -> None:
    """Raise HarkenError ACC-001 unless the actor's role holds the permission."""
    if not can(actor, permission):
        raise refuse(
            faults.NOT_ALLOWED, role=actor.role.value, permission=permission.value
        )


def actor_of(request: HttpRequest) -> Actor:
    """The signed-in member of staff as an Actor; raises HarkenError ACC-002."""
    user = request.user
    if not user.is_authenticated or not request.session.get(SECOND_FACTOR):
        raise refuse(faults.NOT_SIGNED_IN)
    return Actor(user.get_username(), Role(user.role))


def requires(
    permission: Permission,
) -> Callable[
    [Callable[Concatenate[HttpRequest, P], HttpResponse]],
    Callable[Concatenate[HttpRequest, P], HttpResponse],
]:
    """Decorate a view: sign-in, second factor and this permission, or no page.

    Sets ``request.actor``. The mark ``view.permission`` is what the test of every
    role against every address reads; a staff address without it fails that test.
    """

    def decorate(
        view: Callable[Concatenate[HttpRequest, P], HttpResponse],
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
        def guarded(
            request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs
        ) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not request.session.get(SECOND_FACTOR):
                return redirect("mfa_activate_totp")
            actor = actor_of(request)
            if not can(actor, permission):
                raise PermissionDenied
            marked: Any = request
            marked.actor = actor
            return view(request, *args, **kwargs)

        mark: Any = wraps(view)(guarded)
        mark.permission = permission
        return guarded

    return decorate
