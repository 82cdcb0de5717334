"""Open credits by age: every account's money that nobody spent, in the column of its age."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from meterbook.reports.columns import always
from meterbook.reports.contract import Asked, Column, Report, Row
from meterbook.reports.rows import fetch

_SQL = """
SELECT c.account_id AS id, a.number AS account, p.name AS holder, c.left_on, c.since,
       (%(today)s - c.since)::int AS days,
       (c.cents + c.asked_cents) AS credit, c.asked_cents AS asked,
       CASE WHEN %(today)s - c.since <= 30 THEN c.cents + c.asked_cents ELSE 0 END AS fresh,
       CASE WHEN %(today)s - c.since BETWEEN 31 AND 120 THEN c.cents + c.asked_cents ELSE 0 END AS months,
       CASE WHEN %(today)s - c.since BETWEEN 121 AND 365 THEN c.cents + c.asked_cents ELSE 0 END AS year,
       CASE WHEN %(today)s - c.since > 365 THEN c.cents + c.asked_cents ELSE 0 END AS older
  FROM refunds_open_credit c JOIN customers_account a ON a.id = c.account_id
  JOIN customers_person p ON p.id = a.holder_id
 ORDER BY c.left_on NULLS LAST, c.since, a.number
"""


def rows(asked: Asked) -> list[Row]:
    """Every account with an open credit; customers who left first, the oldest first."""
    return fetch(_SQL, asked)


REPORT = Report(
    name="open_credits",
    title=_("Open credits by age"),
    says=_("Every account's money that nobody spent, by the age of its oldest part; customers who left first."),
    area="billing",
    parameters=(),
    columns=always(
        Column("account", _("Account"), "code", filter="text", origin="account", origin_key="account"),
        Column("holder", _("Holder"), filter="text"),
        Column("left_on", _("Left on"), "date"),
        Column("since", _("Credit since"), "date"),
        Column("days", _("Days"), "count", spare=True),
        Column("fresh", _("To 30 days, $"), "money", total=True, spare=True),
        Column("months", _("31 to 120, $"), "money", total=True, spare=True),
        Column("year", _("121 to 365, $"), "money", total=True, spare=True),
        Column("older", _("Older, $"), "money", total=True, spare=True),
        Column("credit", _("Credit, $"), "money", total=True),
        Column("asked", _("Asked for, $"), "money", total=True, spare=True),
    ),
    rows=rows,
    empty=_("No credit is open."),
)  # fmt: skip
