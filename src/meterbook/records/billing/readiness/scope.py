"""The agreements a run is about and the days it looks at, as a temporary table the checks ask."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction

from meterbook.records.billing.models import BillRun

#: Days a first run of a cycle looks back: there is no run before it.
_FIRST = 31
_OF_CYCLE = "a.cycle_id = %(cycle)s"
_NAMED = "EXISTS (SELECT FROM billing_runaccount n WHERE n.run_id = %(run)s AND n.account_id = a.id)"
_MINE = """
CREATE TEMPORARY TABLE run_mine ON COMMIT DROP AS
SELECT a.id AS account_id, a.number AS account, g.id AS agreement_id, g.service_point_id, g.schedule_id,
       lower(g.validity) AS begins, upper(g.validity) AS ends, p.commodity, p.code AS point, p.route_id,
       p.connection = 'metered' AS metered
  FROM customers_account a
  JOIN customers_serviceagreement g ON g.account_id = a.id
  JOIN places_servicepoint p ON p.id = g.service_point_id
 WHERE {whose} AND g.validity && daterange(%(since)s, %(until)s, '(]')
"""
#: Registers whose read the run needs: of meters that hang on the scheduled day and were not hung inside the window.
_DUE = """
CREATE TEMPORARY TABLE run_registers ON COMMIT DROP AS
SELECT g.id AS register_id, m.account, m.commodity, m.point, m.route_id, t.serial, g.channel,
       EXISTS (SELECT FROM metering_read k WHERE k.register_id = g.id AND NOT k.superseded AND NOT k.starts_chain
                  AND k.status <> 'rejected' AND k.read_on BETWEEN %(read_from)s AND %(read_to)s) AS received,
       EXISTS (SELECT FROM metering_read k WHERE k.register_id = g.id AND NOT k.superseded AND k.status = 'queued'
                  AND k.read_on BETWEEN %(read_from)s AND %(read_to)s) AS questioned
  FROM run_mine m
  JOIN metering_installation i ON i.service_point_id = m.service_point_id AND i.validity @> %(service_to)s::date
  JOIN metering_meter t ON t.id = i.meter_id
  JOIN metering_register g ON g.meter_id = t.id
 WHERE m.metered AND m.begins < %(service_to)s AND (m.ends IS NULL OR m.ends > %(service_to)s)
   AND NOT EXISTS (SELECT FROM metering_read b WHERE b.register_id = g.id AND b.starts_chain
                      AND b.read_on > %(read_from)s)
"""
_BEFORE = """
SELECT max(service_to) FROM billing_billrun
 WHERE kind = 'cycle' AND cycle_id = %s AND status = 'posted' AND service_to < %s
"""


def values_of(run: BillRun) -> dict[str, Any]:
    """The named values of the checks' queries: the run, its dates, and the days it looks at."""
    with connection.cursor() as cursor:
        cursor.execute(_BEFORE, [run.cycle_id, run.service_to])
        before: date | None = cursor.fetchone()[0]
    return {
        "run": run.pk,
        "cycle": run.cycle_id,
        "bill_date": run.bill_date,
        "since": before or run.service_to - timedelta(days=_FIRST),
        "read_from": run.read_from,
        "read_to": run.read_to,
        "service_to": run.service_to,
        "until": max(run.service_to, min(run.read_to, run.bill_date)),
    }


@contextmanager
def scope(run: BillRun) -> Iterator[dict[str, Any]]:
    """Within it the temporary tables ``run_mine`` and ``run_registers`` stand; yields the named values."""
    with transaction.atomic(), connection.cursor() as cursor:
        values = values_of(run)
        cursor.execute("DROP TABLE IF EXISTS run_mine, run_registers")
        cursor.execute(_MINE.format(whose=_NAMED if run.cycle_id is None else _OF_CYCLE), values)
        cursor.execute("ANALYZE run_mine")
        cursor.execute(_DUE, values)
        cursor.execute("ANALYZE run_registers")
        yield values
        cursor.execute("DROP TABLE run_mine, run_registers")
