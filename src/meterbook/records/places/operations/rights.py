"""Connections a parcel buys: so many of a commodity and size, from a day on."""

from __future__ import annotations

from datetime import date

from meterbook.engine.trace import N_
from meterbook.records.places.models import ConnectionRight, Parcel
from meterbook.records.places.refusals import PlaceRefused
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, SUPERVISOR

MOST = 500


@operation("places.buy_connections", roles={BILLING, SUPERVISOR})
def buy_connections(
    deed: Deed, *, parcel: Parcel, commodity: str, size: str, quantity: int, starts: date, origin: str
) -> ConnectionRight:
    """Write down that a parcel bought ``quantity`` connections of a commodity and size from ``starts`` on.

    ``origin`` is the permit, receipt or agreement it rests on. Raises `PlaceRefused`.
    """
    if commodity not in ("electricity", "water"):
        raise PlaceRefused(N_("Connections are bought of electricity or water; found {found}."), found=commodity)
    if not 1 <= quantity <= MOST:
        raise PlaceRefused(N_("A number from 1 to {most} is bought at once; found {found}."), most=MOST, found=quantity)
    if not size.strip() or not origin.strip():
        raise PlaceRefused(N_("Say which size was bought, and the permit, receipt or agreement it rests on."))
    right = ConnectionRight.objects.create(
        parcel=parcel, commodity=commodity, size=size.strip(), quantity=quantity, origin=origin.strip(),
        validity=(starts, None), deed=deed,
    )  # fmt: skip
    tell(deed, "places.connections_bought", parcel=parcel.pk, right=right.pk, quantity=quantity)
    return right
