"""Meters that stand still: read more than once at the same value where something was used before."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from meterbook.reports import asking
from meterbook.reports.columns import ACCOUNT, ADDRESS, METER, ROUTE, SERVICE, UNIT, always
from meterbook.reports.contract import Asked, Column, Parameter, Report, Row
from meterbook.reports.places import PLACE, PLACED, WALK, WITHIN, account_on
from meterbook.reports.rows import fetch

#: Only reads of the meter itself count: an estimate says nothing of whether a dial moves. Usage before is the usage of
#: the year up to the day it stood still, of the place, so that a meter dead from its first day is found too.
_SQL = f"""
WITH seen AS (
  SELECT r.register_id, r.id, r.read_on, r.value FROM metering_read r
   WHERE NOT r.superseded AND r.status = 'accepted' AND NOT r.estimated AND r.read_on <= %(as_of)s),
newest AS (
  SELECT DISTINCT ON (register_id) register_id, read_on, value FROM seen ORDER BY register_id, read_on DESC, id DESC),
changed AS (
  SELECT o.register_id, max(o.read_on) AS read_on FROM seen o JOIN newest w ON w.register_id = o.register_id
   WHERE o.value <> w.value GROUP BY o.register_id),
still AS (
  SELECT w.register_id, w.value, w.read_on, min(b.read_on) AS since, count(*) AS reads
    FROM newest w JOIN seen b ON b.register_id = w.register_id AND b.value = w.value
    LEFT JOIN changed c ON c.register_id = w.register_id
   WHERE b.read_on > coalesce(c.read_on, '-infinity')
   GROUP BY w.register_id, w.value, w.read_on)
SELECT n.number AS account, m.serial AS meter, m.id AS meter_id, m.size, g.channel, g.unit, {PLACED}, k.value, k.since,
       k.read_on, k.read_on - k.since AS days, k.reads, b.used, q.id AS field_request_id, q.state AS field_request
  FROM still k
  JOIN metering_register g ON g.id = k.register_id AND g.channel <> 'received'
  JOIN metering_meter m ON m.id = g.meter_id
  JOIN metering_installation i ON i.meter_id = m.id AND i.validity @> %(as_of)s::date
  JOIN places_servicepoint s ON s.id = i.service_point_id {PLACE} {account_on("%(as_of)s")}
  CROSS JOIN LATERAL (
        SELECT coalesce(sum(u.quantity_e6), 0)::bigint AS used FROM metering_usage u
          JOIN metering_register h ON h.id = u.register_id AND h.channel = g.channel
         WHERE u.service_point_id = s.id AND NOT u.superseded AND u.ends <= k.since
           AND u.ends > (k.since - interval '1 year')::date) b
  LEFT JOIN LATERAL (
        SELECT o.id, o.state FROM metering_fieldrequest o WHERE o.service_point_id = s.id AND o.kind = 'check_meter'
           AND o.state <> 'closed' ORDER BY o.id DESC LIMIT 1) q ON true
 WHERE k.reads >= %(reads)s AND k.read_on > k.since AND b.used > 0 AND {WITHIN}
   AND NOT EXISTS (SELECT FROM metering_seal l WHERE l.service_point_id = s.id AND l.kind = 'lock'
                      AND l.validity @> %(as_of)s::date)
 ORDER BY k.since, {WALK}, g.channel
"""


def rows(asked: Asked) -> list[Row]:
    """Hanging meters that are not locked and show what they showed before, those standing longest first."""
    return fetch(_SQL, asked)


REPORT = Report(
    name="non_registering",
    title=_("Meters that stand still"),
    says=_("Meters read again and again at the same value where something was used before; locked ones left out."),
    area="meters",
    parameters=(
        asking.CYCLE, asking.ROUTE, asking.AS_OF,
        Parameter("reads", _("At least equal reads"), "count", default=lambda _today: 2, least=2),
    ),
    columns=always(
        ACCOUNT, METER, ADDRESS, ROUTE, SERVICE,
        Column("size", _("Size"), filter="text", spare=True),
        Column("channel", _("Register"), "words", "register", spare=True),
        Column("value", _("Read"), "number", origin="meter", origin_key="meter_id"),
        Column("since", _("Stands since"), "date", origin="meter", origin_key="meter_id"),
        Column("read_on", _("Last read on"), "date", spare=True),
        Column("days", _("Days"), "count"),
        Column("reads", _("Equal reads"), "count"),
        Column("used", _("Usage in the year before"), "quantity", origin="meter", origin_key="meter_id"),
        UNIT,
        Column("field_request", _("Check of the meter"), "words", "field_state", origin="field_request",
               origin_key="field_request_id"),
    ),
    rows=rows,
    empty=_("Every meter that counted before counts."),
)  # fmt: skip
