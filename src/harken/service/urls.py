"""The doors: one address prefix for each kind of person."""

from __future__ import annotations

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

DOORS = (
    ("", "harken.service.pages.urls"),
    ("", "harken.service.interview.urls_web"),
    ("call/", "harken.service.interview.urls_call"),
    ("field/", "harken.service.study.urls"),
    ("field/", "harken.service.questionnaire.urls"),
    ("field/", "harken.service.sampling.urls"),
    ("field/", "harken.service.contact.urls"),
    ("field/", "harken.service.safeguarding.urls"),
    ("guard/", "harken.service.vault.urls"),
    ("guard/", "harken.service.ledger.urls"),
    ("guard/", "harken.service.anonymisation.urls"),
    ("desk/", "harken.service.response.urls"),
    ("desk/", "harken.service.analysis.urls"),
    ("results/", "harken.service.publication.urls"),
    ("staff/", "harken.service.accounts.urls_sign_in"),
    ("staff/", "harken.service.accounts.urls"),
)

urlpatterns: list[URLPattern | URLResolver] = [
    path(prefix, include(module)) for prefix, module in DOORS if find_spec(module)
]

handler400 = "harken.service.pages.views.bad_request"
handler403 = "harken.service.pages.views.forbidden"
handler404 = "harken.service.pages.views.not_found"
handler500 = "harken.service.pages.views.server_error"
