"""Days of intervals judged by the rules, and the sums that registers are held against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl
from django.db import connection

from meterbook.engine.metering.validation.run import run
from meterbook.records.metering.interval_data.queries import channel_frame
from meterbook.records.metering.interval_data.store import generations, interval_store
from meterbook.records.metering.models import IntervalChannel, ReadException
from meterbook.records.metering.validation.policy import rules_on
from meterbook.records.metering.validation.stakes import at_stake
from meterbook.records.platform.copying import copy_in, copy_out, id_sequence, take_ids
from meterbook.records.platform.models import Deed
from meterbook.records.platform.queries import utility

_PLACES = """
SELECT c.id, c.name, i.service_point_id, m.commodity, m.size, p.premise_class, c.unit,
       EXISTS (SELECT FROM metering_register o WHERE o.meter_id = m.id AND o.channel = 'received'),
       lower(i.validity), upper(i.validity)
  FROM metering_intervalchannel c JOIN metering_meter m ON m.id = c.meter_id
  JOIN metering_installation i ON i.meter_id = m.id
  JOIN places_servicepoint s ON s.id = i.service_point_id JOIN places_premise p ON p.id = s.premise_id
 WHERE c.id = ANY(%s)
"""
_PLACE_TYPES = {
    "channel": pl.Int64, "flow": pl.String, "service_point": pl.Int64, "commodity": pl.String, "size": pl.String,
    "premise_class": pl.String, "unit": pl.String, "solar": pl.Boolean, "hung": pl.Date, "taken_down": pl.Date,
}  # fmt: skip
_NOTED = 'SELECT channel_id, "on", rule FROM metering_finding WHERE channel_id = ANY(%s) AND "on" BETWEEN %s AND %s'
_ANSWERED = """
UPDATE metering_readexception e
   SET state = 'resolved', resolution = 'passed', resolved_on = %s, resolved_by_id = %s
  FROM unnest(%s::bigint[], %s::date[]) AS sound (channel, day)
 WHERE e.channel_id = sound.channel AND e."on" = sound.day AND e.state <> 'resolved'
"""
_WIRED = """
SELECT c.id, c.register_id, c.minutes, c.decimals FROM metering_intervalchannel c
 WHERE c.register_id = ANY(%s) AND c.name IN ('delivered', 'received')
