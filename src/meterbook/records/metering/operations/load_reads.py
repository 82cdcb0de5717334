"""Loading reads of a conversion set-wise, and making the usage they complete as a step of its own."""

from __future__ import annotations

from datetime import date

import polars as pl
from django.db import connection

from meterbook.records.metering.derive import store_usage
from meterbook.records.platform.copying import copy_in, copy_out
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.queries import utility
from meterbook.records.platform.roles import BILLING, SUPERVISOR

#: Registers whose usage is derived at a time: enough to be set-wise, few enough to fit in memory.
BATCH = 50_000


class UnknownRegister(LookupError):
    """A read names a meter and channel that are not on record."""


@operation("metering.load_reads", roles={BILLING, SUPERVISOR})
def load_reads(deed: Deed, *, reads: pl.DataFrame) -> int:
    """Store reads taken over from elsewhere; returns how many. No usage is made yet: see `derive_all_usage`.

    ``reads`` holds serial, channel, on (date, read at noon of the utility's timezone) and value_e6 (the register as
    displayed, in millionths). All or nothing; raises `UnknownRegister`.
    """
    known = copy_out(
        "SELECT m.serial, r.channel, r.id FROM metering_register r JOIN metering_meter m ON m.id = r.meter_id",
        [],
        {"serial": pl.String, "channel": pl.String, "register_id": pl.Int64},
    )
    rows = reads.join(known, on=["serial", "channel"], how="left")
    lost = rows.filter(pl.col("register_id").is_null())
    if not lost.is_empty():
        first = lost.row(0, named=True)
        raise UnknownRegister(f"{lost.height} reads; the first: meter {first['serial']}, channel {first['channel']}")
    zone = utility().timezone
    noon = pl.col("on").cast(pl.Datetime).dt.offset_by("12h").dt.replace_time_zone(zone).dt.convert_time_zone("UTC")
    whole, rest = pl.col("value_e6") // 1_000_000, pl.col("value_e6") % 1_000_000
    stored = rows.select(
        "register_id",
        pl.col("on").alias("read_on"),
        noon.dt.strftime("%Y-%m-%dT%H:%M:%SZ").alias("read_at"),
        pl.format("{}.{}", whole, rest.cast(pl.String).str.zfill(6)).alias("value"),
        pl.lit(value=False).alias("estimated"),
        pl.lit(value=False).alias("starts_chain"),
        pl.lit("").alias("raw"),
        pl.lit(1).alias("version"),
        pl.lit(value=False).alias("superseded"),
        pl.lit(deed.pk).alias("deed_id"),
    )
    copy_in("metering_read", stored)
    tell(deed, "metering.reads_loaded", reads=stored.height)
    return stored.height


@operation("metering.derive_all_usage", roles={BILLING, SUPERVISOR})
def derive_all_usage(deed: Deed, *, since: date) -> int:
    """Make every usage that reads on or after ``since`` complete and that is not on record; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT register_id FROM metering_read WHERE NOT superseded AND read_on >= %s", [since])
        registers = sorted(row[0] for row in cursor.fetchall())
    made = 0
    for first in range(0, len(registers), BATCH):
        made += store_usage(deed, registers[first : first + BATCH], since=since)[0]
    tell(deed, "metering.usage_derived", usages=made)
    return made
