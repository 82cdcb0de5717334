"""Connections a parcel has bought and those its meters use, by commodity and size."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from meterbook.engine.trace import N_
from meterbook.records.metering.models import Installation
from meterbook.records.metering.shop.life import MeterRefused, commodity_word
from meterbook.records.places.models import ConnectionRight, Parcel, ServicePoint
from meterbook.records.platform.policies import NoPolicy, policy

POLICY = "connection-rights"


@dataclass(frozen=True, slots=True)
class Right:
    """Connections of one commodity and size at a parcel: bought, used, and what one counts in equivalents."""

    commodity: str
    size: str
    bought: int
    used: int
    equivalent: Decimal | None

    @property
    def left(self) -> int:
        """What may still be installed; negative where more hang than were bought."""
        return self.bought - self.used


def _policy(day: date) -> dict[str, Any]:
    try:
        return policy(POLICY, day)
    except NoPolicy:
        return {}


def used_on(parcel: Parcel, day: date, *, without: Installation | None = None) -> Counter[tuple[str, str]]:
    """Meters that hang at the parcel's metered points on a day, counted by commodity and size."""
    rows = Installation.objects.filter(
        service_point__premise__parcel=parcel, service_point__connection=ServicePoint.METERED, validity__contains=day
    )
    if without is not None:
        rows = rows.exclude(pk=without.pk)
    return Counter(rows.values_list("service_point__commodity", "meter__size"))


def bought_on(parcel: Parcel, day: date) -> dict[tuple[str, str], int]:
    """Connections bought and in force on a day, by commodity and size."""
    rows = ConnectionRight.objects.filter(parcel=parcel, validity__contains=day)
    sums = rows.values_list("commodity", "size").annotate(total=Sum("quantity")).order_by()
    return {(commodity, size): total for commodity, size, total in sums}


def rights_of(parcel: Parcel, day: date) -> list[Right]:
    """Every commodity and size the parcel bought or uses; empty for a parcel without either."""
    bought, used = bought_on(parcel, day), used_on(parcel, day)
    worth = _policy(day).get("equivalents", {})
    found = []
    for commodity, size in sorted({*bought, *used}):
        equivalent = worth.get(commodity, {}).get(size)
        found.append(
            Right(
                commodity, size, bought.get((commodity, size), 0), used[commodity, size],
                Decimal(str(equivalent)) if equivalent is not None else None,
            )
        )  # fmt: skip
    return found


def refuse_beyond_rights(
    service_point: ServicePoint, size: str, on: date, *, leaving: Installation | None = None
) -> None:
    """Refuse one meter of ``size`` more than the parcel bought, counting out the meter that leaves.

    A parcel with no right on record in that commodity is free, unless the policy asks for one. A meter that takes the
    place of one of its own size needs none. Raises `MeterRefused`.
    """
    if leaving is not None and leaving.meter.size == size:
        return
    parcel = Parcel.objects.select_for_update().get(premises=service_point.premise_id)
    commodity = service_point.commodity
    bought = bought_on(parcel, on)
    bound = any(what == commodity for what, _ in bought) or commodity in (_policy(on).get("required") or [])
    used = used_on(parcel, on, without=leaving)[commodity, size]
    if bound and used >= bought.get((commodity, size), 0):
        raise MeterRefused(
            N_(
                "Parcel {parcel}, {commodity}, size {size}: {bought} connections bought, {used} in use. Buy the "
                "connection first."
            ),
            parcel=parcel.number, bought=bought.get((commodity, size), 0), commodity=commodity_word(commodity),
            size=size, used=used,
        )  # fmt: skip
