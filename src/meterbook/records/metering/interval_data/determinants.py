"""What bills take from intervals, stored beside the usage of the same days: energy by period of use, demand.

The tariff in force says what it needs; the interval store computes it; a newer version replaces an older one when late
data changes a figure. How many intervals were missing under a figure stands beside it, and a bill waits for them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl
from django.db import connection

from meterbook.engine.rates.intervals.demand import OWN, Window
from meterbook.engine.rates.intervals.facts import needs_of
from meterbook.engine.rates.language.calendars import ALL, Calendar
from meterbook.engine.rates.language.needs import DemandNeed, EnergyNeed
from meterbook.records.metering.interval_data.store import generations, interval_store
from meterbook.records.platform.copying import copy_in, copy_out
from meterbook.records.platform.queries import utility
from meterbook.records.rates.queries import current_tariffs

if TYPE_CHECKING:
    from meterbook.engine.rates.tariff import Tariff, Version
    from meterbook.records.platform.models import Deed

_SPANS = """
SELECT DISTINCT u.service_point_id, u.starts, u.ends, s.document_id, d.id, d.minutes, d.decimals, r.id, q.id
  FROM metering_usage u
  JOIN metering_register g ON g.id = u.register_id
  JOIN metering_intervalchannel d ON d.meter_id = g.meter_id AND d.name = 'delivered'
  LEFT JOIN metering_intervalchannel r ON r.meter_id = g.meter_id AND r.name = 'received'
  LEFT JOIN metering_intervalchannel q ON q.meter_id = g.meter_id AND q.name = 'reactive'
  JOIN customers_serviceagreement a ON a.service_point_id = u.service_point_id AND a.validity @> u.starts
  JOIN rates_schedule s ON s.id = a.schedule_id
 WHERE NOT u.superseded AND u.register_id = ANY(%s) AND u.ends >= %s
"""
_SPAN_TYPES = {
    "service_point": pl.Int64, "starts": pl.Date, "ends": pl.Date, "document": pl.Int64, "delivered": pl.Int64,
    "minutes": pl.Int32, "decimals": pl.Int64, "received": pl.Int64, "reactive": pl.Int64,
}  # fmt: skip
_ON_RECORD = """
SELECT id, service_point_id, name, starts, ends, number_e6, missing, version FROM metering_billingdeterminant
 WHERE NOT superseded AND service_point_id = ANY(%s) AND ends >= %s
"""
_RECORD_TYPES = {
    "old": pl.Int64, "service_point": pl.Int64, "name": pl.String, "starts": pl.Date, "ends": pl.Date,
    "old_number": pl.Int64, "old_missing": pl.Int64, "old_version": pl.Int64,
}  # fmt: skip
#: What the registers tell themselves.
_OF_REGISTERS = frozenset({"usage", "export"})
_KEY = ("service_point", "name", "starts", "ends")
#: Figures a tariff may ask for by name that its needs do not state, and their units.
_REACTIVE = {"kvar": "kVAR", "kvarh": "kVARh", "load_factor": ""}
_FLOWS = {"import": "kwh", "export": "export_kwh"}


def bring_up_to_date(deed: Deed, registers: Sequence[int], *, since: date) -> int:
    """Compute and store what the tariffs of these registers' points ask of intervals, for usage that ends on or after
    ``since``; returns how many figures are new. Points without intervals cost one query.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT g.id FROM metering_register g JOIN metering_intervalchannel c ON c.meter_id = g.meter_id"
            " WHERE g.id = ANY(%s) AND c.name = 'delivered'",
            [list(registers)],
        )
        kept = [row[0] for row in cursor.fetchall()]
    if not kept:
        return 0
    spans = copy_out(_SPANS, [kept, since], _SPAN_TYPES)
    if spans.is_empty():
        return 0
    _forget_former_spans(spans, since)
    found = [_of_tariff(part, tariff) for part, tariff in _by_tariff(spans)]
    return _store(deed, pl.concat(found), since) if found else 0


def _forget_former_spans(spans: pl.DataFrame, since: date) -> None:
    """Supersede figures of days between two reads that are none any more, since a read came between them or left."""
    known = copy_out(_ON_RECORD, [spans["service_point"].unique().to_list(), since], _RECORD_TYPES)
    former = known.join(spans, on=["service_point", "starts", "ends"], how="anti")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE metering_billingdeterminant SET superseded = true WHERE id = ANY(%s)", [former["old"].to_list()]
        )


def _by_tariff(spans: pl.DataFrame) -> Iterator[tuple[pl.DataFrame, Tariff]]:
    tariffs = current_tariffs()
    for (document,), part in spans.group_by("document", maintain_order=True):
        if document in tariffs:
            yield part.with_row_index("row").with_columns(pl.col("row").cast(pl.Int64)), tariffs[int(str(document))]


