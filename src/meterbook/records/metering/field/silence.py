"""Which meters that should talk by themselves have been silent for too long, by the policy ``silent-meters``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
from django.db import connection

from meterbook.records.metering.interval_data.store import generations, interval_store
from meterbook.records.platform.policies import policy
from meterbook.records.platform.queries import utility

#: How far back the last word of a silent meter is looked for among its intervals.
_LOOK_BACK = timedelta(days=120)
_MOST_DAYS = 400
#: Meters that hang on a day and talk by radio: an endpoint, intervals, or a route read by radio; opted out ones do not.
_TALKING = """
SELECT i.service_point_id, m.id, m.serial, m.commodity, lower(i.validity),
       (SELECT max(r.read_on) FROM metering_read r JOIN metering_register g ON g.id = r.register_id
         WHERE g.meter_id = m.id AND r.read_on <= %s AND NOT r.estimated AND NOT r.starts_chain
           AND r.origin IN ('file', 'head_end', 'mdm')),
       (SELECT max((p.answered_at AT TIME ZONE %s)::date) FROM metering_ping p WHERE p.meter_id = m.id AND p.answered)
  FROM metering_installation i
  JOIN metering_meter m ON m.id = i.meter_id
  JOIN places_servicepoint s ON s.id = i.service_point_id AND s.validity @> %s::date
  LEFT JOIN places_route t ON t.id = s.route_id
 WHERE i.validity @> %s::date
   AND (m.endpoint <> '' OR t.kind = 'ami' OR EXISTS (SELECT FROM metering_intervalchannel c WHERE c.meter_id = m.id))
   AND NOT EXISTS (SELECT FROM metering_amioptout o WHERE o.service_point_id = s.id AND o.validity @> %s::date)
 ORDER BY i.service_point_id
"""
_CHANNELS = "SELECT meter_id, id, minutes, decimals FROM metering_intervalchannel WHERE meter_id = ANY(%s)"


class WrongSilencePolicy(ValueError):
    """The policy document cannot be read; the message names the key."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Days of silence by commodity: of meters that send intervals, and of those that send register reads only."""

    intervals: dict[str, int]
    reads: dict[str, int]

    def days(self, commodity: str, *, intervals: bool) -> int | None:
        """After how many days a meter counts as silent; None where the policy does not speak of it."""
        return (self.intervals if intervals else self.reads).get(commodity)


@dataclass(frozen=True, slots=True)
class Talker:
    """A meter that should talk: where it hangs, the last day it was heard of, and after how many days it is silent."""

    service_point: int
    meter: int
    serial: str
    hung: date
    heard: date | None
    patience: int

    def silent(self, on: date) -> int:
        """Whole days without a word up to ``on``; counted from the day it was hung where none ever came."""
        return (on - max(self.heard or self.hung, self.hung)).days

    def too_long(self, on: date) -> bool:
        """Whether it has been silent for as many days as the policy waits."""
        return self.silent(on) >= self.patience


def patience_on(day: date) -> Patience:
    """The policy in force; raises `NoPolicy`, `WrongSilencePolicy`."""
    return parse(policy("silent-meters", day))


def parse(document: dict[str, Any]) -> Patience:
    """Read the document.

    >>> parse({"intervals": {"water": 5}, "reads": {"water": 40}}).days("water", intervals=True)
    5
    """
    return Patience(_days(document, "intervals"), _days(document, "reads"))


def _days(document: dict[str, Any], key: str) -> dict[str, int]:
    found = document.get(key)
    if not isinstance(found, dict):
        raise WrongSilencePolicy(f"{key}: found {found!r}, expected days by commodity")
    for commodity, days in found.items():
        if isinstance(days, bool) or not isinstance(days, int) or not 1 <= days <= _MOST_DAYS:
            raise WrongSilencePolicy(f"{key}.{commodity}: found {days!r}, expected days from 1 to {_MOST_DAYS}")
    return dict(found)


def talkers(on: date, patience: Patience) -> list[Talker]:
    """Every meter that should talk on a day and that the policy speaks of, with the last day it was heard of."""
    with connection.cursor() as cursor:
        cursor.execute(_TALKING, [on, utility().timezone, on, on, on])
        rows = cursor.fetchall()
        cursor.execute(_CHANNELS, [[row[1] for row in rows]])
        channels = cursor.fetchall()
    kept = {meter for meter, *_ in channels}
    longest = max([*patience.intervals.values(), 1])
    flowed = _last_intervals(channels, on, longest)
    found = []
    for point, meter, serial, commodity, hung, read_on, pinged in rows:
        days = patience.days(commodity, intervals=meter in kept)
        if days is not None:
            heard = [day for day in (read_on, pinged, flowed.get(meter)) if day is not None]
            found.append(Talker(point, meter, serial, hung, max(heard, default=None), days))
    return found


def _last_intervals(channels: list[tuple[int, int, int, int]], on: date, days: int) -> dict[int, date]:
    """The last local day each meter's intervals came of. Only meters quiet of late are looked for further back."""
    if not channels:
        return {}
    zone = ZoneInfo(utility().timezone)
    store, counted = interval_store(), generations()
    meter_of = {channel: meter for meter, channel, _, _ in channels}
    ends = datetime.combine(on + timedelta(days=1), datetime.min.time(), zone)
    found: dict[int, date] = {}
    left = set(meter_of)
    for back in (timedelta(days=1), timedelta(days=days), _LOOK_BACK):
        if not left:
            break
        newest = store.read(left, since=ends - back, until=ends, generations=counted)
        last = newest.group_by("channel").agg(pl.col("starts").max())
        for channel, starts in last.iter_rows():
            day = starts.astimezone(zone).date()
            meter = meter_of[channel]
            found[meter] = max(day, found.get(meter, day))
            left.discard(channel)
    return found
