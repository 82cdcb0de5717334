"""Dates of the run that are not those of the published billing calendar."""

from __future__ import annotations

from meterbook.engine.trace import N_
from meterbook.records.billing.readiness.contract import Check

_SQL = """
WITH run AS (SELECT * FROM billing_billrun WHERE id = %(run)s AND kind = 'cycle'),
edition AS (
  SELECT DISTINCT ON (e.year) e.id, e.year FROM billing_calendaredition e JOIN run ON run.cycle_id = e.cycle_id
   WHERE e.status = 'published' ORDER BY e.year, e.number DESC),
period AS (
  SELECT d.edition_id, d.month FROM billing_calendardate d JOIN edition e ON e.id = d.edition_id
    JOIN run ON run.bill_date = d.day WHERE d.kind = 'bill' LIMIT 1)
SELECT '' AS account, '' AS commodity, '' AS point, d.kind AS what, w.day || ' → ' || d.day AS detail, w.day AS "on"
  FROM run
 CROSS JOIN LATERAL (VALUES ('read_opens', run.read_from), ('read', run.service_to), ('read_closes', run.read_to),
                            ('due', run.due_date)) w(kind, day)
  JOIN period ON true
  JOIN billing_calendardate d ON d.edition_id = period.edition_id AND d.month = period.month AND d.kind = w.kind
 WHERE d.day <> w.day
UNION ALL
SELECT '', '', '', 'not_in_calendar', run.bill_date::text, run.bill_date FROM run
 WHERE NOT EXISTS (SELECT FROM period)
   AND EXISTS (SELECT FROM edition WHERE year = extract(year FROM run.service_to))
UNION ALL
SELECT '', '', '', 'no_calendar', extract(year FROM run.service_to)::text, run.bill_date FROM run
 WHERE NOT EXISTS (SELECT FROM edition WHERE year = extract(year FROM run.service_to))
"""
CHECK = Check(
    name="calendar_differs",
    title=N_("Dates off the calendar"),
    says=N_("Dates of the run that are not those of the published billing calendar."),
    owner="supervisor",
    sql=_SQL,
)
