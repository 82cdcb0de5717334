"""Judging imported reads: which can be taken, and for each that cannot, what was found and what was expected."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from meterbook.formats.contract import ParsedReads, ReadRecord, in_local_time
from meterbook.records.platform.copying import copy_out
from meterbook.records.platform.queries import business_date, utility

#: What a file may call a register of a meter with several, and the channel it means.
CHANNEL_WORDS = {
    "1": "high_flow", "2": "low_flow", "H": "high_flow", "L": "low_flow", "high_flow": "high_flow",
    "low_flow": "low_flow", "delivered": "delivered", "received": "received", "D": "delivered", "R": "received",
}  # fmt: skip

_REGISTERS = """
SELECT r.id, m.serial, r.channel, r.dials, r.decimals, r.unit, (r.multiplier * 1000000)::bigint,
       count(*) OVER (PARTITION BY m.id) AS channels,
       (SELECT min(lower(i.validity)) FROM metering_installation i WHERE i.meter_id = m.id) AS first_day,
       (SELECT max(upper(i.validity)) FROM metering_installation i WHERE i.meter_id = m.id
         AND NOT EXISTS (SELECT FROM metering_installation o
                          WHERE o.meter_id = m.id AND upper_inf(o.validity))) AS removed_on
  FROM metering_register r JOIN metering_meter m ON m.id = r.meter_id
 WHERE m.serial = ANY(%s)
"""
_REGISTER_TYPES = {
    "register": pl.Int64, "serial": pl.String, "channel": pl.String, "dials": pl.Int32, "decimals": pl.Int32,
    "register_unit": pl.String, "multiplier": pl.Int64, "channels": pl.Int64,
    "first_day": pl.Date, "removed_on": pl.Date,
}  # fmt: skip

_HUNG = """
SELECT r.id, lower(i.validity), upper(i.validity)
  FROM metering_register r JOIN metering_installation i ON i.meter_id = r.meter_id WHERE r.id = ANY(%s)
"""
#: A date further after the business date is a slip of the year, not a read.
_FARTHEST = timedelta(days=200)
_ON_RECORD = """
SELECT register_id, read_on, (value * 1000000)::bigint, NOT superseded AND status = 'accepted'
  FROM metering_read WHERE register_id = ANY(%s) AND read_on BETWEEN %s AND %s
"""
#: Digits before the point that are kept whatever the register shows; more are no read of any register.
_MOST_DIGITS = 9


def frame_of(records: list[ReadRecord]) -> pl.DataFrame:
    """The parsed records as columns; ``value`` in millionths of the register's unit."""
    return pl.DataFrame(
        {
            "line": [r.line for r in records],
            "serial": [r.meter_serial for r in records],
            "word": [r.register for r in records],
            "read_on": [r.read_on for r in records],
            "read_at": [r.read_at for r in records],
            "value": [int(r.value.scaleb(6)) for r in records],
            "text": [f"{r.value:f}" for r in records],
            "unit": [r.unit for r in records],
            "estimated": [r.kind == "estimated" for r in records],
            "raw": [r.raw for r in records],
            "reader": [r.reader[:40] for r in records],
            "source_dials": [r.dials for r in records],
            "source_multiplier": [None if r.multiplier is None else int(r.multiplier.scaleb(6)) for r in records],
        },
        schema={
            "line": pl.Int64, "serial": pl.String, "word": pl.String, "read_on": pl.Date, "read_at": pl.Datetime,
            "value": pl.Int64, "text": pl.String, "unit": pl.String, "estimated": pl.Boolean, "raw": pl.String,
            "reader": pl.String, "source_dials": pl.Int32, "source_multiplier": pl.Int64,
        },
    )  # fmt: skip


