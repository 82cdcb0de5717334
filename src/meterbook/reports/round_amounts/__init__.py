"""Whole round amounts by employee: credits, changes by hand and cash."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from meterbook.reports import asking
from meterbook.reports.columns import always
from meterbook.reports.contract import Asked, Column, Parameter, Report, Row
from meterbook.reports.rows import fetch

_SQL = """
WITH moved AS (
    SELECT d.actor_id, 'adjustment' AS kind, abs(j.amount_cents) AS cents FROM adjustments_adjustment j
      JOIN platform_deed d ON d.id = j.proposed_by_id
     WHERE j.state = 'booked' AND j.amount_cents < 0 AND d.business_date BETWEEN %(since)s AND %(until)s
    UNION ALL
    SELECT d.actor_id, CASE c.kind WHEN 'reverse' THEN 'reversal' WHEN 'move' THEN 'placement' ELSE 'transfer' END,
           c.amount_cents FROM payments_handchange c JOIN platform_deed d ON d.id = c.asked_by_id
     WHERE c.state = 'done' AND d.business_date BETWEEN %(since)s AND %(until)s
    UNION ALL
    SELECT d.actor_id, 'payment', p.amount_cents FROM payments_payment p
      JOIN LATERAL (SELECT e.deed_id FROM ledger_entry e WHERE e.run_id = 0 AND e.source_kind = 'payment'
                       AND e.source_id = p.id LIMIT 1) e ON true
      JOIN platform_deed d ON d.id = e.deed_id
     WHERE p.tender = 'cash' AND d.business_date BETWEEN %(since)s AND %(until)s)
SELECT u.username AS employee, m.kind, count(*) AS times,
       count(*) FILTER (WHERE m.cents %% (%(dollars)s * 100) = 0) AS round,
       round(count(*) FILTER (WHERE m.cents %% (%(dollars)s * 100) = 0) * 100.0 / count(*), 1) AS share,
       coalesce(sum(m.cents) FILTER (WHERE m.cents %% (%(dollars)s * 100) = 0), 0)::bigint AS round_cents,
       sum(m.cents)::bigint AS cents
  FROM moved m JOIN platform_user u ON u.id = m.actor_id GROUP BY 1, 2
HAVING count(*) FILTER (WHERE m.cents %% (%(dollars)s * 100) = 0) > 0
 ORDER BY share DESC, round DESC, employee, m.kind
"""


def rows(asked: Asked) -> list[Row]:
    """One row for each employee and kind, the roundest first."""
    return fetch(_SQL, asked)


REPORT = Report(
    name="round_amounts",
    title=_("Round amounts by employee"),
    says=_("How often each employee credited, changed or took whole round dollars: real bills are seldom round."),
    area="billing",
    parameters=(
        asking.SINCE, asking.UNTIL,
        Parameter("dollars", _("Multiples of, $"), "count", default=lambda _today: 50, least=1),
    ),
    columns=always(
        Column("employee", _("Employee"), filter="text"),
        Column("kind", _("What"), "words", "entry_source"),
        Column("times", _("Times"), "count", total=True),
        Column("round", _("Of them round"), "count", total=True),
        Column("share", _("Round, percent"), "number"),
        Column("round_cents", _("Round, $"), "money", total=True),
        Column("cents", _("All, $"), "money", total=True),
    ),
    rows=rows,
    empty=_("No round amount in these days."),
)  # fmt: skip
