"""What a bill's adjustments since the last one are made of, one by one, for the bill page and the printed bill.

A bill says one figure, what was booked beside bills and payments between two calculations. Here every such booking is
named; what nothing is known of beyond its amount stands in one last line, so the lines always add up to the figure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection

from meterbook.records.adjustments.models import Adjustment
from meterbook.records.billing.models import Bill


@dataclass(frozen=True, slots=True)
class Since:
    """One booking since the bill before: words by language; ``adjustment`` its id, where it is one."""

    effective_on: date | None
    service: str
    words: dict[str, str]
    amount_cents: int
    adjustment: int | None = None


#: Words for what is booked by other areas, and for what remains.
OTHERS = {
    "deposit": {"en": "Deposit applied", "es": "Depósito aplicado"},
    "settlement": {"en": "Level pay settled", "es": "Liquidación del pago nivelado"},
    "return_fee": {"en": "Returned payment fee", "es": "Cargo por pago devuelto"},
    "fee": {"en": "Fee", "es": "Cargo"},
    "install": {"en": "Deposit asked for", "es": "Depósito solicitado"},
    "interest": {"en": "Interest on your deposit", "es": "Intereses de su depósito"},
    "refund": {"en": "Refund", "es": "Reembolso"},
    "transfer": {"en": "Transfer between accounts", "es": "Traslado entre cuentas"},
    "penalty": {"en": "Late payment penalty", "es": "Recargo por pago tardío"},
    "write_off": {"en": "Written off", "es": "Dado de baja"},
    "": {"en": "Other bookings", "es": "Otros movimientos"},
}

#: The moment a bill was calculated is the end of its chunk; what was booked by then and not on the bill before is on
#: it. A bill still being calculated, or before the first, has no such moment. Deposits that a bill applies as it posts
#: stand on that bill alone.
_SINCE = """
WITH asked AS (
  SELECT b.id, b.account_id, b.adjustments_cents, t.done_at AS upto, before.done_at AS since
    FROM billing_bill b
    LEFT JOIN billing_runchunk t ON t.run_id = b.run_id AND b.account_id BETWEEN t.first_account AND t.last_account
    LEFT JOIN LATERAL (
         SELECT c.done_at FROM billing_bill p JOIN billing_billrun r ON r.id = p.run_id AND r.status = 'posted'
           JOIN billing_runchunk c ON c.run_id = p.run_id AND p.account_id BETWEEN c.first_account AND c.last_account
          WHERE p.account_id = b.account_id AND (p.bill_date, p.id) < (b.bill_date, b.id)
          ORDER BY p.bill_date DESC, p.id DESC LIMIT 1) before ON true
   WHERE b.id = ANY(%s) AND b.adjustments_cents <> 0)
SELECT a.id, o.source_kind, o.source_id, o.service, o.effective_on,
       CASE o.side WHEN 'charge' THEN o.amount_cents ELSE -o.amount_cents END
  FROM asked a JOIN ledger_openitem o ON o.account_id = a.account_id
   AND o.source_kind NOT IN ('bill', 'payment', 'placement', 'reversal')
  JOIN platform_deed d ON d.id = o.deed_id
 WHERE d.recorded_at > coalesce(a.since, '-infinity') AND d.recorded_at <= coalesce(a.upto, 'infinity')
   AND NOT (o.source_kind = 'deposit' AND EXISTS (SELECT FROM ledger_deposituse u WHERE u.id = o.source_id
                                                     AND u.bill <> ''))
 ORDER BY a.id, o.effective_on, o.id
"""


def since_last_bill(bills: Sequence[Bill]) -> dict[int, list[Since]]:
    """The bookings of each bill's ``adjustments_cents``, by bill id; each list adds up to the figure exactly.

    A deposit that a final bill applies is on it before it is booked, so it is taken from the bill, not from the books.
    """
    asked = [bill for bill in bills if bill.adjustments_cents]
    if not asked:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_SINCE, [[bill.pk for bill in asked]])
        rows = cursor.fetchall()
    known = Adjustment.objects.in_bulk({row[2] for row in rows if row[1] == "adjustment"})
    found: dict[int, list[Since]] = defaultdict(list)
    deposits: dict[int, int] = defaultdict(int)
    for bill_id, kind, source, service, day, cents in rows:
        if kind == "deposit":
            deposits[bill_id] += int(cents)
            continue
        made = known.get(source) if kind == "adjustment" else None
        words = {"en": made.words_en, "es": made.words_es} if made else OTHERS.get(kind, OTHERS[""])
        found[bill_id].append(Since(day, service, words, int(cents), made.pk if made else None))
    for bill in asked:
        if bill.deposits_cents:
            found[bill.pk].append(Since(bill.bill_date, "", OTHERS["deposit"], bill.deposits_cents))
        rest = bill.adjustments_cents - sum(one.amount_cents for one in found[bill.pk])
        if rest:
            kind = "deposit" if rest == deposits[bill.pk] else ""
            found[bill.pk].append(Since(None, "", OTHERS[kind], rest))
    return dict(found)
