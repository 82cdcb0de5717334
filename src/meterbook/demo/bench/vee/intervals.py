"""Faults of intervals, as modems, clocks and pipes make them, and the files a head-end would send of them."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import cast

from meterbook.demo.bench.vee.channels import CHANGE, DECIMALS, FIRST, LAST, Channel
from meterbook.demo.bench.vee.labels import Fault
from meterbook.formats import cmep
from meterbook.formats.intervals import IntervalBlock, Quality

#: How many of each are labelled.
QUOTAS = {
    "spike": 80, "gap": 80, "sent_twice": 60, "day_of_24_hours": 35, "clock_not_changed": 30, "off_the_grid": 50,
    "below_zero": 55, "stuck_at_zero": 50, "never_rests": 40, "sent_back": 40, "register_differs": 30, "burst": 40,
}  # fmt: skip
#: A week lies behind the days with faults, since nobody knows what is usual before.
_KNOWN_AFTER = 8
#: A day keeps its neighbours free of other faults, so that each label stands for itself.
_APART = 2
#: Kinds that concern a channel as a whole, and no other fault beside them.
_WHOLE = ("never_rests", "sent_back", "register_differs", "day_of_24_hours", "clock_not_changed")
Values = list[tuple[datetime, int | None]]


@dataclass
class Sent:
    """A channel as it is sent: its values by their stamps, those sent again, those of a reverse channel."""

    channel: Channel
    values: Values
    again: Values = field(default_factory=list)
    received: Values = field(default_factory=list)
    busy: set[date] = field(default_factory=set)


def inject(channels: list[Channel], *, seed: int) -> tuple[list[Sent], list[Fault]]:
    """Put every interval fault into five weeks of channels; returns them as sent, and the labels."""
    lots = random.Random(f"{seed}/intervals")
    sent = [Sent(one, list(zip(one.starts, one.values, strict=True))) for one in channels]
    faults: list[Fault] = []
    whole = iter(lots.sample(sent, len(sent)))
    for kind in _WHOLE:
        faults += _on_whole_channels(kind, whole, lots)
    left = [one for one in sent if not one.busy]
    for kind, quota in QUOTAS.items():
        if kind not in _WHOLE:
            faults += _on_days(kind, quota, left, lots)
    return sent, faults


def _on_whole_channels(kind: str, whole: Iterator[Sent], lots: random.Random) -> list[Fault]:
    made: list[Fault] = []
    while len(made) < QUOTAS[kind]:
        one = next(whole)
        if kind == "never_rests" and one.channel.register.kind != "house":
            continue
        if kind == "never_rests" and one.channel.register.commodity != "water":
            continue
        if kind == "sent_back" and one.channel.register.commodity != "electricity":
            continue
        days = _WAYS[kind](one, lots)
        one.busy |= set(days)
        made.append(Fault(kind, one.channel.key, days=tuple(days)))
    return made


def _on_days(kind: str, quota: int, left: list[Sent], lots: random.Random) -> list[Fault]:
    made: list[Fault] = []
    while len(made) < quota:
        one = lots.choice(left)
        day = FIRST + timedelta(days=lots.randint(_KNOWN_AFTER, (LAST - FIRST).days - 4))
        near = {day + timedelta(days=step) for step in range(-_APART, _APART + 1)}
        if near & (one.busy | {CHANGE}):
            continue
        if kind == "stuck_at_zero" and one.channel.register.commodity != "electricity":
            continue  # an empty home uses no water: no fault that could be told from people who travel
        days = _WAYS[kind](one, lots, day)
        if days:
            one.busy |= set(days)
            made.append(Fault(kind, one.channel.key, days=tuple(days)))
    return made


def _usual(one: Sent) -> int:
    """The mean of what flows in an interval."""
    return max(1, sum(one.channel.values) // len(one.channel.values))


def _spike(one: Sent, lots: random.Random, day: date) -> list[date]:
    """One value that nothing drew: a pulse counted over and over, a byte turned."""
    places = one.channel.of_day(day)
    place = lots.choice(places)
    most = max(one.channel.values[at] for at in places)
    one.values[place] = (one.values[place][0], most * lots.randint(8, 60) + _usual(one))
    return [day]


def _gap(one: Sent, lots: random.Random, day: date) -> list[date]:
    """Nothing came: from one interval to a day and a half."""
    places = one.channel.of_day(day)
    per_hour = 60 // one.channel.minutes
    length = lots.choice([1, 2, per_hour * 2, per_hour * 6, per_hour * 24, per_hour * 36])
    begins = places[0] if length >= len(places) else lots.choice(places[: len(places) - length + 1])
    for place in range(begins, begins + length):
        one.values[place] = (one.values[place][0], None)
    local = {one.channel.starts[place] for place in range(begins, begins + length)}
    return sorted({day, *(each for each in (day, day + timedelta(days=1))
                          if local & {one.channel.starts[place] for place in one.channel.of_day(each)})})  # fmt: skip


def _sent_twice(one: Sent, lots: random.Random, day: date) -> list[date]:
    """Some hours come twice in one file, with other values or the same."""
    places = one.channel.of_day(day)
    length = lots.randint(1, min(len(places) // 3, 12))
    begins = lots.choice(places[: len(places) - length + 1])
    same = lots.random() < 0.5
    for place in range(begins, begins + length):
        at, value = one.values[place]
        one.again.append((at, value if same else (value or 0) + _usual(one)))
    return [day]


def _day_of_24_hours(one: Sent, lots: random.Random) -> list[date]:
    """The day of 25 hours was loaded as 24: the hour that comes twice on the clock came once."""
    per_hour = 60 // one.channel.minutes
    lost = one.channel.of_day(CHANGE)[2 * per_hour : 3 * per_hour]
    for place in lost:
        one.values[place] = (one.values[place][0], None)
    return [CHANGE]


def _clock_not_changed(one: Sent, lots: random.Random) -> list[date]:
    """The second one o'clock carries the stamps of the first: an hour twice, and one that never came."""
    per_hour = 60 // one.channel.minutes
    places = one.channel.of_day(CHANGE)
    for place, stamp in zip(places[2 * per_hour : 3 * per_hour], places[per_hour : 2 * per_hour], strict=True):
        one.again.append((one.values[stamp][0], one.values[place][1]))
        one.values[place] = (one.values[place][0], None)
    return [CHANGE]


