"""Two years of an account's usage as charts, one for each commodity and direction, with the weather beside it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext

from meterbook.records.metering import screens as metering
from meterbook.records.places.weather import Weather, weather_over
from meterbook.web.kit import words
from meterbook.web.kit.charts import Chart, DegreeDays, MonthUsage, newest_month, usage_chart

#: What the weather moves: electricity by heat and cold, water by heat; the rest is not drawn beside it.
_MOVED = {"electricity": ("heating", "cooling"), "water": ("cooling",)}


def charts(account_id: int, day: date) -> list[Chart]:
    """One chart for each commodity and direction the account has usage of."""
    rows = metering.usage_of(account_id, day - timedelta(days=26 * 31))
    grouped: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for row in rows:
        direction = "received" if row["channel"] == "received" else "delivered"
        grouped.setdefault((row["commodity"], direction, row["unit"]), []).append(row)
    weather = weather_over(_stretches(rows))
    return [_chart(key, usage, day, weather) for key, usage in sorted(grouped.items())]


def _stretches(rows: Sequence[dict[str, Any]]) -> dict[date, tuple[date, date]]:
    """The days each month's usage ran over, by the first day of the month it ended in."""
    found: dict[date, tuple[date, date]] = {}
    for row in rows:
        month = row["ends"].replace(day=1)
        starts, ends = found.get(month, (row["starts"], row["ends"]))
        found[month] = (min(starts, row["starts"]), max(ends, row["ends"]))
    return found


def _chart(key: tuple[str, str, str], rows: Sequence[dict[str, Any]], day: date, weather: dict[date, Weather]) -> Chart:
    commodity, direction, unit = key
    months: dict[date, MonthUsage] = {}
    for row in rows:
        month = row["ends"].replace(day=1)
        before = months.get(month, MonthUsage(0, False))
        months[month] = MonthUsage(before.quantity_e6 + row["quantity_e6"], before.estimated or row["estimated"])
    title = words.say("commodity", commodity)
    if direction == "received":
        title = gettext("%(service)s sent to the grid") % {"service": title}
    newest = newest_month([row["ends"] for row in rows], day)
    beside = _beside(commodity if direction == "delivered" else "", weather)
    return usage_chart(
        key=f"{commodity}-{direction}", title=title, unit=unit, usage=months, newest=newest, weather=beside
    )


def _beside(commodity: str, weather: dict[date, Weather]) -> DegreeDays | None:
    """The degree-days that move a commodity, by month."""
    moved = _MOVED.get(commodity)
    if not moved or not weather:
        return None
    tenths = {month: sum(getattr(one, f"{name}_tenths") for name in moved) for month, one in weather.items()}
    return DegreeDays(next(iter(weather.values())).station, tenths)
