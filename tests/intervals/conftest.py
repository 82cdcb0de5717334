"""Stores in empty folders."""

from __future__ import annotations

from pathlib import Path

import pytest

from meterbook.intervals import IntervalStore


@pytest.fixture
def store(tmp_path: Path) -> IntervalStore:
    return IntervalStore(tmp_path / "intervals", memory_mib=256, threads=1)
