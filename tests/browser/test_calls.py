"""The fifteen calls in a browser on the small office: each within the actions of its target."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from tests.browser.serving import ROOT, environment, signed_in, started

from meterbook.demo.bench.calls.desk import CALLS, Callers
from meterbook.demo.bench.calls.taking import take

pytestmark = pytest.mark.browser
_FOUND = "import django; django.setup(); from tests.browser.calling import found_callers; print(*found_callers())"


@pytest.fixture(scope="module")
def desk(
    offices: dict[str, str], browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Page, Callers]]:
    """A clerk signed in, and who calls."""
    database, data = offices["calls"], tmp_path_factory.mktemp("calls")
    found = subprocess.run(
        [sys.executable, "-c", _FOUND], env=environment(database), cwd=ROOT, check=True, stdout=subprocess.PIPE
    )  # fmt: skip
    empty, emptied = (int(each) for each in found.stdout.split())
    who = Callers(
        owes="1000017", paid="1000017", behind="1000025", off="1000025", leaks="1000017", moves_out="1000017",
        moves_on="1000025", empty=empty, emptied=emptied, emptied_address="33 Sluice", day="9/8/2026",
    )  # fmt: skip
    with started(database, Path(data)) as base:
        context = browser.new_context(base_url=base, viewport={"width": 1440, "height": 900})
        cookie = signed_in(browser, base, "csr")
        english = {"name": "django_language", "value": "en", "url": base}
        context.add_cookies([english, {"name": "sessionid", "value": cookie, "url": base}])  # type: ignore[list-item]
        yield context.new_page(), who
        context.close()


def test_every_call_is_answered_within_its_actions(desk: tuple[Page, Callers]) -> None:
    page, who = desk
    taken = list(take(page, who))
    assert sorted(each["call"] for each in taken) == [call.number for call in CALLS] == list(range(1, 16))
    slow = [each for each in taken if each["seconds"] > each["target_seconds"]]
    long = [(each["call"], each["done"]) for each in taken if each["actions"] > each["target_actions"]]
    assert long == [] and slow == []
