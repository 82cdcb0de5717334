"""Who may touch an account, what they may do alone, and what they may decide."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.db.models import Sum
from django.db.models.functions import Abs

from meterbook.engine.billing.adjusting.reasons import Reason, Reasons, dollars
from meterbook.engine.trace import N_, Step
from meterbook.records.adjustments.models import Adjustment
from meterbook.records.adjustments.refusals import AboveYourLimit
from meterbook.records.adjustments.settings import reasons_on
from meterbook.records.customers.models import Account
from meterbook.records.customers.relations import refuse_own
from meterbook.records.platform.models import Deed, User
from meterbook.records.platform.roles import roles_of

__all__ = ["check_decider", "counted_cents", "refuse_own", "why_second"]


def counted_cents(user: User, account: Account, on: date, days: int) -> int:
    """What a person booked alone on an account in the days before, amounts without their signs."""
    rows = Adjustment.objects.filter(
        account=account, state=Adjustment.BOOKED, approval__isnull=True, proposed_by__actor=user,
        proposed_by__business_date__gt=on - timedelta(days=days),
    )  # fmt: skip
    return int(rows.aggregate(cents=Sum(Abs("amount_cents")))["cents"] or 0)


def why_second(deed: Deed, account: Account, reasons: Reasons, reason: Reason, cents: int) -> Step | None:
    """Why this amount needs a second person; None where the asker may book it alone."""
    counted = counted_cents(deed.actor, account, deed.business_date, reasons.counted_days)
    return reasons.why_second(reason, roles_of(deed.actor, deed.business_date), abs(cents), counted)


def check_decider(deed: Deed, adjustments: Sequence[Adjustment]) -> None:
    """Raise `OwnAccount` or `AboveYourLimit` where this person may not decide about these amounts."""
    for account in {row.account for row in adjustments}:
        refuse_own(deed.actor, account, deed.business_date)
    total = sum(abs(row.amount_cents) for row in adjustments)
    _, reasons = reasons_on(deed.business_date)
    most = reasons.decides_up_to(roles_of(deed.actor, deed.business_date))
    if total > most:
        raise AboveYourLimit(
            Step(
                N_("You may decide up to {most}; this is {total}. Somebody with a higher limit decides it."),
                {"most": dollars(most), "total": dollars(total)},
            )
        )
