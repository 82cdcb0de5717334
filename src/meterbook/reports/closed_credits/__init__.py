"""Accounts served no more whose money is still here: credits to be paid back, and deposits nobody applied."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from meterbook.reports.columns import always
from meterbook.reports.contract import Asked, Column, Report, Row
from meterbook.reports.rows import fetch

_SQL = """
SELECT * FROM (
  SELECT a.id, a.number AS account, p.name AS holder, a.closed_on, g.until AS served_until,
         greatest(-coalesce(i.balance, 0), 0)::bigint AS credit, coalesce(d.held, 0)::bigint AS deposit
    FROM customers_account a
    JOIN customers_person p ON p.id = a.holder_id
    JOIN LATERAL (SELECT max(upper(s.validity)) AS until, bool_or(upper_inf(s.validity)
                         OR upper(s.validity) > %(today)s) AS served
                    FROM customers_serviceagreement s WHERE s.account_id = a.id) g ON NOT coalesce(g.served, false)
    LEFT JOIN LATERAL (SELECT sum(CASE o.side WHEN 'charge' THEN o.amount_cents ELSE -o.amount_cents END) AS balance
                         FROM ledger_openitem o WHERE o.account_id = a.id) i ON true
    LEFT JOIN LATERAL (SELECT sum(d.amount_cents - coalesce((SELECT sum(u.amount_cents) FROM ledger_deposituse u
                                                             WHERE u.deposit_id = d.id), 0)) AS held
                         FROM ledger_deposit d WHERE d.account_id = a.id) d ON true) found
 WHERE credit > 0 OR deposit > 0
 ORDER BY credit + deposit DESC, account
"""


def rows(asked: Asked) -> list[Row]:
    """Accounts without service today that have a credit, or a deposit that is still held; largest first."""
    return fetch(_SQL, asked)


REPORT = Report(
    name="closed_credits",
    title=_("Credits of customers who left"),
    says=_("Accounts that are served no more and have money coming: what is to be paid back, and deposits still held."),
    area="billing",
    parameters=(),
    columns=always(
        Column("account", _("Account"), "code", filter="text", origin="account", origin_key="account"),
        Column("holder", _("Holder"), filter="text"),
        Column("served_until", _("Served until"), "date"),
        Column("closed_on", _("Closed"), "date"),
        Column("credit", _("Credit, $"), "money", total=True),
        Column("deposit", _("Deposit held, $"), "money", total=True),
    ),
    rows=rows,
    empty=_("Nobody who left has money coming."),
)  # fmt: skip
