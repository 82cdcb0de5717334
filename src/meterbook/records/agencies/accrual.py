"""What became an agency's, booking by booking: when billed, or cent by cent when the customer's item is settled.

Every booking of a bill, an adjustment, a deposit or a settlement for one service is a group: its parts are the
accounts on the other side of the receivable. The group's open item is settled by allocations; `engine.ledger.agencies`
divides each of them among the parts. What a credit other than a payment settles is taken off again from the credit's
own parts, so that all parts of all groups together are exactly the money received.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from meterbook.engine.ledger.agencies.agreements import Agency, Owned
from meterbook.engine.ledger.agencies.shares import settled

#: What is booked against customers' receivables and can be somebody's.
SOURCES = ("bill", "adjustment", "deposit", "settlement")


@dataclass(frozen=True, slots=True)
class Accrual:
    """Cents that became (or, below zero, ceased to be) an owned account's: of which booking, by which allocation.

    ``gross``: before the agency's share. ``allocation`` 0: by the booking itself.
    """

    owned: int
    on: date
    account_id: int
    service: str
    ledger: str
    source_kind: str
    source_id: int
    allocation: int
    gross: int


_COUNTER = """
SELECT e.source_kind, e.source_id, e.account_id, e.service,
       CASE WHEN d.role = 'receivable' THEN c.code ELSE d.code END AS code,
       CASE WHEN d.role = 'receivable' THEN c.kind ELSE d.kind END IN ('revenue', 'liability') AS earned,
       coalesce(nullif(CASE WHEN d.role = 'receivable' THEN c.category ELSE d.category END, ''), 'service') AS category,
       sum(CASE WHEN d.role = 'receivable' THEN e.amount_cents ELSE -e.amount_cents END) AS cents,
       min(e.effective_on) AS effective_on
  FROM ledger_entry e JOIN ledger_ledgeraccount d ON d.id = e.debit_id
  JOIN ledger_ledgeraccount c ON c.id = e.credit_id
 WHERE e.source_kind = ANY(%(sources)s) AND (d.role = 'receivable') <> (c.role = 'receivable')
 GROUP BY 1, 2, 3, 4, 5, 6, 7
"""
_GROUPS = f"""
WITH part AS ({_COUNTER}),
mine AS (SELECT DISTINCT source_kind, source_id, service, category FROM part
          WHERE code = ANY(%(codes)s) OR (earned AND service = ANY(%(services)s)))
SELECT p.source_kind, p.source_id, p.account_id, p.service, p.code, p.earned, p.cents, p.effective_on, o.id,
       p.category
  FROM part p JOIN mine USING (source_kind, source_id, service, category)
  LEFT JOIN ledger_openitem o ON o.source_kind = p.source_kind AND o.source_id = p.source_id AND o.service = p.service
   AND o.category = p.category
 ORDER BY p.effective_on, p.source_kind, p.source_id, p.service, p.category, p.code
"""
_SETTLED = """
SELECT {link}, id, amount_cents, effective_on FROM ledger_allocation WHERE {link} = ANY(%s) ORDER BY {link}, id
"""


@dataclass(slots=True)
class Group:
    """One booking of one service: its parts by account code in cents, whose each is, and its open item, if any."""

    source_kind: str
    source_id: int
    account_id: int
    service: str
    on: date
    item: int | None
    parts: dict[str, int]
    owners: dict[str, int | None]

    @property
    def net(self) -> int:
        """What the item is about: above zero a charge, below a credit."""
        return sum(self.parts.values())


def groups_of(agency: Agency) -> list[Group]:
    """Every booking with a part of the agency's, in order of day."""
    asked: dict[str, Any] = {
        "sources": list(SOURCES),
        "codes": [one.account for one in agency.owns if one.account],
        "services": [one.service for one in agency.owns if one.service],
    }
    found: dict[tuple[str, int, str, str], Group] = {}
    with connection.cursor() as cursor:
        cursor.execute(_GROUPS, asked)
        for kind, source, account, service, code, earned, cents, on, item, category in cursor.fetchall():
            new = Group(kind, source, account, service, on, item, {}, {})
            group = found.setdefault((kind, source, service, category), new)
            group.parts[code] = group.parts.get(code, 0) + int(cents)
            group.owners[code] = owner_of(agency, code, service if earned else "")
    return list(found.values())


def owner_of(agency: Agency, code: str, service: str) -> int | None:
    """Which of the agency's ownerships a part falls under; an account named goes before a service.

    Of a service only what is earned: credits the utility grants at its own expense stay its own.
    """
    for at, one in enumerate(agency.owns):
        if one.account == code:
            return at
    return next((at for at, one in enumerate(agency.owns) if one.service and one.service == service), None)


def billed(groups: Sequence[Group]) -> list[Accrual]:
    """Everything that became the agency's by being booked."""
    return [
        _accrual(owner, group, code, group.on, 0, cents)
        for group in groups
        for code, cents in group.parts.items()
        if cents and (owner := group.owners[code]) is not None
    ]


def collected(groups: Sequence[Group]) -> list[Accrual]:
    """Everything that became the agency's by being paid; a booking that is no item at all is settled by itself."""
    received = _allocations("charge_id", [group.item for group in groups if group.item and group.net > 0])
    given = _allocations("credit_id", [group.item for group in groups if group.item and group.net < 0])
    made: list[Accrual] = []
    for group in groups:
        if group.item is None:
            made += _whole(group)
            continue
        sign = 1 if group.net > 0 else -1
        allocations = (received if sign > 0 else given).get(group.item, [])
        parts = [sign * cents for cents in group.parts.values()]
        shares = settled(parts, [amount for _, amount, _ in allocations])
        for (allocation, _, on), divided in zip(allocations, shares, strict=True):
            for code, cents in zip(group.parts, divided, strict=True):
                owner = group.owners[code]
                if owner is not None and cents:
                    made.append(_accrual(owner, group, code, on, allocation, sign * cents))
    return made


def _whole(group: Group) -> list[Accrual]:
    return [
        _accrual(owner, group, code, group.on, 0, cents)
        for code, cents in group.parts.items()
        if cents and (owner := group.owners[code]) is not None
    ]


def _accrual(owner: int, group: Group, code: str, on: date, allocation: int, cents: int) -> Accrual:
    return Accrual(
        owner, on, group.account_id, group.service, code, group.source_kind, group.source_id, allocation, cents
    )


def _allocations(link: str, items: Sequence[int]) -> dict[int, list[tuple[int, int, date]]]:
    """By item: (allocation, cents, effective on) in the order they were made."""
    found: dict[int, list[tuple[int, int, date]]] = defaultdict(list)
    if items:
        with connection.cursor() as cursor:
            cursor.execute(_SETTLED.format(link=link), [list(items)])
            for item, allocation, cents, on in cursor.fetchall():
                found[item].append((allocation, int(cents), on))
    return found


def sums(accruals: Sequence[Accrual], owns: Sequence[Owned], until: date) -> list[int]:
    """Gross cents of each ownership before a day."""
    made = [0] * len(owns)
    for one in accruals:
        if one.on < until:
            made[one.owned] += one.gross
    return made
