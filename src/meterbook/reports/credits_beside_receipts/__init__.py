"""Cash taken on an account, and a credit on the same account within days: by whom each."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from meterbook.reports import asking
from meterbook.reports.columns import always
from meterbook.reports.contract import Asked, Column, Parameter, Report, Row
from meterbook.reports.rows import fetch

_SQL = """
WITH credits AS (
    SELECT j.account_id, j.effective_on AS day, -j.amount_cents AS cents, d.actor_id, 'adjustment' AS kind,
           j.id AS source
      FROM adjustments_adjustment j JOIN platform_deed d ON d.id = j.proposed_by_id
     WHERE j.state = 'booked' AND j.amount_cents < 0
    UNION ALL
    SELECT q.account_id, r.reversed_on, q.amount_cents, d.actor_id, 'reversal', r.payment_id
      FROM payments_paymentreversal r JOIN payments_reversedpart q ON q.reversal_id = r.id
      JOIN platform_deed d ON d.id = r.deed_id
     WHERE r.kind IN ('void', 'unposted') AND q.account_id IS NOT NULL)
SELECT a.number AS account, h.name AS holder, p.received_on AS paid_on, p.amount_cents AS paid, coalesce(u.username, '')
       AS taker, c.kind, c.day AS credited_on, c.cents AS credited, v.username AS employee,
       abs(c.day - p.received_on) AS apart, u.id = v.id AS same
  FROM payments_payment p JOIN customers_account a ON a.id = p.account_id JOIN customers_person h ON h.id = a.holder_id
  LEFT JOIN LATERAL (SELECT e.deed_id FROM ledger_entry e WHERE e.run_id = 0 AND e.source_kind = 'payment'
                        AND e.source_id = p.id LIMIT 1) e ON true
  LEFT JOIN platform_deed d ON d.id = e.deed_id LEFT JOIN platform_user u ON u.id = d.actor_id
  JOIN credits c ON c.account_id = p.account_id AND abs(c.day - p.received_on) <= %(within)s
   AND NOT (c.kind = 'reversal' AND c.source = p.id AND c.day <> p.received_on AND c.cents = 0)
  JOIN platform_user v ON v.id = c.actor_id
 WHERE p.tender = 'cash' AND p.received_on BETWEEN %(since)s AND %(until)s
 ORDER BY same DESC NULLS LAST, credited DESC, a.number COLLATE "C"
"""


def rows(asked: Asked) -> list[Row]:
    """Cash and the credits beside it, those of one and the same person first."""
    return fetch(_SQL, asked)


REPORT = Report(
    name="credits_beside_receipts",
    title=_("Credits beside cash receipts"),
    says=_("Cash taken on an account, and a credit or a payment taken back there within days: the same person first."),
    area="billing",
    parameters=(
        asking.SINCE, asking.UNTIL,
        Parameter("within", _("Days apart at most"), "count", default=lambda _today: 7),
    ),
    columns=always(
        Column("account", _("Account"), "code", filter="text", origin="account", origin_key="account"),
        Column("holder", _("Holder"), spare=True),
        Column("paid_on", _("Cash taken"), "date"),
        Column("paid", _("Cash, $"), "money", total=True),
        Column("taker", _("Taken by"), filter="text"),
        Column("kind", _("Beside it"), "words", "entry_source"),
        Column("credited_on", _("On"), "date"),
        Column("credited", _("Credit, $"), "money", total=True),
        Column("employee", _("By"), filter="text"),
        Column("apart", _("Days apart"), "count", spare=True),
        Column("same", _("Same person"), "flag"),
    ),
    rows=rows,
    empty=_("No cash was taken beside a credit in these days."),
)  # fmt: skip
