"""A supervisor voids a receipt at the cashier's window, while the drawer is still open: the money goes back."""

from __future__ import annotations

from django.db.models import Sum

from meterbook.records.cashiering import booking
from meterbook.records.cashiering.expected import expected
from meterbook.records.cashiering.models import Receipt, ReceiptLine, ReceiptVoid
from meterbook.records.cashiering.queries import lock_open, number_of
from meterbook.records.cashiering.refusals import AlreadyVoided, CashIsGone, UnknownCounterReason, VoidNeedsAnother
from meterbook.records.cashiering.settings import rules_on
from meterbook.records.customers.relations import refuse_own
from meterbook.records.ledger.deposits.receiving import give_back_deposit
from meterbook.records.payments.models import Payment, PaymentReversal
from meterbook.records.payments.reversing import ToReverse, reverse_payments
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed, User
from meterbook.records.platform.roles import FINANCE, SUPERVISOR


@operation("cashiering.void_receipt", roles={SUPERVISOR, FINANCE})
def void_receipt(deed: Deed, *, receipt: Receipt, asked_by: User, reason: str, note: str = "") -> ReceiptVoid:
    """Take a receipt back whole: payments as if they had never been, sales and deposits booked back.

    Cash, checks and money orders go back to the customer out of the drawer; a card's money is given back on the hosted
    page. Raises `DrawerNotOpen`, `VoidNeedsAnother`, `AlreadyVoided`, `UnknownCounterReason`, `CashIsGone`,
    `OwnAccount`, `DepositUsed`.
    """
    drawer = lock_open(receipt.drawer_id)
    if deed.actor.pk in (drawer.cashier_id, asked_by.pk):
        raise VoidNeedsAnother(who=str(deed.actor))
    if ReceiptVoid.objects.filter(receipt=receipt).exists():
        raise AlreadyVoided(number=number_of(receipt))
    if reason not in rules_on(deed.business_date).voids:
        raise UnknownCounterReason()
    if _cash_of(receipt) > expected(drawer).cash_cents:
        raise CashIsGone(station=drawer.station)
    lines = list(receipt.lines.select_related("account__holder", "against", "deposit__liability").order_by("position"))
    for account in {line.account for line in lines if line.account is not None}:
        refuse_own(deed.actor, account, deed.business_date)
    payments = Payment.objects.filter(receipt_part__line__receipt=receipt).select_related("into")
    reverse_payments(
        deed, [ToReverse(payment, reason, payment.into) for payment in payments], kind=PaymentReversal.VOID,
        reversed_on=deed.business_date,
    )  # fmt: skip
    for line in lines:
        if line.kind == ReceiptLine.SALE:
            booking.sell(deed, line, booking.shares_of(line), back=True)
        elif line.deposit is not None:
            give_back_deposit(deed, deposit=line.deposit, out_of=booking.shares_of(line))
    made = ReceiptVoid.objects.create(
        receipt=receipt, reason=reason, note=note, asked_by=asked_by, voided_by=deed.actor, deed=deed
    )
    tell(deed, "cashiering.receipt_voided", receipt=receipt.pk, cents=receipt.total_cents, asked_by=asked_by.pk)
    return made


def _cash_of(receipt: Receipt) -> int:
    """The cash a receipt put into its drawer, change given, in cents."""
    handed = receipt.tenders.filter(kind="cash").aggregate(cents=Sum("amount_cents"))["cents"] or 0
    return int(handed) - receipt.change_cents
