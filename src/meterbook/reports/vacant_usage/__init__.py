"""Usage where nobody was served: how much, since when nobody, and whose it was before."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from meterbook.reports import asking
from meterbook.reports.columns import ADDRESS, ENDS, ESTIMATED, METER, ROUTE, SERVICE, STARTS, UNIT, USED, always
from meterbook.reports.contract import Asked, Column, Parameter, Report, Row
from meterbook.reports.places import PLACE, PLACED, WALK, WITHIN
from meterbook.reports.rows import fetch

_SQL = f"""
SELECT m.serial AS meter, m.id AS meter_id, g.unit, {PLACED}, u.starts, u.ends, u.quantity_e6 AS used, u.estimated,
       u.ends - u.starts AS days, (u.ends - u.starts) - v.served AS vacant_days, l.number AS last_account, l.until
  FROM metering_usage u
  JOIN metering_register g ON g.id = u.register_id AND g.channel <> 'received'
  JOIN metering_meter m ON m.id = g.meter_id
  JOIN places_servicepoint s ON s.id = u.service_point_id {PLACE}
  CROSS JOIN LATERAL (
        SELECT coalesce(sum(least(coalesce(upper(a.validity), u.ends), u.ends)
                            - greatest(lower(a.validity), u.starts)), 0) AS served
          FROM customers_serviceagreement a
         WHERE a.service_point_id = s.id AND a.validity && daterange(u.starts, u.ends)) v
  LEFT JOIN LATERAL (
        SELECT n.number, upper(a.validity) AS until FROM customers_serviceagreement a
          JOIN customers_account n ON n.id = a.account_id
         WHERE a.service_point_id = s.id AND lower(a.validity) < u.ends
         ORDER BY lower(a.validity) DESC LIMIT 1) l ON true
 WHERE NOT u.superseded AND u.quantity_e6 > 0 AND u.ends BETWEEN %(since)s AND %(until)s AND {WITHIN}
   AND (u.ends - u.starts) - v.served >= least(%(days)s, u.ends - u.starts)
 ORDER BY u.quantity_e6 DESC, {WALK}, u.ends, u.id
"""


def rows(asked: Asked) -> list[Row]:
    """Periods with usage in which no agreement was in force for so many days, or for all of a shorter period."""
    return fetch(_SQL, asked)


REPORT = Report(
    name="vacant_usage",
    title=_("Usage where nobody is served"),
    says=_("Usage at places without a customer: how much, on how many days, and whose account it was before."),
    area="usage",
    parameters=(
        asking.CYCLE, asking.ROUTE, asking.SINCE, asking.UNTIL,
        Parameter("days", _("At least days without a customer"), "count", default=lambda _today: 7, least=1),
    ),
    columns=always(
        METER, ADDRESS, ROUTE, SERVICE, STARTS, ENDS,
        Column("vacant_days", _("Days without a customer"), "count"),
        Column("days", _("Days"), "count", spare=True),
        USED, UNIT, ESTIMATED,
        Column("last_account", _("Account before"), "code", filter="text", origin="account",
               origin_key="last_account"),
        Column("until", _("Served until"), "date"),
    ),
    rows=rows,
    empty=_("Nothing was used in these days where nobody is served."),
)  # fmt: skip
