"""Numbers of receipts a drawer counted and nobody can show."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from meterbook.reports import asking
from meterbook.reports.columns import always
from meterbook.reports.contract import Asked, Column, Report, Row
from meterbook.reports.rows import fetch

_SQL = """
SELECT d.id AS drawer, d.station, u.username AS cashier, d.business_date AS day, n.number,
       (SELECT max(r.number) FROM cashiering_receipt r WHERE r.drawer_id = d.id AND r.number < n.number) AS before,
       (SELECT min(r.number) FROM cashiering_receipt r WHERE r.drawer_id = d.id AND r.number > n.number) AS after
  FROM cashiering_drawer d JOIN platform_user u ON u.id = d.cashier_id
 CROSS JOIN LATERAL generate_series(1, greatest(d.receipts, (
       SELECT coalesce(max(r.number), 0) FROM cashiering_receipt r WHERE r.drawer_id = d.id))) n(number)
 WHERE d.business_date BETWEEN %(since)s AND %(until)s
   AND NOT EXISTS (SELECT FROM cashiering_receipt r WHERE r.drawer_id = d.id AND r.number = n.number)
 ORDER BY d.business_date, d.id, n.number
"""


def rows(asked: Asked) -> list[Row]:
    """Every number that is missing between the first and the last of a drawer."""
    return fetch(_SQL, asked)


REPORT = Report(
    name="skipped_receipts",
    title=_("Skipped receipt numbers"),
    says=_("Numbers missing between the first and the last receipt of a drawer; a voided receipt keeps its number."),
    area="billing",
    parameters=(
        asking.SINCE, asking.UNTIL,
    ),
    columns=always(
        Column("day", _("Day"), "date"),
        Column("drawer", _("Drawer"), "code"),
        Column("station", _("Window"), spare=True),
        Column("cashier", _("Cashier"), filter="text"),
        Column("number", _("Missing number"), "count"),
        Column("before", _("Receipt before"), "count", spare=True),
        Column("after", _("Receipt after"), "count", spare=True),
    ),
    rows=rows,
    empty=_("Every receipt number is there."),
)  # fmt: skip
