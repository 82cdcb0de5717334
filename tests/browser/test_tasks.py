"""A morning in the queue without a mouse: asked for by command code, taken, handed over, done, told."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect
from tests.browser.conftest import Opened

pytestmark = pytest.mark.browser


def _asked(page: Page, words: str) -> None:
    """Ask the billing technicians for something, from wherever one is."""
    page.keyboard.press(":")
    page.keyboard.type("ask")
    expect(page.locator("#offers a").first).to_contain_text("Ask a colleague")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/tasks/ask/")
    page.locator("#id_words").focus()
    page.keyboard.type(words)
    page.keyboard.press("Tab")
    page.keyboard.type("Billing")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile(r"/tasks/\d+/$"))


def _goes(page: Page, keys: str) -> None:
    page.locator("body").press("g")
    page.keyboard.press(keys)


def test_a_queue_is_worked_by_keyboard_alone(opened: Opened) -> None:
    csr = opened("csr")
    for words in ("Look at the read of E-4471", "Send Ben his bill again"):
        _asked(csr, words)
    walter = opened("billing")
    walter.goto("/")
    walter.keyboard.press("j")
    expect(walter.locator(":focus")).to_have_text("Look at the read of E-4471")
    walter.keyboard.press("c")
    walter.wait_for_load_state("load")
    row = walter.locator("[data-tasks] tbody tr", has_text="E-4471")
    expect(row).to_contain_text("In hand")
    expect(walter.locator(":focus")).to_have_text("Look at the read of E-4471")
    walter.keyboard.press("d")
    expect(walter.locator(".message")).to_contain_text("Done")
    expect(walter.locator(":focus")).to_have_text("Send Ben his bill again")
    walter.keyboard.press("h")
    walter.wait_for_url("**/hand-over/")
    walter.locator("#id_to").focus()
    walter.keyboard.type("Dana")
    walter.keyboard.press("Control+Enter")
    walter.wait_for_url("**/tasks/")
    dana = opened("dana")
    dana.goto("/")
    _goes(dana, "n")
    dana.wait_for_url("**/told/")
    dana.keyboard.press("j")
    dana.keyboard.press("Enter")
    dana.wait_for_url(re.compile(r"/tasks/\d+/$"))
    expect(dana.locator("h1")).to_have_text("Send Ben his bill again")
    dana.locator("body").press("d")
    expect(dana.locator(".strip")).to_contain_text("Done")


def test_open_accounts_and_the_palette_by_keyboard(opened: Opened) -> None:
    page = opened("csr")
    for number in ("1000017", "1000025"):
        page.goto(f"/accounts/{number}/")
    _goes(page, "1")
    page.wait_for_url("**/accounts/1000017/")
    page.keyboard.press("Control+k")
    page.keyboard.type("charge a fee")
    expect(page.locator("#offers a").first).to_contain_text("1000017")
    page.keyboard.press("Enter")
    page.wait_for_url("**/accounts/1000017/fee/")
    page.locator("body").press("Escape")
    _goes(page, "x")
    page.wait_for_load_state("load")
    expect(page.locator(".pinned")).to_have_count(0)
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_contain_text("Do something by its command code")
