"""Gauging a run: every check counted and judged, the reads by route; and the rows behind one count."""

from __future__ import annotations

from typing import Any

from django.db import connection

from meterbook.records.billing.models import BillRun
from meterbook.records.billing.readiness.checks import all_checks
from meterbook.records.billing.readiness.contract import Check, Line, Readiness, RouteReads, Row
from meterbook.records.billing.readiness.scope import scope
from meterbook.records.billing.readiness.settings import bounds_on

#: Rows of one check that are listed; a longer list is worked where its rows come from.
MOST = 20_000
_BY_ROUTE = """
SELECT r.code, r.title, count(*), count(*) FILTER (WHERE e.received), count(*) FILTER (WHERE e.questioned)
  FROM run_registers e JOIN places_route r ON r.id = e.route_id GROUP BY r.id ORDER BY r.code COLLATE "C"
"""
_SIZES = "SELECT (SELECT count(*) FROM run_registers), (SELECT count(*) FROM run_mine)"


def readiness(run: BillRun) -> Readiness:
    """What the run's bills will rest on, as it stands now."""
    checks = all_checks()
    bounds = bounds_on(run.bill_date, checks)
    with scope(run) as values, connection.cursor() as cursor:
        cursor.execute(_SIZES)
        registers, agreements = map(int, cursor.fetchone())
        lines = []
        for name, check in checks.items():
            cursor.execute(f"SELECT count(*) FROM ({check.sql}) found", values)
            count, of = int(cursor.fetchone()[0]), registers if check.of == "registers" else agreements
            judged = bounds[name]
            lines.append(Line(name, check.title, check.says, count, of, judged.judge(count, of), judged.owner))
        cursor.execute(_BY_ROUTE)
        routes = tuple(RouteReads(*row) for row in cursor.fetchall())
        return Readiness(values["since"], values["until"], tuple(lines), routes)


def rows_of(run: BillRun, check: Check, limit: int = MOST) -> list[Row]:
    """The rows behind a check's count, by account, at most ``limit``."""
    with scope(run) as values, connection.cursor() as cursor:
        asked: dict[str, Any] = {**values, "most": limit}
        cursor.execute(
            f'SELECT * FROM ({check.sql}) found ORDER BY account COLLATE "C", point COLLATE "C", "on", what,'
            " detail LIMIT %(most)s",
            asked,
        )
        names = [each.name for each in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
