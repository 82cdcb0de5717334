"""Rows into values: what a chunk of accounts owes a bill for, with every fact its tariffs ask about.

The only place billing reads the database to price. Everything comes set-wise; what is missing becomes a hold.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from meterbook.engine.billing.build import determinants_of
from meterbook.engine.billing.verify import COUNTS_AS
from meterbook.engine.rates.tariff import Tariff
from meterbook.engine.rates.terms import DAYS_LIMIT
from meterbook.records.platform.copying import copy_out

_AGREEMENTS = """
SELECT ag.id, a.id, sp.id, sp.commodity, coalesce(sp.water_source_id, sp.id), s.id, s.document_id,
       upper(ag.validity), greatest(lower(ag.validity), billed.upto), billed.upto
  FROM customers_account a
  JOIN customers_serviceagreement ag ON ag.account_id = a.id
  JOIN places_servicepoint sp ON sp.id = ag.service_point_id
  JOIN rates_schedule s ON s.id = ag.schedule_id
  LEFT JOIN LATERAL (SELECT max(upper(b.period)) AS upto FROM billing_billedperiod b
                      WHERE b.agreement_id = ag.id) billed ON true
 WHERE a.cycle_id = %s AND a.id BETWEEN %s AND %s AND lower(ag.validity) < %s
"""
_AGREEMENT_TYPES: dict[str, Any] = {
    "row": pl.Int64, "account": pl.Int64, "service_point": pl.Int64, "commodity": pl.String,
    "usage_point": pl.Int64, "schedule": pl.Int64, "document": pl.Int64, "until": pl.Date, "starts": pl.Date,
    "billed_to": pl.Date,
}  # fmt: skip
_USAGE = """
SELECT u.service_point_id, u.register_id, m.serial, m.size, g.channel, g.unit, g.dials, trim_scale(g.multiplier)::text,
       u.from_read_id, u.to_read_id, u.starts, u.ends, trim_scale(fr.value)::text, trim_scale(tr.value)::text,
       u.quantity_e6, u.rollover, u.estimated,
       (SELECT count(*) FROM metering_register o WHERE o.meter_id = m.id)
  FROM metering_usage u
  JOIN metering_register g ON g.id = u.register_id
  JOIN metering_meter m ON m.id = g.meter_id
  JOIN metering_read fr ON fr.id = u.from_read_id
  JOIN metering_read tr ON tr.id = u.to_read_id
 WHERE NOT u.superseded AND u.service_point_id = ANY(%s) AND u.ends > %s AND u.ends <= %s
"""
_USAGE_TYPES: dict[str, Any] = {
    "usage_point": pl.Int64, "register": pl.Int64, "meter": pl.String, "size": pl.String, "channel": pl.String,
    "unit": pl.String, "dials": pl.Int32, "multiplier": pl.String, "from_read": pl.Int64, "to_read": pl.Int64,
    "from_on": pl.Date, "to_on": pl.Date, "from_value": pl.String, "to_value": pl.String, "quantity_e6": pl.Int64,
    "rollover": pl.Boolean, "estimated": pl.Boolean, "registers": pl.UInt32,
}  # fmt: skip
_PIECE = [
    "register", "meter", "channel", "from_read", "to_read", "from_on", "to_on", "from_value", "to_value", "dials",
    "multiplier", "quantity_e6", "unit", "estimated", "rollover",
]  # fmt: skip
_DETERMINANTS = """
SELECT d.service_point_id, k.name, d.number_e6, nullif(d.key, ''), lower(d.validity), upper(d.validity)
  FROM places_determinant d JOIN places_determinantkind k ON k.id = d.kind_id
 WHERE d.service_point_id = ANY(%s)
"""
_DETERMINANT_TYPES: dict[str, Any] = {
    "service_point": pl.Int64, "name": pl.String, "number": pl.Int64, "key": pl.String, "since": pl.Date,
    "upto": pl.Date,
}  # fmt: skip
_OF_INTERVALS = """
SELECT service_point_id, name, unit, starts, ends, number_e6, missing FROM metering_billingdeterminant
 WHERE NOT superseded AND service_point_id = ANY(%s) AND ends > %s
"""
_OF_INTERVALS_TYPES: dict[str, Any] = {
    "service_point": pl.Int64, "name": pl.String, "unit": pl.String, "since": pl.Date, "upto": pl.Date,
    "number": pl.Int64, "missing": pl.Int64,
}  # fmt: skip
_QUESTIONED_DAYS = """
SELECT service_point_id, "on" FROM metering_readexception
 WHERE state <> 'resolved' AND channel_id IS NOT NULL AND service_point_id = ANY(%s) AND "on" >= %s
