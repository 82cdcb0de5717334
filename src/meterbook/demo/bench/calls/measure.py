"""`meterbook bench calls`: the fifteen calls in a real browser on a large city."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client

from meterbook.demo.bench.calls.callers import callers
from meterbook.demo.bench.calls.taking import take
from meterbook.demo.bench.cities import large_city
from meterbook.demo.bench.large.pages import serving
from meterbook.demo.bench.large.search import LIVED
from meterbook.records.platform.queries import user_named

#: Accounts with years behind them in a city too small to be the one `bench search` keeps.
_FEW = 60
_SMALL = 20_000
_BROWSERS = ("chromium", "chromium-browser", "google-chrome")


class NoBrowser(LookupError):
    """There is no Chromium on this machine."""


def chromium() -> str:
    """The Chromium of this machine. Raises `NoBrowser`."""
    found = next(filter(None, map(shutil.which, _BROWSERS)), None)
    if found is None:
        raise NoBrowser(f"none of {', '.join(_BROWSERS)} is installed")
    return found


def measure_calls(
    data_dir: Path, *, accounts: int, months: int, say: Callable[[str], None]
) -> dict[str, Any]:  # fmt: skip
    """Take every call once; its actions and seconds beside the targets. Raises `NoBrowser` and `CallFailed`."""
    from playwright.sync_api import sync_playwright

    path = chromium()
    (data_dir / "files").mkdir(parents=True, exist_ok=True)
    lived = _FEW if accounts < _SMALL else LIVED
    who = callers(large_city(accounts, months=months, lived=lived, say=say, copied=True))
    client = Client()
    client.force_login(user_named("csr"))
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value}
    connection.close()
    with serving(data_dir) as port, sync_playwright() as playwright:
        address = f"http://127.0.0.1:{port}"
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        context = browser.new_context(base_url=address, viewport={"width": 1440, "height": 900})
        english = {"name": "django_language", "value": "en"}
        context.add_cookies([{**each, "url": address} for each in (cookie, english)])  # type: ignore[typeddict-item]
        page = context.new_page()
        page.goto(f"/accounts/{who.owes}/")
        taken = []
        for figures in take(page, who):
            say(f"call {figures['call']}: {figures['actions']} actions, {figures['seconds']} s")
            taken.append(figures)
        browser.close()
    taken.sort(key=lambda each: int(each["call"]))
    within = [each["actions"] <= each["target_actions"] and each["seconds"] <= each["target_seconds"] for each in taken]
    return {
        "accounts": accounts, "months": months, "calls": taken, "within_target": sum(within),
        "load": round(os.getloadavg()[0], 1),
    }  # fmt: skip
