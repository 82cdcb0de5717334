"""The pictures of the guides, made of the pages themselves; ``METERBOOK_WRITE_PICTURES=1`` puts them into the guides.

A guide that shows a page which is gone, or a picture nobody shows, fails.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from tests.browser.conftest import Opened

pytestmark = [pytest.mark.browser, pytest.mark.long]
GUIDES = Path(__file__).resolve().parents[2] / "docs" / "guides"
PICTURES = GUIDES / "pictures"
#: Who sees what, at which address, and up to where the picture goes.
SHOWN = {
    "today-csr": ("csr", "/", 620),
    "account-csr": ("csr", "/accounts/1000017/", 760),
    "palette": ("csr", "/do/?q=fee", 420),
    "counter-cashier": ("cashier", "/money/drawers/", 520),
    "exceptions-billing": ("billing", "/reads/exceptions/", 560),
    "approvals-supervisor": ("supervisor", "/approvals/", 460),
    "staff-supervisor": ("supervisor", "/setup/people/csr/", 460),
    "closing-finance": ("finance", "/closing/", 460),
    "review-auditor": ("auditor", "/setup/review/", 560),
    "field-crew": ("crew", "/field/", 520),
}
LARGEST = 150_000


def test_pictures_of_the_guides(opened: Opened, tmp_path: Path) -> None:
    folder = PICTURES if os.environ.get("METERBOOK_WRITE_PICTURES") else tmp_path
    folder.mkdir(parents=True, exist_ok=True)
    for name, (who, address, height) in SHOWN.items():
        page = opened(who, width=1100)
        answer = page.goto(address)
        assert answer is not None and answer.status == 200, (name, address)
        file = folder / f"{name}.png"
        page.screenshot(path=file, clip={"x": 0, "y": 0, "width": 1100, "height": height})
        assert file.stat().st_size < LARGEST, name


def test_every_picture_is_shown_and_every_picture_shown_is_there() -> None:
    shown = {
        name for guide in GUIDES.glob("*.md") for name in re.findall(r"\(pictures/([\w-]+)\.png\)", guide.read_text())
    }
    assert shown == set(SHOWN) == {file.stem for file in PICTURES.glob("*.png")}
    assert all(file.stat().st_size < LARGEST for file in PICTURES.glob("*.png"))
