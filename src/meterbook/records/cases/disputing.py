"""What of an account can be put in dispute, and what becomes of the protection when a dispute is decided."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Sum

from meterbook.engine.trace import N_, Step
from meterbook.records.billing.models import Bill
from meterbook.records.cases.models import Case, Dispute
from meterbook.records.cases.refusals import CaseRefused
from meterbook.records.customers.models import Account
from meterbook.records.customers.protecting import end_protection
from meterbook.records.ledger.disputes.keeping import release_items
from meterbook.records.ledger.disputes.standing import disputed
from meterbook.records.ledger.models import Allocation, OpenItem
from meterbook.records.platform.models import Deed

#: Links that show how an upheld dispute was put right.
PUT_RIGHT = ("adjustment", "correction", "payment", "fee")


def open_charges(account: Account, day: date, *, service: str = "", bill: Bill | None = None) -> list[tuple[int, int]]:
    """The charges that can be put in dispute, the oldest first: each item, and its open cents not in dispute yet."""
    rows = OpenItem.objects.filter(account=account, side=OpenItem.CHARGE)
    if service:
        rows = rows.filter(service=service)
    if bill is not None:
        rows = rows.filter(source_kind="bill", source_id=bill.pk)
    charged = list(rows.order_by("due_on", "pk").values_list("pk", "amount_cents"))
    paid: dict[int, int] = dict(
        Allocation.objects.filter(charge__in=[item for item, _ in charged]).values_list("charge")
        .annotate(cents=Sum("amount_cents"))
    )  # fmt: skip
    held = {one.item: one.disputed_cents for one in disputed(account.pk, day)}
    found = [(item, cents - paid.get(item, 0) - held.get(item, 0)) for item, cents in charged]
    return [(item, cents) for item, cents in found if cents > 0]


def chosen_cents(account: Account, day: date, *, service: str, bill: Bill | None, cents: int | None) -> dict[int, int]:
    """Cents by open item that make up the amount contested, all there is where none is said.

    The newest charge first: what a customer contests is what just came. Raises `CaseRefused`.
    """
    charges = open_charges(account, day, service=service, bill=bill)
    there = sum(part for _, part in charges)
    if not there:
        raise CaseRefused(
            Step(N_("Nothing of this is open. What is paid needs no protection; take it as a complaint."))
        )
    left = there if cents is None else cents
    if not 0 < left <= there:
        raise CaseRefused(
            Step(
                N_("{open} of this is open and not in dispute yet; type no more than that."), {"open": _dollars(there)}
            )
        )
    found: dict[int, int] = {}
    for item, part in reversed(charges):
        if left:
            found[item] = min(part, left)
            left -= found[item]
    return found


def _dollars(cents: int) -> str:
    return f"${cents // 100:,}.{cents % 100:02d}"


def let_run_out(deed: Deed, dispute: Dispute, due_on: date) -> None:
    """What was rejected stays protected through the day it is to be paid by."""
    end_protection(deed, dispute.protection, ends=due_on + timedelta(days=1))


def settle_with_case(deed: Deed, case: Case) -> None:
    """End the dispute of a case that ends. Raises `CaseRefused` while it is not decided, or not put right."""
    dispute = Dispute.objects.select_related("protection").filter(case=case).first()
    if dispute is None or dispute.state == Dispute.ENDED:
        return
    if dispute.state in (Dispute.REVIEW, Dispute.APPEALED):
        raise CaseRefused(Step(N_("The dispute of this case is not decided yet.")))
    if dispute.upheld_cents and not case.links.filter(kind__in=PUT_RIGHT).exists():
        raise CaseRefused(
            Step(N_("The customer was right: link the adjustment or correction that puts it right, then end the case."))
        )
    if dispute.due_on is not None and dispute.due_on >= deed.business_date:
        let_run_out(deed, dispute, dispute.due_on)
    else:
        release_items(deed, dispute.protection)
    if not dispute.appeal_by or dispute.appeal_by < deed.business_date or dispute.heard_by_id is not None:
        dispute.state = Dispute.ENDED
        dispute.save(update_fields=["state"])
