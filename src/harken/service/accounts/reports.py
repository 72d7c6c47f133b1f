"""Where a browser says that a staff page broke the content policy. It keeps one word.

A report names pages, scripts and lines; of all that the log gets the rule that was broken
and nothing else, a few times an hour: what comes here is from anybody.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections import deque

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

log = logging.getLogger(__name__)

LARGEST = 8192
HOUR = 3600.0
MOST = 20
"""So many lines an hour and process; more would be somebody filling the disk."""

RULES = [rule.split()[0] for rule in settings.CONTENT_SECURITY_POLICY.split(";")]
SAID = {rule: f"a staff page broke the content policy: {rule}" for rule in RULES}
OTHER = "a staff page broke the content policy: another rule"

_written: deque[float] = deque()
_guard = threading.Lock()


@csrf_exempt
@require_POST
def policy_report(request: HttpRequest) -> HttpResponse:
    """Note which rule was broken; answers nothing, whatever was sent."""
    if len(request.body) <= LARGEST and _may_write(time.monotonic()):
        log.warning(SAID.get(_rule(request.body), OTHER))
    return HttpResponse(status=204)


def _rule(body: bytes) -> str:
    try:
        said = json.loads(body)["csp-report"]
        named = str(said.get("effective-directive") or said["violated-directive"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return ""
    rule = named.partition(" ")[0]
    return rule.removesuffix("-elem").removesuffix("-attr")


def _may_write(now: float) -> bool:
    with _guard:
        while _written and _written[0] <= now - HOUR:
            _written.popleft()
        if len(_written) >= MOST:
            return False
        _written.append(now)
        return True
