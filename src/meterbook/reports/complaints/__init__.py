"""Complaints: what they were about, how long they took, how they ended."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from meterbook.reports import asking
from meterbook.reports.columns import always
from meterbook.reports.contract import Asked, Column, Report, Row
from meterbook.reports.rows import fetch

_SQL = """
SELECT c.id, a.number AS account, coalesce(p.name, c.told_by) AS who, c.topic, c.words_en AS what, c.opened_on,
       c.answer_by, c.closed_on, (coalesce(c.closed_on, %(today)s) - c.opened_on)::int AS days,
       CASE WHEN coalesce(c.closed_on, %(today)s) > c.answer_by THEN 1 ELSE 0 END AS late, c.state, c.outcome,
       c.level, d.amount_cents AS disputed, u.username AS owner
  FROM cases_case c LEFT JOIN customers_account a ON a.id = c.account_id
  LEFT JOIN customers_person p ON p.id = coalesce(c.person_id, a.holder_id)
  LEFT JOIN cases_dispute d ON d.case_id = c.id LEFT JOIN platform_user u ON u.id = c.owner_id
 WHERE c.kind = 'complaint' AND c.opened_on BETWEEN %(since)s AND %(until)s
 ORDER BY c.topic, c.opened_on, c.id
"""


def rows(asked: Asked) -> list[Row]:
    """Every complaint taken in the days asked for, by what it was about."""
    return fetch(_SQL, asked)


REPORT = Report(
    name="complaints",
    title=_("Complaints"),
    says=_("Every complaint taken in these days: what about, after how many days it was answered, how it ended."),
    area="billing",
    parameters=(asking.SINCE, asking.UNTIL),
    columns=always(
        Column("id", _("Case"), "code"),
        Column("what", _("What about"), filter="text"),
        Column("account", _("Account"), "code", filter="text", origin="account", origin_key="account"),
        Column("who", _("Who"), filter="text"),
        Column("opened_on", _("Taken on"), "date"),
        Column("answer_by", _("Answer by"), "date", spare=True),
        Column("closed_on", _("Answered on"), "date"),
        Column("days", _("Days"), "count"),
        Column("late", _("Late"), "count", total=True),
        Column("state", _("State"), "status", "case_stands"),
        Column("outcome", _("Outcome"), "words", "case_outcome_code", spare=True),
        Column("level", _("Escalated"), "count", spare=True),
        Column("disputed", _("In dispute, $"), "money", total=True, spare=True),
        Column("owner", _("Owner"), spare=True),
    ),
    rows=rows,
    empty=_("No complaint was taken in these days."),
)  # fmt: skip
