"""The cashier's drawer in the morning and in between: the float put into it, and cash dropped into the safe."""

from __future__ import annotations

from meterbook.records.cashiering.expected import expected
from meterbook.records.cashiering.models import CashDrop, Drawer
from meterbook.records.cashiering.queries import lock_open, open_drawer_of
from meterbook.records.cashiering.refusals import (
    BagDropped,
    DrawerStillOpen,
    NotYourDrawer,
    TooMuchDropped,
    WrongFloat,
    said,
)
from meterbook.records.cashiering.settings import rules_on
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import CASHIER, CSR, SUPERVISOR
from meterbook.records.platform.turns import one_at_a_time


@operation("cashiering.open_drawer", roles={CASHIER, CSR, SUPERVISOR})
def open_drawer(deed: Deed, *, station: str, float_cents: int) -> Drawer:
    """Open a drawer for the actor with change lent from the safe; the float is nobody's payment and no entry.

    Raises `DrawerStillOpen`, `WrongFloat`, `NoPolicy`.
    """
    rules = rules_on(deed.business_date)
    if station not in rules.stations or not 0 <= float_cents <= rules.float_up_to:
        raise WrongFloat(most=said(rules.float_up_to), stations=", ".join(rules.stations))
    one_at_a_time("cashiering drawers")
    mine = open_drawer_of(deed.actor)
    there = Drawer.objects.exclude(state=Drawer.CLOSED).filter(station=station).select_related("cashier").first()
    if (before := mine or there) is not None:
        raise DrawerStillOpen(who=str(before.cashier), station=before.station)
    drawer = Drawer.objects.create(
        station=station, cashier=deed.actor, business_date=deed.business_date, float_cents=float_cents, opened=deed
    )
    tell(deed, "cashiering.drawer_opened", drawer=drawer.pk, station=station, float_cents=float_cents)
    return drawer


@operation("cashiering.drop", roles={CASHIER, CSR, SUPERVISOR})
def drop(deed: Deed, *, drawer: Drawer, amount_cents: int, bag: str) -> CashDrop:
    """Put cash of an open drawer into the safe, in a numbered bag; it goes to the bank with the drawer's rest.

    Raises `NotYourDrawer`, `DrawerNotOpen`, `TooMuchDropped`, `BagDropped`.
    """
    locked = lock_open(drawer.pk)
    if locked.cashier_id != deed.actor.pk:
        raise NotYourDrawer(cashier=str(locked.cashier))
    if not 0 < amount_cents <= expected(locked).cash_cents:
        raise TooMuchDropped()
    if CashDrop.objects.filter(drawer=locked, bag=bag.strip()).exists():
        raise BagDropped(bag=bag.strip())
    made = CashDrop.objects.create(drawer=locked, bag=bag.strip(), amount_cents=amount_cents, deed=deed)
    tell(deed, "cashiering.cash_dropped", drawer=locked.pk, cents=amount_cents, bag=made.bag)
    return made
