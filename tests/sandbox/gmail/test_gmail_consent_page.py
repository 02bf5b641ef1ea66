from __future__ import annotations

from importlib.resources import files
from urllib.parse import urlencode

import pytest

from tests.sandbox.gmail.conftest import ANNA, BEN, MODIFY

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [1280, 360])
def test_a_person_reads_what_is_asked_and_allows_it(gmail, server, chrome, width):
    back = f"{server.url}/"
    gmail.accounts.add("chiara.with.quite.a.long.address@halyard-international.example", name="Chiara")
    gmail.clients.add("client-1", "secret", [back])
    asked = {"client_id": "client-1", "redirect_uri": back, "response_type": "code", "scope": f"openid email {MODIFY}"}

    context = chrome.new_context(viewport={"width": width, "height": 800}, bypass_csp=True)
    page = context.new_page()
    page.goto(f"{server.url}/o/oauth2/v2/auth?{urlencode(asked)}")
    page.add_script_tag(path=str(files("axe_playwright_python") / "axe.min.js"))
    found = page.evaluate("axe.run(document, {runOnly: ['wcag2a', 'wcag2aa']})")
    needed = page.evaluate("document.documentElement.scrollWidth")
    shown = page.locator("main").inner_text()
    page.get_by_label("Ben Okafor").check()
    page.get_by_role("button", name="Allow").click()
    page.wait_for_url("**/?code=*")
    context.close()

    assert [violation["id"] for violation in found["violations"]] == []
    assert needed == width, "nothing sticks out"
    assert ANNA in shown
    assert "Read, write and send email" in shown
    assert gmail.grants.has(gmail.accounts.get(BEN), "client-1") is False, "a code is no grant yet"
