"""Honest intervals: five weeks of hourly, half-hourly and quarter-hourly values of some hundred meters that agree with
what their registers count.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from meterbook.demo.bench.vee.labels import Shown
from meterbook.demo.calendar import read_on

ZONE = ZoneInfo("America/Los_Angeles")
#: Five weeks of local days with the one of 25 hours in it; the last is the read day.
FIRST, LAST = date(2025, 9, 29), date(2025, 11, 3)
CHANGE = date(2025, 11, 2)
#: How many channels, and the lengths of their intervals by commodity.
CHANNELS = 320
LENGTHS = {"electricity": (15, 30, 60), "water": (60, 30)}
#: Digits after the point that values are told in: watt-hours, and hundredths of a cubic foot.
DECIMALS = {"electricity": 3, "water": 4}
_READ_AT = {"electricity": time(9, 15), "water": time(6)}
_NOON = time(12)
#: Weights of the hours of a day, by commodity; a home's water rests at night.
_HOURS = {
    "electricity": (5, 4, 4, 4, 4, 5, 8, 10, 8, 7, 7, 7, 7, 7, 8, 9, 12, 16, 18, 17, 14, 11, 8, 6),
    "water": (0, 0, 0, 0, 0, 3, 14, 18, 12, 7, 5, 5, 6, 5, 4, 5, 8, 14, 16, 12, 9, 7, 4, 1),
}

#: What panels send back.
_SUN = (0, 0, 0, 0, 0, 0, 0, 1, 4, 9, 13, 16, 17, 16, 13, 9, 4, 1, 0, 0, 0, 0, 0, 0)


@dataclass
class Channel:
    """A channel's true intervals: ``starts`` (UTC) and ``values`` (in units of its last digit), one after another.

    ``register`` is the register beside it; values are as displayed, before the register's multiplier.
    """

    register: Shown
    minutes: int
    starts: list[datetime]
    values: list[int]

    @property
    def key(self) -> tuple[str, str]:
        """The register's meter and channel."""
        return self.register.key

    def of_day(self, day: date) -> list[int]:
        """The places of the intervals that begin on a local day."""
        begins, ends = _midnight(day), _midnight(day + timedelta(days=1))
        return [place for place, moment in enumerate(self.starts) if begins <= moment < ends]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), ZONE).astimezone(UTC)


def channels(rows: list[Shown], *, month: int, read_day: int, seed: int) -> list[Channel]:
    """Draw the meters with intervals among ``rows`` and five weeks of what they counted."""
    lots = random.Random(f"{seed}/channels")
    able = [
        one for one in rows if one.form in ("plain", "ct40", "ct80") and one.occupancy != "vacant" and one.used > 200
    ]
    lots.shuffle(able)
    water = [one for one in able if one.commodity == "water" and one.kind in ("house", "shop")][: CHANNELS * 2 // 5]
    power = [one for one in able if one.commodity == "electricity"][: CHANNELS - len(water)]
    since, until = read_on(month - 1, read_day), read_on(month, read_day)
    return [_channel(one, since, until, random.Random(f"{seed}/{one.serial}")) for one in (*water, *power)]


def _channel(one: Shown, since: date, until: date, lots: random.Random) -> Channel:
    minutes = lots.choice(LENGTHS[one.commodity])
    begins = datetime.combine(since, _NOON, ZONE).astimezone(UTC)
    closes = datetime.combine(until, _READ_AT[one.commodity], ZONE).astimezone(UTC)
    return draw_channel(one, minutes, days=(FIRST, LAST), counted=(begins, closes), lots=lots)


def draw_channel(
    one: Shown, minutes: int, *, days: tuple[date, date], counted: tuple[datetime, datetime], lots: random.Random
) -> Channel:
    """Intervals of the local days from the first to the last, both included; those that begin between the instants
    ``counted`` add up to what the register used.
    """
    step, moment, ends = timedelta(minutes=minutes), _midnight(days[0]), _midnight(days[1] + timedelta(days=1))
    starts: list[datetime] = []
    while moment < ends:
        starts.append(moment)
        moment += step
    weights = _weights(one, starts, minutes, lots)
    total = sum(weight for weight, at in zip(weights, starts, strict=True) if counted[0] <= at < counted[1])
    used = one.used * 10 ** (DECIMALS[one.commodity] - one.decimals)
    # what is left over by rounding goes on to the next interval, so that the sum is the register's to a digit
    values, rest = [], 0
    for weight in weights:
        value, rest = divmod(weight * used + rest, max(total, 1))
        values.append(value)
    return Channel(one, minutes, starts, values)


def _weights(one: Shown, starts: list[datetime], minutes: int, lots: random.Random) -> list[int]:
    """How the usage spreads: the hours of the day, appliances that run for a while, days that differ."""
    hours = _SUN if one.channel == "received" else _HOURS[one.commodity]
    per_hour = 60 // minutes
    day_luck: dict[date, int] = {}
    waters = lots.randrange(4) == 0  # sprinklers run for two hours on some mornings
    weights, running = [], 0
    for at in starts:
        local = at.astimezone(ZONE)
        luck = day_luck.setdefault(local.date(), lots.randint(700, 1_300))
        weight = hours[local.hour] * luck * lots.randint(60, 140)
        if one.commodity == "electricity":
            if running == 0 and lots.randrange(24 * per_hour) == 0:
                running = lots.randint(2, 3) * per_hour  # an oven, a dryer, a car: hours, never one interval alone
            weight = weight * 2 if running else weight
            running = max(0, running - 1)
        else:
            if waters and local.hour in (5, 6) and local.toordinal() % 3 == 0:
                weight += 40 * luck * lots.randint(90, 110)
            elif per_hour > 1 and lots.randrange(3) == 0:
                weight = 0  # nobody runs a tap in every half hour
        weights.append(weight)
    return weights
