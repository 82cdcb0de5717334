"""Usage of an account, a service point or a meter's place, period by period over two years."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from meterbook.reports import asking
from meterbook.reports.columns import (
    ACCOUNT,
    ADDRESS,
    BATCH,
    ENDS,
    ESTIMATED,
    METER,
    SERVICE,
    STARTS,
    UNIT,
    USED,
    always,
)
from meterbook.reports.contract import Asked, CannotReport, Column, Parameter, Report, Row, WrongParameter
from meterbook.reports.places import PLACE, PLACED, account_on
from meterbook.reports.rows import fetch

_POINTS = """
SELECT s.id FROM places_servicepoint s WHERE %(point)s <> '' AND s.code = %(point)s
UNION SELECT a.service_point_id FROM customers_serviceagreement a
  JOIN customers_account n ON n.id = a.account_id WHERE %(account)s <> '' AND n.number = %(account)s
UNION SELECT i.service_point_id FROM metering_installation i
  JOIN metering_meter m ON m.id = i.meter_id WHERE %(meter)s <> '' AND m.serial = %(meter)s
"""
#: An account sees the days of its own agreement only, never those of who lived there before.
_SQL = f"""
SELECT n.number AS account, m.serial AS meter, m.id AS meter_id, g.channel, g.unit, {PLACED}, u.starts, u.ends,
       u.ends - u.starts AS days, u.quantity_e6 AS used, u.estimated, u.rollover,
       floor(u.quantity_e6::numeric / (u.ends - u.starts) / 1000 + 0.5)::bigint * 1000 AS a_day,
       f.value AS from_value, r.value AS to_value, y.used AS last_year, r.batch_id, x.file_name
  FROM metering_usage u
  JOIN metering_register g ON g.id = u.register_id
  JOIN metering_meter m ON m.id = g.meter_id
  JOIN metering_read r ON r.id = u.to_read_id
  JOIN metering_read f ON f.id = u.from_read_id
  JOIN places_servicepoint s ON s.id = u.service_point_id {PLACE} {account_on("u.ends - 1")}
  LEFT JOIN platform_importbatch x ON x.id = r.batch_id
  LEFT JOIN LATERAL (
        SELECT b.quantity_e6 AS used FROM metering_usage b
          JOIN metering_register h ON h.id = b.register_id AND h.channel = g.channel
         WHERE b.service_point_id = s.id AND NOT b.superseded
           AND b.ends BETWEEN (u.ends - interval '1 year')::date - 20 AND (u.ends - interval '1 year')::date + 20
           AND (%(account)s = '' OR EXISTS (
               SELECT FROM customers_serviceagreement own WHERE own.account_id = n.id
                  AND own.service_point_id = s.id AND own.validity @> (b.ends - 1)))
         ORDER BY abs(b.ends - (u.ends - interval '1 year')::date), b.id LIMIT 1) y ON true
 WHERE NOT u.superseded AND s.id = ANY(%(points)s)
   AND u.ends > (%(as_of)s::date - make_interval(months => %(months)s::int))::date AND u.ends <= %(as_of)s
   AND (%(account)s = '' OR n.number = %(account)s)
 ORDER BY s.commodity, s.id, g.channel, u.ends DESC, u.id
"""


def rows(asked: Asked) -> list[Row]:
    """The periods of the months asked for, newest first, service by service."""
    given = [name for name in ("account", "point", "meter") if asked.text(name)]
    if not given:
        raise CannotReport(_("Type an account, a service point or a meter."))
    points = [row["id"] for row in fetch(_POINTS, asked)]
    if not points:
        raise WrongParameter(given[0], asked.text(given[0]), _("one on record"))
    return fetch(_SQL, asked, points=points)


def _two_years(_today: date) -> int:
    return 24


REPORT = Report(
    name="consumption_history",
    title=_("Consumption history"),
    says=_("Usage of an account, a service point or a meter's place, period by period over two years."),
    area="usage",
    parameters=(
        Parameter("account", _("Account"), "account"),
        Parameter("point", _("Service point"), "point"),
        Parameter("meter", _("Meter"), "meter"),
        asking.AS_OF,
        Parameter("months", _("Months"), "count", default=_two_years, least=1),
    ),
    columns=always(
        SERVICE, ACCOUNT, METER, ADDRESS,
        Column("channel", _("Register"), "words", "register", spare=True),
        STARTS, ENDS,
        Column("days", _("Days"), "count"),
        Column("from_value", _("Previous read"), "number", spare=True, origin="meter", origin_key="meter_id"),
        Column("to_value", _("Read"), "number", spare=True, origin="meter", origin_key="meter_id"),
        USED, UNIT,
        Column("a_day", _("A day"), "quantity"),
        Column("last_year", _("A year before"), "quantity", origin="meter", origin_key="meter_id"),
        ESTIMATED,
        Column("rollover", _("Rollover"), "flag", spare=True),
        BATCH,
    ),
    rows=rows,
    empty=_("Nothing was read there in these months."),
)  # fmt: skip
