"""Installing meters, any number in one deed: meters, registers, where they hang, the read that starts each."""

from __future__ import annotations

from datetime import time

import polars as pl

from meterbook.engine.columns import Shape
from meterbook.engine.quantity import UNITS
from meterbook.records.metering.models import Meter, Register
from meterbook.records.places.operations.rows import RowProblem, empty, refuse_any, table_of, twice, unknown, wrong
from meterbook.records.places.operations.storing import linked, on_record, since, store
from meterbook.records.platform.copying import copy_in, copy_out, id_sequence, take_ids
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.queries import utility
from meterbook.records.platform.roles import BILLING, SUPERVISOR

#: Local time of day given to a read made at installation, where only the day is known.
NOON = time(12)
CHANNELS = (Register.DELIVERED, Register.RECEIVED, Register.HIGH_FLOW, Register.LOW_FLOW)
METERS: Shape = {
    "serial": pl.String, "commodity": pl.String, "size": pl.String, "manufacturer": pl.String, "model": pl.String,
    "service_point": pl.String, "installed_on": pl.Date,
}  # fmt: skip
#: ``multiplier_e6`` and ``opening_e6`` in millionths; ``opening_e6`` is what the register showed when installed.
REGISTERS: Shape = {
    "serial": pl.String, "channel": pl.String, "dials": pl.Int64, "decimals": pl.Int64, "multiplier_e6": pl.Int64,
    "unit": pl.String, "opening_e6": pl.Int64,
}  # fmt: skip


@operation("metering.install_meters", roles={BILLING, SUPERVISOR})
def install_meters(deed: Deed, *, meters: pl.DataFrame, registers: pl.DataFrame) -> dict[str, int]:
    """Hang new meters at metered service points and start the chain of each register with its opening read.

    Shapes are `METERS` and `REGISTERS`. Raises `WrongColumns`, `RowsRefused`, and the database's own error where a
    point already has a meter on that day.
    """
    meters, registers = table_of(meters, "meters", METERS), table_of(registers, "registers", REGISTERS)
    points = copy_out(
        "SELECT id, code, commodity, connection FROM places_servicepoint",
        [],
        {"id": pl.Int64, "key": pl.String, "commodity": pl.String, "connection": pl.String},
    )
    refuse_any([*_meter_rows(meters, points, deed), *_register_rows(registers, meters)])
    devices = meters.select("serial", "commodity", "size", "manufacturer", "model")
    ids = store(devices, "metering_meter", "serial")
    hung = linked(linked(meters, "serial", ids), "service_point", points)
    copy_in(
        "metering_installation",
        hung.select(
            pl.col("serial_id").alias("meter_id"), "service_point_id", since(pl.col("installed_on")),
            pl.lit(deed.pk).alias("deed_id"),
        ),
    )  # fmt: skip
    copy_in(
        "metering_meterstep",
        hung.select(
            pl.col("serial_id").alias("meter_id"), pl.lit(Meter.INSTALLED).alias("state"),
            pl.col("installed_on").alias("on"), pl.lit("").alias("note"), pl.lit(deed.pk).alias("deed_id"),
        ),
    )  # fmt: skip
    opening = linked(registers.join(meters.select("serial", "installed_on"), on="serial"), "serial", ids)
    _store_registers(opening.rename({"serial_id": "meter_id"}), deed)
    counts = {"meters": meters.height, "registers": registers.height}
    tell(deed, "metering.meters_installed", **counts)
    return counts


