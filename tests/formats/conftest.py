"""Where the reference data lies: beside the checkout, in shared/data; never part of the repository."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def reference() -> Callable[[str], bytes]:
    """Bytes of a reference file, or a skip that says what is absent."""

    def read(name: str) -> bytes:
        path = ROOT.parent / "shared" / "data" / name
        if not path.is_file():
            pytest.skip(f"reference data absent: ../shared/data/{name}")
        return path.read_bytes()

    return read
