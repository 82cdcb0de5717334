"""The last months of the history, lived with stopped meters, estimates, empty homes and locks; an ordinary month."""

from __future__ import annotations

import random
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl

from meterbook.demo.bench.vee.labels import Shown
from meterbook.demo.bench.vee.measured import HISTORY, MONTH, PREPARED, READ_DAY
from meterbook.demo.calendar import first_of, read_on
from meterbook.demo.city import City
from meterbook.demo.life import Life
from meterbook.formats import reads_csv
from meterbook.records.customers.operations.move_out import move_out
from meterbook.records.customers.queries import account_numbered, premise_last_served
from meterbook.records.metering.operations.import_reads import import_reads
from meterbook.records.metering.operations.load_reads import derive_all_usage, load_reads
from meterbook.records.metering.shop.devices import point_of
from meterbook.records.metering.shop.operations.seal import place_lock
from meterbook.records.platform.copying import copy_out, refresh_statistics
from meterbook.records.platform.deeds import Act
from meterbook.records.platform.operations.business_date import advance_business_date
from meterbook.records.platform.queries import user_named

if TYPE_CHECKING:
    from collections.abc import Iterable

_LIVING_THERE = """
SELECT DISTINCT a.number FROM metering_meter m
  JOIN metering_installation i ON i.meter_id = m.id
  JOIN customers_serviceagreement g ON g.service_point_id = i.service_point_id
  JOIN customers_account a ON a.id = g.account_id
 WHERE m.serial = ANY(%s)
"""
_MORNING = time(9, 15)


def shown_in(city: City, month: int) -> dict[tuple[str, str], Shown]:
    """Every register as it truly stands on the read day of ``month``, in walking order."""
    days = (read_on(month, READ_DAY) - read_on(month - 1, READ_DAY)).days
    before = city.reads.frame(month - 1).select("serial", "channel", before="shown")
    rows = city.reads.frame(month).sort("commodity", "route", "place", "channel").select(
        "serial", "channel", "commodity", "kind", "size", "occupancy", "form", "code", "route", "place", "dials",
        "decimals", "multiplier", now="shown", days=pl.lit(days),
    ).join(before, on=["serial", "channel"], how="inner", maintain_order="left")  # fmt: skip
    found = [Shown(**row) for row in rows.iter_rows(named=True)]
    return {one.key: one for one in found}


def live_history(life: Life, frozen: Mapping[tuple[str, str], int], estimated: Iterable[tuple[str, str]]) -> None:
    """Read the last months of the history: stopped registers show what they showed ``frozen`` periods ago, and
    estimated ones come as estimates in a file.
    """
    city = life.city
    guessed = set(estimated)
    stopped = pl.DataFrame(
        [(*key, MONTH - periods) for key, periods in frozen.items()],
        schema={"serial": pl.String, "channel": pl.String, "last": pl.Int64},
        orient="row",
    )
    since = {
        month: city.reads_frame(month).select("serial", "channel", last=pl.lit(month, dtype=pl.Int64), stood="value_e6")
        for month in range(MONTH - 4, MONTH)
    }
    stood = stopped.join(pl.concat(since.values()), on=["serial", "channel", "last"])
    for month in range(PREPARED + 1, HISTORY + 1):
        life.today = first_of(month + 1)
        advance_business_date(life.act("system", "benchmark"), to=life.today)
        reads = city.reads_frame(month).join(stood, on=["serial", "channel"], how="left", maintain_order="left")
        still = pl.col("last") < month
        reads = reads.with_columns(value_e6=pl.when(still).then("stood").otherwise("value_e6"))
        keys = pl.struct("serial", "channel")
        told = pl.DataFrame(sorted(guessed), schema={"serial": pl.String, "channel": pl.String}, orient="row")
        if told.height:
            estimates = reads.join(told, on=["serial", "channel"], how="semi").sort(keys)
            import_reads(life.act("billing", "benchmark"), format="meterbook-reads", file_name=f"estimates-{month}.csv",
                         content=_estimates(estimates))  # fmt: skip
        load_reads(life.act("billing", "benchmark"), reads=reads.join(told, on=["serial", "channel"], how="anti"))
    derive_all_usage(life.act("billing", "benchmark"), since=first_of(PREPARED + 1) - timedelta(days=3))
    refresh_statistics()


def _estimates(rows: pl.DataFrame) -> bytes:
    return reads_csv.write(
        estimated(row["serial"], Decimal(row["value_e6"]).scaleb(-6), row["unit"], row["on"])
        for row in rows.iter_rows(named=True)
    )


def estimated(serial: str, value: Decimal, unit: str, on: date) -> reads_csv.ReadRow:
    """An estimate of a meter with one register, as a file tells it."""
    at = datetime.combine(on, _MORNING)
    return reads_csv.ReadRow(meter=serial, read_at=at, reading=value, unit=unit, kind="estimated", reader="R. Vega")


def empty_homes(life: Life, serials: Iterable[str], on: date) -> None:
    """Let whoever lives where these meters hang move out ``on`` a past day."""
    act = Act(actor=user_named("csr"), business_date=life.today, reason="benchmark")
    numbers = copy_out(_LIVING_THERE, [list(serials)], {"number": pl.String})["number"]
    for number in numbers.sort().to_list():
        account = account_numbered(number)
        move_out(act, account=account, premise=premise_last_served(account), ends=on)


def lock(life: Life, serials: Iterable[str], on: date) -> None:
    """Put a lock on record where each of these meters hangs, ``on`` a past day."""
    for number, serial in enumerate(sorted(serials)):
        place_lock(life.act("billing", "benchmark"), number=f"VEE-{number}", service_point=point_of(serial), on=on)


def honest_months(
    rows: dict[tuple[str, str], Shown], planned: Collection[tuple[str, str]], *, seed: int
) -> dict[tuple[str, str], Shown]:
    """The same registers after an ordinary month: some people travelled, some had guests or a hot house.

    Those whose fault was ``planned`` with their history stay as they are.
    """
    lots = random.Random(f"{seed}/honest")
    share: dict[str, int] = {}
    kept = {serial[2:] for serial, _ in planned}
    for one in rows.values():
        site = one.serial[2:]
        if one.kind != "house" or one.occupancy == "vacant" or site in share or site in kept:
            continue
        luck = lots.randrange(1_000)
        share[site] = lots.randint(0, 300) if luck < 12 else lots.randint(1_300, 1_700) if luck < 32 else 1_000
    changed = {}
    for key, one in rows.items():
        permille = share.get(one.serial[2:], 1_000)
        if one.commodity == "electricity":
            permille = max(permille, 60)  # a refrigerator runs
        same = permille == 1_000 or one.channel == "received"
        changed[key] = one if same else replace(one, now=(one.before + one.used * permille // 1_000) % one.limit)
    return changed
