"""Our own bills as a file of lines: what an upgrade, or another system, is compared with."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from meterbook.formats.bills_csv import BillLine, write
from meterbook.records.billing.models import BillRun
from meterbook.records.parallel.ours import OurBill, of_run


def export_run(run: BillRun) -> bytes:
    """Every line of a run's bills as `formats.bills_csv`, by account; charges by the name of their component."""
    return write(line for bill in of_run(run) for line in _lines(bill))


def _lines(bill: OurBill) -> Iterator[BillLine]:
    for service, point, part in bill.parts:
        usage = part.facts.get("usage")
        for line in part.lines:
            yield BillLine(
                line=0, account=bill.account, bill=bill.number, bill_date=bill.bill_date, service=service, point=point,
                starts=part.starts, ends=part.ends, usage=usage if isinstance(usage, Decimal) else None,
                charge=line.component, label=line.labels[0], quantity=line.quantity, price=line.price,
                amount_cents=line.amount_cents,
            )  # fmt: skip
