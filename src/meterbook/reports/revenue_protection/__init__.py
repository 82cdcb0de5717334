"""Revenue protection register: suspected loss, its evidence, what was charged and let go."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from meterbook.reports import asking
from meterbook.reports.columns import always
from meterbook.reports.contract import Asked, Column, Report, Row
from meterbook.reports.rows import fetch

_SQL = """
SELECT c.id, a.number AS account, h.name AS who, trim(concat(m.street_number, ' ', m.street)) AS place,
       c.words_en AS what, c.opened_on, c.closed_on, c.state, c.outcome,
       (SELECT count(*) FROM cases_evidence e WHERE e.case_id = c.id)::int AS evidence,
       (SELECT l.quantity_e6 FROM cases_loadestimate l WHERE l.case_id = c.id ORDER BY l.id DESC LIMIT 1) AS estimated,
       coalesce(r.charged, 0) AS charged, coalesce(r.asked, 0) AS asked, coalesce(r.let_go, 0) AS let_go,
       r.decider
  FROM cases_case c LEFT JOIN customers_account a ON a.id = c.account_id
  LEFT JOIN customers_person h ON h.id = a.holder_id LEFT JOIN places_premise m ON m.id = c.premise_id
  LEFT JOIN LATERAL (
       SELECT sum(p.amount_cents) FILTER (WHERE q.state = 'charged')::bigint AS charged,
              sum(p.amount_cents) FILTER (WHERE q.state = 'asked')::bigint AS asked,
              sum(q.let_go_cents) FILTER (WHERE q.state = 'charged')::bigint AS let_go, max(u.username) AS decider
         FROM cases_revenueclaim q JOIN platform_approval p ON p.id = q.approval_id
         LEFT JOIN platform_user u ON u.id = p.decided_by_id WHERE q.case_id = c.id) r ON true
 WHERE c.kind = 'revenue_protection' AND c.opened_on BETWEEN %(since)s AND %(until)s
 ORDER BY c.opened_on, c.id
"""


def rows(asked: Asked) -> list[Row]:
    """Every case of suspected loss opened in the days asked for."""
    return fetch(_SQL, asked)


REPORT = Report(
    name="revenue_protection",
    title=_("Revenue protection register"),
    says=_("Every case of suspected loss opened in these days: evidence, estimate, what was charged and let go."),
    area="billing",
    parameters=(asking.SINCE, asking.UNTIL),
    columns=always(
        Column("id", _("Case"), "code"),
        Column("what", _("What was found"), filter="text"),
        Column("account", _("Account"), "code", filter="text", origin="account", origin_key="account"),
        Column("who", _("Holder"), filter="text", spare=True),
        Column("place", _("Where"), filter="text", spare=True),
        Column("opened_on", _("Opened"), "date"),
        Column("evidence", _("Evidence"), "count"),
        Column("estimated", _("Estimated usage"), "quantity", spare=True),
        Column("asked", _("Waits, $"), "money", total=True, spare=True),
        Column("charged", _("Charged, $"), "money", total=True),
        Column("let_go", _("Let go, $"), "money", total=True),
        Column("decider", _("Decided by"), spare=True),
        Column("state", _("State"), "status", "case_stands"),
        Column("closed_on", _("Ended on"), "date", spare=True),
    ),
    rows=rows,
    empty=_("No loss was suspected in these days."),
)  # fmt: skip
