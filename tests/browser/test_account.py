"""A call from hello to goodbye, by keyboard alone: who is it, what is owed, what was said."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect
from tests.browser.conftest import Opened

pytestmark = pytest.mark.browser


def keys(page: Page, *pressed: str) -> None:
    for key in pressed:
        page.keyboard.press(key)


def test_a_call_by_keyboard_alone(opened: Opened) -> None:
    page = opened("csr")
    page.goto("/accounts/1000017/")
    expect(page.locator(".sums-strip")).to_contain_text("Balance")
    expect(page.locator(".caller")).to_contain_text("Caller not verified")
    keys(page, "c")
    expect(page.locator("[data-copied]")).to_be_visible()

    keys(page, "v")
    expect(page.get_by_role("heading", level=1)).to_have_text("Verify the caller")
    page.get_by_label("First and last name").focus()
    page.keyboard.type("Ana Belmonte")
    keys(page, "Tab")
    page.keyboard.type("214 Tannery Row")
    keys(page, "Control+Enter")
    expect(page.locator(".caller")).to_contain_text("Caller verified")
    expect(page.locator("main")).to_contain_text("(555) 555-0149")

    keys(page, "l")
    words = page.locator("#log textarea")
    expect(words).to_be_focused()
    page.keyboard.type("Asked when the crew comes.")
    expect(page.locator("#log [data-kept]")).to_be_visible()
    keys(page, "Escape", "Escape")
    expect(page.locator("#log form")).to_have_count(0)
    keys(page, "l")
    expect(words).to_have_value("Asked when the crew comes.")
    keys(page, "Control+Enter")
    expect(page.locator("main")).to_contain_text("The contact is logged.")
    expect(page.locator("main")).to_contain_text("Asked when the crew comes.")

    keys(page, "t")
    expect(page.get_by_role("heading", level=1)).to_have_text("Timeline")
    page.get_by_role("checkbox", name=re.compile("Contacts")).focus()
    keys(page, "Space", "Enter")
    expect(page.locator(".story")).to_contain_text("Asked when the crew comes.")
    expect(page.locator(".story")).not_to_contain_text("Bill of")
    page.go_back()
    page.go_back()
    keys(page, "y")
    expect(page).to_have_url(re.compile("/change/last/"))


def test_reasons_fill_the_words_and_the_day(opened: Opened) -> None:
    page = opened("csr")
    page.goto("/accounts/1000025/contacts/new/")
    page.get_by_label("About").select_option("more_time")
    expect(page.get_by_label("What was said")).to_have_value("Asked for more time. Told what is possible.")
    expect(page.get_by_label("Come back to it on")).to_have_value(re.compile(r"^\d+/\d+/2026$"))
    page.get_by_label("About").select_option("other")
    expect(page.get_by_label("What was said")).to_have_value("")


def test_the_account_prints_as_a_page_of_its_own(opened: Opened) -> None:
    page = opened("supervisor")
    page.goto("/accounts/1000017/")
    page.emulate_media(media="print")
    expect(page.locator(".printed")).to_be_visible()
    expect(page.locator(".acts")).to_be_hidden()
    expect(page.locator(".rail ul")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
