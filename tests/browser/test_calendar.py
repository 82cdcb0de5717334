"""The billing calendar by keyboard alone: from date to date, why, another day, published."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import Opened
from tests.browser.matrix import violations

pytestmark = pytest.mark.browser


def test_a_date_is_explained_moved_and_published_without_a_mouse(opened: Opened) -> None:
    page = opened("supervisor")
    page.goto("/bills/calendar/2026/")
    dates = page.locator("[data-days] td > a")
    dates.nth(0).focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowRight", "ArrowRight", "ArrowLeft", "Enter"):
        page.keyboard.press(key)
    expect(dates.nth(25)).to_be_focused()
    expect(page.locator(".because")).to_contain_text("The cycle is read on day 5 of the month")
    expect(dates.nth(25)).to_have_attribute("aria-expanded", "true")
    assert violations(page) == []
    page.keyboard.press("Enter")
    expect(page.locator(".because")).to_have_count(0)
    last = dates.nth(11 * 12 + 6)
    last.focus()
    page.keyboard.press("e")
    page.wait_for_url("**/set/")
    page.locator("#id_day").fill("1/22/2027")
    page.locator("#id_reason").fill("The hall is closed on Monday")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".refusal")).to_have_text(re.compile("Penalty never falls on Fri, Jan 22, 2027: Friday."))
    page.locator("#id_day").fill("1/20/2027")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/proposal/")
    expect(page.locator("[data-days]")).to_contain_text("was")
    page.goto("/bills/calendar/2026/")
    page.keyboard.press("]")
    page.wait_for_url("**/2027/")
