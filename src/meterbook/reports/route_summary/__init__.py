"""Each route in its window: expected, received, in question, estimated, skipped, by whom, in how many hours."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext_lazy as _

from meterbook.records.metering.hub.expected import by_route
from meterbook.reports import asking
from meterbook.reports.columns import always
from meterbook.reports.contract import Asked, Column, Report, Row
from meterbook.reports.rows import fetch
from meterbook.reports.windows import windows

#: Hours: from the first to the last read of each reader's day, from files that know the minute; keyed reads do not.
_SQL = """
WITH came AS (
  SELECT DISTINCT ON (r.register_id) s.route_id, r.read_on, r.read_at, r.estimated, r.origin, r.batch_id,
         coalesce(nullif(r.reader, ''), t.reader) AS reader
    FROM metering_read r
    JOIN metering_register g ON g.id = r.register_id
    JOIN metering_installation i ON i.meter_id = g.meter_id AND i.validity @> %(scheduled)s::date
    JOIN places_servicepoint s ON s.id = i.service_point_id
    JOIN places_route t ON t.id = s.route_id AND t.cycle_id = %(cycle_id)s
   WHERE NOT r.superseded AND NOT r.starts_chain AND r.status <> 'rejected'
     AND r.read_on BETWEEN %(since)s AND %(until)s
   ORDER BY r.register_id, r.read_on DESC, r.version DESC),
days AS (
  SELECT route_id, reader, read_on, extract(epoch FROM max(read_at) - min(read_at)) AS seconds
    FROM came WHERE origin = 'file' AND NOT estimated GROUP BY route_id, reader, read_on),
skipped AS (
  SELECT s.route_id, count(DISTINCT (s.id, p."on")) AS visits FROM metering_fieldrequeststep p
    JOIN metering_fieldrequest q ON q.id = p.request_id
    JOIN places_servicepoint s ON s.id = q.service_point_id
   WHERE p."on" BETWEEN %(since)s AND %(until)s AND p.note LIKE 'Not read: %%' GROUP BY s.route_id)
SELECT t.id AS route_id,
       (SELECT count(*) FROM came c WHERE c.route_id = t.id AND c.estimated) AS estimated,
       coalesce(k.visits, 0) AS skipped,
       (SELECT string_agg(DISTINCT c.reader, ', ') FROM came c WHERE c.route_id = t.id AND c.reader <> '') AS readers,
       (SELECT sum(d.seconds) FROM days d WHERE d.route_id = t.id) AS seconds
  FROM places_route t LEFT JOIN skipped k ON k.route_id = t.id WHERE t.cycle_id = %(cycle_id)s
"""


def rows(asked: Asked) -> list[Row]:
    """One row a route in the newest window of each cycle."""
    found: list[Row] = []
    for cycle, window in windows(asked):
        span = {"since": window.since, "scheduled": window.scheduled, "until": window.until}
        more = {row["route_id"]: row for row in fetch(_SQL, asked, cycle_id=cycle.pk, **span)}
        for route in by_route(cycle, window):
            if asked.text("route") not in ("", route.code):
                continue
            extra = more[route.route]
            found.append(
                {
                    "cycle": cycle.code, "route": route.code, "title": route.title, "kind": route.kind,
                    "scheduled": window.scheduled, "expected": route.expected, "received": route.received,
                    "missing": route.missing, "queued": route.queued, "estimated": extra["estimated"],
                    "skipped": extra["skipped"], "reader": extra["readers"] or route.reader,
                    "hours": _hours(extra["seconds"]),
                }
            )  # fmt: skip
    return found


def _hours(seconds: Decimal | None) -> Decimal | None:
    """Hours to a tenth, half up."""
    return None if seconds is None else (Decimal(seconds) / 3600).quantize(Decimal("0.1"), ROUND_HALF_UP)


REPORT = Report(
    name="route_summary",
    title=_("Route summary"),
    says=_("Each route in its window: expected, received, in question, estimated, skipped; by whom, and in what time."),
    area="reads",
    parameters=(asking.CYCLE, asking.ROUTE, asking.AS_OF),
    columns=always(
        Column("cycle", _("Cycle"), "code", filter="text"),
        Column("route", _("Route"), "code", filter="text", origin="route", origin_key="route"),
        Column("title", _("Title"), spare=True),
        Column("kind", _("Kind"), "words", "route_kind", filter="choice",
               choices=("walk", "drive_by", "ami", "manual"), spare=True),
        Column("scheduled", _("Read day"), "date"),
        Column("expected", _("Expected"), "count", total=True),
        Column("received", _("Received"), "count", total=True),
        Column("missing", _("Missing"), "count", total=True, origin="missing", origin_key="cycle"),
        Column("queued", _("In question"), "count", total=True, origin="questions", origin_key="route"),
        Column("estimated", _("Estimated"), "count", total=True),
        Column("skipped", _("Skipped"), "count", total=True),
        Column("reader", _("Reader"), filter="text"),
        Column("hours", _("Hours"), "number"),
    ),
    rows=rows,
    empty=_("No route is read in a cycle yet."),
)  # fmt: skip
