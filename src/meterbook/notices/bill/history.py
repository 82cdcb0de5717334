"""Thirteen months of use for every bill of a batch, in one query: only what the bill's own account used."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import connection

from meterbook.notices.bill.document import History, MonthUsage
from meterbook.notices.bill.words import COMMODITIES

MONTHS = 13

# Usage counts in the month its period ends in. An earlier occupant's usage is his own and never shown.
_USAGE = """
SELECT b.id, p.commodity, r.channel = 'received', r.unit, date_trunc('month', u.ends)::date,
       sum(u.quantity_e6)::bigint, bool_or(u.estimated)
  FROM billing_bill b
  JOIN (SELECT DISTINCT bill_id, service_point_id FROM {segment} WHERE bill_id = ANY(%s)) s ON s.bill_id = b.id
  JOIN places_servicepoint p ON p.id = s.service_point_id
  JOIN metering_usage u ON u.service_point_id = p.id AND NOT u.superseded
       AND u.ends <= b.ends AND u.ends > b.ends - interval '14 months'
  JOIN metering_register r ON r.id = u.register_id
 WHERE EXISTS (SELECT FROM customers_serviceagreement a
                WHERE a.account_id = b.account_id AND a.service_point_id = p.id AND a.validity @> (u.ends - 1))
 GROUP BY 1, 2, 3, 4, 5
"""
_Key = tuple[str, bool, str]
_Months = dict[int, tuple[int, bool]]


def histories(bill_ids: Sequence[int], *, segment: str) -> dict[int, tuple[History, ...]]:
    """Per bill one history for each commodity, direction and unit; ``segment`` is the table the segments stand in."""
    with connection.cursor() as cursor:
        cursor.execute(_USAGE.format(segment=segment), [list(bill_ids)])
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    found: dict[int, dict[_Key, _Months]] = defaultdict(lambda: defaultdict(dict))
    for bill, commodity, received, unit, month, quantity, estimated in rows:
        found[bill][commodity, received, unit][_count(month)] = (quantity, estimated)
    return {bill: _ordered(series) for bill, series in found.items()}


def _count(month: date) -> int:
    """Months since year 0, so that a month before is one less."""
    return month.year * 12 + month.month - 1


def _ordered(series: dict[_Key, _Months]) -> tuple[History, ...]:
    places = {commodity: place for place, commodity in enumerate(COMMODITIES)}
    keys = sorted(series, key=lambda key: (places[key[0]], key[1], key[2]))
    return tuple(_history(key, series[key]) for key in keys)


def _history(key: _Key, months: _Months) -> History:
    """The thirteen months up to the last with usage; a gap has no quantity."""
    last = max(months)
    spread = []
    for month in range(last - MONTHS + 1, last + 1):
        quantity, estimated = months.get(month, (None, False))
        spread.append(MonthUsage(year=month // 12, month=month % 12 + 1, quantity_e6=quantity, estimated=estimated))
    return History(commodity=key[0], unit=key[2], received=key[1], months=tuple(spread))
