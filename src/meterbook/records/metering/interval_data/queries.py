"""What screens, rules and bills ask of intervals."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import polars as pl

from meterbook.records.metering.interval_data.judge import QUALITY
from meterbook.records.metering.interval_data.store import generations, interval_store
from meterbook.records.metering.models import IntervalChannel

_WORDS = {number: word for word, number in QUALITY.items()}


def channels_of(meter: int) -> list[IntervalChannel]:
    """A meter's channels, delivered first."""
    return list(IntervalChannel.objects.filter(meter_id=meter).order_by("name"))


def channel_frame(channels: Sequence[IntervalChannel]) -> pl.DataFrame:
    """Channels as `IntervalStore.daily` asks for them: channel, minutes, per_unit, received (of the same meter)."""
    meters = {each.meter_id for each in channels}
    reverse = dict(
        IntervalChannel.objects.filter(meter_id__in=meters, name="received").values_list("meter_id", "id")
    )  # fmt: skip
    rows = [
        (each.pk, each.minutes, 10**each.decimals, reverse.get(each.meter_id) if each.name == "delivered" else None)
        for each in channels
    ]
    schema = {"channel": pl.Int64, "minutes": pl.Int32, "per_unit": pl.Int64, "received": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def readings(channel: IntervalChannel, *, since: datetime, until: datetime) -> pl.DataFrame:
    """A channel's intervals that begin from ``since`` until before ``until``: those that count, in order of time.

    ``starts`` (UTC), ``minutes``, ``value_e6`` (millionths of the channel's unit), ``quality`` (actual, edited or
    estimated), ``generation``.
    """
    found = interval_store().read([channel.pk], since=since, until=until, generations=generations())
    return _told(found, channel)


def history(channel: IntervalChannel, *, since: datetime, until: datetime) -> pl.DataFrame:
    """Every value that ever came of these intervals, the newest first; columns as `readings`."""
    found = interval_store().history([channel.pk], since=since, until=until, generations=generations())
    return _told(found, channel)


def _told(found: pl.DataFrame, channel: IntervalChannel) -> pl.DataFrame:
    step = 10 ** (6 - channel.decimals)
    words = pl.col("quality").replace_strict(_WORDS, default="estimated", return_dtype=pl.String)
    return found.select("starts", "minutes", (pl.col("value") * step).alias("value_e6"), words, "generation")
