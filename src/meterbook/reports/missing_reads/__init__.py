"""Registers that should have been read in the window of their cycle and were not, with the reason if one was given."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from meterbook.records.metering.hub.expected import WALKED, missing_registers
from meterbook.records.metering.hub.not_read import REASONS, reasons_on
from meterbook.reports import asking
from meterbook.reports.columns import ACCOUNT, ADDRESS, METER, ROUTE, always
from meterbook.reports.contract import Asked, Column, Report, Row
from meterbook.reports.places import PLACE, PLACED, account_on
from meterbook.reports.rows import fetch
from meterbook.reports.windows import windows

_SQL = f"""
SELECT g.id AS register, n.number AS account, m.serial AS meter, m.id AS meter_id, g.channel, {PLACED}, s.location,
       b.read_on AS last_on, %(scheduled)s::date - b.read_on AS days, b.value AS last_value, e.id AS exception_id,
       q.id AS field_request_id, q.kind AS field_request
  FROM unnest(%(registers)s::bigint[], %(points)s::bigint[]) AS w (register, point)
  JOIN metering_register g ON g.id = w.register
  JOIN metering_meter m ON m.id = g.meter_id
  JOIN places_servicepoint s ON s.id = w.point {PLACE} {account_on("%(scheduled)s")}
  LEFT JOIN LATERAL (
        SELECT k.read_on, k.value FROM metering_read k WHERE k.register_id = g.id AND k.status = 'accepted'
           AND NOT k.superseded AND k.read_on < %(since)s ORDER BY k.read_on DESC LIMIT 1) b ON true
  LEFT JOIN LATERAL (
        SELECT x.id FROM metering_readexception x WHERE x.register_id = g.id AND x.read_id IS NULL
           AND x.channel_id IS NULL AND x."on" BETWEEN %(since)s AND %(until)s ORDER BY x.id DESC LIMIT 1) e ON true
  LEFT JOIN LATERAL (
        SELECT o.id, o.kind FROM metering_fieldrequest o WHERE o.service_point_id = s.id AND o.state <> 'closed'
         ORDER BY o.id DESC LIMIT 1) q ON true
"""


def rows(asked: Asked) -> list[Row]:
    """What is missing in the newest window of each cycle, in the order the routes are walked."""
    found: list[Row] = []
    for cycle, window in windows(asked):
        route = asked.text("route")
        missing = missing_registers(cycle, window).order_by(*WALKED)
        walked = [(row["id"], row["point"]) for row in missing if not route or row["route_code"] == route]
        registers, points = [pair[0] for pair in walked], [pair[1] for pair in walked]
        span = {"since": window.since, "scheduled": window.scheduled, "until": window.until}
        known = {row["register"]: row for row in fetch(_SQL, asked, registers=registers, points=points, **span)}
        said = reasons_on(points, window.since, window.until)
        for register, point in walked:
            reason = REASONS[said[point]][0] if point in said else ""
            found.append({**known[register], "due": window.scheduled, "reason": gettext(reason) if reason else ""})
    return found


REPORT = Report(
    name="missing_reads",
    title=_("Missing reads"),
    says=_("Registers that should have been read in the window of their cycle and were not."),
    area="reads",
    parameters=(asking.CYCLE, asking.ROUTE, asking.AS_OF),
    columns=always(
        ACCOUNT, METER, ADDRESS, ROUTE,
        Column("sequence", _("Sequence"), "number", spare=True, origin="route", origin_key="route"),
        Column("due", _("Read day"), "date"),
        Column("last_on", _("Last read on"), "date", origin="meter", origin_key="meter_id"),
        Column("last_value", _("Last read"), "number", spare=True, origin="meter", origin_key="meter_id"),
        Column("days", _("Days since"), "count"),
        Column("reason", _("Reason"), filter="text"),
        Column("location", _("Where the meter is"), spare=True),
        Column("field_request", _("Field request"), "words", "field_kind", origin="field_request",
               origin_key="field_request_id"),
        Column("exception", _("Question"), "flag", origin="exception", origin_key="exception_id", spare=True),
    ),
    rows=lambda asked: [{**row, "exception": row["exception_id"] is not None} for row in rows(asked)],
    empty=_("Every register of these windows is read."),
)  # fmt: skip
