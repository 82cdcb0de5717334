"""A tariff document around the parts a test writes."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from meterbook.engine.rates.tariff import Tariff, parse_tariff

HEAD = """\
schedule: LANGUAGE
title: {en: Test, es: Prueba}
commodity: water
unit: ccf
eligibility: {en: Anyone, es: Cualquiera}
versions:
"""
VERSION = """\
  - version: "%s"
    effective: %s
    source: {utility: U, resolution: R, section: S, url: u, adopted: 2023-01-01}
    proration: {normal_days: 30, tolerance: [27, 34], usage_decimals: 2, source: s}
"""

Write = Callable[..., Tariff]


def _indented(text: str, by: int) -> str:
    return "".join(f"{' ' * by}{line}\n" for line in text.strip("\n").split("\n"))


def written(components: str, *, head: str = "", name: str = "one", effective: str = "2024-01-01") -> str:
    """One version: ``head`` holds seasons, inputs and values."""
    text = VERSION % (name, effective) + (_indented(head, 4) if head else "") + "    components:\n"
    for at, body in enumerate(components.strip("\n").split("\n")):
        words = "" if "label:" in body else f"label: {{en: c{at}, es: c{at}}}, "
        text += f'      - {{revenue: "1", {words}{body.strip()}}}\n'
    return text


@pytest.fixture(scope="session")
def write() -> Write:
    """A tariff of versions; each is the text of `written`."""

    def tariff(components: str, *, head: str = "", more: tuple[tuple[str, str, str], ...] = ()) -> Tariff:
        text = HEAD + written(components, head=head)
        for effective, inner, other in more:
            text += written(inner, head=other, name=effective, effective=effective)
        return parse_tariff(text, file="test.yaml")

    return tariff
