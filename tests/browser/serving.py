"""Founding, copying and serving the tests' office for a browser."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from playwright.sync_api import Browser
from tests.web.office import PASSWORD

ROOT = Path(__file__).resolve().parents[2]
_BUILD = "import django; django.setup(); from tests.web.office import build_office; build_office()"


def chromium() -> str | None:
    """The Chromium of this machine, if there is one."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def environment(database: str) -> dict[str, str]:
    """What a process of ours needs to work on a database."""
    here = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    return os.environ | {"DATABASE_URL": database, "PYTHONPATH": here}


@contextmanager
def empty(name: str) -> Iterator[str]:
    """An empty database on the server DATABASE_URL names; dropped afterwards."""
    server = os.environ["DATABASE_URL"]
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def copied(database: str, what: str) -> Iterator[str]:
    """A copy of a database nobody is connected to; dropped afterwards."""
    parts = urlsplit(database)
    name = parts.path.lstrip("/")
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}_{what} TEMPLATE {name}")
        try:
            yield urlunsplit(parts._replace(path=f"/{name}_{what}"))
        finally:
            connection.execute(f"DROP DATABASE {name}_{what} WITH (FORCE)")


def found_office(database: str) -> None:
    """Found the office in an empty database."""
    for command in (["-m", "django", "migrate", "-v0"], ["-c", _BUILD]):
        subprocess.run([sys.executable, *command], env=environment(database), cwd=ROOT, check=True)


@contextmanager
def fresh_office() -> Iterator[str]:
    """A database with the office in it."""
    with empty(f"browser_{os.getpid()}") as database:
        found_office(database)
        yield database


@contextmanager
def started(database: str, data: Path) -> Iterator[str]:
    """The address of the staff app serving a database."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    with_data = environment(database) | {"METERBOOK_DATA_DIR": str(data)}
    command = [sys.executable, "-m", "waitress", f"--listen=127.0.0.1:{port}", "meterbook.config.wsgi:application"]
    with subprocess.Popen(command, env=with_data, cwd=ROOT, stderr=subprocess.DEVNULL) as server:
        try:
            _wait_for(f"http://127.0.0.1:{port}/staff/login/", server)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def signed_in(browser: Browser, base: str, who: str) -> str:
    """A session of somebody, through the sign-in page."""
    context = browser.new_context(base_url=base)
    page = context.new_page()
    page.goto("/staff/login/")
    page.locator("#id_login").fill(who)
    page.locator("#id_password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("#find")
    cookie = next(each["value"] for each in context.cookies() if each["name"] == "sessionid")
    context.close()
    return cookie


def _wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(150):
        try:
            urllib.request.urlopen(address)
        except OSError:
            if server.poll() is not None:
                raise RuntimeError("the staff app did not start") from None
            time.sleep(0.2)
        else:
            return
    raise TimeoutError(address)
