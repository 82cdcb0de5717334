"""Figures, masks and ceilings do what their examples say."""

from __future__ import annotations

import doctest

import pytest

from meterbook.records.places import screens
from meterbook.web.kit import charts, contact, figures


@pytest.mark.parametrize("module", [figures, contact, charts, screens])
def test_examples_run(module: object) -> None:
    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]
