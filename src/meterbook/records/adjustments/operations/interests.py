"""Marking an account as somebody's own or family's, so that they neither adjust it nor decide about it."""

from __future__ import annotations

from datetime import date

from meterbook.records.adjustments.models import Interest
from meterbook.records.customers.models import Account
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed, User
from meterbook.records.platform.roles import BILLING, CASHIER, CSR, FINANCE, SUPERVISOR


@operation("adjustments.declare_interest", roles={BILLING, CSR, CASHIER, SUPERVISOR, FINANCE})
def declare_interest(deed: Deed, *, user: User, account: Account, kind: str) -> Interest:
    """Mark an account as a person's ``own`` or ``family`` from today on."""
    made = Interest.objects.create(
        user=user, account=account, kind=kind, validity=(deed.business_date, None), deed=deed
    )
    tell(deed, "adjustments.interest_declared", user=user.pk, account=account.pk, kind=kind)
    return made


@operation("adjustments.end_interest", roles={SUPERVISOR, FINANCE})
def end_interest(deed: Deed, *, interest: Interest, ends: date) -> Interest:
    """Let a mark end: ``ends`` is the first day it no longer holds."""
    interest.validity = (interest.validity.lower, ends)
    interest.save()
    tell(deed, "adjustments.interest_ended", interest=interest.pk)
    return interest
