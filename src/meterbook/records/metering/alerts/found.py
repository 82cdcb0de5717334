"""Leaks and high usage in what the rules found, with the figures, as they are told once each.

A leak is an episode of days in a row on which the rule ``never_zero`` spoke of a channel. High usage is a period whose
closing read stands in force although the rule ``high_low`` called it high: a person accepted it, or the policy only
notes it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import connection

from meterbook.engine.quantity import WrongUnit, convert, unscaled

LEAK, HIGH = "metering.leak_suspected", "metering.high_usage_seen"
_GALLON = "gal"
_LEAKS = """
SELECT c.id, i.service_point_id, m.serial, f."on", f.figures->>'days', f.figures->>'daily', f.figures->>'unit',
       a.number, f.id
  FROM metering_finding f
  JOIN metering_intervalchannel c ON c.id = f.channel_id
  JOIN metering_meter m ON m.id = c.meter_id
  JOIN metering_installation i ON i.meter_id = m.id AND i.validity @> f."on"
  LEFT JOIN customers_serviceagreement g ON g.service_point_id = i.service_point_id AND g.validity @> f."on"
  LEFT JOIN customers_account a ON a.id = g.account_id
 WHERE f.rule = 'never_zero' AND f."on" >= %s
 ORDER BY c.id, f."on", f.id
"""
_HIGHS = """
SELECT DISTINCT ON (u.id) u.service_point_id, m.serial, g.channel, r.id, r.read_on, u.starts, u.ends, u.quantity_e6,
       f.figures->>'expected', g.unit, f.holds, a.number
  FROM metering_finding f
  JOIN metering_read r ON r.id = f.read_id AND r.status = 'accepted' AND NOT r.superseded AND NOT r.estimated
  JOIN metering_usage u ON u.to_read_id = r.id AND NOT u.superseded
  JOIN metering_register g ON g.id = r.register_id
  JOIN metering_meter m ON m.id = g.meter_id
  LEFT JOIN customers_serviceagreement s ON s.service_point_id = u.service_point_id AND s.validity @> (u.ends - 1)
  LEFT JOIN customers_account a ON a.id = s.account_id
 WHERE f.rule = 'high_low' AND f.figures->>'what' = 'high' AND f."on" >= %s
 ORDER BY u.id, f.id
"""


@dataclass(frozen=True, slots=True)
class Alert:
    """One thing to tell: its kind, what makes it one and no other, and the figures."""

    kind: str
    key: tuple[str, ...]
    payload: dict[str, Any]


def leaks(since: date) -> Iterator[Alert]:
    """Every episode of flow that never stopped, seen from a day on; an episode is days in a row on one channel."""
    last: tuple[int, date] | None = None
    for row in _rows(_LEAKS, since):
        channel, point, serial, on, days, daily, unit, account, _ = row
        goes_on = last is not None and last[0] == channel and on - last[1] <= timedelta(days=1)
        last = (channel, on)
        if goes_on:
            continue
        gallons = in_gallons(Decimal(daily), unit)
        payload = {
            "service_point": point, "account": account, "meter": serial, "channel": channel,
            "since": (on - timedelta(days=int(days) - 1)).isoformat(), "seen_on": on.isoformat(), "days": int(days),
            "daily": daily, "unit": unit, "gallons_a_day": None if gallons is None else f"{gallons:f}",
        }  # fmt: skip
        yield Alert(LEAK, (str(channel), payload["since"]), payload)


def highs(since: date) -> Iterator[Alert]:
    """Every period read from a day on whose high usage stands."""
    for row in _rows(_HIGHS, since):
        point, serial, channel, read, on, starts, ends, quantity, expected, unit, held, account = row
        usage = unscaled(quantity)
        payload = {
            "service_point": point, "account": account, "meter": serial, "channel": channel, "read": read,
            "on": on.isoformat(), "starts": starts.isoformat(), "ends": ends.isoformat(), "usage": f"{usage:f}",
            "expected": expected, "unit": unit, "accepted_by": "person" if held else "policy",
        }  # fmt: skip
        yield Alert(HIGH, (str(point), channel, payload["ends"]), payload)


def key_of(kind: str, payload: dict[str, Any]) -> tuple[str, ...]:
    """What makes an alert that was told one and no other."""
    names = ("channel", "since") if kind == LEAK else ("service_point", "channel", "ends")
    return tuple(str(payload[name]) for name in names)


def in_gallons(daily: Decimal, unit: str) -> Decimal | None:
    """A flow a day in gallons, rounded half up to one decimal; None for anything but a volume.

    >>> in_gallons(Decimal("0.25"), "ccf"), in_gallons(Decimal(3), "kWh")
    (Decimal('187.0'), None)
    """
    try:
        exact = convert(daily, found=unit, wanted=_GALLON)
    except WrongUnit:
        return None
    return (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(Decimal("0.1"), ROUND_HALF_UP)


def _rows(sql: str, since: date) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [since])
        return list(cursor.fetchall())
