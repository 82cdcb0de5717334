"""Accounts in service that used nothing: since when, how many periods, when something was used last."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from meterbook.reports import asking
from meterbook.reports.columns import ACCOUNT, ADDRESS, ENDS, ESTIMATED, METER, ROUTE, SERVICE, STARTS, always
from meterbook.reports.contract import Asked, Column, Parameter, Report, Row
from meterbook.reports.places import PLACE, PLACED, WALK, WITHIN, account_on
from meterbook.reports.rows import fetch

#: A compound meter used nothing only if neither of its registers counted; energy sent back is no usage.
_SQL = f"""
WITH period AS (
  SELECT u.service_point_id, g.meter_id, min(u.starts) AS starts, u.ends, sum(u.quantity_e6) AS used,
         bool_or(u.estimated) AS estimated
    FROM metering_usage u JOIN metering_register g ON g.id = u.register_id AND g.channel <> 'received'
   WHERE NOT u.superseded AND u.ends <= %(until)s
   GROUP BY u.service_point_id, g.meter_id, u.ends),
newest AS (
  SELECT DISTINCT ON (service_point_id) * FROM period WHERE ends >= %(since)s ORDER BY service_point_id, ends DESC),
last_used AS (
  SELECT service_point_id, max(ends) AS ends FROM period WHERE used > 0 GROUP BY service_point_id),
zero AS (
  SELECT b.service_point_id, min(b.starts) AS zero_since, count(*) AS periods
    FROM period b LEFT JOIN last_used l ON l.service_point_id = b.service_point_id
   WHERE b.ends > coalesce(l.ends, '-infinity') GROUP BY b.service_point_id)
SELECT n.number AS account, m.serial AS meter, m.id AS meter_id, {PLACED}, w.starts, w.ends, w.estimated, z.zero_since,
       z.periods, l.ends AS last_used_on, lock.number AS lock
  FROM newest w
  JOIN metering_meter m ON m.id = w.meter_id
  JOIN places_servicepoint s ON s.id = w.service_point_id {PLACE} {account_on("w.ends - 1")}
  LEFT JOIN last_used l ON l.service_point_id = s.id
  JOIN zero z ON z.service_point_id = s.id
  LEFT JOIN LATERAL (
        SELECT k.number FROM metering_seal k WHERE k.service_point_id = s.id AND k.kind = 'lock'
           AND k.validity @> w.ends ORDER BY k.id DESC LIMIT 1) lock ON true
 WHERE w.used = 0 AND n.id IS NOT NULL AND {WITHIN} AND z.periods >= %(periods)s
 ORDER BY z.periods DESC, {WALK}
"""


def rows(asked: Asked) -> list[Row]:
    """Places whose newest period of the days asked for holds no usage although an account is served there."""
    return fetch(_SQL, asked)


REPORT = Report(
    name="zero_usage",
    title=_("Zero usage"),
    says=_("Accounts in service that used nothing: since when, how many periods, when something was used last."),
    area="usage",
    parameters=(
        asking.CYCLE, asking.ROUTE, asking.SINCE, asking.UNTIL,
        Parameter("periods", _("At least periods"), "count", default=lambda _today: 1, least=1),
    ),
    columns=always(
        ACCOUNT, METER, ADDRESS, ROUTE, SERVICE, STARTS, ENDS,
        Column("periods", _("Periods without usage"), "count", origin="meter", origin_key="meter_id"),
        Column("zero_since", _("Nothing since"), "date", origin="meter", origin_key="meter_id"),
        Column("last_used_on", _("Used last until"), "date", origin="meter", origin_key="meter_id"),
        ESTIMATED,
        Column("lock", _("Lock"), "code", spare=True),
    ),
    rows=rows,
    empty=_("Every account read in these days used something."),
)  # fmt: skip
