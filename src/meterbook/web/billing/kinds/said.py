"""What the bill page says beside a bill's lines, by its kind."""

from __future__ import annotations

from typing import Any

from meterbook.records.billing.explanations import words
from meterbook.records.billing.kinds.deciding import LAST
from meterbook.records.billing.kinds.delivered import delivery_steps
from meterbook.records.billing.kinds.screens import forwarded, summary_of


def beside(bill: Any, language: str) -> dict[str, object]:
    """Adjustments without deposits, where it was mailed to, what is paid back, its summary, both meters' rule."""
    due = bill.amount_due_cents
    return {
        "adjusted": bill.adjustments_cents - bill.deposits_cents,
        "mailed_to": forwarded(bill),
        "refundable": -due if bill.kind in LAST and due < 0 else 0,
        "summary": summary_of(bill),
        "delivery": words(delivery_steps(bill), language) if bill.kind == "wholesale" else [],
    }
