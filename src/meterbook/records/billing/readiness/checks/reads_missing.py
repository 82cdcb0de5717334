"""Registers nobody read in the run's window: their bills will be held."""

from __future__ import annotations

from meterbook.engine.trace import N_
from meterbook.records.billing.readiness.contract import Check

_SQL = """
SELECT e.account, e.commodity, e.point, 'no_read' AS what, e.serial || ' · ' || r.code AS detail,
       %(service_to)s::date AS "on"
  FROM run_registers e JOIN places_route r ON r.id = e.route_id WHERE NOT e.received
"""
CHECK = Check(
    name="reads_missing",
    title=N_("Reads that are missing"),
    says=N_("Registers nobody read in the window: their bills will be held."),
    owner="billing_technician",
    sql=_SQL,
    of="registers",
)
