"""Calculating one chunk of a run: gather → price and explain → store, in one transaction that marks it done."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import polars as pl
from django.db import connection, transaction
from django.utils import timezone

from meterbook.engine.billing.build import Built, Face, build_bills
from meterbook.engine.rates.price import price
from meterbook.engine.rates.tariff import Tariff
from meterbook.records.billing.gather import Window, gather
from meterbook.records.billing.models import BillRun, RunChunk
from meterbook.records.billing.register.looking import held_out, keep_marks, look
from meterbook.records.billing.stages.pace import is_begun
from meterbook.records.billing.store import Stored, store_chunk, write_statements
from meterbook.records.platform.copying import copy_in, copy_out
from meterbook.records.rates.queries import current_tariffs

#: Who works a hold, by its reason.
OWNERS = {
    "missing_read": "billing_technician",
    "usage_gap": "billing_technician",
    "usage_exception": "billing_technician",
    "wrong_unit": "billing_technician",
    "missing_fact": "billing_technician",
    "bank_unsettled": "billing_technician",
    "tariff_not_in_force": "supervisor",
    "period_too_long": "supervisor",
    "explanation_differs": "supervisor",
    "other_service_held": "billing_technician",
    "other_run": "billing_technician",
    "meters_apart": "supervisor",
    "held_by_hand": "billing_technician",
    "delayed": "billing_technician",
    "implausible": "billing_technician",
}
Clock = Callable[[str], None]


def window_of(run: BillRun) -> Window:
    """The dates a run gathers by."""
    return Window(run.cycle_id, run.read_from, run.read_to, run.service_to, run.pk, run.ended_only)


def calculate_chunk(
    run: BillRun,
    chunk: RunChunk,
    tariffs: Mapping[int, Tariff] | None = None,
    *,
    priced_by: Face = price,
    lap: Clock = lambda stage: None,
) -> bool:
    """Calculate a chunk unless it is done, or its run was taken back meanwhile; returns whether this call did it.

    ``lap`` is told the name of each stage as it ends; ``priced_by`` exists so that tests can plant faults.
    """
    with transaction.atomic():
        locked = RunChunk.objects.select_for_update().filter(pk=chunk.pk).first()
        if locked is None or locked.done_at is not None or not is_begun(run):
            return False
        tariffs = current_tariffs() if tariffs is None else tariffs
        first, last = locked.first_account, locked.last_account
        stored = calculate_accounts(run, first, last, tariffs, priced_by=priced_by, lap=lap)
        locked.bills, locked.lines, locked.inputs_sha256 = stored.bills, stored.lines, stored.inputs_sha256
        locked.done_at = timezone.now()
        locked.save()
        lap("store")
    return True


def calculate_accounts(
    run: BillRun,
    first: int,
    last: int,
    tariffs: Mapping[int, Tariff],
    *,
    priced_by: Face = price,
    lap: Clock = lambda stage: None,
) -> Stored:
    """Gather, price and explain, look through and store the accounts of a run from one id to another.

    For a chunk, or for one account alone; the caller holds the transaction.
    """
    gathered = gather(window_of(run), first, last, tariffs)
    lap("gather")
    built = build_bills(gathered.agreements, tariffs, priced_by=priced_by)
    agreements, built, holds = _hold_disagreeing(gathered.agreements, built, gathered.holds)
    lap("price and explain")
    marks = look(run, agreements, built)
    agreements, built, holds = held_out(agreements, built, holds, marks)
    lap("look through")
    stored = store_chunk(run, agreements, built)
    _store_holds(run, holds)
    keep_marks(run, marks, agreements["account"].unique().to_list())
    stated = write_statements(run, first, last) if run.statements else 0
    return Stored(stored.bills + stated, stored.lines, stored.inputs_sha256)


def _hold_disagreeing(
    agreements: pl.DataFrame, built: Built, holds: pl.DataFrame
) -> tuple[pl.DataFrame, Built, pl.DataFrame]:
    """Take the accounts whose two computations differ out of the chunk, into the holds."""
    if built.disagreeing.is_empty():
        return agreements, built, holds
    wrong = agreements.join(built.disagreeing, on="row")
    accounts = wrong["account"].unique().to_list()
    out = agreements.filter(pl.col("account").is_in(accounts))
    told = out.join(built.disagreeing, on="row", how="left").select(
        "account",
        "service_point",
        reason=pl.col("reason").fill_null("other_service_held"),
        detail=pl.col("detail").fill_null("waits for another service of this account"),
    )
    told = told.sort(pl.col("reason") == "other_service_held", maintain_order=True)
    told = told.unique(["account", "service_point"], keep="first", maintain_order=True)
    kept = agreements.filter(~pl.col("account").is_in(accounts))
    rows = kept["row"].to_list()
    left = Built(
        built.lines.filter(pl.col("row").is_in(rows)),
        built.sealed.filter(pl.col("row").is_in(rows)),
        built.disagreeing,
    )
    return kept, left, pl.concat([holds, told])


_SINCE = """
SELECT h.service_point_id, min(h.since) FROM billing_hold h
  JOIN billing_billrun r ON r.id = h.run_id AND r.status = 'posted'
 WHERE h.service_point_id = ANY(%s) AND NOT EXISTS (
       SELECT FROM billing_billedperiod b JOIN customers_serviceagreement a ON a.id = b.agreement_id
         JOIN billing_bill l ON l.id = b.bill_id
        WHERE a.service_point_id = h.service_point_id AND l.bill_date > h.since AND b.released_id IS NULL)
 GROUP BY 1
"""

_OWNED = """
UPDATE billing_hold h SET owner = o.owner FROM billing_holdorder o
 WHERE h.run_id = %s AND h.reason IN ('held_by_hand', 'delayed') AND o.account_id = h.account_id
   AND o.released_id IS NULL AND (o.service_point_id IS NULL OR o.service_point_id = h.service_point_id)
"""


def _store_holds(run: BillRun, holds: pl.DataFrame) -> None:
    if holds.is_empty():
        return
    earlier = copy_out(_SINCE, [holds["service_point"].to_list()], {"service_point": pl.Int64, "earlier": pl.Date})
    holds = holds.join(earlier, on="service_point", how="left")
    owner = pl.col("reason").replace_strict(OWNERS, return_dtype=pl.String)
    copy_in(
        "billing_hold",
        holds.select(
            pl.lit(run.pk).alias("run_id"),
            pl.col("account").alias("account_id"),
            pl.col("service_point").alias("service_point_id"),
            "reason",
            "detail",
            owner.alias("owner"),
            pl.coalesce("earlier", pl.lit(run.bill_date)).alias("since"),
        ),
    )
    if not holds.filter(pl.col("reason").is_in(["held_by_hand", "delayed"])).is_empty():
        with connection.cursor() as cursor:
            cursor.execute(_OWNED, [run.pk])


def progress(run: BillRun) -> tuple[int, int]:
    """Accounts done and accounts planned of a run."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(accounts) FILTER (WHERE done_at IS NOT NULL), 0), coalesce(sum(accounts), 0)"
            "  FROM billing_runchunk WHERE run_id = %s",
            [run.pk],
        )
        done, planned = cursor.fetchone()
    return int(done), int(planned)


def unfinished_chunks(run: BillRun) -> list[RunChunk]:
    """The chunks of a run that are not calculated yet, in order."""
    return list(run.chunks.filter(done_at__isnull=True).order_by("number"))


def chunk_named(chunk_id: int) -> RunChunk:
    """A chunk with its run, by id."""
    return RunChunk.objects.select_related("run").get(pk=chunk_id)
