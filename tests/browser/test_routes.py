"""A route's stops in the hand: dragged, moved by key and to a position, kept only when saved; a meter on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page
from tests.browser.conftest import Opened

pytestmark = pytest.mark.browser


def order(page: Page) -> list[str]:
    """The stops as the page shows them, by id."""
    found: list[str] = page.locator("[data-stop]").evaluate_all("rows => rows.map(row => row.dataset.stop)")
    return found


def saved(page: Page) -> list[str]:
    """The stops after saving, as a fresh page shows them."""
    page.get_by_role("button", name="Save order").click()
    page.wait_for_load_state()
    page.goto("/routes/of/R1/")
    return order(page)


def test_stops_are_moved_by_key_drag_and_position(opened: Opened) -> None:
    page = opened("billing")
    page.goto("/routes/of/R1/")
    a, b, c = order(page)
    assert page.locator("[data-unsaved]").is_hidden()
    box = page.locator(f"[data-stop='{a}'] [name=chosen]")
    box.focus()
    page.keyboard.press("Alt+ArrowDown")
    assert order(page) == [b, a, c] and page.locator("[data-unsaved]").is_visible()
    assert "is now stop 2" in page.locator("[data-told]").inner_text()
    assert box.get_attribute("aria-label", timeout=1000) == "Choose stop 2, 214 Tannery Row"
    assert page.evaluate("document.activeElement.name") == "chosen"
    assert saved(page) == [b, a, c]
    page.locator(f"[data-stop='{c}'] [data-at]").drag_to(page.locator(f"[data-stop='{b}'] [data-at]"),
                                                         target_position={"x": 5, "y": 2})  # fmt: skip
    assert order(page) == [c, b, a]
    assert saved(page) == [c, b, a]
    page.locator(f"[data-stop='{b}'] [name=chosen]").check()
    page.locator(f"[data-stop='{a}'] [name=chosen]").check()
    page.locator("#position").fill("1")
    page.keyboard.press("Enter")
    assert order(page) == [b, a, c]
    page.locator(f"[data-stop='{b}'] [name=chosen]").uncheck()
    page.get_by_role("button", name="Down: stop 2").click()
    assert order(page) == [b, c, a]
    page.get_by_role("button", name="Up: stop 3").click()
    assert saved(page) == [b, a, c]


@pytest.mark.parametrize("address", ["/meters/", "/meters/1/", "/meters/1/exchange/", "/routes/of/R1/", "/premises/1/"])
def test_a_phone_never_scrolls_sideways(opened: Opened, address: str) -> None:
    page = opened("billing", language="es", width=390)
    page.goto(address)
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0
