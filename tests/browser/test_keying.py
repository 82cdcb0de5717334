"""Reads on ten keys: digits only, Enter moves on, the verdict stands beside the field, and the keyboard does it all."""

from __future__ import annotations

import pytest
from tests.browser.conftest import Opened

pytestmark = pytest.mark.browser
SHEET = "/reads/keying/R1/?on=2026-09-07"


@pytest.mark.parametrize("width", [1280, 390])
def test_a_block_is_keyed_without_a_mouse(opened: Opened, width: int) -> None:
    page = opened("billing", width=width)
    page.goto(SHEET)
    fields = page.locator("[data-key]")
    fields.nth(0).focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("9a9.9-99")
    assert fields.nth(0).input_value() == "99999"
    page.wait_for_selector("li:first-child .verdict .waiting")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == fields.nth(1).get_attribute("id")
    page.keyboard.press("*")
    assert page.evaluate("document.activeElement.tagName") == "SELECT"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == fields.nth(2).get_attribute("id")
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.id") == fields.nth(1).get_attribute("id")
    page.goto(SHEET)
    assert page.locator("[data-key]").nth(0).input_value() == "99999"
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