"""
_EXCEPTIONS = """
SELECT DISTINCT service_point_id FROM metering_readexception
 WHERE state <> 'resolved' AND read_id IS NOT NULL AND service_point_id = ANY(%s)
"""


@dataclass(frozen=True, slots=True)
class Window:
    """The dates a run works with; see `BillRun`."""

    cycle: int
    read_from: date
    read_to: date
    service_to: date


@dataclass(frozen=True, slots=True)
class Gathered:
    """Agreements ready to price (see `engine.billing.build`), and holds: account, service_point, reason, detail."""

    agreements: pl.DataFrame
    holds: pl.DataFrame


def gather(window: Window, first_account: int, last_account: int, tariffs: Mapping[int, Tariff]) -> Gathered:
    """Everything due for the accounts of a chunk in a run's window."""
    until = max(window.read_to, window.service_to)
    found = copy_out(_AGREEMENTS, [window.cycle, first_account, last_account, until], _AGREEMENT_TYPES)
    kinds = {document: determinants_of(tariff) for document, tariff in tariffs.items()}
    metered = [document for document, names in kinds.items() if "usage" in names]
    found = found.with_columns(metered=pl.col("document").is_in(metered))
    usage = _usage(found, window)
    dated, missing = _with_period(found, usage, window)
    pieces = _pieces(dated, usage)
    dated, gaps = _with_usage(dated, pieces)
    dated, unfilled = _with_intervals(dated)
    facts = _with_determinants(dated, _facts(dated))
    units = {document: tariff.measured_unit for document, tariff in tariffs.items()}
    problems = pl.concat([missing, gaps, unfilled, *_unpriceable(facts, kinds, tariffs, units)])
    return _hold_whole_accounts(facts, problems)


def _usage(found: pl.DataFrame, window: Window) -> pl.DataFrame:
    due = found.filter(pl.col("metered"))
    if due.is_empty():
        return pl.DataFrame(schema=_USAGE_TYPES)
    points = due["usage_point"].unique().to_list()
    return copy_out(_USAGE, [points, due["starts"].min(), window.read_to], _USAGE_TYPES)


def _with_period(found: pl.DataFrame, usage: pl.DataFrame, window: Window) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Where each agreement's bill ends: at the closing read, the move-out, or the scheduled read date.

    One without a closing read is held, unless it is billed into the window already: then nothing more is due.
    """
    closing = (
        usage.filter(pl.col("to_on") >= window.read_from).group_by("usage_point").agg(closing=pl.col("to_on").max())
    )
    found = found.join(closing, on="usage_point", how="left")
    limit = (
        pl.when(pl.col("metered"))
        .then(pl.coalesce("closing", pl.when(pl.col("until") <= window.read_to).then(pl.col("until"))))
        .otherwise(pl.lit(window.service_to))
    )
    found = found.with_columns(ends=pl.min_horizontal(limit, "until"), unread=limit.is_null())
    settled = (pl.col("billed_to") > window.read_from).fill_null(value=False)
    unread = found.filter(pl.col("unread") & ~settled)
    asked = pl.col("service_point").is_in(_questioned(unread))
    missing = unread.select(
        "account", "service_point",
        reason=pl.when(asked).then(pl.lit("usage_exception")).otherwise(pl.lit("missing_read")),
        detail=pl.format(
            "no read between {} and {}", pl.lit(str(window.read_from)), pl.lit(str(window.read_to))
        ),
    )  # fmt: skip
    due = found.filter(~pl.col("unread") & (pl.col("ends") > pl.col("starts")))
    return due, missing


def _pieces(dated: pl.DataFrame, usage: pl.DataFrame) -> pl.DataFrame:
    """The usage pieces inside each metered agreement's period."""
    return (
        dated.filter(pl.col("metered"))
        .select("row", "usage_point", "starts", "ends")
        .join(usage, on="usage_point")
        .filter((pl.col("from_on") >= pl.col("starts")) & (pl.col("to_on") <= pl.col("ends")))
        .sort("row", "from_on", "meter", "channel")
    )


