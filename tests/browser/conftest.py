"""A served office in a database of its own, and a Chromium to look at it; skipped by name where there is none."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright
from tests.web.office import PASSWORD

ROOT = Path(__file__).resolve().parents[2]
Opened = Callable[..., Page]
_BUILD = "import django; django.setup(); from tests.web.office import build_office; build_office()"


def chromium() -> str | None:
    """The Chromium of this machine, if there is one."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(100):
        try:
            urllib.request.urlopen(address)
        except OSError:
            assert server.poll() is None, "the staff app did not start"
            time.sleep(0.2)
        else:
            return
    raise TimeoutError(address)


@pytest.fixture(scope="session")
def database(django_db_modify_db_settings: None) -> Iterator[str]:
    """An empty database beside the tests' own; dropped afterwards."""
    server = os.environ["DATABASE_URL"]
    parts = urlsplit(server)
    name = f"browser_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield urlunsplit(parts._replace(path=f"/{name}"))
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def served(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the staff app serving the office."""
    if chromium() is None:
        pytest.skip("needs Chromium: none of chromium, chromium-browser, google-chrome is installed")
    here = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    data = tmp_path_factory.mktemp("data")
    environment = os.environ | {"DATABASE_URL": database, "PYTHONPATH": here, "METERBOOK_DATA_DIR": str(data)}
    for command in (["-m", "django", "migrate", "-v0"], ["-c", _BUILD]):
        subprocess.run([sys.executable, *command], env=environment, cwd=ROOT, check=True)
    port = _free_port()
    command = [sys.executable, "-m", "waitress", f"--listen=127.0.0.1:{port}", "meterbook.config.wsgi:application"]
    with subprocess.Popen(command, env=environment, cwd=ROOT, stderr=subprocess.DEVNULL) as server:
        try:
            _wait_for(f"http://127.0.0.1:{port}/staff/login/", server)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


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
