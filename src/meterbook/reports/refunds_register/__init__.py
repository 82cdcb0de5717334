"""Refunds register: what was approved, to whom, out of what, and what became of it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from meterbook.reports import asking
from meterbook.reports.columns import always
from meterbook.reports.contract import Asked, Column, Report, Row
from meterbook.reports.rows import fetch

_SQL = """
SELECT r.id AS refund, a.number AS account, r.payee, d.business_date AS decided_on, u.username AS asker,
       v.username AS decider, r.source, r.how, r.amount_cents AS amount, r.state, y.reference, y.issued_on,
       y.cleared_on,       CASE WHEN r.state = 'owed' THEN r.amount_cents ELSE 0 END AS owed
  FROM refunds_refund r JOIN customers_account a ON a.id = r.account_id
  JOIN platform_deed d ON d.id = r.decided_by_id JOIN platform_user v ON v.id = d.actor_id
  JOIN platform_deed p ON p.id = r.proposed_by_id JOIN platform_user u ON u.id = p.actor_id
  LEFT JOIN LATERAL (SELECT * FROM refunds_payout o WHERE o.refund_id = r.id ORDER BY o.id DESC LIMIT 1) y ON true
 WHERE r.state NOT IN ('proposed', 'refused', 'withdrawn') AND d.business_date BETWEEN %(since)s AND %(until)s
 ORDER BY d.business_date, r.id
"""


def rows(asked: Asked) -> list[Row]:
    """Every refund approved in the days asked for."""
    return fetch(_SQL, asked)


REPORT = Report(
    name="refunds_register",
    title=_("Refunds register"),
    says=_("Every refund approved in these days: who asked, who decided, out of what, how, and what became of it."),
    area="billing",
    parameters=(asking.SINCE, asking.UNTIL),
    columns=always(
        Column("refund", _("Refund"), "code"),
        Column("decided_on", _("Approved"), "date"),
        Column("account", _("Account"), "code", filter="text", origin="account", origin_key="account"),
        Column("payee", _("Payee"), filter="text"),
        Column("source", _("Comes from"), "words", "refund_source", spare=True),
        Column("how", _("How"), "words", "refund_how"),
        Column("amount", _("Amount, $"), "money", total=True),
        Column("state", _("Status"), "status", "refund_state"),
        Column("reference", _("Check or trace"), "code", spare=True),
        Column("issued_on", _("Issued on"), "date", spare=True),
        Column("cleared_on", _("Cleared on"), "date", spare=True),
        Column("owed", _("Still owed, $"), "money", total=True, spare=True),
        Column("asker", _("Asked by"), spare=True),
        Column("decider", _("Decided by"), spare=True),
    ),
    rows=rows,
    empty=_("No refund was approved in these days."),
)  # fmt: skip
