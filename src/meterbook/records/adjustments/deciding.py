"""Who may touch an account, what they may do alone, and what they may decide."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import Abs

from meterbook.engine.billing.adjusting.reasons import Reason, Reasons, dollars
from meterbook.engine.trace import N_, Step
from meterbook.records.adjustments.models import Adjustment, Interest
from meterbook.records.adjustments.refusals import AboveYourLimit, OwnAccount
from meterbook.records.adjustments.settings import reasons_on
from meterbook.records.customers.models import Account, AccountPerson, Person
from meterbook.records.platform.models import Deed, User
from meterbook.records.platform.roles import roles_of


def refuse_own(user: User, account: Account, on: date) -> None:
    """Raise `OwnAccount` for an account marked as the person's own or family's, or held under their e-mail address."""
    marked = Interest.objects.filter(user=user, account=account, validity__contains=on).exists()
    if marked or (user.email and _people(account, on).filter(email__iexact=user.email).exists()):
        raise OwnAccount(
            Step(
                N_("{number} is your own or your family's account; somebody else does this."),
                {"number": account.number},
            )
        )


def _people(account: Account, on: date) -> QuerySet[Person]:
    parts = AccountPerson.objects.filter(account=account, validity__contains=on, part="co_holder")
    return Person.objects.filter(Q(pk=account.holder_id) | Q(pk__in=parts.values("person_id")))


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
