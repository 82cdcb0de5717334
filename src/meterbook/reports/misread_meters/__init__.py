"""Reads a rule or a person questioned: what the register showed, what was expected, why, and what was done."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from meterbook.reports import asking
from meterbook.reports.columns import ACCOUNT, ADDRESS, BATCH, METER, ROUTE, UNIT, always
from meterbook.reports.contract import Asked, Column, Parameter, Report, Row
from meterbook.reports.misread_meters.ranges import ranges
from meterbook.reports.places import PLACE, PLACED, WALK, WITHIN, account_on
from meterbook.reports.rows import fetch
from meterbook.reports.said import sentences

_SQL = f"""
SELECT e.id AS exception_id, e."on", n.number AS account, m.serial AS meter, m.id AS meter_id, {PLACED},
       b.read_on AS previous_on, b.value AS previous, r.value AS current, e.found_e6 AS used, g.multiplier,
       coalesce(nullif(e.unit, ''), g.unit) AS unit, f.found AS findings, e.source, h.photo_id,
       CASE WHEN e.state = 'resolved' THEN e.resolution ELSE e.state END AS action, e.resolved_on, u.username AS by,
       r.batch_id, x.file_name
  FROM metering_readexception e
  JOIN metering_read r ON r.id = e.read_id
  JOIN metering_register g ON g.id = r.register_id
  JOIN metering_meter m ON m.id = g.meter_id
  JOIN places_servicepoint s ON s.id = e.service_point_id {PLACE} {account_on('e."on" - 1')}
  LEFT JOIN platform_importbatch x ON x.id = r.batch_id
  LEFT JOIN platform_deed d ON d.id = e.resolved_by_id
  LEFT JOIN platform_user u ON u.id = d.actor_id
  LEFT JOIN LATERAL (
        SELECT k.read_on, k.value FROM metering_read k WHERE k.register_id = g.id AND k.status = 'accepted'
           AND NOT k.superseded AND k.read_on < e."on" ORDER BY k.read_on DESC LIMIT 1) b ON true
  LEFT JOIN LATERAL (
        SELECT jsonb_agg(jsonb_build_object('rule', i.rule, 'figures', i.figures) ORDER BY i.holds DESC, i.id) AS found
          FROM metering_finding i WHERE i.exception_id = e.id) f ON true
  LEFT JOIN LATERAL (
        SELECT min(o.id) AS photo_id FROM platform_attachment o
         WHERE o.subject = 'read:' || r.id AND o.content_type LIKE 'image/%%') h ON true
 WHERE e."on" BETWEEN %(since)s AND %(until)s AND {WITHIN}
   AND (%(state)s = '' OR (e.state = 'resolved') = (%(state)s = 'decided'))
 ORDER BY {WALK}, e."on", e.id
"""
_STATES = {"": _("All"), "undecided": _("Not decided yet"), "decided": _("Decided")}


def rows(asked: Asked) -> list[Row]:
    """Every questioned read of the days asked for, with the reads between which nobody would have asked."""
    found = fetch(_SQL, asked)
    between = ranges([row["exception_id"] for row in found], asked.today)
    for row in found:
        row["reason"] = sentences(row["findings"])
        low, high = between.get(row["exception_id"], (None, None))
        row["low"], row["high"] = _as_read(row, low), _as_read(row, high)
        row["photo"] = row["photo_id"] is not None
    return found


def _as_read(row: Row, usage: int | None) -> Decimal | None:
    """What the register shows after so much usage (millionths), to its own step; past the last digit it counts on."""
    if usage is None or row["previous"] is None:
        return None
    shown: Decimal = row["previous"] + (Decimal(usage).scaleb(-6) / row["multiplier"])
    return shown.quantize(Decimal("0.001")).normalize()


REPORT = Report(
    name="misread_meters",
    title=_("Misread meters"),
    says=_("Reads a rule or a person questioned: what the register showed, what was expected, why, what was done."),
    area="reads",
    parameters=(
        asking.CYCLE, asking.ROUTE, asking.SINCE, asking.UNTIL,
        Parameter("state", _("Action"), "choice", choices=_STATES),
    ),
    columns=always(
        ACCOUNT, METER, ADDRESS, ROUTE,
        Column("on", _("Read on"), "date", origin="exception", origin_key="exception_id"),
        Column("previous", _("Previous read"), "number", origin="meter", origin_key="meter_id"),
        Column("current", _("Current read"), "number", origin="exception", origin_key="exception_id"),
        Column("low", _("Expected from"), "number", origin="exception", origin_key="exception_id"),
        Column("high", _("Expected to"), "number", origin="exception", origin_key="exception_id"),
        Column("used", _("Usage"), "quantity", spare=True, origin="exception", origin_key="exception_id"),
        UNIT,
        Column("reason", _("Why"), filter="text"),
        Column("photo", _("Photo"), "flag", origin="photo", origin_key="photo_id"),
        Column("action", _("Action"), "words", "read_action", filter="choice",
               choices=("open", "waiting", "accepted", "corrected", "estimated", "rejected")),
        Column("resolved_on", _("Decided on"), "date", spare=True),
        Column("by", _("By"), spare=True),
        BATCH,
    ),
    rows=rows,
    empty=_("No read of these days was questioned."),
)  # fmt: skip
