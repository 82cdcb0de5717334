"""Money moved by people outside office hours, on weekends, or with a date of another day."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from meterbook.reports import asking
from meterbook.reports.columns import always
from meterbook.reports.contract import Asked, Column, Parameter, Report, Row
from meterbook.reports.rows import fetch

_SQL = """
WITH booked AS (
    SELECT e.deed_id, sum(e.amount_cents)::bigint AS cents, count(*) AS entries,
           count(DISTINCT e.account_id) AS accounts, min(n.number) AS account
      FROM ledger_entry e LEFT JOIN customers_account n ON n.id = e.account_id GROUP BY 1),
told AS (
    SELECT d.*, u.username, d.recorded_at AT TIME ZONE (SELECT timezone FROM platform_utility LIMIT 1) AS clock
      FROM platform_deed d JOIN platform_user u ON u.id = d.actor_id
     WHERE u.username <> 'system' AND d.business_date BETWEEN %(since)s AND %(until)s)
SELECT t.business_date AS day, to_char(t.clock, 'YYYY-MM-DD HH24:MI') AS at, t.username AS employee, t.kind AS deed,
       t.reason, b.entries, b.accounts, CASE WHEN b.accounts = 1 THEN b.account END AS account, b.cents,
       extract(isodow FROM t.clock) IN (6, 7) AS weekend
  FROM told t JOIN booked b ON b.deed_id = t.id
 WHERE extract(hour FROM t.clock) < %(opens)s OR extract(hour FROM t.clock) >= %(closes)s
    OR extract(isodow FROM t.clock) IN (6, 7)
 ORDER BY t.recorded_at, t.id
"""


def rows(asked: Asked) -> list[Row]:
    """Every deed of a person that moved money outside office hours."""
    return fetch(_SQL, asked)


REPORT = Report(
    name="after_hours",
    title=_("Postings after hours"),
    says=_("Money people moved before the office opens, after it closes, or on a weekend, by its own clock."),
    area="billing",
    parameters=(
        asking.SINCE, asking.UNTIL,
        Parameter("opens", _("Office opens, hour"), "count", default=lambda _today: 7),
        Parameter("closes", _("Office closes, hour"), "count", default=lambda _today: 18),
    ),
    columns=always(
        Column("at", _("Recorded"), "code"),
        Column("day", _("Business date"), "date"),
        Column("weekend", _("Weekend"), "flag"),
        Column("employee", _("Employee"), filter="text"),
        Column("deed", _("Deed"), "code", filter="text"),
        Column("reason", _("Reason"), spare=True),
        Column("account", _("Account"), "code", filter="text", origin="account", origin_key="account"),
        Column("entries", _("Entries"), "count", total=True, spare=True),
        Column("accounts", _("Accounts"), "count", spare=True),
        Column("cents", _("Moved, $"), "money", total=True),
    ),
    rows=rows,
    empty=_("Nobody moved money after hours in these days."),
)  # fmt: skip
