"""The register's parts: which bills stand in which, their lines in order, and the hash over a part's lines."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from decimal import Decimal

from django.db.models.functions import Collate

from meterbook.records.billing.models import Bill, BillRun
from meterbook.reports.contract import Row
from meterbook.reports.runs import Source

#: Bills in a part: some 2,500 lines, which a browser lays out and a printer prints.
BILLS = 250
_LINES = """
SELECT b.number AS bill, b.id AS bill_id, a.number AS account, s.commodity, p.code AS point, c.code AS schedule, s.kind,
       l.seq, l.component, l.part, l.version, l.starts, l.ends, l.quantity_e6, l.price_e8, l.amount_cents AS amount,
       s.document_id
  FROM {segment} s
  JOIN {line} l ON l.run_id = s.run_id AND l.segment_id = s.id
  JOIN billing_bill b ON b.id = s.bill_id
  JOIN customers_account a ON a.id = b.account_id
  JOIN places_servicepoint p ON p.id = s.service_point_id
  JOIN rates_schedule c ON c.id = s.schedule_id
 WHERE s.run_id = %(run)s AND s.bill_id = ANY(%(bills)s)
 ORDER BY a.number COLLATE "C", b.id, s.id, l.seq
"""
#: What is hashed of a line: everything a bill says, nothing a language or a surrogate id has a part in.
_HASHED = (
    "bill", "account", "commodity", "point", "schedule", "kind", "seq", "component", "part", "version", "starts",
    "ends", "quantity_e6", "price_e8", "amount",
)  # fmt: skip


def parts_of(run: BillRun, part: int | None) -> list[tuple[int, str]]:
    """The bills of one part (from 1) or of every part, as id and number, by account number."""
    found = Bill.objects.filter(run=run).order_by(Collate("account__number", "C"), "id").values_list("pk", "number")
    return list(found if part is None else found[(part - 1) * BILLS : part * BILLS])


def lines_of(source: Source, bills: Sequence[tuple[int, str]]) -> list[Row]:
    """The lines of some bills in the register's order, prices in dollars."""
    found = source.fetch(_LINES, bills=[pk for pk, _number in bills])
    for row in found:
        row["price"] = Decimal(row["price_e8"]).scaleb(-8).normalize()
    return found


def digest(lines: Sequence[Row]) -> str:
    """The hash over a part's lines, one JSON array a line."""
    made = hashlib.sha256()
    for row in lines:
        text = json.dumps([row[key] for key in _HASHED], default=str, ensure_ascii=False, separators=(",", ":"))
        made.update(text.encode() + b"\n")
    return made.hexdigest()
