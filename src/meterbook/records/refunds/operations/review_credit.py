"""Saying why an account's credit stays where it is, so that nobody need look at it again for a while."""

from __future__ import annotations

from datetime import date, timedelta

from meterbook.engine.trace import N_, Step
from meterbook.records.customers.models import Account
from meterbook.records.customers.relations import refuse_own
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, CSR, FINANCE, SUPERVISOR
from meterbook.records.refunds.models import CreditReview
from meterbook.records.refunds.refusals import NotRefundable
from meterbook.records.refunds.settings import refund_rules_on


@operation("refunds.review_credit", roles={BILLING, CSR, SUPERVISOR, FINANCE})
def review_credit(deed: Deed, *, account: Account, reason: str, note: str, until: date | None = None) -> CreditReview:
    """Keep a credit off the worklist until a day, at most as long as the policy lets this reason. Raises
    `NotRefundable`, `OwnAccount`.
    """
    refuse_own(deed.actor, account, deed.business_date)
    _, rules = refund_rules_on(deed.business_date)
    found = rules.stays.get(reason)
    if found is None or not note.strip():
        known = ", ".join(rules.stays)
        raise NotRefundable(Step(N_("Choose why it stays ({known}) and say it in a sentence."), {"known": known}))
    latest = deed.business_date + timedelta(days=found.days)
    if until is not None and not deed.business_date < until <= latest:
        raise NotRefundable(Step(N_("For this reason it is looked at again by {day}."), {"day": latest}))
    made = CreditReview.objects.create(
        account=account, reason=reason, note=note.strip(), until=until or latest, deed=deed
    )
    tell(deed, "refunds.credit_reviewed", account=account.pk, reason=reason, until=str(made.until))
    return made
