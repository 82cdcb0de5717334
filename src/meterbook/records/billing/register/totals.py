"""A run's totals by service, class and rate code, against the last cycle's run and last year's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
from django.db import connection

from meterbook.engine.billing.register.totals import SUMS, compared
from meterbook.records.billing.models import BillRun
from meterbook.records.billing.partitions import SEGMENT, table_of
from meterbook.records.platform.copying import copy_out

_NEAR = 20
_SUMS = """
SELECT s.commodity, p.premise_class, c.code, max(s.inputs->'pieces'->0->>'unit'),
       count(*) FILTER (WHERE s.kind = 'charge'),
       coalesce(sum((s.inputs->'determinants'->>'usage')::bigint * CASE s.kind WHEN 'charge' THEN 1 ELSE -1 END)
                FILTER (WHERE jsonb_typeof(s.inputs->'pieces') = 'array'), 0)::bigint,
       sum(s.amount_cents)::bigint
  FROM {segment} s JOIN places_servicepoint o ON o.id = s.service_point_id
  JOIN places_premise p ON p.id = o.premise_id JOIN rates_schedule c ON c.id = s.schedule_id
 WHERE s.run_id = %s GROUP BY 1, 2, 3
"""
_NONE = pl.DataFrame(schema={**SUMS, "whole": pl.String})
#: What totals are grouped by, with the columns of each.
GROUPS: dict[str, tuple[str, ...]] = {
    "service": ("commodity",), "class": ("commodity", "premise_class"), "rate": ("commodity", "schedule"),
    "all": ("whole",),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class RunTotals:
    """Totals of a run: the runs they are compared with, and rows by group (see `engine.billing.register.totals`)."""

    last: BillRun | None
    year: BillRun | None
    rows: dict[str, list[dict[str, Any]]]


def totals_of(run: BillRun) -> RunTotals:
    """The totals of a calculated or posted run, beside the last cycle's posted run and the one a year before."""
    last, year = runs_before(run)
    now, before, ago = _sums(run), _sums(last), _sums(year)
    rows = {name: compared(now, before, ago, by).to_dicts() for name, by in GROUPS.items()}
    return RunTotals(last, year, rows)


def runs_before(run: BillRun) -> tuple[BillRun | None, BillRun | None]:
    """The posted runs of the same cycle: the newest before this one, and the nearest to a year before."""
    if run.cycle_id is None:
        return None, None
    posted = BillRun.objects.filter(
        cycle_id=run.cycle_id, kind=BillRun.CYCLE, status=BillRun.POSTED, bill_date__lt=run.bill_date
    )
    a_year = date(run.bill_date.year - 1, run.bill_date.month, min(run.bill_date.day, 28))
    around = [each for each in posted.order_by("bill_date") if abs((each.bill_date - a_year).days) <= _NEAR]
    nearest = min(around, key=lambda each: abs((each.bill_date - a_year).days), default=None)
    return posted.order_by("-bill_date", "-pk").first(), nearest


def _sums(run: BillRun | None) -> pl.DataFrame:
    if run is None:
        return _NONE
    table = "billing_segment" if run.status == BillRun.POSTED else table_of(SEGMENT, run.pk)
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s)", [table])
        if cursor.fetchone()[0] is None:
            return _NONE
    return copy_out(_SUMS.format(segment=table), [run.pk], SUMS).with_columns(whole=pl.lit(""))
