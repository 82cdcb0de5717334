"""An outcome comes in: everything it says is put on record in one transaction, or kept for the office to decide.

    order = complete(deed, order=order, outcome=Outcome(key="phone-7:12", version=3, done_at=moment, ...))

The same ``outcome.key`` again changes nothing. Where the office changed the order meanwhile, a guard says no, or a
record refuses what was found, nothing is applied and nothing is lost: the visit is kept as a conflict
(`OrderVisit.CONFLICT`, reasons in ``visit.conflicts``), the order stays where it was, and the office decides
(`operations/decide.py`). `visit_of(key)` tells what became of an outcome.
"""

from __future__ import annotations

from meterbook.records.platform.models import Deed
from meterbook.records.service_orders.models import Order, OrderVisit
from meterbook.records.service_orders.outcome import Outcome


def complete(deed: Deed, *, order: Order, outcome: Outcome) -> Order:
    """Take an outcome; returns the order as it stands then. Raises only for an outcome that is no outcome at all."""
    raise NotImplementedError


def visit_of(key: str) -> OrderVisit | None:
    """What became of the outcome sent under a key; None if it never came."""
    return OrderVisit.objects.filter(key=key).select_related("order").first()