def _meter_rows(meters: pl.DataFrame, points: pl.DataFrame, deed: Deed) -> list[RowProblem]:
    problems = [*empty(meters, "meters", *METERS), *twice(meters, "meters", ["serial"])]
    taken = pl.col("serial").is_in(on_record("metering_meter", "serial")["key"].implode())
    problems += wrong(meters, "meters", "serial", taken, expected="a serial not on record yet")
    problems += wrong(meters, "meters", "installed_on", pl.col("installed_on") > deed.business_date,
                      expected=f"a day up to {deed.business_date}")  # fmt: skip
    metered = points.filter(pl.col("connection") == "metered")
    problems += unknown(meters, "meters", "service_point", metered["key"], expected="a metered service point on record")
    served = points.select(pl.col("key").alias("service_point"), pl.col("commodity").alias("point_commodity"))
    both = meters.join(served, on="service_point", how="left", maintain_order="left")
    return problems + wrong(both, "meters", "commodity", pl.col("commodity") != pl.col("point_commodity"),
                            expected="the commodity of its service point")  # fmt: skip


def _register_rows(registers: pl.DataFrame, meters: pl.DataFrame) -> list[RowProblem]:
    """Dials, multiplier and unit are never optional, and the opening read fits the dials."""
    problems = [*empty(registers, "registers", *REGISTERS), *twice(registers, "registers", ["serial", "channel"])]
    problems += unknown(registers, "registers", "serial", meters["serial"], expected="a meter of this load")
    problems += unknown(meters, "meters", "serial", registers["serial"], expected="a meter with a register")
    whole = pl.lit(10, dtype=pl.Int64).pow(pl.col("dials")) * 1_000_000
    step = pl.lit(10, dtype=pl.Int64).pow(6 - pl.col("decimals"))
    units = [unit for unit, kind in UNITS.items() if kind in ("energy", "power", "volume")]
    for field, test, expected in (
        ("channel", ~pl.col("channel").is_in(CHANNELS), f"one of {', '.join(CHANNELS)}"),
        ("dials", ~pl.col("dials").is_between(3, 9), "3 to 9 digits before the point"),
        ("decimals", ~pl.col("decimals").is_between(0, 6), "0 to 6 digits after the point"),
        ("multiplier_e6", pl.col("multiplier_e6") <= 0, "millionths above 0"),
        ("unit", ~pl.col("unit").is_in(units), f"one of {', '.join(units)}"),
    ):
        problems += wrong(registers, "registers", field, test, expected=expected)
    sized = registers.filter(pl.col("dials").is_between(3, 9) & pl.col("decimals").is_between(0, 6))
    misfit = ~pl.col("opening_e6").is_between(0, whole - 1) | (pl.col("opening_e6") % step != 0)
    return problems + wrong(sized, "registers", "opening_e6", misfit, expected="millionths its digits can show")


def _store_registers(opening: pl.DataFrame, deed: Deed) -> None:
    """Append the registers and the read each of them started from."""
    first = take_ids(id_sequence("metering_register"), opening.height)
    opening = opening.with_columns(id=pl.int_range(pl.len()) + first)
    copy_in(
        "metering_register",
        opening.select(
            "id", "meter_id", "channel", "dials", "decimals", decimal(pl.col("multiplier_e6")).alias("multiplier"),
            "unit",
        ),
    )  # fmt: skip
    moment = pl.col("installed_on").dt.combine(NOON).dt.replace_time_zone(utility().timezone)
    copy_in(
        "metering_read",
        opening.select(
            pl.col("id").alias("register_id"),
            pl.col("installed_on").alias("read_on"),
            moment.dt.convert_time_zone("UTC").dt.strftime("%Y-%m-%dT%H:%M:%SZ").alias("read_at"),
            decimal(pl.col("opening_e6")).alias("value"),
            pl.lit(value=False).alias("estimated"),
            pl.lit(value=True).alias("starts_chain"),
            pl.lit("").alias("raw"),
            pl.lit(1).alias("version"),
            pl.lit(value=False).alias("superseded"),
            pl.lit(deed.pk).alias("deed_id"),
        ),
    )


def decimal(millionths: pl.Expr) -> pl.Expr:
    """Integer millionths as exact decimal text."""
    return pl.format("{}.{}", millionths // 1_000_000, (millionths % 1_000_000).cast(pl.String).str.zfill(6))
