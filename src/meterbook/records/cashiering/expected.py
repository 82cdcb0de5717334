"""What a drawer must hold, from its receipts, voids and drops: known to nobody who is still to count it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from meterbook.records.cashiering.models import Drawer, DrawerCount

_TAKEN = """
SELECT coalesce(sum(t.amount_cents) FILTER (WHERE t.kind = 'cash'), 0) - coalesce((
           SELECT sum(r.change_cents) FROM cashiering_receipt r WHERE r.drawer_id = %(drawer)s
              AND NOT EXISTS (SELECT FROM cashiering_receiptvoid v WHERE v.receipt_id = r.id)), 0),
       count(*) FILTER (WHERE t.kind IN ('check', 'money_order')),
       coalesce(sum(t.amount_cents) FILTER (WHERE t.kind IN ('check', 'money_order')), 0),
       coalesce((SELECT sum(d.amount_cents) FROM cashiering_cashdrop d WHERE d.drawer_id = %(drawer)s), 0)
  FROM cashiering_tender t JOIN cashiering_receipt r ON r.id = t.receipt_id AND r.drawer_id = %(drawer)s
 WHERE NOT EXISTS (SELECT FROM cashiering_receiptvoid v WHERE v.receipt_id = r.id)
"""


@dataclass(frozen=True, slots=True)
class Expected:
    """Cents: ``cash_cents`` in the drawer with its float, ``dropped_cents`` in the safe; checks and money orders."""

    cash_cents: int
    noncash_count: int
    noncash_cents: int
    dropped_cents: int


def expected(drawer: Drawer) -> Expected:
    """What the drawer must hold now."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKEN, {"drawer": drawer.pk})
        cash, count, noncash, dropped = (int(value) for value in cursor.fetchone())
    return Expected(drawer.float_cents + cash - dropped, count, noncash, dropped)


def latest_counts(drawer: Drawer) -> dict[int, DrawerCount]:
    """The newest count of each person who counted, by user."""
    return {count.counted_by_id: count for count in DrawerCount.objects.filter(drawer=drawer).order_by("pk")}


def same(one: DrawerCount, other: DrawerCount) -> bool:
    """Whether two people counted the same."""
    return (one.cash_cents, one.noncash_count, one.noncash_cents) == (
        other.cash_cents, other.noncash_count, other.noncash_cents,
    )  # fmt: skip


def agreed(drawer: Drawer, closer_id: int) -> DrawerCount | None:
    """The closer's count, where somebody else counted the same; None where nobody did."""
    counts = latest_counts(drawer)
    mine = counts.pop(closer_id, None)
    if mine is None:
        return None
    return mine if any(same(mine, other) for other in counts.values()) else None


def difference(drawer: Drawer, count: DrawerCount) -> int:
    """Cents counted beyond what is expected; below zero where they are short."""
    wanted = expected(drawer)
    return count.cash_cents + count.noncash_cents - wanted.cash_cents - wanted.noncash_cents
