"""Unclaimed money by age: what is held for whom, under which rule, and what comes next on which day."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from meterbook.records.platform.policies import NoPolicy
from meterbook.records.refunds.settings import dormancy_on
from meterbook.reports.columns import always
from meterbook.reports.contract import Asked, CannotReport, Column, Report, Row
from meterbook.reports.rows import fetch

_SQL = """
SELECT n.id AS number, n.owner, a.number AS account, n.since, n.rule, n.state, n.amount_cents AS amount,
       (%(today)s - n.since)::int AS days, p.claim_by,
       (SELECT max(s.done_on) FROM refunds_unclaimedstep s WHERE s.unclaimed_id = n.id
                                                             AND s.kind = 'letter') AS letter_on
  FROM refunds_unclaimed n JOIN customers_account a ON a.id = n.account_id
  LEFT JOIN refunds_publication p ON p.id = n.publication_id
 WHERE n.state IN ('found', 'published') ORDER BY n.since, n.id
"""


def rows(asked: Asked) -> list[Row]:
    """Everything still held, the oldest contact first, with the day it is dormant."""
    try:
        _, rules = dormancy_on(asked.today)
    except NoPolicy as error:
        raise CannotReport(str(error)) from error
    return [{**row, "dormant_on": rules.rule(row["rule"]).dormant_on(row["since"])} for row in fetch(_SQL, asked)]


REPORT = Report(
    name="unclaimed_ageing",
    title=_("Unclaimed money by age"),
    says=_("What is held for owners who could not be reached: since when, under which rule, and what comes next."),
    area="billing",
    parameters=(),
    columns=always(
        Column("number", _("Number"), "code"),
        Column("owner", _("Owner"), filter="text"),
        Column("account", _("Account"), "code", filter="text", origin="account", origin_key="account"),
        Column("since", _("Last contact"), "date"),
        Column("days", _("Days"), "count"),
        Column("rule", _("Rule"), "code", spare=True),
        Column("letter_on", _("Letter"), "date", spare=True),
        Column("dormant_on", _("Dormant from"), "date"),
        Column("claim_by", _("Claims until"), "date", spare=True),
        Column("state", _("Status"), "status", "unclaimed_state"),
        Column("amount", _("Amount, $"), "money", total=True),
    ),
    rows=rows,
    empty=_("Nothing is held for anybody who could not be reached."),
)  # fmt: skip
