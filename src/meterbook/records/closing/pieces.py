"""A month's legs cut as the general ledger wants them: by account of the chart, service, customers' class, component.

What bills charged is cut by their lines, which know the component and the premise; everything else by the entry's
service and the class of its customer. Both together are the month's legs to the cent, or nothing is handed over.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache

from django.db import connection

from meterbook.engine.ledger.closing.gl_journal import Piece, WrongMapping
from meterbook.records.closing.months import Span
from meterbook.records.ledger.models import LedgerAccount
from meterbook.records.platform.models import Document
from meterbook.records.rates.queries import tariff_of

_LINES = """
SELECT s.document_id, l.version, l.component, s.commodity, m.premise_class, sum(l.amount_cents)::bigint
  FROM (SELECT DISTINCT e.run_id FROM ledger_entry e JOIN platform_accountingperiod p ON p.id = e.period_id
         WHERE e.source_kind = 'bill' AND p.validity <@ daterange(%(starts)s, %(ends)s)) r
  JOIN billing_segment s ON s.run_id = r.run_id
  JOIN billing_line l ON l.run_id = s.run_id AND l.segment_id = s.id
  JOIN places_servicepoint v ON v.id = s.service_point_id
  JOIN places_premise m ON m.id = v.premise_id
 GROUP BY 1, 2, 3, 4, 5
"""
_REST = """
WITH legs AS (
  SELECT l.chart_id, l.source_kind, l.leg, CASE WHEN l.leg > 2 THEN '' ELSE l.service END AS service,
         CASE WHEN l.leg > 2 THEN NULL ELSE l.account_id END AS account_id, sum(l.cents) AS cents
    FROM ledger_leg l JOIN platform_accountingperiod p ON p.id = l.period_id
   WHERE p.validity <@ daterange(%(starts)s, %(ends)s) GROUP BY 1, 2, 3, 4, 5)
SELECT a.code, a.fund, l.source_kind = 'bill' AND l.leg < 3 AS of_lines,
       CASE WHEN a.service = '' THEN l.service ELSE a.service END, coalesce(k.premise_class, ''), sum(l.cents)::bigint
  FROM legs l JOIN ledger_ledgeraccount a ON a.id = l.chart_id
  LEFT JOIN LATERAL (
    SELECT m.premise_class FROM customers_serviceagreement g JOIN places_servicepoint v ON v.id = g.service_point_id
      JOIN places_premise m ON m.id = v.premise_id
     WHERE g.account_id = l.account_id ORDER BY v.commodity <> l.service, g.id LIMIT 1) k ON true
 GROUP BY 1, 2, 3, 4, 5
"""


def pieces_of(span: Span) -> list[Piece]:
    """Every piece of a span's legs. Raises `WrongMapping` where bills' lines are not what bills booked."""
    with connection.cursor() as cursor:
        cursor.execute(_REST, span.days)
        rest = cursor.fetchall()
        cursor.execute(_LINES, span.days)
        lines = cursor.fetchall()
    charts = {one.code: one for one in LedgerAccount.objects.all()}
    receivable = {one.service: one for one in charts.values() if one.role == "receivable"}
    made: list[Piece] = []
    billed: dict[str, int] = defaultdict(int)
    for document, version, component, service, klass, cents in lines:
        code = accounts_of(document)[version, component]
        for chart, signed in ((receivable[service], cents), (charts[code], -cents)):
            named = component if chart.role != "receivable" else ""
            made.append(Piece(chart.code, chart.fund, service, klass, named, signed))
            billed[chart.code] += signed
    for code, fund, of_lines, service, klass, cents in rest:
        if of_lines:
            billed[code] -= cents
        else:
            made.append(Piece(code, fund, service, klass, "", cents))
    apart = {code: cents for code, cents in billed.items() if cents}
    if apart:
        raise WrongMapping(f"bills' lines and bookings are apart: {apart}")
    return [piece for piece in made if piece.cents]


@lru_cache(maxsize=256)
def accounts_of(document_id: int) -> dict[tuple[str, str], str]:
    """The account of the chart each component of a released tariff books to, by version and component."""
    tariff = tariff_of(Document.objects.get(pk=document_id))
    return {
        (version.version, component.id): component.revenue
        for version in tariff.versions
        for component in version.components
    }


def earned_codes(documents: Iterable[int]) -> dict[int, set[tuple[str, str]]]:
    """By tariff document, the (version, component) pairs that are the utility's own revenue or expense."""
    own = set(LedgerAccount.objects.filter(kind__in=("revenue", "expense")).values_list("code", flat=True))
    return {one: {pair for pair, code in accounts_of(one).items() if code in own} for one in documents}