def _off_the_grid(one: Sent, lots: random.Random, day: date) -> list[date]:
    """The device's clock ran ahead or behind by minutes until it was set."""
    late = timedelta(minutes=lots.randint(1, one.channel.minutes - 1))
    places = one.channel.of_day(day)
    first = lots.choice(places[: len(places) // 2])
    for place in places:
        if place >= first:
            one.values[place] = (one.values[place][0] + late, one.values[place][1])
    return [day]


def _below_zero(one: Sent, lots: random.Random, day: date) -> list[date]:
    """A sign turned, or a net channel loaded as a delivered one."""
    places = one.channel.of_day(day)
    length = lots.randint(1, max(1, len(places) // 4))
    begins = lots.choice(places[: len(places) - length + 1])
    for place in range(begins, begins + length):
        at, value = one.values[place]
        one.values[place] = (at, -max(value or 0, _usual(one)))
    return [day]


def _stuck_at_zero(one: Sent, lots: random.Random, day: date) -> list[date]:
    """The meter lives and counts nothing for one to three days."""
    days = [day + timedelta(days=step) for step in range(lots.randint(1, 3))]
    if set(days) & (one.busy | {CHANGE}):
        return []
    for each in days:
        for place in one.channel.of_day(each):
            one.values[place] = (one.values[place][0], 0)
    return days


def _never_rests(one: Sent, lots: random.Random) -> list[date]:
    """A toilet that runs or a line that drips from some day on: flow in every interval."""
    since = lots.randint(_KNOWN_AFTER, (LAST - FIRST).days - 10)
    gallons = lots.randint(60, 600)  # a day; one home in ten loses 90 or more (EPA WaterSense)
    leak = gallons * 10 ** DECIMALS["water"] // 748 * one.channel.minutes // (24 * 60)
    days = [FIRST + timedelta(days=since + step) for step in range((LAST - FIRST).days - since)]
    wanted = {place for each in days for place in one.channel.of_day(each)}
    one.values = [(at, (value or 0) + leak) if place in wanted else (at, value)
                  for place, (at, value) in enumerate(one.values)]  # fmt: skip
    return days


def _sent_back(one: Sent, lots: random.Random) -> list[date]:
    """Panels nobody was told of: some hours around noon flow out for days."""
    since = lots.randint(_KNOWN_AFTER, (LAST - FIRST).days - 12)
    back = dict.fromkeys(one.channel.starts, 0)  # a channel that is there tells zeros
    days = [FIRST + timedelta(days=since + step) for step in range(lots.randint(3, 10))]
    usual = _usual(one)
    for each in days:
        places = one.channel.of_day(each)
        middle = places[len(places) * 10 // 24 : len(places) * 15 // 24]
        back |= {one.channel.starts[place]: usual * lots.randint(1, 3) + 10 for place in middle}
    one.received = list(back.items())
    return [day for day in days if day <= LAST]


def _register_differs(one: Sent, lots: random.Random) -> list[date]:
    """The module counts other pulses than the register: 4 % to a third too many or too few, all the time."""
    permille = lots.choice([lots.randint(660, 960), lots.randint(1_040, 1_330), 500, 2_000])
    one.values = [(at, None if value is None else value * permille // 1_000) for at, value in one.values]
    return [FIRST + timedelta(days=step) for step in range((LAST - FIRST).days + 1)]


def _burst(one: Sent, lots: random.Random, day: date) -> list[date]:
    """A hose left on, a pump that does not stop: for half a day or longer many times what is usual."""
    places = one.channel.of_day(day)
    begins = lots.choice(places[: len(places) // 4])
    flow = _usual(one) * lots.randint(8, 20)
    for place in places:
        if place >= begins:
            at, value = one.values[place]
            one.values[place] = (at, (value or 0) + flow * lots.randint(90, 110) // 100)
    return [day]


_WAYS: dict[str, Callable[..., list[date]]] = {
    "spike": _spike, "gap": _gap, "sent_twice": _sent_twice, "day_of_24_hours": _day_of_24_hours,
    "clock_not_changed": _clock_not_changed, "off_the_grid": _off_the_grid, "below_zero": _below_zero,
    "stuck_at_zero": _stuck_at_zero, "never_rests": _never_rests, "sent_back": _sent_back,
    "register_differs": _register_differs, "burst": _burst,
}  # fmt: skip


def spoil(kind: str, one: Sent, lots: random.Random, day: date) -> list[date]:
    """Put a fault of a day into a channel; returns the local days it touches, none where it cannot stand there."""
    return _WAYS[kind](one, lots, day)


def file_of(sent: list[Sent], *, stamp: datetime) -> bytes:
    """Everything sent, as one CMEP file."""
    return cmep.write(blocks_of(sent), stamp=stamp.astimezone(UTC))


def blocks_of(sent: list[Sent]) -> list[IntervalBlock]:
    """Everything sent: a block for each run of intervals, at most a day's."""
    blocks: list[IntervalBlock] = []
    for one in sent:
        own = "received" if one.channel.register.channel == "received" else ""
        for channel, values in ((own, one.values), (own, one.again), ("received", one.received)):
            blocks += _blocks(one.channel, channel, values)
    return blocks


def _blocks(of: Channel, channel: str, values: Values) -> list[IntervalBlock]:
    step = timedelta(minutes=of.minutes)
    runs: list[Values] = []
    for at, value in values:
        if value is None:
            continue
        if not runs or runs[-1][-1][0] + step != at or len(runs[-1]) >= 24 * 60 // of.minutes:
            runs.append([])
        runs[-1].append((at, value))
    unit = "kWh" if of.register.commodity == "electricity" else "ccf"
    decimals = DECIMALS[of.register.commodity]
    return [
        IntervalBlock(
            line=0, meter_serial=of.register.serial, channel=channel, starts_at=run[0][0], clock="utc",
            minutes=of.minutes, unit=unit, values=tuple(Decimal(value or 0).scaleb(-decimals) for _, value in run),
            flags=cast("tuple[Quality, ...]", ("actual",) * len(run)),
        )
        for run in runs
    ]  # fmt: skip
