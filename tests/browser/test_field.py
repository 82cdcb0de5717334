"""The field by keyboard alone, on a phone in the street, and for everybody's eyes."""

from __future__ import annotations

import pytest
from tests.browser.conftest import Opened
from tests.browser.matrix import violations

pytestmark = pytest.mark.browser
PAGES = (
    "/field/", "/field/?show=closed", "/field/1/", "/field/1/approve/", "/field/1/dispatch/", "/field/1/read/",
    "/field/1/no_access/", "/field/1/correct/", "/field/1/close/", "/field/1/postpone/", "/field/1/withdraw/",
    "/field/bulk/?do=dispatch&id=1", "/field/bulk/?do=approve&id=1", "/field/ask/1/", "/field/meters/1/",
    "/field/alerts/", "/field/readers/",
)  # fmt: skip


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("es", "dark")])
def test_the_fields_pages_are_accessible_and_fit_a_phone(opened: Opened, language: str, scheme: str) -> None:
    page = opened("supervisor", language=language, scheme=scheme, width=390)
    found, wide = [], []
    for address in PAGES:
        answer = page.goto(address)
        assert answer is not None and answer.status == 200, address
        found += violations(page)
        if page.evaluate("document.documentElement.scrollWidth") > 390:
            wide.append(address)
    assert (found, wide) == ([], [])


def test_a_request_goes_its_way_by_keyboard_alone(opened: Opened) -> None:
    page = opened("billing", width=390)
    page.goto("/field/")
    page.get_by_role("checkbox").first.focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Approve the chosen").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Approve these").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/field/")
    page.goto("/field/1/")
    page.locator('main a[href^="/field/orders/"]').first.focus()  # approved, it is an order
    page.keyboard.press("Enter")
    page.wait_for_url("**/field/orders/*/")
    assert "the lid is under the hedge" in page.inner_text("main") and violations(page) == []