def judge(
    parsed: ParsedReads, *, timezone: str, multiplier_applied: bool = False
) -> tuple[pl.DataFrame, pl.DataFrame, dict[str, int]]:
    """Split a file into reads to store and corrections to make.

    Returns (reads as `validation.take.take` wants them), (corrections: line, field, found, expected, raw) and the
    counts ``unchanged`` and ``same_day`` of rows that need neither. Another value for a day already read is a read:
    it carries the one on record and is for the rules to question.
    """
    rows = _with_registers(frame_of(in_local_time(parsed, timezone=timezone).records))
    rows = rows.with_columns(
        pl.col("read_at").dt.replace_time_zone(timezone, ambiguous="earliest", non_existent="null")
    ).with_columns(pl.col("read_at").dt.convert_time_zone("UTC"))
    if timezone != (here := utility().timezone):
        there = pl.col("read_at").dt.convert_time_zone(here).dt.date()
        rows = rows.with_columns(read_on=pl.coalesce(there, "read_on"))
    if multiplier_applied:
        rows = _as_displayed(rows)
    rows = _with_problem(rows)
    bad, good = rows.filter(pl.col("field").is_not_null()), rows.filter(pl.col("field").is_null())
    good, counts = _against_record(_one_a_day(good))
    columns = ["line", "field", "found", "expected", "raw"]
    lost = pl.DataFrame(
        [(p.line, p.field, p.found, p.expected, "") for p in parsed.problems],
        schema={"line": pl.Int64, **dict.fromkeys(columns[1:], pl.String)},
        orient="row",
    )
    corrections = pl.concat([lost, bad.select(columns)]).sort("line")
    counts["rejected"] = corrections["line"].n_unique()
    return good, corrections, counts


def _with_registers(rows: pl.DataFrame) -> pl.DataFrame:
    """Join each row to its register; null ``register`` where the meter or its channel is unknown."""
    known = copy_out(_REGISTERS, [rows["serial"].unique().to_list()], _REGISTER_TYPES)
    channel = pl.col("word").replace_strict(CHANNEL_WORDS, default=None, return_dtype=pl.String)
    rows = rows.with_columns(channel=channel).join(
        known.select("serial", "channels", pl.col("channel").alias("only_channel")).unique("serial", keep="first"),
        on="serial",
        how="left",
    )
    main = (pl.col("word") == "") | ((pl.col("channels") == 1) & (pl.col("word") == "1"))
    default = pl.when(pl.col("channels") == 1).then(pl.col("only_channel")).otherwise(pl.lit("delivered"))
    meters_with_flow = known.filter(pl.col("channel") == "high_flow")["serial"].to_list()
    default = pl.when(pl.col("serial").is_in(meters_with_flow)).then(pl.lit("high_flow")).otherwise(default)
    rows = rows.with_columns(channel=pl.when(main).then(default).otherwise(pl.col("channel")))
    return rows.join(known.drop("channels"), on=["serial", "channel"], how="left")


