"""The doors: one address prefix for each kind of person."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

RESPONDENTS = [
    path("", include("harken.service.interview.urls_web")),
    path("", include("harken.service.pages.urls")),
    path("", include("harken.service.anonymisation.urls_web")),
    path("", include("harken.service.rights.urls_web")),
]
INTERVIEWERS = [path("call/", include("harken.service.interview.urls_call"))]
FIELDWORK = [
    path("field/", include("harken.service.study.urls")),
    path("field/", include("harken.service.questionnaire.urls")),
    path("field/", include("harken.service.sampling.urls")),
    path("field/", include("harken.service.contact.urls")),
    path("field/", include("harken.service.safeguarding.urls")),
]
GUARDIANS = [
    path("guard/", include("harken.service.vault.urls")),
    path("guard/", include("harken.service.anonymisation.urls")),
    path("guard/", include("harken.service.rights.urls")),
]
STATISTICIANS = [
    path("desk/", include("harken.service.response.urls")),
    path("desk/", include("harken.service.redaction.urls")),
    path("desk/", include("harken.service.analysis.urls")),
]
EVERYONE = [path("results/", include("harken.service.publication.urls"))]
STAFF = [
    path("staff/", include("harken.service.accounts.urls_sign_in")),
    path("staff/", include("harken.service.accounts.urls")),
]

urlpatterns: list[URLPattern | URLResolver] = [
    *RESPONDENTS,
    *INTERVIEWERS,
    *FIELDWORK,
    *GUARDIANS,
    *STATISTICIANS,
    *EVERYONE,
    *STAFF,
]

handler400 = "harken.service.pages.views.bad_request"
handler403 = "harken.service.pages.views.forbidden"
handler404 = "harken.service.pages.views.not_found"
handler500 = "harken.service.interview.calm.trouble"
