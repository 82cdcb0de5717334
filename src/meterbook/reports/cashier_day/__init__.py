"""The daily cashier report: each drawer of a day with its receipts, its tenders, what was over or short, its bag."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from meterbook.reports.columns import always
from meterbook.reports.contract import Asked, Column, Parameter, Report, Row
from meterbook.reports.rows import fetch

#: Amounts of a drawer that is still to be counted stay unsaid: it is counted blind.
_SQL = """
WITH standing AS (
    SELECT r.* FROM cashiering_receipt r
     WHERE NOT EXISTS (SELECT FROM cashiering_receiptvoid v WHERE v.receipt_id = r.id)
), handed AS (
    SELECT s.drawer_id, t.kind, sum(t.amount_cents) AS cents
      FROM standing s JOIN cashiering_tender t ON t.receipt_id = s.id GROUP BY 1, 2
), given AS (SELECT drawer_id, sum(change_cents) AS cents FROM standing GROUP BY 1)
SELECT d.id AS drawer, d.business_date AS day, d.station, u.username AS cashier, d.state, d.receipts,
       (SELECT count(*) FROM cashiering_receiptvoid v JOIN cashiering_receipt r ON r.id = v.receipt_id
         WHERE r.drawer_id = d.id) AS voided,
       CASE WHEN d.state = 'closed' THEN coalesce((SELECT cents FROM handed h WHERE h.drawer_id = d.id
                                                    AND kind = 'cash'), 0)
                                         - coalesce((SELECT cents FROM given g WHERE g.drawer_id = d.id), 0)
       END::bigint AS cash,
       CASE WHEN d.state = 'closed' THEN coalesce((SELECT sum(cents) FROM handed h WHERE h.drawer_id = d.id
                                                    AND kind IN ('check', 'money_order')), 0) END::bigint AS noncash,
       CASE WHEN d.state = 'closed' THEN coalesce((SELECT cents FROM handed h WHERE h.drawer_id = d.id
                                                    AND kind = 'card'), 0) END::bigint AS card,
       d.over_short_cents AS over_short, c.username AS closed_by, b.bag, b.made_on
  FROM cashiering_drawer d
  JOIN platform_user u ON u.id = d.cashier_id
  LEFT JOIN platform_deed k ON k.id = d.closed_id
  LEFT JOIN platform_user c ON c.id = k.actor_id
  LEFT JOIN cashiering_bankdeposit b ON b.id = d.deposit_id
 WHERE d.business_date BETWEEN %(first)s AND %(last)s
 ORDER BY d.business_date, d.id
"""


def rows(asked: Asked) -> list[Row]:
    """One row a drawer of the days asked for."""
    return fetch(_SQL, asked)


REPORT = Report(
    name="cashier_day",
    title=_("Daily cashier report"),
    says=_("Each drawer of a day: receipts and voids, cash and beside cash, what was over or short, and its bag."),
    area="billing",
    parameters=(
        Parameter("first", _("From day"), "day", default=lambda today: today),
        Parameter("last", _("To day"), "day", default=lambda today: today),
    ),
    columns=always(
        Column("day", _("Day"), "date"),
        Column("drawer", _("Drawer"), "code"),
        Column("station", _("Window"), spare=True),
        Column("cashier", _("Cashier"), filter="text"),
        Column("state", _("State"), "status", "drawer"),
        Column("receipts", _("Receipts"), "count", total=True),
        Column("voided", _("Voided"), "count", total=True),
        Column("cash", _("Cash, $"), "money", total=True),
        Column("noncash", _("Checks and money orders, $"), "money", total=True),
        Column("card", _("Cards, $"), "money", total=True),
        Column("over_short", _("Over or short, $"), "money", total=True),
        Column("closed_by", _("Closed by"), spare=True),
        Column("bag", _("Bag"), "code", spare=True),
    ),
    rows=rows,
    empty=_("No drawer was opened on these days."),
)