def _of_tariff(spans: pl.DataFrame, tariff: Tariff) -> pl.DataFrame:
    """Every figure the versions of a tariff need, each span by the version in force on its last day."""
    parts = [pl.DataFrame(schema=_FIGURES)]
    for version in tariff.versions:
        later = [each.effective for each in tariff.versions if each.effective > version.effective]
        mine = spans.filter(pl.col("ends") > version.effective)
        if later:
            mine = mine.filter(pl.col("ends") <= min(later))
        if mine.height:
            parts += _of_version(mine, version)
    return pl.concat(parts)


_FIGURES: dict[str, Any] = {
    "service_point": pl.Int64, "name": pl.String, "starts": pl.Date, "ends": pl.Date, "number": pl.Int64,
    "unit": pl.String, "at": pl.Datetime("us", "UTC"), "intervals": pl.Int64, "missing": pl.Int64,
}  # fmt: skip


def _of_version(spans: pl.DataFrame, version: Version) -> list[pl.DataFrame]:
    """The figures of one version: one question to the store for each calendar and way of metering demand."""
    found = []
    asked = {each.name for component in version.components for each in component.determinants()}
    for name in sorted(asked & set(_REACTIVE)):
        told = _facts(spans, None, None, OWN).filter((pl.col("name") == name) & pl.col("value").is_not_null())
        found.append(_figures(spans, told, name, _REACTIVE[name]))
    for need in needs_of(version):
        if not isinstance(need, EnergyNeed | DemandNeed) or need.name in _OF_REGISTERS:
            continue
        hours, calendar = _calendar_of(version.calendars, need.period)
        window = OWN if isinstance(need, EnergyNeed) else Window(need.minutes, need.sliding, need.decimals, need.mode)
        facts = _facts(spans, hours, calendar, window)
        fact = _FLOWS[need.flow] if isinstance(need, EnergyNeed) else "kw"
        told = facts.filter(
            (pl.col("name") == fact) & (pl.col("period") == (need.period or ALL)) & pl.col("value").is_not_null()
        )
        found.append(_figures(spans, told, need.name, "kWh" if isinstance(need, EnergyNeed) else "kW"))
    return found


def _figures(spans: pl.DataFrame, told: pl.DataFrame, name: str, unit: str) -> pl.DataFrame:
    """What the store told of the spans, as figures of that name."""
    return told.drop("name").join(spans, on="row").select(
        "service_point", pl.lit(name).alias("name"), "starts", "ends", pl.col("value").alias("number"),
        pl.lit(unit).alias("unit"), pl.col("at").cast(pl.Datetime("us", "UTC")),
        pl.col("found").cast(pl.Int64).alias("intervals"), pl.col("gaps").cast(pl.Int64).alias("missing"),
    )  # fmt: skip


def _calendar_of(calendars: Mapping[str, Calendar], period: str | None) -> tuple[str | None, Calendar | None]:
    for name, calendar in calendars.items():
        if period in calendar.periods:
            return name, calendar
    return None, None


def _facts(spans: pl.DataFrame, name: str | None, calendar: Calendar | None, window: Window) -> pl.DataFrame:
    asked = spans.select(
        "row", "delivered", "received", "reactive", "minutes",
        pl.lit(10, dtype=pl.Int64).pow(pl.col("decimals")).alias("per_unit"), "starts", "ends",
        pl.lit(name, dtype=pl.String).alias("calendar"), pl.lit(None, dtype=pl.Datetime("us", "UTC")).alias("peak_at"),
    )  # fmt: skip
    calendars = {} if name is None or calendar is None else {name: calendar}
    return interval_store().determinants(
        asked, zone=utility().timezone, calendars=calendars, generations=generations(), window=window
    )


def _store(deed: Deed, figures: pl.DataFrame, since: date) -> int:
    """Write what is new or another number than on record; what stood is superseded."""
    points = figures["service_point"].unique().to_list()
    known = copy_out(_ON_RECORD, [points, since], _RECORD_TYPES)
    both = figures.unique(_KEY, keep="first", maintain_order=True).join(known, on=_KEY, how="left")
    same = (pl.col("old_number") == pl.col("number")) & (pl.col("old_missing") == pl.col("missing"))
    fresh = both.filter(~same.fill_null(value=False))
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE metering_billingdeterminant SET superseded = true WHERE id = ANY(%s)",
            [fresh["old"].drop_nulls().to_list()],
        )
    return copy_in(
        "metering_billingdeterminant",
        fresh.select(
            pl.col("service_point").alias("service_point_id"), "name", "starts", "ends",
            pl.col("number").alias("number_e6"), "unit", pl.col("at").dt.strftime("%Y-%m-%dT%H:%M:%SZ"), "intervals",
            "missing", (pl.col("old_version").fill_null(0) + 1).alias("version"),
            pl.lit(value=False).alias("superseded"), pl.lit(deed.pk).alias("deed_id"),
        ),
    )  # fmt: skip
