"""Alder Bend's meter shop: what its meters show on the bench."""

from __future__ import annotations

from decimal import Decimal

_BENCH = {
    "water": {"minimum": "98.4", "intermediate": "100.2", "maximum": "99.7"},
    "electricity": {"full_load": "100.02", "light_load": "99.9"},
}


def factory_test(commodity: str) -> dict[str, Decimal]:
    """What a new meter shows at its maker's, in percent by point."""
    return {point: Decimal(percent) for point, percent in _BENCH[commodity].items()}
