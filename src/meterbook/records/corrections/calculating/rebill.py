"""The same days billed again: agreements as they are now, tariffs and facts of those days, usage as known now."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import polars as pl

from meterbook.engine.billing.build import build_bills
from meterbook.records.billing.gather import with_facts, with_metered
from meterbook.records.billing.gather.usage import read_usage
from meterbook.records.billing.store import amounted
from meterbook.records.corrections.calculating.usage import with_decided
from meterbook.records.corrections.models import CorrectionCase
from meterbook.records.platform.copying import copy_out
from meterbook.records.programs.net_metering.gather import Banks
from meterbook.records.rates.queries import current_tariffs

_AGREED = """
SELECT o.key, ag.id, ag.account_id, sp.id, sp.commodity, coalesce(sp.water_source_id, sp.id), sc.id, sc.document_id,
       greatest(lower(ag.validity), o.starts), least(upper(ag.validity), o.ends)
  FROM unnest(%s::bigint[], %s::bigint[], %s::date[], %s::date[]) AS o (key, point, starts, ends)
  JOIN customers_serviceagreement ag ON ag.service_point_id = o.point AND ag.validity && daterange(o.starts, o.ends)
  JOIN places_servicepoint sp ON sp.id = o.point
  JOIN rates_schedule sc ON sc.id = ag.schedule_id
"""
_AGREED_TYPES: dict[str, Any] = {
    "key": pl.Int64, "agreement": pl.Int64, "account": pl.Int64, "service_point": pl.Int64, "commodity": pl.String,
    "usage_point": pl.Int64, "schedule": pl.Int64, "document": pl.Int64, "starts": pl.Date, "ends": pl.Date,
}  # fmt: skip


@dataclass
class Rebilled:
    """Segments to be (key, row, account, …, amount, inputs) with their lines (row, …), and why others are not.

    ``held`` says by key the reason and the detail; nothing of that key is in ``segments``.
    """

    segments: list[pl.DataFrame] = field(default_factory=list)
    lines: list[pl.DataFrame] = field(default_factory=list)
    held: dict[int, tuple[str, str]] = field(default_factory=dict)
    rows: int = 0


def bill_again(case: CorrectionCase, standing: pl.DataFrame) -> Rebilled:
    """Gather, price and explain the days of every standing segment anew, bill by bill of each account.

    A day nobody agreed to pay for any more makes no segment. Raises `DecidedUsageDoesNotFit`.
    """
    made = Rebilled()
    if standing.is_empty():
        return made
    columns = [standing[name].to_list() for name in ("key", "service_point", "starts", "ends")]
    agreed = copy_out(_AGREED, columns, _AGREED_TYPES)
    tariffs = current_tariffs()
    crossed = dict(case.misapplied_usages.values_list("service_point_id", "measured_at_id"))
    agreed = agreed.with_columns(pl.col("usage_point").replace(crossed)) if crossed else agreed
    agreed = with_metered(agreed, tariffs)
    # One bill's problem must not hold another month's: each bill of an account is gathered in a round of its own.
    rounds = standing.select("key", round=pl.col("bill").rank("dense").over("account"))
    usage = with_decided(case, agreed, read_usage(agreed, agreed["ends"].max())) if agreed.height else None  # type: ignore[arg-type]
    banks = Banks.of(agreed)
    for _, dated in agreed.join(rounds, on="key").sort("round").group_by("round", maintain_order=True):
        gathered = with_facts(dated.drop("round"), tariffs, usage=usage, banks=banks)
        built = build_bills(gathered.agreements, tariffs)
        _hold(made, dated, gathered.holds)
        wrong = gathered.agreements.join(built.disagreeing, on="row")
        _hold(made, dated, wrong.select("account", "service_point", "reason", "detail"))
        priced = amounted(gathered.agreements, built).filter(~pl.col("key").is_in(list(made.held)))
        lines = built.lines.filter(pl.col("row").is_in(priced["row"].to_list()))
        made.segments.append(priced.select(*_KEPT, "row").with_columns(pl.col("row") + made.rows))
        made.lines.append(lines.with_columns(pl.col("row") + made.rows))
        made.rows += dated.height
    return made


_KEPT = (
    "key", "account", "agreement", "service_point", "schedule", "document", "commodity", "starts", "ends", "estimated",
    "inputs", "amount",
)  # fmt: skip


def _hold(made: Rebilled, dated: pl.DataFrame, holds: pl.DataFrame) -> None:
    """Note why the accounts of ``holds`` are not billed again in this round: all their keys."""
    if holds.is_empty():
        return
    by_point = {(row[0], row[1]): (row[2], row[3]) for row in holds.iter_rows()}
    accounts = set(holds["account"])
    for row in dated.filter(pl.col("account").is_in(list(accounts))).iter_rows(named=True):
        why = by_point.get((row["account"], row["service_point"]))
        made.held[row["key"]] = why or ("other_service_held", "waits for another service of this account")
