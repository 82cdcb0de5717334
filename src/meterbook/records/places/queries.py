"""Questions about places that other areas and commands ask."""

from __future__ import annotations

from meterbook.records.places.models import Cycle, ServicePoint


def cycle_named(code: str) -> Cycle:
    """The cycle with a code; raises `LookupError` naming those that exist."""
    found = Cycle.objects.filter(code=code).first()
    if found is None:
        known = ", ".join(Cycle.objects.order_by("code").values_list("code", flat=True))
        raise LookupError(f"no cycle {code}; there are {known or 'none'}")
    return found


def point_with_code(code: str) -> ServicePoint:
    """The service point with a code; raises `LookupError`."""
    found = ServicePoint.objects.filter(code=code).first()
    if found is None:
        raise LookupError(f"no service point {code}")
    return found
