"""Bills that come later than they should: days an earlier run was to bill, billed now or still put off."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from meterbook.reports.contract import Column, Row
from meterbook.reports.runs import Source, run_report

#: A segment is late if it begins before the reads of a run of its cycle that was posted before and was to bill it.
_SQL = """
SELECT a.number AS account, n.name AS holder, s.commodity, p.code AS point, 'billed_late' AS what, s.starts, s.ends,
       s.ends - s.starts AS days, s.amount_cents AS amount, s.bill_id AS bill_id, b.number AS bill, NULL::date AS until
  FROM {segment} s
  JOIN billing_bill b ON b.id = s.bill_id
  JOIN billing_billrun r ON r.id = %(run)s AND r.kind <> 'correction'
  JOIN customers_account a ON a.id = b.account_id
  JOIN customers_person n ON n.id = a.holder_id
  JOIN places_servicepoint p ON p.id = s.service_point_id
 WHERE s.run_id = %(run)s AND s.kind = 'charge'
   AND EXISTS (SELECT FROM billing_billrun o WHERE o.kind = 'cycle' AND o.cycle_id = a.cycle_id AND o.status = 'posted'
                  AND o.bill_date < r.bill_date AND o.read_from > s.starts)
UNION ALL
SELECT a.number, n.name, coalesce(p.commodity, ''), coalesce(p.code, ''), 'put_off', o.since, NULL,
       r.bill_date - o.since, NULL, NULL, NULL, o.until
  FROM billing_holdorder o
  JOIN billing_billrun r ON r.id = %(run)s
  JOIN customers_account a ON a.id = o.account_id
   AND (a.cycle_id = r.cycle_id OR EXISTS (SELECT FROM billing_runaccount x WHERE x.run_id = r.id
                                              AND x.account_id = a.id))
  JOIN customers_person n ON n.id = a.holder_id
  LEFT JOIN places_servicepoint p ON p.id = o.service_point_id
 WHERE o.kind = 'delayed' AND o.released_id IS NULL AND o.until > r.bill_date
"""


def rows(source: Source) -> list[Row]:
    """One row a service billed late, or put off still."""
    return sorted(source.fetch(_SQL), key=lambda row: (row["account"], row["point"], row["starts"]))


REPORT = run_report(
    name="delayed_bills",
    title=_("Delayed bills"),
    says=_("Days an earlier run was to bill: billed late by this one, or put off still."),
    columns=(
        Column("account", _("Account"), "code", filter="text", origin="account", origin_key="account"),
        Column("holder", _("Holder"), filter="text", spare=True),
        Column("commodity", _("Service"), "words", "commodity"),
        Column("point", _("Service point"), "text", spare=True),
        Column("what", _("What"), "words", "delay", filter="choice", choices=("billed_late", "put_off")),
        Column("starts", _("From"), "date"),
        Column("ends", _("To"), "date", spare=True),
        Column("days", _("Days"), "count"),
        Column("amount", _("Amount, $"), "money", total=True),
        Column("bill", _("Bill"), "code", origin="bill", origin_key="bill_id"),
        Column("until", _("Put off until"), "date", spare=True),
    ),
    rows=rows,
    empty=_("No bill of this run is late, and none is put off."),
)
