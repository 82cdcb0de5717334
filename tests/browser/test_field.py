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
    for title, typed in (("Send out", "Rosa goes"), ("Write down the visit", "lid found"), ("Confirm", "")):
        page.get_by_role("link", name=title, exact=True).focus()
        page.keyboard.press("Enter")
        box = page.get_by_label("What was seen") if "visit" in title else page.get_by_label("Note")
        box.focus()
        page.keyboard.type(typed)
        page.keyboard.press("Control+Enter")
        page.wait_for_url("**/field/1/")
    page.get_by_role("link", name="Close", exact=True).focus()
    page.keyboard.press("Enter")
    page.get_by_label("Outcome").focus()
    page.keyboard.press("Control+Enter")
    page.get_by_text("does not end without an outcome").wait_for()
    page.get_by_label("Outcome").focus()
    page.keyboard.type("the lid is marked")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/field/1/")
    assert "the lid is marked" in page.inner_text("main") and violations(page) == []