def _as_displayed(rows: pl.DataFrame) -> pl.DataFrame:
    """Take the multiplier out of numbers that carry it; what it does not divide stays, too fine for its register."""
    product = pl.col("value").cast(pl.Int128) * 1_000_000
    exact = (product % pl.col("multiplier") == 0).fill_null(value=False)
    shown = (product // pl.col("multiplier")).cast(pl.Int64)
    return rows.with_columns(value=pl.when(exact).then(shown).otherwise("value"), undivided=~exact).with_columns(
        source_multiplier=pl.lit(None, dtype=pl.Int64)
    )


def _with_problem(rows: pl.DataFrame) -> pl.DataFrame:
    """Add field, found, expected: the first thing wrong with a row, or nulls."""
    limit = 10**_MOST_DIGITS * 1_000_000
    step = pl.lit(10, dtype=pl.Int64).pow(6 - pl.col("decimals").cast(pl.Int64)).cast(pl.Int64)
    day = pl.col("read_on").dt.to_string("%Y-%m-%d")
    farthest = business_date() + _FARTHEST
    rows = _with_hung(rows)
    tests: list[tuple[pl.Expr, str, pl.Expr, pl.Expr]] = [
        (pl.col("channels").is_null(), "meter", pl.col("serial"), pl.lit("the serial of a meter on record")),
        (
            pl.col("register").is_null(), "channel", pl.col("word"),
            pl.format("a channel of meter {}", pl.col("serial")),
        ),
        (pl.col("unit") != pl.col("register_unit"), "unit", pl.col("unit"), pl.col("register_unit")),
        (
            pl.col("value") >= limit, "reading", pl.col("text"),
            pl.lit(f"at most {_MOST_DIGITS} digits before the point"),
        ),
        (
            pl.col("undivided") if "undivided" in rows.columns else pl.lit(value=False), "reading", pl.col("text"),
            pl.format("a number that carries the multiplier {} millionths", pl.col("multiplier")),
        ),
        (
            pl.col("value") % step != 0, "reading", pl.col("text"),
            pl.format("at most {} digits after the point", pl.col("decimals")),
        ),
        (
            pl.col("first_day").is_null(), "date", day,
            pl.lit("a meter that was installed"),
        ),
        (
            pl.col("read_on") < pl.col("first_day"), "date", day,
            pl.format("not before installation on {}", pl.col("first_day").dt.to_string("%Y-%m-%d")),
        ),
        (
            pl.col("read_on") > pl.col("removed_on"), "date", day,
            pl.format("not after removal on {}", pl.col("removed_on").dt.to_string("%Y-%m-%d")),
        ),
        (~pl.col("hung"), "date", day, pl.lit("a day on which the meter hangs somewhere")),
        (
            pl.col("read_on") > farthest, "date", day,
            pl.lit(f"not after {farthest.isoformat()}: the business date is {(farthest - _FARTHEST).isoformat()}"),
        ),
        (pl.col("read_at").is_null(), "time", day, pl.lit("a time that exists on that day")),
    ]  # fmt: skip

    def first(values: list[pl.Expr]) -> pl.Expr:
        chosen: pl.Expr = pl.lit(None, dtype=pl.String)
        for (wrong, *_), value in reversed(list(zip(tests, values, strict=True))):
            chosen = pl.when(wrong.fill_null(value=False)).then(value).otherwise(chosen)
        return chosen

    return rows.with_columns(
        first([pl.lit(field) for _, field, _, _ in tests]).alias("field"),
        first([found for *_, found, _ in tests]).alias("found"),
        first([expected for *_, expected in tests]).alias("expected"),
    )


def _with_hung(rows: pl.DataFrame) -> pl.DataFrame:
    """Add whether the meter hung somewhere on the day it was read, the day it was taken down included."""
    numbered = rows.with_row_index("place")
    spans = copy_out(
        _HUNG,
        [rows["register"].drop_nulls().unique().to_list()],
        {"register": pl.Int64, "since": pl.Date, "until": pl.Date},
    )
    inside = (pl.col("since") <= pl.col("read_on")) & (
        pl.col("until").is_null() | (pl.col("read_on") <= pl.col("until"))
    )
    found = numbered.select("place", "register", "read_on").join(spans, on="register").filter(inside)
    return numbered.with_columns(hung=pl.col("place").is_in(found["place"].implode())).drop("place")


def _one_a_day(rows: pl.DataFrame) -> pl.DataFrame:
    """Mark, per register and day, the latest row as the day's read; the same instant twice must agree."""
    rows = rows.sort("register", "read_on", "read_at", "line", maintain_order=True)
    group = ["register", "read_on"]
    latest = pl.col("read_at") == pl.col("read_at").last().over(group)
    rows = rows.with_columns(
        earlier=~latest,
        first_value=pl.col("value").filter(latest).first().over(group),
        place=pl.when(latest).then(latest.cast(pl.Int32).cum_sum().over(group)).otherwise(0),
    )
    return rows.with_columns(repeated=latest & (pl.col("place") > 1))


def _against_record(rows: pl.DataFrame) -> tuple[pl.DataFrame, dict[str, int]]:
    """Compare with what is on record, accepted or not: what came before is unchanged; the rest are reads.

    ``on_record`` is the other value already accepted for the day, or read earlier in this file.
    """
    counts = {"same_day": int(rows["earlier"].sum()), "unchanged": 0}
    rows = rows.filter(~pl.col("earlier"))
    days = ["register", "read_on"]
    stored = pl.DataFrame(schema={"register": pl.Int64, "read_on": pl.Date, "value": pl.Int64, "stands": pl.Boolean})
    if rows.height:
        asked = [rows["register"].unique().to_list(), rows["read_on"].min(), rows["read_on"].max()]
        stored = copy_out(_ON_RECORD, asked, stored.schema)
    known = rows.with_columns(
        again=(pl.col("repeated") & (pl.col("value") == pl.col("first_value")))
        | pl.struct(*days, "value").is_in(stored.select(pl.struct(*days, "value")).to_series().implode())
    )
    standing = stored.filter("stands").select(*days, on_record="value")
    fresh = known.filter(~pl.col("again")).join(standing, on=days, how="left", maintain_order="left")
    counts["unchanged"] = known.height - fresh.height
    first = pl.when("repeated").then("first_value")
    return fresh.with_columns(on_record=pl.coalesce("on_record", first), source_unit="unit"), counts
