"""A morning at the exception queue with no mouse: look, decide, go on; and a page anyone can use."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect
from tests.browser.conftest import Opened
from tests.browser.matrix import violations

pytestmark = pytest.mark.browser
QUEUE = "/reads/exceptions/"


def focused(page: Page) -> str:
    return str(
        page.evaluate("document.activeElement.getAttribute('name') || document.activeElement.textContent.trim()")
    )


def test_a_case_is_corrected_by_keyboard_alone(opened: Opened) -> None:
    page = opened("billing")
    page.goto("/")
    page.keyboard.press("g")
    page.keyboard.press("r")
    page.wait_for_url("**/reads/")
    page.goto(QUEUE)
    page.keyboard.press("j")
    assert focused(page) == "W-9001"
    page.keyboard.press("Space")
    expect(page.locator("[data-count]")).to_have_text("1 case is ticked")
    page.keyboard.press("Space")
    expect(page.locator("[data-count]")).to_have_text("Nothing is ticked")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("W-9001 · 214 Tannery Row")
    page.keyboard.press("?")
    expect(page.locator("dialog[open]")).to_contain_text("Ask for a re-read")
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    expect(page.locator("#id_reason")).to_be_focused()
    page.keyboard.type("called the plumber")
    page.keyboard.press("Enter")
    expect(page.locator(".history")).to_contain_text("called the plumber")
    page.keyboard.press("e")
    expect(page.locator(".offers")).to_contain_text("% sure")
    assert focused(page) == "method"
    page.keyboard.press("Escape")
    expect(page.locator("#panel form")).to_have_count(0)
    assert focused(page).startswith("Estimate")
    page.keyboard.press("c")
    expect(page.locator(".ten-key")).to_be_focused()
    page.keyboard.type("2x6")
    expect(page.locator(".ten-key")).to_have_value("26")
    expect(page.locator("#tried")).to_contain_text("1 ccf")
    page.keyboard.press("Enter")
    expect(page.locator("#id_reason")).to_be_focused()
    page.keyboard.type("digits transposed")
    page.keyboard.press("Enter")
    expect(page.locator(".message")).to_contain_text("W-9001 · 214 Tannery Row is corrected.")
    expect(page.locator(".messages")).to_be_focused()
    page.keyboard.press("l")
    page.wait_for_url(re.compile(r".*/reads/exceptions/(\?.*)?$"))


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("es", "dark")])
def test_open_forms_and_previews_are_accessible(opened: Opened, language: str, scheme: str) -> None:
    page = opened("supervisor", language=language, scheme=scheme)
    found: list[str] = []
    for address in (QUEUE, f"{QUEUE}?group=route&state=resolved", f"{QUEUE}?q=nothing", f"{QUEUE}1/"):
        page.goto(address)
        found += violations(page)
    page.goto(f"{QUEUE}1/?do=note")
    found += violations(page)
    assert found == []
