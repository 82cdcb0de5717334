"""Cash and checks by cashier, beside the whole office."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from meterbook.reports import asking
from meterbook.reports.columns import always
from meterbook.reports.contract import Asked, Column, Report, Row
from meterbook.reports.rows import fetch

_SQL = """
WITH handed AS (
    SELECT d.cashier_id, t.kind, t.amount_cents - CASE WHEN t.kind = 'cash' THEN r.change_cents
                ELSE 0 END / greatest(count(*) FILTER (WHERE t.kind = 'cash') OVER (PARTITION BY r.id), 1) AS cents
      FROM cashiering_receipt r JOIN cashiering_drawer d ON d.id = r.drawer_id
      JOIN cashiering_tender t ON t.receipt_id = r.id
     WHERE d.business_date BETWEEN %(since)s AND %(until)s
       AND NOT EXISTS (SELECT FROM cashiering_receiptvoid v WHERE v.receipt_id = r.id)),
mix AS (
    SELECT cashier_id, count(*) AS tenders, sum(cents) AS cents,
           coalesce(sum(cents) FILTER (WHERE kind = 'cash'), 0) AS cash,
           coalesce(sum(cents) FILTER (WHERE kind IN ('check', 'money_order')), 0) AS checks,
           coalesce(sum(cents) FILTER (WHERE kind NOT IN ('cash', 'check', 'money_order')), 0) AS other
      FROM handed GROUP BY 1),
office AS (SELECT sum(cash) * 100.0 / nullif(sum(cents), 0) AS share FROM mix),
voids AS (
    SELECT d.cashier_id, count(*) AS voids
      FROM cashiering_receiptvoid v JOIN cashiering_receipt r ON r.id = v.receipt_id
      JOIN cashiering_drawer d ON d.id = r.drawer_id WHERE d.business_date BETWEEN %(since)s AND %(until)s GROUP BY 1)
SELECT u.username AS cashier, m.tenders, m.cash::bigint AS cash, m.checks::bigint AS checks, m.other::bigint AS other,
       m.cents::bigint AS total, round(m.cash * 100.0 / nullif(m.cents, 0), 1) AS cash_share,
       round(m.cash * 100.0 / nullif(m.cents, 0) - o.share, 1) AS apart, coalesce(v.voids, 0) AS voids
  FROM mix m CROSS JOIN office o JOIN platform_user u ON u.id = m.cashier_id LEFT JOIN voids v USING (cashier_id)
 ORDER BY abs(m.cash * 100.0 / nullif(m.cents, 0) - o.share) DESC NULLS LAST, cashier
"""


def rows(asked: Asked) -> list[Row]:
    """One row for each cashier, the furthest from the office first."""
    return fetch(_SQL, asked)


REPORT = Report(
    name="tender_mix",
    title=_("Cash and checks by cashier"),
    says=_("How much of what each cashier took was cash, beside the whole office, and how many receipts were voided."),
    area="billing",
    parameters=(
        asking.SINCE, asking.UNTIL,
    ),
    columns=always(
        Column("cashier", _("Cashier"), filter="text"),
        Column("tenders", _("Tenders"), "count", total=True),
        Column("cash", _("Cash, $"), "money", total=True),
        Column("checks", _("Checks and money orders, $"), "money", total=True),
        Column("other", _("Other, $"), "money", total=True, spare=True),
        Column("total", _("Total, $"), "money", total=True),
        Column("cash_share", _("Cash, percent"), "number"),
        Column("apart", _("Above the office, points"), "number"),
        Column("voids", _("Receipts voided"), "count", total=True),
    ),
    rows=rows,
    empty=_("No receipt was written in these days."),
)  # fmt: skip
