"""Stating a fact about a service point from a day on; what was stated before ends there."""

from __future__ import annotations

from datetime import date

from meterbook.records.places.models import Determinant, DeterminantKind, ServicePoint
from meterbook.records.platform.models import Deed


class WrongDeterminant(ValueError):
    """The fact is of another sort (number or key), says nothing new, or would rewrite later facts."""


def state_fact(
    deed: Deed, *, service_point: ServicePoint, kind: DeterminantKind, starts: date, origin: str,
    number_e6: int | None = None, key: str = "",
) -> Determinant:  # fmt: skip
    """Write the value; one that began on the same day is replaced in place. Raises `WrongDeterminant`."""
    on_record = Determinant.objects.select_for_update().filter(service_point=service_point, kind=kind)
    later = on_record.filter(validity__startswith__gt=starts).first()
    if later is not None:
        raise WrongDeterminant(
            f"{kind.name} of {service_point.code}: a value from {later.validity.lower} is on record; "
            f"expected a date after it, found {starts}"
        )
    now = on_record.filter(validity__contains=starts).first()
    if now is not None and now.validity.lower == starts:
        now.number_e6, now.key, now.origin, now.deed = number_e6, key, origin, deed
        now.save()
        row = now
    else:
        if now is not None:
            now.validity = (now.validity.lower, starts)
            now.save()
        row = Determinant.objects.create(
            service_point=service_point, kind=kind, number_e6=number_e6, key=key, origin=origin,
            validity=(starts, None), deed=deed,
        )  # fmt: skip
    return row
