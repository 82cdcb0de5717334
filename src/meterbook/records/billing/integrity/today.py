"""Tables of the day under audit, made once for all checks: points, who pays for them, what hangs there, bills.

Temporary, within the audit's transaction. A point stands in them that is valid on the day.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import connection

#: Days of bills that the average of a class is taken over.
_AVERAGE_OVER = 400

_NAMES = ("audit_found", "audit_usual", "audit_billed", "audit_hung", "audit_served", "audit_points")
_TABLES = (
    """CREATE TEMPORARY TABLE audit_points ON COMMIT DROP AS
SELECT s.id, s.code, s.commodity, s.connection, s.water_source_id, lower(s.validity) AS since,
       s.premise_id, p.parcel_id, p.premise_class,
       concat_ws(' ', p.street_number, p.street, nullif(p.unit, '')) AS address
  FROM places_servicepoint s JOIN places_premise p ON p.id = s.premise_id
 WHERE s.validity @> %(day)s::date""",
    """CREATE TEMPORARY TABLE audit_served ON COMMIT DROP AS
SELECT g.service_point_id, g.id AS agreement_id, g.account_id, a.number AS account, a.cycle_id, g.schedule_id,
       s.code AS schedule, s.commodity AS priced, lower(g.validity) AS since
  FROM customers_serviceagreement g
  JOIN customers_account a ON a.id = g.account_id
  JOIN rates_schedule s ON s.id = g.schedule_id
 WHERE g.validity @> %(day)s::date""",
    """CREATE TEMPORARY TABLE audit_hung ON COMMIT DROP AS
SELECT i.service_point_id, i.id AS installation_id, m.id AS meter_id, m.serial, m.size, m.commodity, m.state,
       lower(i.validity) AS since
  FROM metering_installation i JOIN metering_meter m ON m.id = i.meter_id
 WHERE i.validity @> %(day)s::date""",
    """CREATE TEMPORARY TABLE audit_billed ON COMMIT DROP AS
SELECT b.service_point_id, b.agreement_id, max(upper(b.period)) AS upto FROM billing_billedperiod b
 WHERE b.released_id IS NULL GROUP BY 1, 2""",
    """CREATE TEMPORARY TABLE audit_usual ON COMMIT DROP AS
SELECT s.commodity, p.premise_class,
       round(sum(g.amount_cents) * 30 / nullif(sum(g.ends - g.starts), 0))::bigint AS cents
  FROM billing_segment g
  JOIN billing_billrun r ON r.id = g.run_id AND r.status = 'posted' AND r.bill_date > %(day)s::date - %(over)s::int
  JOIN places_servicepoint s ON s.id = g.service_point_id
  JOIN places_premise p ON p.id = s.premise_id
 WHERE g.kind = 'charge' GROUP BY 1, 2""",
    """CREATE TEMPORARY TABLE audit_found (
  kind text, subject text, severity int, moving text[], service_point_id bigint, premise_id bigint, parcel_id bigint,
  meter_id bigint, account_id bigint, commodity text, premise_class text, figures jsonb) ON COMMIT DROP""",
)
_INDEXES = (
    "CREATE INDEX ON audit_points (id)", "CREATE INDEX ON audit_points (premise_id)",
    "CREATE INDEX ON audit_points (parcel_id)", "CREATE INDEX ON audit_served (service_point_id)",
    "CREATE INDEX ON audit_hung (service_point_id)", "CREATE INDEX ON audit_hung (meter_id)",
    "CREATE INDEX ON audit_billed (service_point_id)",
    "ANALYZE audit_points, audit_served, audit_hung, audit_billed, audit_usual",
)  # fmt: skip
_COUNTED = """
SELECT (SELECT count(*) FROM places_parcel), (SELECT count(*) FROM audit_points), (SELECT count(*) FROM audit_hung),
       (SELECT count(*) FROM audit_served)
"""


def lay_out(day: date) -> dict[str, int]:
    """Make the tables of a day; returns how many parcels, points, meters and agreements it has."""
    values: dict[str, Any] = {"day": day, "over": _AVERAGE_OVER}
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {', '.join(_NAMES)}")
        for statement in _TABLES:
            cursor.execute(statement, values)
        for statement in _INDEXES:
            cursor.execute(statement)
        cursor.execute(_COUNTED)
        return dict(zip(("parcels", "points", "meters", "agreements"), map(int, cursor.fetchone()), strict=True))
