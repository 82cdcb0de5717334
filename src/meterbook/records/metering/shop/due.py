"""Which meters are due on the bench: years of their type after the last test passed, or the day they first hung."""

from __future__ import annotations

from datetime import date

import polars as pl

from meterbook.records.metering.shop.bench import rules_on
from meterbook.records.platform.copying import copy_out

_SINCE = """
SELECT m.id, m.serial, m.commodity, m.size, m.state,
       (SELECT max(t.tested_on) FROM metering_metertest t WHERE t.meter_id = m.id AND t.passed),
       coalesce((SELECT min(lower(i.validity)) FROM metering_installation i WHERE i.meter_id = m.id), m.received_on)
  FROM metering_meter m WHERE m.state <> 'retired' AND (%s::bigint[] IS NULL OR m.id = ANY(%s::bigint[]))
"""
_TYPES = {
    "meter": pl.Int64, "serial": pl.String, "commodity": pl.String, "size": pl.String, "state": pl.String,
    "tested_on": pl.Date, "began_on": pl.Date,
}  # fmt: skip


def tests_due(day: date, meters: list[int] | None = None) -> pl.DataFrame:
    """Every meter not retired, or those asked for, with ``due_on``: years of its type after its last passing test.

    Columns: meter, serial, commodity, size, state, tested_on (null: never here), began_on, due_on (null where the
    limits in force on ``day`` name no such meter, or nothing is known of its age).
    Raises `MeterRefused` without limits.
    """
    types = [(kind.commodity, size, kind.every_years) for kind in rules_on(day).types for size in kind.sizes]
    years = pl.DataFrame(types, schema={"commodity": pl.String, "size": pl.String, "years": pl.Int32}, orient="row")
    found = copy_out(_SINCE, [meters, meters], _TYPES).join(years, on=["commodity", "size"], how="left")
    since = pl.coalesce("tested_on", "began_on")
    due = since.dt.offset_by(pl.format("{}y", pl.col("years")))
    leap = (since.dt.month() == 2) & (since.dt.day() == 29) & (due.dt.day() == 28)
    moved = pl.when(leap).then(due.dt.offset_by("1d")).otherwise(due)
    return found.with_columns(due_on=pl.when(pl.col("years").is_not_null()).then(moved)).drop("years")
