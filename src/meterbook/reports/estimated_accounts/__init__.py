"""Accounts whose usage was estimated: how, how surely, and how many times in a row."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from meterbook.engine.metering.estimation import methods
from meterbook.reports import asking
from meterbook.reports.columns import ACCOUNT, ADDRESS, BATCH, METER, ROUTE, UNIT, USED, always
from meterbook.reports.contract import Asked, Column, Parameter, Report, Row
from meterbook.reports.places import PLACE, PLACED, WALK, WITHIN, account_on
from meterbook.reports.rows import fetch

#: An estimate that came in a file: how it was made nobody told.
STATED = "stated"
_SQL = f"""
SELECT n.number AS account, m.serial AS meter, m.id AS meter_id, g.channel, g.unit, {PLACED}, r.read_on, r.value,
       y.quantity_e6 AS used, coalesce(v.method, '{STATED}') AS method, v.confidence, k.in_a_row, r.batch_id,
       x.file_name, q.id AS field_request_id, q.state AS field_request
  FROM metering_read r
  JOIN metering_register g ON g.id = r.register_id
  JOIN metering_meter m ON m.id = g.meter_id
  JOIN metering_installation i ON i.meter_id = m.id AND i.validity @> (r.read_on - 1)
  JOIN places_servicepoint s ON s.id = i.service_point_id {PLACE} {account_on("r.read_on - 1")}
  LEFT JOIN platform_importbatch x ON x.id = r.batch_id
  LEFT JOIN metering_estimate v ON v.read_id = r.id
  LEFT JOIN metering_usage y ON y.to_read_id = r.id AND NOT y.superseded
  CROSS JOIN LATERAL (
        SELECT count(*) AS in_a_row FROM metering_read e
         WHERE e.register_id = r.register_id AND NOT e.superseded AND e.status = 'accepted' AND e.read_on <= r.read_on
           AND e.read_on > coalesce((
               SELECT max(z.read_on) FROM metering_read z
                WHERE z.register_id = r.register_id AND NOT z.superseded AND z.status = 'accepted'
                  AND NOT z.estimated AND z.read_on < r.read_on), '-infinity')) k
  LEFT JOIN LATERAL (
        SELECT o.id, o.state FROM metering_fieldrequest o WHERE o.service_point_id = s.id
           AND o.kind = 'estimate_limit' AND o.state <> 'closed' ORDER BY o.id DESC LIMIT 1) q ON true
 WHERE r.estimated AND NOT r.superseded AND r.status = 'accepted' AND r.read_on BETWEEN %(since)s AND %(until)s
   AND {WITHIN} AND k.in_a_row >= %(in_a_row)s
 ORDER BY k.in_a_row DESC, {WALK}, r.read_on, r.id
"""


def rows(asked: Asked) -> list[Row]:
    """Every estimated read that counts, those estimated most often in a row first."""
    found = fetch(_SQL, asked)
    for row in found:
        known = row["method"] in methods.names()
        row["method"] = gettext(methods.title(row["method"])) if known else _method_words(row["method"])
    return found


def _method_words(method: str) -> str:
    """A method no folder has: the sender's own, or what was typed when it was made."""
    return gettext("Stated by the sender") if method == STATED else method.replace("_", " ").capitalize()


REPORT = Report(
    name="estimated_accounts",
    title=_("Estimated accounts"),
    says=_("Accounts whose usage was estimated: how, how surely, and how many times in a row."),
    area="reads",
    parameters=(
        asking.CYCLE, asking.ROUTE, asking.SINCE, asking.UNTIL,
        Parameter("in_a_row", _("At least in a row"), "count", default=lambda _today: 1, least=1),
    ),
    columns=always(
        ACCOUNT, METER, ADDRESS, ROUTE,
        Column("read_on", _("Estimated for"), "date"),
        Column("value", _("Read"), "number", spare=True, origin="meter", origin_key="meter_id"),
        USED, UNIT,
        Column("method", _("Method"), filter="text"),
        Column("confidence", _("Confidence, percent"), "count", spare=True),
        Column("in_a_row", _("In a row"), "count"),
        Column("field_request", _("Field request"), "words", "field_state", origin="field_request",
               origin_key="field_request_id"),
        BATCH,
    ),
    rows=rows,
    empty=_("No usage of these days was estimated."),
)  # fmt: skip
