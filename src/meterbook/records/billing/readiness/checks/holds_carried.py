"""Points the cycle's run before held, and holds somebody placed by hand: what nobody was billed for yet."""

from __future__ import annotations

from meterbook.engine.trace import N_
from meterbook.records.billing.readiness.contract import Check

_SQL = """
SELECT a.number AS account, p.commodity, p.code AS point, h.reason AS what, h.detail, h.since AS "on"
  FROM billing_hold h
  JOIN customers_account a ON a.id = h.account_id
  JOIN places_servicepoint p ON p.id = h.service_point_id
 WHERE h.run_id = (SELECT r.id FROM billing_billrun r
                    WHERE r.kind = 'cycle' AND r.cycle_id = %(cycle)s AND r.status = 'posted'
                      AND r.bill_date < %(bill_date)s ORDER BY r.bill_date DESC, r.id DESC LIMIT 1)
UNION ALL
SELECT m.account, coalesce(p.commodity, '') AS commodity, coalesce(p.code, '') AS point, o.reason AS what, o.detail,
       o.since AS "on"
  FROM billing_holdorder o
  JOIN (SELECT DISTINCT account_id, account FROM run_mine) m ON m.account_id = o.account_id
  LEFT JOIN places_servicepoint p ON p.id = o.service_point_id
 WHERE o.released_id IS NULL
"""
CHECK = Check(
    name="holds_carried",
    title=N_("Holds carried over"),
    says=N_("What the run before held and nobody was billed for yet, and holds placed by hand."),
    owner="billing_technician",
    sql=_SQL,
)
