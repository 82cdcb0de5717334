"""What a read would be estimated at: by the city's order of methods, or by one of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import yaml

from meterbook.engine.metering.estimation import methods
from meterbook.engine.metering.estimation.configure import Configured, parse
from meterbook.engine.metering.estimation.estimate import estimate
from meterbook.engine.metering.estimation.like_customers import class_years, with_class_years
from meterbook.engine.metering.estimation.refusals import PROBLEMS
from meterbook.engine.metering.validation.context import CLASS_USAGES
from meterbook.engine.trace import Step
from meterbook.records.metering.models import ReadException
from meterbook.records.metering.operations.install import NOON
from meterbook.records.metering.queue.refusals import UNKNOWN_METHOD, NoEstimate
from meterbook.records.metering.validation.candidates import candidates, keyed
from meterbook.records.metering.validation.gather import compared_with
from meterbook.records.platform.copying import copy_out
from meterbook.records.platform.policies import NoPolicy, released
from meterbook.records.platform.queries import utility

#: Registers of a kind that are enough to see its trend, and how far back it is looked for.
_LIKE_SAMPLE, _TWO_YEARS = 150, timedelta(days=430)
#: Usage of registers of the same kind as those asked about, for the method that goes by like customers.
_LIKE = f"""
WITH asked AS (
  SELECT DISTINCT m.commodity, m.size, p.premise_class, g.channel
    FROM metering_register g JOIN metering_meter m ON m.id = g.meter_id
    JOIN metering_installation i ON i.meter_id = m.id JOIN places_servicepoint s ON s.id = i.service_point_id
    JOIN places_premise p ON p.id = s.premise_id
   WHERE g.id = ANY(%s)),
sampled AS (
  SELECT g.id, a.*, row_number() OVER (PARTITION BY a.commodity, a.size, a.premise_class, a.channel
                                       ORDER BY hashint8(g.id)) AS n
    FROM asked a JOIN metering_meter m ON m.commodity = a.commodity AND m.size = a.size
    JOIN metering_register g ON g.meter_id = m.id AND g.channel = a.channel
    JOIN metering_installation i ON i.meter_id = m.id AND upper_inf(i.validity)
    JOIN places_servicepoint s ON s.id = i.service_point_id
    JOIN places_premise p ON p.id = s.premise_id AND p.premise_class = a.premise_class)
SELECT u.register_id, u.starts, u.ends, u.quantity_e6, u.estimated, sampled.commodity, sampled.size,
       sampled.premise_class, sampled.channel
  FROM sampled JOIN metering_usage u ON u.register_id = sampled.id
 WHERE sampled.n <= {_LIKE_SAMPLE} AND NOT u.superseded AND u.ends > %s AND u.ends <= %s
