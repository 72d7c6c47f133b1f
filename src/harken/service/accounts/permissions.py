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
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from harken.method.errors import refuse
from harken.method.terms import Actor, Role
from harken.service.accounts import faults, session

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
    RIGHTS = "rights"
    REGISTER_READ = "register_read"
    NOTICE = "notice"
    EMERGENCY = "emergency"
    REVIEW = "review"
    REDACT = "redact"
    CODE = "code"


_PERSONAL = frozenset(
    {
        Permission.CALL,
        Permission.HELPDESK,
        Permission.SAFEGUARD,
        Permission.DESTROY_APPROVE,
        Permission.RIGHTS,
        Permission.EMERGENCY,
        Permission.REVIEW,
        Permission.REDACT,
        Permission.CODE,
    }
)

STEP_UP = frozenset(
    {
        Permission.STAFF_MANAGE,
        Permission.RELEASE,
        Permission.DESTROY_PLAN,
        Permission.DESTROY_APPROVE,
        Permission.EMERGENCY,
        Permission.REVIEW,
    }
)
"""Whatever changes something under these needs a proof younger than five minutes."""

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.INTERVIEWER: frozenset({Permission.CALL, Permission.NOTICE}),
    Role.MANAGER: frozenset(
        {
            Permission.STUDY_MANAGE,
            Permission.INSTRUMENT_READ,
            Permission.SAMPLE_LOAD,
            Permission.FIELD_MANAGE,
            Permission.INTAKE,
            Permission.STAFF_MANAGE,
            Permission.LEDGER_READ,
            Permission.NOTICE,
            Permission.EMERGENCY,
        }
    ),
    Role.HELPDESK: frozenset(
        {Permission.HELPDESK, Permission.REGISTER_READ, Permission.NOTICE}
    ),
    Role.STATISTICIAN: frozenset(
        {
            Permission.INSTRUMENT_READ,
            Permission.RESPONSE_READ,
            Permission.ANALYSE,
            Permission.RELEASE,
            Permission.NOTICE,
        }
    ),
    Role.GUARDIAN: frozenset(
        {
            Permission.INSTRUMENT_READ,
            Permission.DESTROY_PLAN,
            Permission.DESTROY_APPROVE,
            Permission.LEDGER_READ,
            Permission.RIGHTS,
            Permission.REGISTER_READ,
            Permission.NOTICE,
            Permission.EMERGENCY,
            Permission.REVIEW,
        }
    ),
    Role.SAFEGUARDING: frozenset(
        {Permission.SAFEGUARD, Permission.NOTICE, Permission.EMERGENCY}
    ),
    # Who reads free text sees no identity and no other answer; who codes, no raw text.
    Role.REDACTOR: frozenset({Permission.REDACT, Permission.NOTICE}),
    Role.CODER: frozenset({Permission.CODE, Permission.NOTICE}),
    Role.CONTROLLER: frozenset(
        {
            Permission.INSTRUMENT_READ,
            Permission.RELEASE,
            Permission.DESTROY_APPROVE,
            Permission.LEDGER_READ,
            Permission.REGISTER_READ,
            Permission.NOTICE,
            Permission.REVIEW,
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


View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def requires(
    permission: Permission, *, fresh: bool = False
) -> Callable[[View[P]], View[P]]:
    """Decorate a view: sign-in, second factor and this permission, or no page.

    Sets ``request.actor``. With ``fresh``, and for every change under a permission of
    ``STEP_UP``, the proof of who it is must be younger than five minutes. The mark
    ``view.permission`` is what the test of every role against every address reads; a
    staff address without it fails that test.
    """

    def decorate(view: View[P]) -> View[P]:
        def guarded(
            request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs
        ) -> HttpResponse:
            elsewhere = _not_in(request)
            if elsewhere is not None:
                return elsewhere
            actor = actor_of(request)
            if not can(actor, permission):
                raise PermissionDenied
            changes = request.method not in SAFE_METHODS
            if fresh or (changes and permission in STEP_UP):
                again = prove_again(request)
                if again is not None:
                    return again
            marked: Any = request
            marked.actor = actor
            return view(request, *args, **kwargs)

        mark: Any = wraps(view)(guarded)
        mark.permission = permission
        return guarded

    return decorate


def signed_in(*, fresh: bool = False) -> Callable[[View[P]], View[P]]:
    """Decorate a view about the person's own account: any role, both factors."""

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(
            request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs
        ) -> HttpResponse:
            elsewhere = _not_in(request) or (prove_again(request) if fresh else None)
            return elsewhere or view(request, *args, **kwargs)

        return guarded

    return decorate


def prove_again(request: HttpRequest) -> HttpResponse | None:
    """The way to a fresh proof when the last one is older than five minutes, else None.

    Nothing that was typed is kept meanwhile: the person comes back to the page they
    were on and gives it again.
    """
    if session.fresh(request, at=timezone.now()):
        return None
    back = request.get_full_path()
    if request.method not in SAFE_METHODS:
        back = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}):
        back = reverse("accounts:doors")
    way = reverse("account_reauthenticate")
    return redirect(f"{way}?{urlencode({'next': back})}")


def _not_in(request: HttpRequest) -> HttpResponse | None:
    """The way in for who has not passed both factors; None for who has."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    if not request.session.get(SECOND_FACTOR):
        return redirect("mfa_activate_totp")
    return None
