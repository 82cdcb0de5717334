"""Marking the true-ups of estimates that a posted case settled."""

from __future__ import annotations

from django.db import connection

from meterbook.records.corrections.models import CorrectionCase
from meterbook.records.platform.models import Deed

_SETTLE = """
UPDATE metering_trueup t SET settled_by_id = %s
  FROM corrections_caseitem i
  JOIN billing_segment s ON s.run_id = %s AND s.kind = 'charge' AND s.service_point_id = i.service_point_id
       AND s.starts >= i.starts AND s.ends <= i.ends
 WHERE i.case_id = %s AND t.settled_by_id IS NULL AND t.starts >= s.starts AND t.ends <= s.ends
   AND EXISTS (SELECT FROM jsonb_array_elements(nullif(s.inputs -> 'pieces', 'null')) p
                WHERE (p ->> 'register')::bigint = t.register_id)
"""


def settle_true_ups(deed: Deed, case: CorrectionCase) -> int:
    """Mark open true-ups of registers and days the case billed anew, by its posting deed; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(_SETTLE, [deed.pk, case.run_id, case.pk])
        return int(cursor.rowcount)
