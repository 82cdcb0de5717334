"""The drawer at night: its cashier counts it blind, a second person counts it too and closes it."""

from __future__ import annotations

from collections.abc import Mapping

from meterbook.engine.cashiering.counting import counted_cents
from meterbook.records.cashiering import booking
from meterbook.records.cashiering.expected import agreed, difference, latest_counts
from meterbook.records.cashiering.models import Drawer, DrawerCount
from meterbook.records.cashiering.queries import lock_drawer
from meterbook.records.cashiering.refusals import (
    CountNeeded,
    CountsDiffer,
    DrawerNotOpen,
    NotYourDrawer,
    OwnDrawer,
    SupervisorCloses,
    UnknownCounterReason,
    said,
)
from meterbook.records.cashiering.settings import rules_on
from meterbook.records.ledger.transfers import account_for
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import CASHIER, CSR, FINANCE, SUPERVISOR, roles_of


@operation("cashiering.count_drawer", roles={CASHIER, CSR, SUPERVISOR, FINANCE})
def count_drawer(
    deed: Deed, *, drawer: Drawer, pieces: Mapping[int, int], noncash_count: int, noncash_cents: int
) -> DrawerCount:
    """Write down what the actor counted, float included; nobody is told what was expected.

    The first count ends the drawer's day: its cashier's, or a supervisor's where the cashier is gone. Raises
    `NotYourDrawer`, `DrawerNotOpen` once it is closed, `WrongCount`.
    """
    locked = lock_drawer(drawer.pk)
    if locked.state == Drawer.CLOSED:
        raise DrawerNotOpen(station=locked.station)
    mine = locked.cashier_id == deed.actor.pk
    if locked.state == Drawer.OPEN and not mine and not _supervises(deed):
        raise NotYourDrawer(cashier=str(locked.cashier))
    count = DrawerCount.objects.create(
        drawer=locked, counted_by=deed.actor, pieces={str(each): count for each, count in pieces.items() if count},
        cash_cents=counted_cents(pieces), noncash_count=noncash_count, noncash_cents=noncash_cents, deed=deed,
    )  # fmt: skip
    if locked.state == Drawer.OPEN:
        locked.state = Drawer.COUNTED
        locked.save(update_fields=["state"])
    tell(deed, "cashiering.drawer_counted", drawer=locked.pk, count=count.pk)
    return count


@operation("cashiering.close_drawer", roles={CASHIER, CSR, SUPERVISOR, FINANCE})
def close_drawer(deed: Deed, *, drawer: Drawer, reason: str = "", note: str = "") -> Drawer:
    """Close a drawer two people counted alike; what is over or short is booked with its reason.

    Raises `OwnDrawer` for its cashier, `CountNeeded`, `CountsDiffer`, `DrawerNotOpen` once it is closed,
    `UnknownCounterReason` where a difference has none, and `SupervisorCloses` above the rules' limit.
    """
    locked = lock_drawer(drawer.pk)
    if locked.state == Drawer.CLOSED:
        raise DrawerNotOpen(station=locked.station)
    if locked.cashier_id == deed.actor.pk:
        raise OwnDrawer()
    counts = latest_counts(locked)
    if locked.state == Drawer.OPEN or deed.actor.pk not in counts or len(counts) < 2:
        raise CountNeeded()
    count = agreed(locked, deed.actor.pk)
    if count is None:
        raise CountsDiffer()
    cents = difference(locked, count)
    _check_difference(deed, cents, reason)
    if cents:
        drawer_account, over_short = account_for("drawer"), account_for("over_short")
        debit, credit = (drawer_account, over_short) if cents > 0 else (over_short, drawer_account)
        booking.move(deed, debit=debit, credit=credit, cents=abs(cents), source_kind="drawer", source=locked.pk)
    locked.state, locked.closed, locked.over_short_cents = Drawer.CLOSED, deed, cents
    locked.over_short_reason, locked.note = (reason if cents else ""), note
    locked.save(update_fields=["state", "closed", "over_short_cents", "over_short_reason", "note"])
    tell(deed, "cashiering.drawer_closed", drawer=locked.pk, over_short_cents=cents)
    return locked


def _check_difference(deed: Deed, cents: int, reason: str) -> None:
    rules = rules_on(deed.business_date)
    if cents and reason not in rules.over_short:
        raise UnknownCounterReason()
    if abs(cents) > rules.supervisor_above and not _supervises(deed):
        raise SupervisorCloses(most=said(rules.supervisor_above))


def _supervises(deed: Deed) -> bool:
    return bool({SUPERVISOR, FINANCE} & roles_of(deed.actor, deed.business_date))
