"""Bills of an account follow each other: a corrected bill says what was owed before it, so none may come between."""

from __future__ import annotations

from django.db import connection

from meterbook.records.billing.models import BillRun
from meterbook.records.corrections.refusals import BilledMeanwhile

_WAITING = """
SELECT r.number, b.number FROM billing_bill mine
  JOIN billing_bill b ON b.account_id = mine.account_id AND b.run_id <> mine.run_id
  JOIN billing_billrun r ON r.id = b.run_id AND r.status IN ('planned', 'calculated') AND r.kind <> 'correction'
 WHERE mine.run_id = %s ORDER BY 1, 2 LIMIT 1
"""
_OVERTAKEN = """
SELECT mine.number, last.number FROM billing_bill mine
 CROSS JOIN LATERAL (
       SELECT b.number, b.previous_cents + b.payments_cents + b.adjustments_cents + b.current_cents AS due
         FROM billing_bill b JOIN billing_billrun r ON r.id = b.run_id AND r.status = 'posted'
        WHERE b.account_id = mine.account_id AND b.run_id <> mine.run_id
        ORDER BY b.bill_date DESC, b.id DESC LIMIT 1) last
 WHERE mine.run_id = %s AND mine.previous_cents <> last.due ORDER BY 1 LIMIT 1
"""


def check_in_turn(run: BillRun) -> None:
    """Raise `BilledMeanwhile` where an account's bill waits in another run, or one posted since this was calculated.

    Either bill would leave out what the other charges, and ask for an amount that is not what is owed.
    """
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, [run.pk])
        waiting = cursor.fetchone()
        cursor.execute(_OVERTAKEN, [run.pk])
        overtaken = cursor.fetchone()
    if waiting is not None:
        raise BilledMeanwhile(
            f"run {waiting[0]} holds bill {waiting[1]}, not posted yet: post it, then calculate the case again"
        )
    if overtaken is not None:
        raise BilledMeanwhile(f"bill {overtaken[1]} was posted since {overtaken[0]}: calculate the case again")
