"""New connects nobody has been billed for: agreements without a first bill, and meters hung where nobody is served."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from meterbook.reports.contract import Column, Row
from meterbook.reports.runs import Source, run_report

#: Days of an agreement that are claimed by no bill, this run's included.
_SQL = """
SELECT a.number AS account, n.name AS holder, p.commodity, p.code AS point, p.premise_id,
       concat_ws(' ', m.street_number, m.street, nullif(m.unit, '')) AS address,
       CASE WHEN h.id IS NULL THEN 'not_due_yet' ELSE 'held' END AS what, lower(g.validity) AS since,
       r.bill_date - lower(g.validity) AS days
  FROM billing_billrun r
  JOIN customers_account a ON a.cycle_id = r.cycle_id
    OR EXISTS (SELECT FROM billing_runaccount x WHERE x.run_id = r.id AND x.account_id = a.id)
  JOIN customers_person n ON n.id = a.holder_id
  JOIN customers_serviceagreement g ON g.account_id = a.id AND lower(g.validity) <= r.bill_date
  JOIN places_servicepoint p ON p.id = g.service_point_id
  JOIN places_premise m ON m.id = p.premise_id
  LEFT JOIN billing_hold h ON h.run_id = r.id AND h.account_id = a.id AND h.service_point_id = p.id
 WHERE r.id = %(run)s
   AND NOT EXISTS (SELECT FROM billing_billedperiod b WHERE b.agreement_id = g.id)
   AND NOT EXISTS (SELECT FROM {segment} s WHERE s.run_id = r.id AND s.agreement_id = g.id)
UNION ALL
SELECT '', '', p.commodity, p.code, p.premise_id, concat_ws(' ', m.street_number, m.street, nullif(m.unit, '')),
       'nobody_served', min(lower(i.validity)), r.bill_date - min(lower(i.validity))
  FROM billing_billrun r
  JOIN places_route t ON t.cycle_id = r.cycle_id
  JOIN places_servicepoint p ON p.route_id = t.id
  JOIN places_premise m ON m.id = p.premise_id
  JOIN metering_installation i ON i.service_point_id = p.id
 WHERE r.id = %(run)s AND NOT EXISTS (SELECT FROM customers_serviceagreement g WHERE g.service_point_id = p.id)
 GROUP BY p.id, m.id, r.id HAVING min(lower(i.validity)) <= r.bill_date
"""


def rows(source: Source) -> list[Row]:
    """One row a service that began and has no bill yet."""
    return sorted(source.fetch(_SQL), key=lambda row: (row["since"], row["point"]))


REPORT = run_report(
    name="unbilled_connects",
    title=_("Unbilled new connects"),
    says=_("Services that began and were never billed, and meters hung where nobody was ever served."),
    columns=(
        Column("account", _("Account"), "code", filter="text", origin="account", origin_key="account"),
        Column("holder", _("Holder"), filter="text", spare=True),
        Column("address", _("Address"), filter="text", origin="premise", origin_key="premise_id"),
        Column("commodity", _("Service"), "words", "commodity"),
        Column("point", _("Service point"), "text", spare=True),
        Column("what", _("Why"), "words", "connect", filter="choice",
               choices=("held", "not_due_yet", "nobody_served")),
        Column("since", _("Since"), "date"),
        Column("days", _("Days"), "count"),
    ),
    rows=rows,
    empty=_("Every service of this run's accounts has been billed."),
)  # fmt: skip
