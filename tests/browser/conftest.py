"""A served office in a database of its own, and a Chromium to look at it; skipped by name where there is none."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright
from tests.browser.serving import chromium, copied, fresh_office, started
from tests.web.office import PASSWORD

Opened = Callable[..., Page]
#: What works on a copy of its own: the calls change accounts, and every page needs something to show.
COPIES = ("calls", "crew", "every")


@pytest.fixture(scope="session")
def offices(django_db_modify_db_settings: None) -> Iterator[dict[str, str]]:
    """Databases with the office beside the tests' own, by name: the one served to all, and `COPIES`."""
    if chromium() is None:
        pytest.skip("needs Chromium: none of chromium, chromium-browser, google-chrome is installed")
    with ExitStack() as stack:
        office = stack.enter_context(fresh_office())
        yield {"office": office, **{what: stack.enter_context(copied(office, what)) for what in COPIES}}


@pytest.fixture(scope="session")
def database(offices: dict[str, str]) -> str:
    """The database behind the office that is served to all."""
    return offices["office"]


@pytest.fixture(scope="session")
def served(offices: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the staff app serving the office."""
    with started(offices["office"], tmp_path_factory.mktemp("data")) as address:
        yield address


@pytest.fixture(scope="module")
def browser(served: str) -> Iterator[Browser]:
    """A Chromium without a window; closed with its file, for its event loop would keep Django from the database."""
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"])
        yield made
        made.close()


def _wrong(said: ConsoleMessage) -> bool:
    """Whether the console complains.

    A page that says 404 or 422 on purpose or is offline on purpose does not, nor one left while it was still asking;
    a request that failed says so in words of its own besides (htmx:responseError, htmx:sendError).
    """
    on_purpose = ("with a status of 4", "ERR_INTERNET_DISCONNECTED", "htmx:sendAbort", "htmx:afterRequest")
    return said.type == "error" and not any(words in said.text for words in on_purpose)


@pytest.fixture(scope="session")
def sessions(served: str) -> dict[str, str]:
    """Signed-in sessions by username, signed in once."""
    return {}


@pytest.fixture
def opened(browser: Browser, served: str, sessions: dict[str, str]) -> Iterator[Opened]:
    """A page signed in as somebody, in a language, light or dark; any script error fails the test."""
    contexts, errors = [], []

    def open_as(who: str, *, language: str = "en", scheme: str = "light", width: int = 1280) -> Page:
        context = browser.new_context(
            base_url=served,
            viewport={"width": width, "height": 900},
            color_scheme=scheme,  # type: ignore[arg-type]
        )
        contexts.append(context)
        context.add_cookies([{"name": "django_language", "value": language, "url": served}])
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda said: errors.append(said.text) if _wrong(said) else None)
        if who in sessions:
            context.add_cookies([{"name": "sessionid", "value": sessions[who], "url": served}])
        else:
            page.goto("/staff/login/")
            page.locator("#id_login").fill(who)
            page.locator("#id_password").fill(PASSWORD)
            page.keyboard.press("Enter")
            page.wait_for_selector("#find")
            sessions[who] = next(each["value"] for each in context.cookies() if each["name"] == "sessionid")
        return page

    yield open_as
    for context in contexts:
        context.close()
    assert errors == []
