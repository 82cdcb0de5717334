"""Marking an account as somebody's own or family's, so that they neither move money on it nor decide about it."""

from __future__ import annotations

from datetime import date

from meterbook.engine.trace import N_, Step
from meterbook.records.customers.models import Account, Interest
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed, User
from meterbook.records.platform.roles import BILLING, CASHIER, CSR, FINANCE, SUPERVISOR


class OwnRelation(ValueError):
    """Who is in a relation does not end it; ``step`` is the sentence in the reader's language."""

    def __init__(self, step: Step) -> None:
        self.step = step
        super().__init__(step.words(str))


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
    """Let a mark end: ``ends`` is the first day it no longer holds. Nobody ends their own (`OwnRelation`)."""
    if interest.user_id == deed.actor.pk:
        raise OwnRelation(Step(N_("Somebody else ends a relation you are in.")))
    interest.validity = (interest.validity.lower, ends)
    interest.save()
    tell(deed, "customers.relation_ended", interest=interest.pk)
    return interest
