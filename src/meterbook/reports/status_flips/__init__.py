"""Accounts and services switched off and on again, by whom, and what that person credited there meanwhile."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from meterbook.reports import asking
from meterbook.reports.columns import always
from meterbook.reports.contract import Asked, Column, Parameter, Report, Row
from meterbook.reports.rows import fetch

_SQL = """
WITH told AS (
    SELECT e.pgh_obj_id AS account_id, '' AS service, e.pgh_id, e.pgh_created_at, e.pgh_context_id,
           e.closed_on IS NULL AS active, lag(e.closed_on IS NULL) OVER w AS before
      FROM customers_accountevent e WINDOW w AS (PARTITION BY e.pgh_obj_id ORDER BY e.pgh_id)
    UNION ALL
    SELECT e.account_id, s.commodity, e.pgh_id, e.pgh_created_at, e.pgh_context_id,
           upper_inf(e.validity), lag(upper_inf(e.validity)) OVER w
      FROM customers_serviceagreementevent e JOIN places_servicepoint s ON s.id = e.service_point_id
    WINDOW w AS (PARTITION BY e.pgh_obj_id ORDER BY e.pgh_id)),
flips AS (
    SELECT t.*, d.business_date, d.reason, d.actor_id
      FROM told t JOIN pghistory_context c ON c.id = t.pgh_context_id
      JOIN platform_deed d ON d.id = (c.metadata ->> 'deed')::bigint
     WHERE t.before IS DISTINCT FROM t.active AND t.before IS NOT NULL
       AND d.business_date BETWEEN %(since)s AND %(until)s),
counted AS (SELECT f.*, count(*) OVER (PARTITION BY f.account_id, f.service) AS times FROM flips f)
SELECT a.number AS account, p.name AS holder, f.service, CASE WHEN f.active THEN 'on' ELSE 'off' END AS turned,
       f.business_date AS day, u.username AS employee, f.reason, f.times,
       coalesce((
           SELECT sum(-j.amount_cents) FROM adjustments_adjustment j JOIN platform_deed b ON b.id = j.proposed_by_id
            WHERE j.account_id = f.account_id AND j.state = 'booked' AND j.amount_cents < 0
              AND b.actor_id = f.actor_id AND b.business_date BETWEEN %(since)s AND %(until)s), 0)::bigint AS credited
  FROM counted f JOIN customers_account a ON a.id = f.account_id JOIN customers_person p ON p.id = a.holder_id
  JOIN platform_user u ON u.id = f.actor_id
 WHERE f.times >= %(times)s ORDER BY f.times DESC, a.number COLLATE "C", f.service COLLATE "C", f.pgh_id
"""


def rows(asked: Asked) -> list[Row]:
    """Every switch of an account or a service of the days, the most often switched first."""
    return fetch(_SQL, asked)


REPORT = Report(
    name="status_flips",
    title=_("Accounts and services switched off and on"),
    says=_("Every closing and opening of an account or a service, by whom, and what the same person credited there."),
    area="billing",
    parameters=(
        asking.SINCE, asking.UNTIL,
        Parameter("times", _("At least so often"), "count", default=lambda _today: 1, least=1),
    ),
    columns=always(
        Column("account", _("Account"), "code", filter="text", origin="account", origin_key="account"),
        Column("holder", _("Holder"), spare=True),
        Column("service", _("Service"), "words", "commodity"),
        Column("turned", _("Switched"), "words", "switched"),
        Column("day", _("Day"), "date"),
        Column("employee", _("Employee"), filter="text"),
        Column("reason", _("Reason"), spare=True),
        Column("times", _("Times"), "count"),
        Column("credited", _("Credited there by the same person, $"), "money"),
    ),
    rows=rows,
    empty=_("Nothing was switched in these days."),
)  # fmt: skip