def _with_usage(dated: pl.DataFrame, pieces: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Add the summed usage, export, meter size and the pieces; agreements whose days are not all read are held."""
    spans = pieces.group_by("row", "meter", "from_on", "to_on").agg(
        found=pl.len(), registers=pl.col("registers").first()
    )
    covered = spans.group_by("row").agg(
        days=(pl.col("to_on") - pl.col("from_on")).dt.total_days().sum(),
        complete=(pl.col("found") == pl.col("registers")).all(),
    )
    counts_as = pl.col("channel").replace_strict(COUNTS_AS, return_dtype=pl.String)
    sums = pieces.with_columns(counts_as=counts_as).group_by("row", maintain_order=True).agg(
        pl.col("quantity_e6").filter(pl.col("counts_as") == "usage").sum().alias("det.usage"),
        pl.when((pl.col("counts_as") == "export").any())
        .then(pl.col("quantity_e6").filter(pl.col("counts_as") == "export").sum())
        .alias("det.export"),
        pl.col("size").last().alias("det.meter_size"),
        pl.col("unit").unique().sort().str.join("/").alias("usage_unit"),
        pl.col("estimated").any(),
        pl.struct(
            *[pl.col(c) for c in _PIECE if c not in ("from_on", "to_on")],
            pl.col("from_on").dt.to_string("%Y-%m-%d"),
            pl.col("to_on").dt.to_string("%Y-%m-%d"),
        ).alias("pieces"),
    )  # fmt: skip
    dated = dated.join(sums, on="row", how="left").join(covered, on="row", how="left")
    whole = (pl.col("days") == (pl.col("ends") - pl.col("starts")).dt.total_days()) & pl.col("complete")
    broken = pl.col("metered") & ~whole.fill_null(value=False)
    gaps = dated.filter(broken).select(
        "account", "service_point", reason=pl.lit("usage_gap"),
        detail=pl.format("reads do not cover {} to {}", pl.col("starts"), pl.col("ends")),
    )  # fmt: skip
    questioned = _questioned(dated)
    gaps = gaps.with_columns(
        reason=pl.when(pl.col("service_point").is_in(questioned)).then(pl.lit("usage_exception")).otherwise("reason")
    )
    return dated.filter(~broken).with_columns(pl.col("estimated").fill_null(value=False)), gaps


def _questioned(dated: pl.DataFrame) -> list[int]:
    """Service points whose reads make no believable usage and wait for a decision."""
    points = dated.filter(pl.col("metered"))
    open_ones = copy_out(_EXCEPTIONS, [points["usage_point"].to_list()], {"usage_point": pl.Int64})
    return points.join(open_ones, on="usage_point")["service_point"].to_list()


def _with_intervals(dated: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Add what the interval store told of exactly these days.

    Agreements with intervals missing under it, or with a day of theirs waiting for a decision, are held.
    """
    none = dated.head(0).select("account", "service_point", reason=pl.lit(""), detail=pl.lit(""))
    if dated.is_empty():
        return dated, none
    asked = [dated["service_point"].unique().to_list(), dated["starts"].min()]
    told = _over_the_bill(dated, copy_out(_OF_INTERVALS, asked, _OF_INTERVALS_TYPES))
    if told.is_empty():
        return dated, none
    lacking = (
        told.filter(pl.col("missing") > 0).group_by("row", "account", "service_point").agg(pl.col("missing").max())
    )
    unfilled = lacking.select(
        "account", "service_point", reason=pl.lit("usage_gap"),
        detail=pl.format("{} intervals are missing under its demand or energy by period", "missing"),
    )  # fmt: skip
    days = copy_out(_QUESTIONED_DAYS, asked, {"service_point": pl.Int64, "on": pl.Date})
    waiting = told.join(days, on="service_point").filter(pl.col("on").is_between("starts", "ends", closed="left"))
    doubted = waiting.group_by("row", "account", "service_point").agg(pl.col("on").min()).select(
        "account", "service_point", reason=pl.lit("usage_exception"),
        detail=pl.format("intervals of {} wait for a decision", "on"),
    )  # fmt: skip
    unfilled = pl.concat([unfilled, doubted])
    wide = told.pivot(on="name", index="row", values="number", aggregate_function="first")
    wide = wide.rename({name: f"det.{name}" for name in wide.columns if name != "row"})
    return dated.join(wide, on="row", how="left", maintain_order="left"), unfilled


def _over_the_bill(dated: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    """Figures of the stretches between two reads as figures of each bill: energy adds up, the highest demand counts.

    Left out where the stretches do not fill the bill's days; nothing else (a load factor) is put together of parts.
    """
    inside = dated.select("row", "account", "service_point", "starts", "ends").join(told, on="service_point")
    inside = inside.filter((pl.col("since") >= pl.col("starts")) & (pl.col("upto") <= pl.col("ends")))
    adds = pl.col("unit").is_in(["kWh", "kVARh"]).first()
    keys = ["row", "account", "service_point", "starts", "ends", "name"]
    bills = inside.group_by(keys, maintain_order=True).agg(
        pl.when(adds).then(pl.col("number").sum()).otherwise(pl.col("number").max()).alias("number"),
        pl.col("missing").sum(),
        filled=(pl.col("upto") - pl.col("since")).dt.total_days().sum(),
        parts=pl.len(),
        whole=pl.col("unit").first() == "",
    )
    fills = pl.col("filled") == (pl.col("ends") - pl.col("starts")).dt.total_days()
    return bills.filter(fills & (~pl.col("whole") | (pl.col("parts") == 1)))


def _facts(dated: pl.DataFrame) -> pl.DataFrame:
    return copy_out(_DETERMINANTS, [dated["service_point"].unique().to_list()], _DETERMINANT_TYPES)


def _with_determinants(dated: pl.DataFrame, facts: pl.DataFrame) -> pl.DataFrame:
    """Add one column a determinant, with the value in force on the last day of the period."""
    held = (
        dated.select("row", "service_point", "ends")
        .join(facts, on="service_point")
        .filter((pl.col("since") < pl.col("ends")) & (pl.col("upto").is_null() | (pl.col("upto") >= pl.col("ends"))))
    )
    for value in ("number", "key"):
        some = held.filter(pl.col(value).is_not_null())
        if not some.is_empty():
            wide = some.pivot(on="name", index="row", values=value)
            dated = dated.join(wide.rename({c: f"det.{c}" for c in wide.columns if c != "row"}), on="row", how="left")
    return dated


def _unpriceable(
    facts: pl.DataFrame,
    kinds: Mapping[int, Mapping[str, str]],
    tariffs: Mapping[int, Tariff],
    units: Mapping[int, str],
) -> list[pl.DataFrame]:
    """Holds for agreements that lack a fact their tariff needs, or hold one it has no price for."""
    found = []
    for document in facts["document"].unique():
        due = facts.filter(pl.col("document") == document)
        for needed in tariffs[document].required_determinants():
            if needed.conditional:
                continue  # pricing knows on which bills the charge stands, and refuses those that lack it
            column = f"det.{needed.name}"
            bad = pl.col(column).is_null() if column in due.columns else pl.lit(value=True)
            if needed.choices and column in due.columns:
                bad = bad | ~pl.col(column).is_in(list(needed.choices))
            if needed.optional:
                bad = (
                    bad
                    & pl.lit(column in due.columns)
                    & (pl.col(column).is_not_null() if column in due.columns else pl.lit(value=False))
                )
            found.append(
                _held(
                    due.filter(bad),
                    "missing_fact",
                    f"{needed.name} has no value {tariffs[document].schedule} can price",
                )
            )
        first = tariffs[document].versions[0].effective
        early = due.filter(pl.col("starts") < first)
        found.append(_held(early, "tariff_not_in_force", f"{tariffs[document].schedule} is in force from {first}"))
        long = due.filter((pl.col("ends") - pl.col("starts")).dt.total_days() > DAYS_LIMIT)
        found.append(_held(long, "period_too_long", f"more than {DAYS_LIMIT} days since the last bill"))
        wrong = pl.col("metered") & (pl.col("usage_unit") != units[document])
        found.append(_held(due.filter(wrong), "wrong_unit", f"the meter's unit is not {units[document]}"))
    return found


def _held(rows: pl.DataFrame, reason: str, detail: str) -> pl.DataFrame:
    return rows.select("account", "service_point", reason=pl.lit(reason), detail=pl.lit(detail))


def _hold_whole_accounts(facts: pl.DataFrame, problems: pl.DataFrame) -> Gathered:
    """One service that cannot be billed holds the account's whole bill; the others are named as waiting for it."""
    problems = problems.unique(["account", "service_point"], keep="first", maintain_order=True)
    accounts = problems["account"].unique()
    waiting = facts.filter(pl.col("account").is_in(accounts.to_list())).join(
        problems, on=["account", "service_point"], how="anti"
    )
    holds = pl.concat([problems, _held(waiting, "other_service_held", "waits for another service of this account")])
    return Gathered(facts.filter(~pl.col("account").is_in(accounts.to_list())), holds)
