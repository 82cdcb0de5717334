"""Adjustments by reason, employee, service or month: how many, what was credited and charged, what nobody else saw."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from meterbook.reports import asking
from meterbook.reports.contract import Asked, Column, Parameter, Report, Row
from meterbook.reports.rows import fetch

#: What rows are made by: the SQL of the key, and the words above it.
_BY = {
    "reason": ("j.reason", _("Reason")),
    "employee": ("u.username", _("Asked by")),
    "decider": ("coalesce(v.username, '')", _("Decided by")),
    "service": ("j.service", _("Service")),
    "month": ("to_char(j.effective_on, 'YYYY-MM')", _("Month")),
}
_SQL = """
SELECT {key} AS what, count(*) AS adjustments, count(DISTINCT j.account_id) AS accounts,
       coalesce(sum(-j.amount_cents) FILTER (WHERE j.amount_cents < 0), 0)::bigint AS credited,
       coalesce(sum(j.amount_cents) FILTER (WHERE j.amount_cents > 0), 0)::bigint AS charged,
       sum(j.amount_cents)::bigint AS net, count(*) FILTER (WHERE j.approval_id IS NULL) AS alone,
       coalesce(sum(abs(j.amount_cents)) FILTER (WHERE j.approval_id IS NULL), 0)::bigint AS alone_cents,
       count(*) FILTER (WHERE j.reverses_id IS NOT NULL) AS reversals, max(abs(j.amount_cents))::bigint AS largest
  FROM adjustments_adjustment j JOIN platform_deed p ON p.id = j.proposed_by_id
  JOIN platform_user u ON u.id = p.actor_id JOIN platform_deed d ON d.id = j.decided_by_id
  LEFT JOIN platform_user v ON v.id = d.actor_id AND j.approval_id IS NOT NULL
 WHERE j.state = 'booked' AND d.business_date BETWEEN %(since)s AND %(until)s
   AND (%(employee)s = '' OR u.username = %(employee)s) AND (%(reason)s = '' OR j.reason = %(reason)s)
 GROUP BY 1 ORDER BY {order}
"""


def rows(asked: Asked) -> list[Row]:
    """Booked adjustments of the days asked for, one row for each reason, employee, service or month."""
    by = asked.text("by")
    return fetch(_SQL.format(key=_BY[by][0], order="1" if by == "month" else "net, 1"), asked)


def columns(asked: Asked) -> tuple[Column, ...]:
    """The first column is what was asked by."""
    by = asked.text("by")
    first = Column("what", _BY[by][1], "words", "commodity") if by == "service" else Column("what", _BY[by][1], "code")
    return (
        first,
        Column("adjustments", _("Adjustments"), "count", total=True),
        Column("accounts", _("Accounts"), "count", spare=True),
        Column("credited", _("Credited, $"), "money", total=True),
        Column("charged", _("Charged, $"), "money", total=True),
        Column("net", _("Net, $"), "money", total=True),
        Column("alone", _("Without a second person"), "count", total=True),
        Column("alone_cents", _("Of it, $"), "money", total=True, spare=True),
        Column("reversals", _("Reversals"), "count", total=True, spare=True),
        Column("largest", _("Largest, $"), "money", spare=True),
    )


REPORT = Report(
    name="adjustments",
    title=_("Adjustments by reason and employee"),
    says=_("How many, what was credited and charged, and what nobody else saw: by reason, employee, service or month."),
    area="billing",
    parameters=(
        Parameter(
            "by", pgettext_lazy("report", "By"), "choice", default=lambda _today: "reason",
            choices={name: title for name, (_key, title) in _BY.items()},
        ),
        asking.SINCE, asking.UNTIL,
        Parameter("employee", _("Asked by"), "text"),
        Parameter("reason", _("Reason"), "text"),
    ),
    columns=columns,
    rows=rows,
    empty=_("No adjustment was booked in these days."),
)  # fmt: skip
