"""Rows into values: everything the rules compare a read with, fetched for all candidates at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from meterbook.engine.columns import Shape
from meterbook.engine.metering.validation.context import class_daily
from meterbook.records.platform.copying import copy_out

INSTANT = pl.Datetime("us", "UTC")
#: How far back usage and reads are looked at.
_HISTORY, _CLASS_HISTORY, _RECENT = timedelta(days=800), timedelta(days=410), timedelta(days=45)
#: How far ahead of late reads the next ones are looked for.
_AHEAD = timedelta(days=100)
#: Registers a class's median is taken of; more would change it little.
_CLASS_SAMPLE = 150

_DEVICES = """
SELECT g.id, i.service_point_id, m.commodity, m.size, p.premise_class, g.channel, g.unit, g.dials, g.decimals,
       (g.multiplier * 1000000)::bigint, s.route_id, s.sequence, lower(i.validity), upper(i.validity),
       upper(s.validity),
       EXISTS (SELECT FROM metering_register o WHERE o.meter_id = m.id AND o.channel = 'received'),
       (SELECT o.id FROM metering_register o WHERE o.meter_id = m.id AND o.id <> g.id
           AND g.channel IN ('high_flow', 'low_flow') AND o.channel IN ('high_flow', 'low_flow'))
  FROM metering_register g
  JOIN metering_meter m ON m.id = g.meter_id
  JOIN metering_installation i ON i.meter_id = m.id
  JOIN places_servicepoint s ON s.id = i.service_point_id
  JOIN places_premise p ON p.id = s.premise_id
 WHERE g.id = ANY(%s)
"""
_DEVICE_TYPES = {
    "register": pl.Int64, "service_point": pl.Int64, "commodity": pl.String, "size": pl.String,
    "premise_class": pl.String, "channel": pl.String, "unit": pl.String, "dials": pl.Int32, "decimals": pl.Int32,
    "multiplier": pl.Int64, "route": pl.Int64, "sequence": pl.Int64, "hung": pl.Date, "taken_down": pl.Date,
    "closed": pl.Date, "solar": pl.Boolean, "paired_register": pl.Int64,
}  # fmt: skip
_KNOWN = """
SELECT r.register_id, r.read_on, r.read_at AT TIME ZONE 'UTC', (r.value * 1000000)::bigint, r.estimated
  FROM metering_read r
 WHERE NOT r.superseded AND r.status = 'accepted' AND r.register_id = ANY(%s) AND r.read_on BETWEEN %s AND %s
UNION ALL
SELECT wanted.id, l.read_on, l.read_at AT TIME ZONE 'UTC', (l.value * 1000000)::bigint, l.estimated
  FROM unnest(%s::bigint[]) AS wanted (id)
  JOIN LATERAL (SELECT * FROM metering_read r WHERE r.register_id = wanted.id AND NOT r.superseded
                   AND r.status = 'accepted' AND r.read_on < %s ORDER BY r.read_on DESC LIMIT 1) l ON true
"""
_KNOWN_TYPES: Shape = {
    "register": pl.Int64, "on": pl.Date, "at": pl.Datetime("us"), "value": pl.Int64, "estimated": pl.Boolean,
}  # fmt: skip
_ACTUAL = """
SELECT wanted.id, l.read_on, l.read_at AT TIME ZONE 'UTC', (l.value * 1000000)::bigint, l.estimated
  FROM unnest(%s::bigint[]) AS wanted (id)
  JOIN LATERAL (SELECT * FROM metering_read r WHERE r.register_id = wanted.id AND NOT r.superseded
                   AND r.status = 'accepted' AND NOT r.estimated AND r.read_on < %s
                 ORDER BY r.read_on DESC LIMIT 1) l ON true
"""
_USAGES = """
SELECT u.register_id, u.service_point_id, g.channel, u.starts, u.ends, u.quantity_e6, u.estimated
  FROM metering_usage u JOIN metering_register g ON g.id = u.register_id
 WHERE NOT u.superseded AND u.service_point_id = ANY(%s) AND u.ends > %s AND u.ends <= %s
