"""The counter by keyboard alone: three receipts, one of them without a connection, and the drawer counted."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from tests.browser.conftest import Opened
from tests.browser.matrix import violations

pytestmark = pytest.mark.browser


def focused(page: Page, field: str) -> None:
    page.wait_for_function("id => document.activeElement && document.activeElement.id === id", arg=field)


def typed(page: Page, text: str, then: str) -> None:
    """Type into the focused field, Enter, and wait until the focus has moved on."""
    page.keyboard.type(text)
    page.keyboard.press("Enter")
    focused(page, then)


def test_a_cashier_takes_three_receipts_by_keyboard_and_counts_the_drawer(opened: Opened) -> None:
    page = opened("cashier")
    page.goto("/money/drawers/open/")
    page.locator("#id_float_cents").focus()
    page.keyboard.type("10000")
    page.keyboard.press("Enter")
    focused(page, "entry")
    assert violations(page) == []
    # One account, cash, change.
    typed(page, "1000025", "amount-0")
    typed(page, "4250", "entry")
    assert page.locator("#amount-0").input_value() == "42.50"
    typed(page, "", "given-0")
    typed(page, "5000", "take")
    expect(page.locator("#due")).to_have_text("7.50")
    page.keyboard.press("Enter")
    expect(page.locator(".taken")).to_contain_text("7.50")
    focused(page, "entry")
    # Two accounts and something sold, by check and the rest in cash.
    typed(page, "ortiz", "amount-0")
    typed(page, "2000", "entry")
    typed(page, "1000017", "amount-1")
    typed(page, "3000", "entry")
    typed(page, "bill_copy", "amount-2")
    page.keyboard.press("F6")
    focused(page, "given-1")
    typed(page, "4000", "reference-1")
    page.keyboard.type("T122000661T 12345678U 1042")
    page.keyboard.press("F4")
    focused(page, "given-0")
    page.keyboard.press("*")
    expect(page.locator("#given-0")).to_have_value("15.00")
    page.keyboard.press("F9")
    expect(page.locator("#tape li")).to_have_count(2)
    # The network goes while the third is taken: it stays, and is taken once when it is back.
    focused(page, "entry")
    typed(page, "1000025", "amount-0")
    typed(page, "1000", "entry")
    page.keyboard.press("F4")
    page.keyboard.type("1000")
    page.context.set_offline(True)
    page.keyboard.press("F9")
    expect(page.locator("#offline")).to_be_visible()
    kept = page.evaluate("localStorage.getItem('meterbook.counter')")
    assert "1000025" in kept and "Ortiz" not in kept and "csrf" not in kept
    page.context.set_offline(False)
    expect(page.locator("#tape li")).to_have_count(3)
    assert page.evaluate("localStorage.getItem('meterbook.counter')") is None
    # Counted blind.
    page.get_by_role("link", name="Count the drawer").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/count/")
    focused(page, "id_d10000")
    typed(page, "1", "id_d5000")
    typed(page, "1", "id_d2000")
    expect(page.locator("#counted")).to_have_text("150.00")
    assert violations(page) == []
    page.locator("#id_noncash_count").fill("1")
    page.locator("#id_noncash_cents").focus()
    page.keyboard.type("4000")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/money/drawers/*/")
    expect(page.locator("main")).to_contain_text("Counted once")
    expect(page.locator("main")).not_to_contain_text("had to hold")
