"""The office hears that a payment came back: a check returned by the bank, a card charged back."""

from __future__ import annotations

from datetime import date

from meterbook.records.adjustments.deciding import refuse_own
from meterbook.records.customers.models import Account
from meterbook.records.payments.models import Payment, PaymentReversal
from meterbook.records.payments.reversing import ToReverse, reverse_payments
from meterbook.records.payments.standing import parts_of
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, FINANCE, SUPERVISOR
from meterbook.records.returns.consequences import CAUSES, apply_return


class WrongReturn(ValueError):
    """A day that cannot be, or a kind no bank returns."""


@operation("returns.return_payment", roles={BILLING, SUPERVISOR, FINANCE})
def return_payment(
    deed: Deed,
    *,
    payment: Payment,
    kind: str = PaymentReversal.RETURNED,
    code: str = "",
    returned_on: date | None = None,
) -> PaymentReversal:
    """Take a returned or charged-back payment back, with its fee and its bans; what it had settled is owed again.

    Raises `WrongReturn`, `AlreadyReversed`, `OwnAccount`, `NoPolicy`.
    """
    day = returned_on or deed.business_date
    if kind not in CAUSES:
        raise WrongReturn(f"found {kind!r}, expected one of {', '.join(CAUSES)}")
    if not payment.received_on <= day <= deed.business_date:
        raise WrongReturn(
            f"payment {payment.pk}: found {day}, expected a day from {payment.received_on} to {deed.business_date}"
        )
    holders = {part.account for part in parts_of([payment.pk]) if part.account is not None}
    for account in Account.objects.filter(pk__in=holders):
        refuse_own(deed.actor, account, deed.business_date)
    [reversal] = reverse_payments(deed, [ToReverse(payment, code)], kind=kind, reversed_on=day)
    apply_return(deed, [reversal])
    tell(deed, "payments.payment_reversed", payment=payment.pk, kind=kind, code=code, cents=payment.amount_cents)
    return reversal
