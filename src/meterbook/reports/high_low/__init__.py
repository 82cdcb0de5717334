"""Usage far above or below the same season of last year, day for day, whether or not a rule asked."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from meterbook.reports import asking
from meterbook.reports.columns import ACCOUNT, ADDRESS, ENDS, ESTIMATED, METER, ROUTE, STARTS, UNIT, USED, always
from meterbook.reports.contract import Asked, Column, Parameter, Report, Row
from meterbook.reports.places import PLACE, PLACED, WALK, WITHIN, account_on
from meterbook.reports.rows import fetch

#: Last year: the place's usage of the same channel in periods that end within 20 days of a year before, day for day
#: spread over this period's days. Whole percent, rounded half up.
_SQL = f"""
SELECT n.number AS account, m.serial AS meter, m.id AS meter_id, g.unit, {PLACED}, u.starts, u.ends, u.estimated,
       u.quantity_e6 AS used, round(b.daily * (u.ends - u.starts))::bigint AS last_year,
       floor(u.quantity_e6 * 100 / (b.daily * (u.ends - u.starts)) + 0.5)::bigint AS percent, e.id AS exception_id,
       CASE WHEN e.id IS NULL THEN '' WHEN e.state = 'resolved' THEN e.resolution ELSE e.state END AS action
  FROM metering_usage u
  JOIN metering_register g ON g.id = u.register_id
  JOIN metering_meter m ON m.id = g.meter_id
  JOIN places_servicepoint s ON s.id = u.service_point_id {PLACE} {account_on("u.ends - 1")}
  CROSS JOIN LATERAL (
        SELECT sum(y.quantity_e6)::numeric / sum(y.ends - y.starts) AS daily FROM metering_usage y
          JOIN metering_register h ON h.id = y.register_id AND h.channel = g.channel
         WHERE y.service_point_id = s.id AND NOT y.superseded
           AND y.ends BETWEEN (u.ends - interval '1 year')::date - 20 AND (u.ends - interval '1 year')::date + 20) b
  LEFT JOIN metering_readexception e ON e.read_id = u.to_read_id
 WHERE NOT u.superseded AND u.ends BETWEEN %(since)s AND %(until)s AND b.daily > 0 AND {WITHIN}
   AND (u.quantity_e6 * 100 < %(low)s * b.daily * (u.ends - u.starts)
     OR u.quantity_e6 * 100 > %(high)s * b.daily * (u.ends - u.starts))
   AND abs(u.quantity_e6 - b.daily * (u.ends - u.starts)) >= %(least)s * 1000000::numeric
 ORDER BY abs(u.quantity_e6 - b.daily * (u.ends - u.starts)) DESC, {WALK}, u.id
"""


def rows(asked: Asked) -> list[Row]:
    """Accepted usage outside the range asked for, the greatest difference first."""
    return fetch(_SQL, asked)


REPORT = Report(
    name="high_low",
    title=_("High and low usage"),
    says=_("Accepted usage far above or below the same season of last year, whether or not a rule asked about it."),
    area="usage",
    parameters=(
        asking.CYCLE, asking.ROUTE, asking.SINCE, asking.UNTIL,
        Parameter("low", _("Below, percent of last year"), "count", default=lambda _today: 50),
        Parameter("high", _("Above, percent of last year"), "count", default=lambda _today: 200),
        Parameter("least", _("Difference of at least, units"), "count", default=lambda _today: 1),
    ),
    columns=always(
        ACCOUNT, METER, ADDRESS, ROUTE, STARTS, ENDS, USED,
        Column("last_year", _("Last year, same days"), "quantity", origin="meter", origin_key="meter_id"),
        UNIT,
        Column("percent", _("Percent of last year"), "count"),
        ESTIMATED,
        Column("action", _("Question"), "words", "read_action", origin="exception", origin_key="exception_id"),
    ),
    rows=rows,
    empty=_("No usage of these days is far from last year's."),
)  # fmt: skip
