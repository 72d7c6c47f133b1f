"""The server is killed in the middle of a page; the last stored answer is still there.

Proves the issue's *must be seen*: kill -9, and on return nothing acknowledged is lost.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journeys.test_web import begin_open, go_on, heading, open_page
from tests.make.journey import make_browser, make_server

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_killed_server_loses_no_answer_it_acknowledged(tmp_path: Path) -> None:
    with make_server(tmp_path) as server, make_browser() as browser:
        page = open_page(browser)
        begin_open(page, server)
        page.get_by_label("Yes").check()
        go_on(page)
        heading(page, "Did you report what happened?")
        page.get_by_label("Don't know").check()
        go_on(page)
        heading(page, "You are nearly there.")
        server.kill()
        server.start()
        page.goto(f"{server.url}/start")
        heading(page, "You are nearly there.")
        go_on(page, "Back")
        heading(page, "Did you report what happened?")
        assert page.get_by_label("Don't know").is_checked()
