"""Every page of the staff app in every face: light and dark, English and Spanish, on a desk and on a phone.

The pages are those of `tests.web.addresses`, which a test holds against the URL resolver, and the variations named in
`tests.browser.test_accessible`. `main` is what `./meterbook bench accessibility` runs.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import axe_core_python  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page, sync_playwright
from tests.browser.serving import ROOT, chromium, copied, signed_in, started

AXE = (Path(axe_core_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}
#: Parts of pages, which have no head of their own.
PARTS = frozenset({"run_progress"})
_FIND = """
import django; django.setup()
import json
from tests.web.addresses import pages
from tests.web.office import office_on_record
print(json.dumps(pages(office_on_record())))
"""


@dataclass(frozen=True, slots=True)
class Face:
    """How a page is looked at."""

    language: str
    scheme: str
    width: int

    def __str__(self) -> str:
        return f"{self.language}-{self.scheme}-{self.width}"


FACES = tuple(Face(*each) for each in product(("en", "es"), ("light", "dark"), (1440, 390)))


def every_address(database: str) -> list[str]:
    """The address of every page, each with something to show at it; what it takes is founded in the database."""
    environment = os.environ | {"DATABASE_URL": database, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}
    found = subprocess.run(
        [sys.executable, "-c", _FIND], env=environment, cwd=ROOT, check=True, stdout=subprocess.PIPE
    )  # fmt: skip
    pages: dict[str, str] = json.loads(found.stdout.splitlines()[-1])
    return [address for name, address in pages.items() if name not in PARTS]


def looked_at(browser: Browser, base: str, cookie: str, face: Face) -> Page:
    """A page in a face, signed in."""
    context = browser.new_context(
        base_url=base, viewport={"width": face.width, "height": 900},
        color_scheme=face.scheme,  # type: ignore[arg-type]
    )  # fmt: skip
    context.add_cookies(
        [
            {"name": "django_language", "value": face.language, "url": base},
            {"name": "sessionid", "value": cookie, "url": base},
        ]
    )
    return context.new_page()


def violations(page: Page) -> list[str]:
    """What axe finds wrong with the page that is open."""
    page.evaluate(AXE)
    found: dict[str, Any] = page.evaluate("rules => axe.run(document, rules)", RULES)
    return [
        f"{page.url}: {each['id']}: {node['target']} {node.get('failureSummary', '')}"
        for each in found["violations"]
        for node in each["nodes"][:2]
    ]


def wrong_with(page: Page, address: str, face: Face) -> list[str]:
    """Open a page and say everything that is wrong with it in this face."""
    answer = page.goto(address)
    status = answer.status if answer else 0
    if status != (404 if "no/such" in address else 200):
        return [f"{face} {address}: answered with {status}"]
    found = [f"{face} {each}" for each in violations(page)]
    width = page.evaluate("document.documentElement.scrollWidth")
    return found if width <= face.width else [*found, f"{face} {address}: {width} pixels wide"]


def every_face(browser: Browser, base: str, cookie: str, addresses: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """Every page in every face: its face and address, and what is wrong."""
    for face in FACES:
        page = looked_at(browser, base, cookie, face)
        for address in addresses:
            yield f"{face} {address}", wrong_with(page, address, face)
        page.context.close()


def main(arguments: Sequence[str]) -> int:
    """Found an office, serve it, look at everything; 1 where anything is wrong."""
    from tests.browser.serving import fresh_office
    from tests.browser.test_accessible import PAGES

    path = chromium()
    if path is None:
        print("needs Chromium: none of chromium, chromium-browser, google-chrome is installed", file=sys.stderr)
        return 2
    looked = 0
    wrong: list[str] = []
    with tempfile.TemporaryDirectory() as folder, fresh_office() as office, copied(office, "every") as database:
        addresses = list(dict.fromkeys([*every_address(database), *PAGES]))
        with started(database, Path(folder)) as base, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
            cookie = signed_in(browser, base, "supervisor")
            for at, found in every_face(browser, base, cookie, addresses):
                looked, wrong = looked + 1, wrong + found
                if found or looked % 100 == 0:
                    print(f"{looked} of {len(addresses) * len(FACES)}: {at}", *found, sep="\n  ", file=sys.stderr)
    figures = {"pages": len(addresses), "faces": len(FACES), "looked_at": looked, "violations": len(wrong)}
    print(json.dumps(figures | {"found": wrong[:200]}) if "--json" in arguments else figures)
    return 1 if wrong else 0
