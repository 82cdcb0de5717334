"""The small office of the metering tests, for what runs beside it."""

from __future__ import annotations

from tests.records.metering.conftest import built_yard, yard

__all__ = ["built_yard", "yard"]
