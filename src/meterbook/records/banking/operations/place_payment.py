"""A payment nobody could place finds its account."""

from __future__ import annotations

from meterbook.records.customers.models import Account
from meterbook.records.customers.relations import refuse_own
from meterbook.records.payments.models import Payment, PaymentMove
from meterbook.records.payments.moving import move_payment
from meterbook.records.payments.standing import parts_of
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Correction, Deed
from meterbook.records.platform.roles import BILLING, CASHIER, CSR, SUPERVISOR


class NotInSuspense(ValueError):
    """Nothing of the payment waits for an account."""


@operation("banking.place_payment", roles={CASHIER, CSR, BILLING, SUPERVISOR})
def place_payment(deed: Deed, *, payment: Payment, account: Account, cents: int | None = None) -> PaymentMove:
    """Move what waits of a payment (or ``cents`` of it) to an account, which settles with it what it owes.

    The file's correction is done when nothing waits any more. Raises `NotInSuspense`, `NotThere`, `OwnAccount`.
    """
    refuse_own(deed.actor, account, deed.business_date)
    waits = sum(part.cents for part in parts_of([payment.pk]) if part.account is None)
    if waits <= 0:
        raise NotInSuspense(f"payment {payment.pk} has an account, or was taken back")
    wanted = waits if cents is None else cents
    move = move_payment(deed, payment, source=None, target=account, cents=wanted, moved_on=deed.business_date)
    if wanted == waits and payment.line is not None and payment.batch is not None:
        Correction.objects.filter(
            batch=payment.batch.source, line=payment.line, field__contains="account", resolved_by__isnull=True
        ).update(resolved_by=deed)
    tell(deed, "payments.payment_placed", payment=payment.pk, account=account.pk, cents=wanted)
    return move
