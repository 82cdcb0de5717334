"""Days at the counter and at the billing desk, as people live them: by mouse and by keyboard alone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import Opened

pytestmark = pytest.mark.browser


def test_a_caller_asks_about_her_bill(opened: Opened) -> None:
    page = opened("csr")
    page.goto("/")
    page.locator("#find").fill("belmonte")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="1000017").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ana Belmonte")
    page.get_by_role("link", name="Newest bill").click()
    why = page.get_by_role("button", name=re.compile("Why.*Energy, tier 1"))
    why.click()
    because = page.locator(".because")
    expect(because).to_contain_text("agrees to the cent")
    expect(because).to_contain_text("reads-2026-08-05.csv:2")
    expect(why).to_have_attribute("aria-expanded", "true")
    why.click()
    expect(because).to_have_count(0)
    expect(page.locator(".pinned")).to_contain_text("Ana Belmonte")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ana Belmonte")


def test_the_same_by_keyboard_alone(opened: Opened) -> None:
    page = opened("csr")
    page.goto("/")
    page.keyboard.press("/")
    page.keyboard.type("mill")
    page.keyboard.press("Enter")
    page.wait_for_url("**/find/?q=mill")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ben Ortiz")
    page.keyboard.press("g")
    page.keyboard.press("a")
    page.wait_for_url("**/accounts/")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.textContent") == "1000025"
    page.keyboard.press("?")
    expect(page.locator("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_be_hidden()
    page.keyboard.press("g")
    page.keyboard.press("h")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ben Ortiz")


def test_a_table_narrows_while_one_types_and_the_address_keeps_it(opened: Opened) -> None:
    page = opened("supervisor")
    page.goto("/accounts/")
    expect(page.locator("tbody tr")).to_have_count(2)
    page.locator("#table-search").press_sequentially("ortiz")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.wait_for_url("**/accounts/?q=ortiz")
    page.reload()
    expect(page.locator("tbody")).to_contain_text("Ben Ortiz")
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV of these rows").click()
    assert download.value.suggested_filename == "accounts.csv"


def test_billing_plans_and_cancels_a_run(opened: Opened) -> None:
    page = opened("billing")
    page.goto("/bills/")
    page.get_by_role("link", name="Plan a bill run").click()
    page.get_by_label("Bill date").fill("9 September")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".error")).to_have_text("Type a date like 3/12/2026.")
    expect(page.get_by_label("Bill date")).to_be_focused()
    page.get_by_label("Bill date").fill("9/8/2026")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".stages")).to_contain_text("Calculate")
    page.get_by_role("link", name="Calculate", exact=True).click()
    page.get_by_role("button", name="Calculate", exact=True).click()
    expect(page.locator(".progress")).to_contain_text("0 of 2 accounts")
    page.get_by_role("link", name="Cancel run").click()
    page.get_by_label("Reason").fill("only a test")
    page.get_by_role("button", name="Cancel run").click()
    expect(page.locator(".strip")).to_contain_text("Cancelled")


def test_light_dark_and_spanish_are_remembered(opened: Opened) -> None:
    page = opened("auditor")
    page.goto("/rates/")
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.get_by_role("button", name="Español").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Libro de tarifas")
    page.goto("/accounts/")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.get_by_role("heading", level=1)).to_have_text("Cuentas")


def test_signing_out_closes_the_door(opened: Opened) -> None:
    page = opened("cashier")
    page.goto("/")
    page.get_by_role("button", name="Sign out").click()
    page.goto("/accounts/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