"""


@dataclass(frozen=True, slots=True)
class JudgedDays:
    """How many days of channels were looked at, how many wait in the queue, how many findings are new."""

    days: int
    queued: int
    findings: int


NO_DAYS = JudgedDays(0, 0, 0)


def judge_days(deed: Deed, channels: Sequence[int], *, first: date, last: date) -> JudgedDays:
    """Judge the local days ``first`` to ``last`` (both in) of channels; what a rule holds opens an item for the day.

    Judging a day again says only what is new; a question that late data answered is closed.
    """
    rules = rules_on(deed.business_date)
    wanted = list(IntervalChannel.objects.filter(pk__in=channels))
    if rules is None or not wanted:
        return JudgedDays(0, 0, 0)
    days = interval_store().daily(
        channel_frame(wanted), since=first, until=last + timedelta(days=1), zone=utility().timezone,
        generations=generations(),
    )  # fmt: skip
    places = copy_out(_PLACES, [list(channels)], _PLACE_TYPES)
    hung = (pl.col("hung") <= pl.col("day")) & (pl.col("taken_down").is_null() | (pl.col("day") < pl.col("taken_down")))
    frame = days.join(places, on="channel").filter(hung).drop("hung", "taken_down")
    # what is sent back follows the sun, not the weekday: nobody knows what is usual
    frame = frame.with_columns(usual_daily=pl.when(pl.col("flow") == "delivered").then("usual_daily")).drop("flow")
    findings = run(frame, rules, kind="intervals")
    _close_answered(deed, frame, findings)
    findings = _new(findings, list(channels), first, last)
    frame = frame.with_columns(found=pl.col("sum"), expected=pl.col("usual_daily"))
    items = _open_items(deed, findings, frame.with_columns(at_risk=at_stake(frame, rules)))
    known = findings.join(items, on=["channel", "day"], how="left")
    copy_in(
        "metering_finding",
        known.select(
            pl.col("item").alias("exception_id"), pl.col("channel").alias("channel_id"), pl.col("day").alias("on"),
            "rule", (pl.col("then") == "queue").alias("holds"), "figures", pl.lit(deed.pk).alias("deed_id"),
        ),
    )  # fmt: skip
    return JudgedDays(frame.height, items.filter("fresh").height, findings.height)


def _close_answered(deed: Deed, frame: pl.DataFrame, findings: pl.DataFrame) -> None:
    """Resolve the open items of days that no rule holds any more: what was missing has come, or was put right."""
    held = findings.filter(pl.col("then") == "queue").select("channel", "day")
    sound = frame.select("channel", "day").join(held, on=["channel", "day"], how="anti")
    with connection.cursor() as cursor:
        cursor.execute(_ANSWERED, [deed.business_date, deed.pk, sound["channel"].to_list(), sound["day"].to_list()])


def _new(findings: pl.DataFrame, channels: list[int], first: date, last: date) -> pl.DataFrame:
    """The findings that are not on record."""
    known = copy_out(_NOTED, [channels, first, last], {"channel": pl.Int64, "day": pl.Date, "rule": pl.String})
    return findings.join(known, on=["channel", "day", "rule"], how="anti")


def _open_items(deed: Deed, findings: pl.DataFrame, frame: pl.DataFrame) -> pl.DataFrame:
    """One item a channel and day that a rule holds; returns channel, day, item and whether it is fresh."""
    held = findings.filter(pl.col("then") == "queue").select("channel", "day").unique()
    schema = {"channel": pl.Int64, "day": pl.Date, "item": pl.Int64}
    if held.is_empty():
        return pl.DataFrame(schema={**schema, "fresh": pl.Boolean})
    first, last = held["day"].min(), held["day"].max()
    rows = ReadException.objects.filter(channel_id__in=held["channel"].to_list(), on__range=(first, last))
    known = pl.DataFrame(list(rows.values_list("channel_id", "on", "id")), schema=schema, orient="row")
    fresh = held.join(known, on=["channel", "day"], how="anti").join(frame, on=["channel", "day"], how="left")
    if fresh.height:
        start = take_ids(id_sequence("metering_readexception"), fresh.height)
        fresh = fresh.with_columns(item=pl.int_range(pl.len()) + start)
        copy_in(
            "metering_readexception",
            fresh.select(
                pl.col("item").alias("id"), pl.col("service_point").alias("service_point_id"),
                pl.col("channel").alias("channel_id"), pl.col("day").alias("on"),
                pl.lit(deed.business_date).alias("raised_on"), pl.col("found").alias("found_e6"),
                pl.col("expected").alias("expected_e6"), "unit",
                pl.col("at_risk").alias("at_risk_cents"), pl.lit("").alias("resolution"),
                pl.lit(deed.pk).alias("deed_id"),
            ),
        )  # fmt: skip
    else:
        fresh = fresh.with_columns(item=pl.lit(0, dtype=pl.Int64))
    return pl.concat(
        [
            known.with_columns(fresh=pl.lit(value=False)),
            fresh.select("channel", "day", "item", fresh=pl.lit(value=True)),
        ]
    )


def register_sums(frame: pl.DataFrame) -> pl.DataFrame:
    """The candidates with ``register_sum`` and ``interval_gaps``: what the channel beside the register counted between
    the instants of the two reads; null where a register has no channel or nobody knows the instants.
    """
    none = frame.with_columns(register_sum=pl.lit(None, dtype=pl.Int64), interval_gaps=pl.lit(None, dtype=pl.Int32))
    wired = copy_out(
        _WIRED,
        [frame["register"].unique().to_list()],
        {"channel": pl.Int64, "register": pl.Int64, "minutes": pl.Int32, "decimals": pl.Int32},
    )
    if wired.is_empty():
        return none
    spans = (
        frame.filter(pl.col("previous_at").is_not_null() & (pl.col("read_at") > pl.col("previous_at")))
        .select("row", "register", since="previous_at", until="read_at")
        .join(wired, on="register")
        .with_columns(per_unit=pl.lit(10, dtype=pl.Int64).pow(pl.col("decimals").cast(pl.Int64)))
    )
    if spans.is_empty():
        return none
    sums = interval_store().sums(spans, zone=utility().timezone, generations=generations())
    found = sums.filter(pl.col("found") > 0).select("row", register_sum="sum", interval_gaps="gaps")
    return frame.join(found, on="row", how="left", maintain_order="left")
