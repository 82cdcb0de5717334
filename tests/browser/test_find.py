"""The search box by keyboard alone: answers while typing, arrows, Enter; on every page and on the Find page."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import Opened
from tests.browser.matrix import violations

pytestmark = pytest.mark.browser


def test_a_misspelled_name_is_found_while_it_is_typed(opened: Opened) -> None:
    page = opened("csr")
    page.goto("/accounts/")
    page.keyboard.press("/")
    page.keyboard.type("bemlon")
    answers = page.locator("#as-typed")
    expect(answers.get_by_role("group", name="Name, one letter apart")).to_contain_text("Ana Belmonte")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#find")).to_have_attribute("aria-activedescendant", "found-1-1")
    assert violations(page) == []
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ana Belmonte")
    page.keyboard.press("/")
    page.keyboard.type("tannery")
    expect(answers).to_be_visible()
    page.keyboard.press("Escape")
    expect(answers).to_be_hidden()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/find/"))


def test_the_find_page_answers_as_one_types(opened: Opened) -> None:
    page = opened("csr")
    page.goto("/find/")
    page.keyboard.press("/")
    page.keyboard.type("12 mil")
    expect(page.locator("#found")).to_contain_text("Ben Ortiz")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ben Ortiz")