"""


@dataclass(frozen=True, slots=True)
class Offer:
    """One estimate: ``value`` and ``quantity`` in millionths, ``confidence`` in percent, or the ``problem``."""

    method: str
    value: int | None
    quantity: int | None
    confidence: int | None
    in_a_row: int | None
    limit_reached: bool
    inputs: dict[str, str | None]
    problem: str


def estimation_on(day: date) -> Configured:
    """The policy ``read-estimation`` in force on a business date; raises `NoPolicy`."""
    document = released("read-estimation", day)
    if document is None:
        raise NoPolicy(f"no policy read-estimation is in force on {day}")
    return _parsed(document.body)


@lru_cache(maxsize=8)
def _parsed(body: str) -> Configured:
    return parse(yaml.safe_load(body))


def evidence(items: Sequence[ReadException]) -> pl.DataFrame:
    """Everything on record that estimates of these items go by; ``row`` is the item. Items of intervals are left out.

    An item's own read is not evidence: it is what is in doubt.
    """
    asked = [item for item in items if item.register_id is not None and item.channel_id is None]
    if not asked:
        return pl.DataFrame()
    zone = ZoneInfo(utility().timezone)
    rows = keyed(
        pl.DataFrame(
            {
                "register": [item.register_id for item in asked],
                "read_on": [item.on for item in asked],
                "read_at": [datetime.combine(item.on, NOON, zone).astimezone(ZoneInfo("UTC")) for item in asked],
                "estimated": [True for _ in asked],
            },
            schema={
                "register": pl.Int64, "read_on": pl.Date, "read_at": pl.Datetime("us", "UTC"),
                "estimated": pl.Boolean,
            },
        )
    )  # fmt: skip
    rows = rows.with_columns(pl.Series("row", [item.pk for item in asked], dtype=pl.Int64), read=None)
    days = [item.on for item in asked]
    registers = sorted({item.register_id for item in asked if item.register_id is not None})
    compared = compared_with(registers, first=min(days), last=max(days))
    found = _from_the_last_read(candidates(rows, compared.known, compared), compared.known)
    sample = copy_out(_LIKE, [registers, min(days) - _TWO_YEARS, max(days)], dict(CLASS_USAGES))
    return with_class_years(found, class_years(sample))


def _from_the_last_read(found: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """An estimate goes on from the last read accepted before its day, even where that was but a few days ago."""
    last = (
        found.select("row", "register", "read_on")
        .join(known, on="register")
        .filter(pl.col("on") < pl.col("read_on"))
        .sort("on")
        .unique("row", keep="last", maintain_order=True)
        .select("row", previous_on="on", previous_value="value", previous_estimated="estimated")
    )
    kept = found.drop("previous_on", "previous_value", "previous_estimated")
    joined = kept.join(last, on="row", how="left", maintain_order="left")
    days = (pl.col("read_on") - pl.col("previous_on")).dt.total_days().cast(pl.Int32)
    return joined.with_columns(days=days)


def offers(item: ReadException, on: date) -> list[Offer]:
    """The estimate by the city's order first, then by every method it knows, for somebody to choose from."""
    configured, frame = estimation_on(on), evidence([item])
    if frame.is_empty():
        return []
    first = _offer(estimate(frame, configured).row(0, named=True))
    others = [name for name in methods.names() if name != first.method]
    made = [(estimate(frame, only(configured, name)).row(0, named=True), name) for name in others]
    return [first, *(_offer(row, name) for row, name in made)]


def chosen(item: ReadException, on: date, method: str = "") -> Offer:
    """The estimate by the city's order, or by ``method``; raises `NoEstimate`."""
    return believable(chosen_for([item], on, method).get(item.pk))


def chosen_for(items: Sequence[ReadException], on: date, method: str = "") -> dict[int, Offer]:
    """The estimates of many items by item, all from what is on record now; an item of intervals has none.

    Raises `NoEstimate` for a ``method`` that nobody knows.
    """
    if method and method not in methods.names():
        raise NoEstimate(problem=Step(UNKNOWN_METHOD))
    configured, frame = estimation_on(on), evidence(items)
    if frame.is_empty():
        return {}
    made = estimate(frame, only(configured, method) if method else configured)
    return {row["row"]: _offer(row, method) for row in made.iter_rows(named=True)}


def believable(offer: Offer | None) -> Offer:
    """The estimate, if one could be made; raises `NoEstimate`."""
    problem = "no_last_read" if offer is None else offer.problem
    if problem:
        raise NoEstimate(problem=Step(PROBLEMS[problem]))
    assert offer is not None
    return offer


def only(configured: Configured, method: str) -> Configured:
    """The settings with one method alone, for every kind of register."""
    overrides = tuple(replace(one, settings=replace(one.settings, order=(method,))) for one in configured.overrides)
    return replace(configured, settings=replace(configured.settings, order=(method,)), overrides=overrides)


def _offer(row: dict[str, Any], method: str = "") -> Offer:
    return Offer(
        method=row["method"] or method,
        value=row["value"],
        quantity=row["quantity"],
        confidence=row["confidence"],
        in_a_row=row["in_row"],
        limit_reached=bool(row["limit_reached"]),
        inputs=json.loads(row["inputs"]) if row["inputs"] else {},
        problem=row["problem"] or "",
    )


def read_at(day: date) -> datetime:
    """Noon of the utility's own time, where only the day is known."""
    return datetime.combine(day, NOON, ZoneInfo(utility().timezone))
