"""What only staff need stands behind the staff's doors, and all of it does."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils.module_loading import import_string

from harken.service.accounts.staffed import Staffed

HOOKS = ("process_view", "process_exception", "process_template_response")
MADE = ("user", "_messages", "htmx")


@pytest.mark.parametrize(
    ("path", "staff"),
    [
        ("/start", False),
        ("/start/withdraw", False),
        ("/help", False),
        ("/staff/", True),
        ("/call/", True),
        ("/field/", True),
        ("/guard/", True),
        ("/desk/", True),
        ("/results/staff/", True),
    ],
)
def test_a_staff_page_has_every_layer_and_a_respondents_page_has_none(
    path: str, staff: bool
) -> None:
    seen: list[bool] = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.extend(hasattr(request, name) for name in MADE)
        return HttpResponse()

    request = RequestFactory().get(path)
    request.session = SessionBase()
    Staffed(view)(request)
    assert seen == [staff] * len(MADE)


def test_no_layer_behind_the_staffs_doors_asks_to_see_the_view() -> None:
    for name in settings.STAFF_MIDDLEWARE:
        layer = import_string(name)(lambda _request: HttpResponse())
        assert not [hook for hook in HOOKS if hasattr(layer, hook)], name
