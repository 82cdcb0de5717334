"""Candidate reads and channel days as an office would tell them, made into the columns rules look at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import polars as pl

from meterbook.engine.metering.register import READS as REGISTER_READS
from meterbook.engine.metering.register import derive_usage
from meterbook.engine.metering.validation.contract import INTERVALS, READS
from meterbook.engine.quantity import scaled

#: A house on an ordinary day of reading.
HOUSE: dict[str, Any] = {
    "service_point": 1, "commodity": "water", "size": "5/8", "premise_class": "residential", "channel": "delivered",
    "route": 1, "sequence": None, "read_on": date(2026, 9, 3), "estimated": False, "rollover": False, "served": True,
    "occupied": True, "locked": False, "solar": False, "zero_streak": 0, "estimates_in_row": 0, "months_installed": 24,
    "multiplier": "1",
}  # fmt: skip
REGISTERS = {"water": ("ccf", 4, 2), "electricity": ("kWh", 5, 0)}
DAY: dict[str, Any] = {
    "service_point": 1, "commodity": "electricity", "size": "2S", "premise_class": "residential",
    "day": date(2026, 9, 3), "minutes": 30, "duplicated": 0, "out_of_step": 0, "negative": 0, "zero": 0, "solar": False,
    "sum": "20", "highest": "1", "third_highest": "0.9", "lowest": "0.1",
}  # fmt: skip
#: Columns of integer millionths; cases say them as decimals.
MILLIONTHS = {
    "multiplier", "value", "source_multiplier", "on_record", "previous_value", "quantity", "season_quantity",
    "year_quantity", "prior_quantity", "class_daily", "class_prior_daily", "class_year_daily", "high_daily",
    "low_daily", "register_sum", "limit_daily", "sum", "highest", "third_highest", "lowest", "received_sum",
    "usual_daily",
}  # fmt: skip
SPANS = {"season": 31, "year": 365, "prior": 31}


def reads(rows: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """Rows with ``previous`` and ``read`` (what the register showed), ``season``, ``year`` and ``prior`` usage."""
    return _with_usage(_frame([_read(number, row) for number, row in enumerate(rows, 1)], READS))


def days(rows: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """Rows of channel days; ``found`` is ``expected`` and that a whole day, unless the row says otherwise."""
    made = []
    for number, row in enumerate(rows, 1):
        known = {**DAY, "channel": number, **row}
        known.setdefault("expected", 1440 // known["minutes"])
        known.setdefault("found", known["expected"])
        made.append(known)
    return _frame(made, INTERVALS)


def _read(number: int, row: Mapping[str, Any]) -> dict[str, Any]:
    known = {**HOUSE, "row": number, "register": number, "read_id": 100 + number, **row}
    unit, dials, decimals = REGISTERS[known["commodity"]]
    known = {"unit": unit, "dials": dials, "decimals": decimals, **known}
    known["read"], known["value"] = known.pop("read_id"), known.get("read")
    known["previous_value"] = known.pop("previous", None)
    if known["previous_value"] is not None:
        known.setdefault("previous_on", date(2026, 8, 3))
    for name, length in SPANS.items():
        if name in known:
            known[f"{name}_quantity"], known[f"{name}_days"] = known.pop(name), length
    return known


def _frame(rows: Sequence[Mapping[str, Any]], shape: Mapping[str, Any]) -> pl.DataFrame:
    unknown = {name for row in rows for name in row} - set(shape) - {"finds", "figures"}
    assert not unknown, f"no such columns: {unknown}"
    return pl.DataFrame([{name: _value(name, row.get(name)) for name in shape} for row in rows], schema=dict(shape))


def _value(name: str, value: Any) -> Any:
    if value is None or value == "none":
        return None
    if name in MILLIONTHS:
        return scaled(Decimal(value))
    if name in ("read_at", "earlier_at"):
        return datetime.fromisoformat(value).replace(tzinfo=UTC)
    return value


def _with_usage(frame: pl.DataFrame) -> pl.DataFrame:
    """Derive usage from the read before, as it will be derived once the read is accepted."""
    pairs = frame.filter(pl.col("value").is_not_null() & pl.col("previous_value").is_not_null())
    pairs = pairs.filter(pl.col("read_on") > pl.col("previous_on"))
    before = pairs.select(
        register="row", read=pl.lit(0, dtype=pl.Int64), read_on="previous_on", value="previous_value", dials="dials",
        multiplier="multiplier", estimated=pl.lit(value=False), break_before=pl.lit(value=False),
    )  # fmt: skip
    after = before.with_columns(
        pairs["read_on"], pairs["value"], read=pl.lit(1, dtype=pl.Int64), estimated=pl.lit(value=False)
    )
    used = derive_usage(pl.concat([before, after]).select(list(REGISTER_READS)))
    derived = used.select(
        row="register",
        days=(pl.col("ends") - pl.col("starts")).dt.total_days().cast(pl.Int32),
        quantity="quantity",
        rollover="rollover",
        problem="problem",
    )
    joined = frame.drop("days", "quantity", "rollover", "problem").join(
        derived, on="row", how="left", maintain_order="left"
    )
    return joined.with_columns(pl.col("rollover").fill_null(value=False)).select(list(READS))
