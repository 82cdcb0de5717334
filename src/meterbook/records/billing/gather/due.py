"""Who is due, for which days: the accounts of a run's chunk, each agreement from its last billed day to its closing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from meterbook.records.billing.gather.service import with_pause
from meterbook.records.billing.gather.usage import questioned
from meterbook.records.platform.copying import copy_out

_AGREEMENTS = """
SELECT ag.id, a.id, sp.id, sp.commodity, coalesce(sp.water_source_id, sp.id), s.id, s.document_id,
       upper(ag.validity), greatest(lower(ag.validity), billed.upto), billed.upto
  FROM customers_account a
  JOIN customers_serviceagreement ag ON ag.account_id = a.id
  JOIN places_servicepoint sp ON sp.id = ag.service_point_id
  JOIN rates_schedule s ON s.id = ag.schedule_id
  LEFT JOIN LATERAL (SELECT max(upper(b.period)) AS upto FROM billing_billedperiod b
                      WHERE b.agreement_id = ag.id AND b.released_id IS NULL) billed ON true
 WHERE a.id BETWEEN %(first)s AND %(last)s AND lower(ag.validity) < %(until)s AND {whose}
 ORDER BY a.id, ag.id
"""
_AGREEMENT_TYPES: dict[str, Any] = {
    "agreement": pl.Int64, "account": pl.Int64, "service_point": pl.Int64, "commodity": pl.String,
    "usage_point": pl.Int64, "schedule": pl.Int64, "document": pl.Int64, "until": pl.Date, "starts": pl.Date,
    "billed_to": pl.Date,
}  # fmt: skip
_OF_CYCLE = "a.cycle_id = %(cycle)s"
_NAMED = "EXISTS (SELECT FROM billing_runaccount n WHERE n.run_id = %(run)s AND n.account_id = a.id)"


@dataclass(frozen=True, slots=True)
class Window:
    """The dates a run works with; see `BillRun`. Without a cycle, the accounts named in ``run`` are due.

    ``ended_only``: only services that ended by ``read_to``, each to its last day.
    """

    cycle: int | None
    read_from: date
    read_to: date
    service_to: date
    run: int = 0
    ended_only: bool = False


def agreements(window: Window, first_account: int, last_account: int) -> pl.DataFrame:
    """The agreements of a chunk's accounts that began before the window ends, by account, with what is billed."""
    until = max(window.read_to, window.service_to)
    asked = {"cycle": window.cycle, "run": window.run, "first": first_account, "last": last_account, "until": until}
    whose = _NAMED if window.cycle is None else _OF_CYCLE
    if window.ended_only:
        whose += " AND upper(ag.validity) <= %(until)s"
    return copy_out(_AGREEMENTS.format(whose=whose), asked, _AGREEMENT_TYPES)


_NAMED_ELSEWHERE = """
SELECT n.account_id, min(r.number) FROM billing_runaccount n JOIN billing_billrun r ON r.id = n.run_id
 WHERE n.account_id = ANY(%s) AND r.id <> %s AND r.kind = 'off_cycle' AND r.status IN ('planned', 'calculated')
 GROUP BY 1
"""


def named_elsewhere(found: pl.DataFrame, window: Window) -> pl.DataFrame:
    """Holds for accounts an off-cycle run that is not posted is about: no day may stand on two bills to be."""
    accounts = found["account"].unique().to_list()
    open_ones = copy_out(_NAMED_ELSEWHERE, [accounts, window.run], {"account": pl.Int64, "other": pl.String})
    return found.join(open_ones, on="account").select(
        "account", "service_point", reason=pl.lit("other_run"),
        detail=pl.format("run {} bills this account and is not posted", "other"),
    )  # fmt: skip


def with_period(found: pl.DataFrame, usage: pl.DataFrame, window: Window) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Where each agreement's bill ends: at the closing read, the move-out, or the scheduled read date.

    One without a closing read is held, unless it is billed into the window already: then nothing more is due. A final
    on demand ends with the service, whether that day was read or not: days nobody read are held as a gap. Where
    nobody reads because service is suspended, the bill ends with the last served day.
    """
    closing = (
        usage.filter(pl.col("to_on") >= window.read_from).group_by("usage_point").agg(closing=pl.col("to_on").max())
    )
    found = with_pause(found.join(closing, on="usage_point", how="left"), window.service_to)
    limit = (
        pl.when(pl.col("metered"))
        .then(pl.coalesce("closing", pl.when(pl.col("until") <= window.read_to).then(pl.col("until")), "paused"))
        .otherwise(pl.lit(window.service_to))
    )
    limit = pl.col("until") if window.ended_only else limit
    found = found.with_columns(ends=pl.min_horizontal(limit, "until"), unread=limit.is_null())
    settled = (pl.col("billed_to") > window.read_from).fill_null(value=False)
    unread = found.filter(pl.col("unread") & ~settled)
    asked = pl.col("service_point").is_in(questioned(unread))
    missing = unread.select(
        "account", "service_point",
        reason=pl.when(asked).then(pl.lit("usage_exception")).otherwise(pl.lit("missing_read")),
        detail=pl.format(
            "no read between {} and {}", pl.lit(str(window.read_from)), pl.lit(str(window.read_to))
        ),
    )  # fmt: skip
    due = found.filter(~pl.col("unread") & (pl.col("ends") > pl.col("starts")))
    return due.drop("paused"), missing
