"""Fetching the route: what goes to whose phone is on record before it goes."""

from __future__ import annotations

from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import CREW, METER_SHOP, READER
from meterbook.records.service_orders.models import Order, PhoneCopy
from meterbook.records.service_orders.phone.route import copies_of, orders_of

#: Who may be on a crew and works with a phone.
FIELD_ROLES = {CREW, METER_SHOP, READER}


@operation("service_orders.fetch_route", roles=FIELD_ROLES)
def fetch_route(deed: Deed) -> list[Order]:
    """The actor's route of the business date, each order's version on record as handed out."""
    orders = orders_of(deed.actor, deed.business_date)
    held = copies_of(deed.actor, orders)
    fresh = [order for order in orders if (order.pk, order.version) not in held]
    PhoneCopy.objects.bulk_create(
        [PhoneCopy(order=order, user=deed.actor, version=order.version, deed=deed) for order in fresh],
        ignore_conflicts=True,
    )
    tell(deed, "service_orders.route_fetched", orders=[order.pk for order in fresh])
    return orders