"""
_USAGE_TYPES = {
    "register": pl.Int64, "service_point": pl.Int64, "channel": pl.String, "starts": pl.Date, "ends": pl.Date,
    "quantity": pl.Int64, "estimated": pl.Boolean,
}  # fmt: skip
_CLASSES = """
WITH sampled AS (
  SELECT g.id, g.channel, m.commodity, m.size, p.premise_class,
         row_number() OVER (PARTITION BY m.commodity, m.size, p.premise_class, g.channel ORDER BY hashint8(g.id)) AS n
    FROM metering_register g JOIN metering_meter m ON m.id = g.meter_id
    JOIN metering_installation i ON i.meter_id = m.id AND upper_inf(i.validity)
    JOIN places_servicepoint s ON s.id = i.service_point_id JOIN places_premise p ON p.id = s.premise_id
   WHERE m.commodity = ANY(%s))
SELECT sampled.id, u.starts, u.ends, u.quantity_e6, u.estimated, sampled.commodity, sampled.size, sampled.premise_class,
       sampled.channel
  FROM sampled JOIN metering_usage u ON u.register_id = sampled.id
 WHERE sampled.n <= %s AND NOT u.superseded AND u.ends > %s AND u.ends <= %s
"""
_CLASS_TYPES = {
    "register": pl.Int64, "starts": pl.Date, "ends": pl.Date, "quantity": pl.Int64, "estimated": pl.Boolean,
    "commodity": pl.String, "size": pl.String, "premise_class": pl.String, "channel": pl.String,
}  # fmt: skip
_SPANS = {
    "agreements": "SELECT service_point_id, lower(validity), upper(validity) FROM customers_serviceagreement"
    " WHERE service_point_id = ANY(%s)",
    "locks": "SELECT service_point_id, lower(validity), upper(validity) FROM metering_seal"
    " WHERE kind = 'lock' AND service_point_id = ANY(%s)",
}
_SPAN_TYPES = {"service_point": pl.Int64, "since": pl.Date, "until": pl.Date}
_LANES = {"delivered": 0, "received": 1, "high_flow": 2, "low_flow": 3}


@dataclass(frozen=True, slots=True)
class Compared:
    """What candidates are compared with: their devices, accepted reads, usage by place, classes, who lived there."""

    devices: pl.DataFrame
    known: pl.DataFrame
    usages: pl.DataFrame
    classes: pl.DataFrame
    agreements: pl.DataFrame
    locks: pl.DataFrame


def compared_with(registers: list[int], *, first: date, last: date) -> Compared:
    """Everything on record about these registers that reads from ``first`` to ``last`` are compared with."""
    devices = copy_out(_DEVICES, [registers], _DEVICE_TYPES)
    points = devices["service_point"].unique().to_list()
    recent = first - _RECENT
    usages = copy_out(_USAGES, [points, first - _HISTORY, last], _USAGE_TYPES)
    commodities = devices["commodity"].unique().to_list()
    sample = copy_out(_CLASSES, [commodities, _CLASS_SAMPLE, first - _CLASS_HISTORY, last], _CLASS_TYPES)
    return Compared(
        devices=devices,
        known=_known(registers, recent, last),
        usages=usages.with_columns(place=place()).drop("service_point", "channel"),
        classes=class_daily(sample),
        agreements=copy_out(_SPANS["agreements"], [points], _SPAN_TYPES),
        locks=copy_out(_SPANS["locks"], [points], _SPAN_TYPES),
    )


def _known(registers: list[int], recent: date, last: date) -> pl.DataFrame:
    """Accepted reads from ``recent`` on and some way beyond ``last``, and the last one before.

    Where the last one is an estimate, the last actual one too.
    """
    known = copy_out(_KNOWN, [registers, recent, last + _AHEAD, registers, recent], _KNOWN_TYPES)
    guessed = known.filter("estimated")["register"].unique().to_list()
    if guessed:
        known = pl.concat([known, copy_out(_ACTUAL, [guessed, recent], _KNOWN_TYPES)]).unique()
    return known.with_columns(pl.col("at").dt.replace_time_zone("UTC"))


def place() -> pl.Expr:
    """A service point's lane of one channel as one number: history goes on there through an exchange of the meter."""
    return pl.col("service_point") * len(_LANES) + pl.col("channel").replace_strict(_LANES, return_dtype=pl.Int64)
