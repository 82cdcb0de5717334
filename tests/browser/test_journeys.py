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
    page.keyboard.type("ortiz")
    page.keyboard.press("Enter")
    page.wait_for_url("**/find/?q=ortiz")
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
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()
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


def test_signing_out_closes_the_door(opened: Opened, sessions: dict[str, str]) -> None:
    page = opened("cashier")
    page.goto("/")
    page.get_by_role("button", name="Sign out").click()
    sessions.pop("cashier")  # whoever opens a page as the cashier after this signs in again
    page.goto("/accounts/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_dana_drafts_a_price_change_and_ruben_releases_it(opened: Opened) -> None:
    """From the resolution to rates in force, as two people live it: Dana by keyboard where she can."""
    page = opened("dana")
    page.goto("/rates/W-RES/")
    page.get_by_role("link", name="Draft new rates").click()
    for label, text in {
        "What changes": "Water of January 2027",
        "First day the rates apply": "1/1/2027",
        "Name of the version": "2027-01",
        "Resolution or ordinance": "Resolution 2026-44",
        "Adopted on": "9/1/2026",
    }.items():
        page.get_by_label(label).fill(text)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Water of January 2027")
    page.get_by_role("link", name="Revenue impact").click()
    expect(page.locator("#impact")).to_contain_text("$0.00")
    page.get_by_label("Water use: Tier 1, price").focus()
    for _ in range(9):
        page.keyboard.press("ArrowRight")
    expect(page.locator("#impact")).to_contain_text("1 number tried, not saved")
    expect(page.get_by_label("Tier 1, price", exact=False).first).to_have_value("2.00")
    expect(page.locator("#impact")).to_contain_text("Ana Belmonte")
    page.get_by_role("button", name="Put into the draft").click()
    expect(page.locator(".message")).to_have_text("Saved as revision 2.")
    page.get_by_role("link", name="Text", exact=True).click()
    editor = page.locator("#editor")
    text = editor.input_value()
    editor.fill(text.replace('up_to: "24"', 'up_to: "9"'))
    page.locator("ol.problems a").last.click()
    assert '"9"' in page.evaluate(
        "(() => { const e = document.activeElement; return e.value.slice(e.selectionStart, e.selectionEnd); })()"
    )
    editor.fill(text)
    expect(page.locator("#problems")).to_contain_text("The text is a tariff")
    page.get_by_role("link", name="Golden bills").click()
    page.get_by_text("Add a golden bill").click()
    page.get_by_label("What bill it is").fill("10 ccf in February")
    page.get_by_label("First day", exact=True).fill("2/1/2027")
    page.get_by_label("Day after the last").fill("3/3/2027")
    page.get_by_label("Meter size").select_option("5/8")
    page.get_by_label("Usage").fill("10")
    page.get_by_label("Total, $").fill("41.78")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".golden").last).to_contain_text("comes out")
    page.get_by_role("link", name="Review", exact=True).click()
    page.get_by_role("link", name="Submit for release").click()
    page.get_by_label("Reason").fill("as council resolved")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".strip").first).to_contain_text("In review")
    address = page.url

    second = opened("ruben")
    second.goto("/approvals/")
    second.get_by_role("link", name="Release a tariff").first.click()
    second.get_by_role("link", name="Review the draft").click()
    assert second.url == address
    expect(second.locator("main")).to_contain_text("The price of tier 1 goes from 1.91 to 2.00 (+4.7%).")
    expect(second.locator("main")).to_contain_text("10 ccf in February")
    second.get_by_role("link", name="Release these rates").click()
    second.get_by_label("Reason").fill("agrees with the resolution")
    second.get_by_role("button", name="Release").click()
    expect(second.locator(".strip").first).to_contain_text("Released")
    second.goto("/rates/W-RES/")
    expect(second.locator("main")).to_contain_text("2027-01")
