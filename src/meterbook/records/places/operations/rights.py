"""Connections a parcel buys: so many of a commodity and size, from a day on."""

from __future__ import annotations

from datetime import date, timedelta

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
    right = buy(deed, parcel=parcel, commodity=commodity, size=size, quantity=quantity, starts=starts, origin=origin)
    tell(deed, "places.connections_bought", parcel=parcel.pk, right=right.pk, quantity=quantity)
    return right


def buy(
    deed: Deed, *, parcel: Parcel, commodity: str, size: str, quantity: int, starts: date, origin: str
) -> ConnectionRight:
    """`buy_connections` as a part of another deed."""
    if commodity not in ("electricity", "water"):
        raise PlaceRefused(N_("Connections are bought of electricity or water; found {found}."), found=commodity)
    if not 1 <= quantity <= MOST:
        raise PlaceRefused(N_("A number from 1 to {most} is bought at once; found {found}."), most=MOST, found=quantity)
    if not size.strip() or not origin.strip():
        raise PlaceRefused(N_("Say which size was bought, and the permit, receipt or agreement it rests on."))
    Parcel.objects.select_for_update().get(pk=parcel.pk)
    same = ConnectionRight.objects.filter(
        parcel=parcel,
        commodity=commodity,
        size=size.strip(),
        origin__iexact=origin.strip(),
        validity__overlap=(starts, None),
    )
    if same.exists():
        raise PlaceRefused(
            N_(
                "Size {size} by “{origin}” is on record for parcel {parcel}. Give another permit, or end that one "
                "first."
            ),
            size=size.strip(), origin=origin.strip(), parcel=parcel.number,
        )  # fmt: skip
    return ConnectionRight.objects.create(
        parcel=parcel, commodity=commodity, size=size.strip(), quantity=quantity, origin=origin.strip(),
        validity=(starts, None), deed=deed,
    )  # fmt: skip


@operation("places.end_connections", roles={BILLING, SUPERVISOR})
def end_connections(deed: Deed, *, right: ConnectionRight, on: date, quantity: int = 0) -> ConnectionRight | None:
    """End a right on ``on``: given back, moved away, or written down wrongly; ``quantity`` remain from that day on.

    One that was wrong from the beginning ends on the day it began: it then counts on that one day only, since no right
    is ever taken off the record. The reason is the deed's. Returns what remains, if anything. Raises `PlaceRefused`.
    """
    found = ConnectionRight.objects.select_for_update().select_related("parcel").get(pk=right.pk)
    if not deed.reason.strip():
        raise PlaceRefused(N_("Say why the connections end."))
    if found.validity.upper is not None:
        raise PlaceRefused(N_("These connections ended on {day}."), day=found.validity.upper)
    if not found.validity.lower <= on <= deed.business_date or not 0 <= quantity < found.quantity:
        raise PlaceRefused(
            N_("Give a day from {first} to {last}, and fewer connections than {quantity} that remain."),
            first=found.validity.lower, last=deed.business_date, quantity=found.quantity,
        )  # fmt: skip
    end = max(on, found.validity.lower + timedelta(days=1))
    found.validity = (found.validity.lower, end)
    found.save()
    rest = None
    if quantity:
        rest = ConnectionRight.objects.create(
            parcel=found.parcel, commodity=found.commodity, size=found.size, quantity=quantity, origin=found.origin,
            validity=(end, None), deed=deed,
        )  # fmt: skip
    tell(deed, "places.connections_ended", parcel=found.parcel_id, right=found.pk, on=end.isoformat(), remain=quantity)
    return rest
