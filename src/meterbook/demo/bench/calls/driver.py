"""A clerk at a browser: what is clicked or pressed counts as an action, what is typed does not."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

_PATIENCE_MS = 20_000


@dataclass
class Clerk:
    """Drives one page and counts. Finding the caller is no part of a call, which begins on the caller's page."""

    page: Page
    actions: int = 0
    typed: int = 0
    done: list[str] = field(default_factory=list)
    _began: float = 0.0
    seconds: float = 0.0

    def open(self, address: str) -> None:
        """Have the caller's page on the screen; the clock begins as it is asked for."""
        self._began = time.perf_counter()
        answer = self.page.goto(address)
        if answer is None or answer.status != 200:
            raise CallFailed(f"{address} was answered with {answer.status if answer else 'nothing'}")

    def click(self, name: str, *, role: str = "link", exact: bool = True) -> None:
        """Click a link, button or box by its name, as a reader of the screen calls it."""
        self._click(self.page.get_by_role(role, name=name, exact=exact).locator("visible=true").first, name)  # type: ignore[arg-type]

    def click_at(self, selector: str) -> None:
        """Click what a selector finds."""
        self._click(self.page.locator(selector).locator("visible=true").first, selector)

    def press(self, key: str) -> None:
        """Press a key that is no typing: a shortcut, Enter."""
        self.page.keyboard.press(key)
        self._counted(f"press {key}")

    def type(self, selector: str, text: str) -> None:
        """Type into a field; not an action."""
        self.page.locator(selector).first.fill(text)
        self.typed += len(text)

    def choose(self, selector: str, value: str) -> None:
        """Choose in a list by typing its beginning; not an action."""
        self.page.locator(selector).first.select_option(value)
        self.typed += 3

    def hand_in(self, selector: str, name: str, content: bytes) -> None:
        """Drop a file on its field."""
        self.page.locator(selector).set_input_files({"name": name, "mimeType": "application/pdf", "buffer": content})
        self._counted(f"hand in {name}")

    def sees(self, *words: str) -> None:
        """Wait until every one of these stands on the page. Raises `CallFailed` naming what does not."""
        for each in words:
            try:
                self.page.get_by_text(each).locator("visible=true").first.wait_for(timeout=_PATIENCE_MS)
            except Exception as error:
                shown = self.page.locator("main").inner_text()[:2000]
                raise CallFailed(f"{self.page.url}: “{each}” does not stand there but\n{shown}") from error
        self.seconds = time.perf_counter() - self._began

    def sees_at(self, selector: str) -> None:
        """Wait until what a selector finds stands on the page. Raises `CallFailed`."""
        try:
            self.page.locator(selector).locator("visible=true").first.wait_for(timeout=_PATIENCE_MS)
        except Exception as error:
            raise CallFailed(f"{self.page.url}: {selector} does not stand there") from error
        self.seconds = time.perf_counter() - self._began

    def stands(self, selector: str, *, rather_than: str) -> bool:
        """Which of two things the next page shows: waits until one of them stands there."""
        self.page.locator(f"{selector}, {rather_than}").first.wait_for(state="attached", timeout=_PATIENCE_MS)
        return self.page.locator(selector).count() > 0

    def gets_file(self, name: str) -> bytes:
        """Click a button that answers with a file (a PDF to print); its bytes."""
        button = self.page.get_by_role("button", name=name)
        form = button.evaluate("b => Object.fromEntries(new FormData(b.form, b))")
        self._counted(name)
        answer = self.page.request.post(self.page.url, form=form, headers={"Referer": self.page.url})
        self.seconds = time.perf_counter() - self._began
        if answer.status != 200 or "pdf" not in answer.headers.get("content-type", ""):
            raise CallFailed(f"{self.page.url}: {name} was answered with {answer.status}")
        return bytes(answer.body())

    def _click(self, found: Locator, name: str) -> None:
        try:
            found.click(timeout=_PATIENCE_MS)
        except Exception as error:
            shown = self.page.locator("main").inner_text()[:2000]
            raise CallFailed(f"{self.page.url}: {name} cannot be clicked on\n{shown}") from error
        self._counted(name)

    def _counted(self, what: str) -> None:
        self.actions += 1
        self.done.append(what)


class CallFailed(AssertionError):
    """The call did not get its answer; says on which page and what stood there."""
