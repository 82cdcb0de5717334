"""Settling what the bank moves today."""

from __future__ import annotations

from meterbook.records.autopay.bank.paying_out import settle_payouts
from meterbook.records.autopay.drafting.settling import settle_due
from meterbook.records.payments.models import PaymentBatch
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, CASHIER, SUPERVISOR


@operation("autopay.settle", roles={BILLING, CASHIER, SUPERVISOR})
def settle(deed: Deed) -> list[PaymentBatch]:
    """Post every draft that settles today or before and is not posted yet; doing it again posts nothing."""
    made = settle_due(deed, deed.business_date)
    settle_payouts(deed, deed.business_date)
    if made:
        tell(deed, "autopay.settled", batches=[one.pk for one in made], cents=sum(one.total_cents for one in made))
    return made
