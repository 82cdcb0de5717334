"""Judging blocks of intervals: which can be taken as whole steps of a channel, and what is wrong with the others."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import polars as pl

from meterbook.formats.intervals import IntervalBlock, first_instant
from meterbook.intervals.problems import VALUE_LIMIT
from meterbook.records.metering.interval_data.channels import UNITS, Known, channel_meant, meters_known
from meterbook.records.metering.interval_data.store import interval_store, one_writer
from meterbook.records.metering.models import IntervalChannel
from meterbook.records.platform.queries import business_date, utility

MINUTES = (5, 15, 30, 60)
#: A date further after the business date is a slip of the year, not a reading.
FARTHEST = timedelta(days=200)
MOST_DECIMALS = 6
#: A channel seen for the first time keeps at least this many digits after the point: watt-hours, litres.
_LEAST_DECIMALS = 3
CORRECTIONS = {"line": pl.Int64, "field": pl.String, "found": pl.String, "expected": pl.String, "raw": pl.String}
#: What `IntervalStore` calls a value's quality; 0 is best.
QUALITY = {"actual": 0, "edited": 1, "estimated": 2}
Wrong = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Sound:
    """A block that can be taken: its channel, when it begins, its values with the multiplier in them."""

    channel: IntervalChannel
    starts: datetime
    minutes: int
    values: tuple[Decimal | None, ...]
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class JudgedIntervals:
    """Blocks that can be taken, and the corrections of those that cannot (`CORRECTIONS`, one row a block)."""

    sound: list[Sound] = field(default_factory=list)
    corrections: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=CORRECTIONS))

    @property
    def loaded(self) -> int:
        """Rows of the file that load."""
        return len(self.sound)

    @property
    def rejected(self) -> int:
        """Rows of the file that do not; two of them may stand on one line."""
        return self.corrections.height


def judge_intervals(
    blocks: Sequence[IntervalBlock], *, timezone: str, multiplier_applied: bool = False, may_create: bool = True
) -> JudgedIntervals:
    """Judge blocks against the meters on record; nothing is written yet. Waits for other writers of the store.

    ``timezone`` is the clock of times the file does not place. Values are multiplied by the register's multiplier,
    unless ``multiplier_applied``; one that the file states must be the one on record. A meter's channel is made on
    first sight if ``may_create`` says so, in the steps its first file needs.
    """
    if not blocks:
        return JudgedIntervals()
    one_writer()
    judge = _Judge(
        timezone, ZoneInfo(utility().timezone), multiplier_applied, may_create,
        meters_known(block.meter_serial for block in blocks), interval_store().folder.retired(),
    )  # fmt: skip
    sound, wrong = [], []
    for block in blocks:
        taken = judge.block(block)
        if isinstance(taken, Sound):
            sound.append(taken)
        else:
            wrong.append((block.line, *taken, block.raw))
    return JudgedIntervals(sound, pl.DataFrame(wrong, schema=CORRECTIONS, orient="row").sort("line"))


@dataclass(slots=True)
class _Judge:
    timezone: str
    zone: ZoneInfo
    multiplier_applied: bool
    may_create: bool
    meters: dict[str, Known]
    retired: Collection[str]

    def block(self, block: IntervalBlock) -> Sound | Wrong:
        """The block as it can be taken, or the first thing wrong with it: field, found, expected."""
        known = self.meters.get(block.meter_serial)
        if known is None:
            return "meter", block.meter_serial, "the serial of a meter on record"
        name = channel_meant(block.channel, block.unit)
        units = UNITS.get((known.commodity, name or ""))
        if name is None or units is None:
            return "channel", block.channel or block.unit, f"a channel of meter {block.meter_serial}"
        starts = first_instant(block, timezone=self.timezone)
        return (
            self._wrong_shape(block, known.channels.get(name), units)
            or self._wrong_time(block, known, starts)
            or self._multiplied(block, known, name, starts)
        )

    def _wrong_shape(self, block: IntervalBlock, channel: IntervalChannel | None, units: Sequence[str]) -> Wrong | None:
        if channel is None and not self.may_create:
            return "channel", block.channel or block.unit, "a channel set up before, or a source that may set it up"
        if block.unit not in units or (channel is not None and block.unit != channel.unit):
            return "unit", block.unit, channel.unit if channel is not None else " or ".join(units)
        if block.minutes not in MINUTES or (channel is not None and block.minutes != channel.minutes):
            expected = str(channel.minutes) if channel is not None else ", ".join(map(str, MINUTES))
            return "minutes", str(block.minutes), expected
        return None

    def _wrong_time(self, block: IntervalBlock, known: Known, starts: datetime) -> Wrong | None:
        last = starts + timedelta(minutes=block.minutes) * (len(block.values) - 1)
        today = business_date()
        if last.astimezone(self.zone).date() > today + FARTHEST:
            return "date", f"{last:%Y-%m-%d}", f"no day long after the business date, {today.isoformat()}"
        for moment in (starts, last):
            day = moment.astimezone(self.zone).date()
            if not known.hangs_on(day):
                return "date", day.isoformat(), f"a day on which meter {block.meter_serial} hangs somewhere"
            if f"{moment.astimezone(UTC):%Y-%m}" in self.retired:
                return "date", day.isoformat(), "a month whose intervals are still kept"
        return None

    def _multiplied(self, block: IntervalBlock, known: Known, name: str, starts: datetime) -> Sound | Wrong:
        register = known.register_of(name)
        factor = Decimal(1)
        if not self.multiplier_applied and register is not None:
            factor = register[1]
            if block.multiplier is not None and block.multiplier != factor:
                return "multiplier", _plain(block.multiplier), _plain(factor)
        values = tuple(None if value is None else value * factor for value in block.values)
        there = [value for value in values if value is not None]
        needed = max((_digits(value) for value in there), default=0)
        channel = known.channels.get(name)
        finest = MOST_DECIMALS if channel is None or channel.pk is None else channel.decimals
        if needed > finest:
            found = next(value for value in there if _digits(value) > finest)
            return "value", _plain(found), f"at most {finest} digits after the point"
        if any(abs(value).scaleb(finest) > VALUE_LIMIT for value in there):
            found = next(value for value in there if abs(value).scaleb(finest) > VALUE_LIMIT)
            return "value", _plain(found), f"at most {_plain(Decimal(VALUE_LIMIT).scaleb(-finest))}"
        if channel is None:
            channel = IntervalChannel(
                meter_id=known.meter, name=name, minutes=block.minutes, unit=block.unit, decimals=_LEAST_DECIMALS,
                register_id=None if register is None else register[0],
            )  # fmt: skip
            known.channels[name] = channel
        if channel.pk is None:
            channel.decimals = max(channel.decimals, needed)
        return Sound(channel, starts, block.minutes, values, block.flags)


def _plain(value: Decimal) -> str:
    """A number without idle zeros.

    >>> _plain(Decimal("40.000000")), _plain(Decimal("1E+6"))
    ('40', '1000000')
    """
    return f"{value.normalize():f}"


def _digits(value: Decimal) -> int:
    """Digits after the point, idle zeros left out.

    >>> _digits(Decimal("1.250")), _digits(Decimal("40")), _digits(Decimal("4E+1"))
    (2, 0, 0)
    """
    exponent = value.as_tuple().exponent
    assert isinstance(exponent, int)
    if exponent >= 0:
        return 0
    exponent = value.normalize().as_tuple().exponent
    assert isinstance(exponent, int)
    return max(0, -exponent)
