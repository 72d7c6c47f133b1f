"""The staff doors, as data: title, address name, and the permission that opens each.

It only lists; what a door shows and who may enter is checked by the view behind it.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from harken.method.terms import Actor
from harken.service.accounts.permissions import (
    SECOND_FACTOR,
    Permission,
    actor_of,
    can,
)


@dataclass(frozen=True, slots=True)
class Door:
    """One entry of the navigation; ``url`` is the resolved address."""

    title: str
    says: str
    url: str


_DOORS: tuple[tuple[str, str, str, Permission], ...] = (
    (
        "Calls",
        "The next case, safe to talk first, then the questions.",
        "call:call",
        Permission.CALL,
    ),
    (
        "Studies",
        "The charter, the launch gate, the questionnaire and its printed form.",
        "study:studies",
        Permission.INSTRUMENT_READ,
    ),
    (
        "Samples",
        "Load a force's file, see what was excluded and why, draw.",
        "sampling:samples",
        Permission.SAMPLE_LOAD,
    ),
    (
        "Fieldwork",
        "Letters, response rates, and how the days go.",
        "contact:fieldwork",
        Permission.FIELD_MANAGE,
    ),
    (
        "Alerts",
        "Calls that ended in an alert, as counts and states.",
        "safeguarding:supervisor",
        Permission.FIELD_MANAGE,
    ),
    (
        "Helpdesk",
        "A caller with a code: opt out, ask for another way to take part.",
        "contact:desk",
        Permission.HELPDESK,
    ),
    (
        "Withdrawals",
        "Somebody wants out, before or after answering.",
        "anonymisation:withdrawals",
        Permission.HELPDESK,
    ),
    (
        "Requests",
        "What people ask about their data, complaints, incidents, and their clocks.",
        "rights:registers",
        Permission.REGISTER_READ,
    ),
    (
        "Safeguarding",
        "Somebody may be in danger: decide, with a reason.",
        "safeguarding:alerts",
        Permission.SAFEGUARD,
    ),
    (
        "Free text",
        "What people wrote: take out whatever could tell who they are.",
        "redaction:texts",
        Permission.REDACT,
    ),
    (
        "Coding",
        "Redacted texts, to be sorted into the study's codes.",
        "redaction:coding",
        Permission.CODE,
    ),
    (
        "Texts",
        "How far the reading has come, and what may cross.",
        "redaction:progress",
        Permission.INTAKE,
    ),
    (
        "Responses",
        "How many, by arm and mode; the codebook and the pseudonymous file.",
        "response:overview",
        Permission.RESPONSE_READ,
    ),
    (
        "Analysis",
        "Runs, indicators with their intervals, weights and the scorecard.",
        "analysis:runs",
        Permission.ANALYSE,
    ),
    (
        "Releases",
        "Preview, publish and withdraw a release.",
        "publication:staff",
        Permission.RELEASE,
    ),
    (
        "Destruction",
        "Plan, approvals, progress and certificates.",
        "anonymisation:overview",
        Permission.LEDGER_READ,
    ),
    (
        "Ledger",
        "What was done, by which role, when; and the check that nothing was changed.",
        "vault:ledger",
        Permission.LEDGER_READ,
    ),
    (
        "Emergency",
        "Danger to a person: two people open one identity for thirty minutes.",
        "rights:emergencies",
        Permission.EMERGENCY,
    ),
    (
        "Incident",
        "Something went wrong with data: say it at once.",
        "rights:new_incident",
        Permission.NOTICE,
    ),
    (
        "Accounts",
        "Who is on the staff; invitations, roles, closing accounts.",
        "accounts:staff",
        Permission.STAFF_MANAGE,
    ),
)


def doors_of(actor: Actor) -> tuple[Door, ...]:
    """The doors this actor's role opens, in the order of the flow."""
    return tuple(
        Door(title, says, reverse(name))
        for title, says, name, permission in _DOORS
        if can(actor, permission)
    )


def context(request: HttpRequest) -> dict[str, object]:
    """Template context for staff pages: ``actor`` and ``doors``; neither when signed out."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"single_sign_on": settings.OIDC_NAME}
    if not request.session.get(SECOND_FACTOR):
        return {}
    actor = actor_of(request)
    return {"actor": actor, "doors": doors_of(actor)}
