"""Marking an account as somebody's own or family's, so that they neither move money on it nor decide about it."""

from __future__ import annotations

from datetime import date

from meterbook.records.customers.models import Account, Interest
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed, User
from meterbook.records.platform.roles import BILLING, CASHIER, CSR, FINANCE, SUPERVISOR


@operation("customers.declare_relation", roles={BILLING, CSR, CASHIER, SUPERVISOR, FINANCE})
def declare_interest(deed: Deed, *, user: User, account: Account, kind: str) -> Interest:
    """Mark an account as a person's ``own`` or ``family`` from today on."""
    made = Interest.objects.create(
        user=user, account=account, kind=kind, validity=(deed.business_date, None), deed=deed
    )
    tell(deed, "customers.relation_declared", user=user.pk, account=account.pk, kind=kind)
    return made


@operation("customers.end_relation", roles={SUPERVISOR, FINANCE})
def end_interest(deed: Deed, *, interest: Interest, ends: date) -> Interest:
    """Let a mark end: ``ends`` is the first day it no longer holds."""
    interest.validity = (interest.validity.lower, ends)
    interest.save()
    tell(deed, "customers.relation_ended", interest=interest.pk)
    return interest
