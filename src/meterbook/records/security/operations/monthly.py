"""What comes round by itself: instalments on their day, interest in January, reminders before an instrument ends."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.db.models import F

from meterbook.engine.trace import N_, Step
from meterbook.records.customers.models import Account
from meterbook.records.ledger.deposits.interest import accrued, give, rules_in_force
from meterbook.records.ledger.settle import lock_accounts
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.queries import accounting_period
from meterbook.records.platform.roles import BILLING, FINANCE, SUPERVISOR
from meterbook.records.security.charging import charge, due_to_charge
from meterbook.records.security.instruments import expiring
from meterbook.records.security.models import InstrumentChange


class NotYet(ValueError):
    """The days lie ahead; ``step`` is the sentence."""

    def __init__(self, step: Step) -> None:
        self.step = step
        super().__init__(step.words(str))


@operation("security.charge_instalments", roles={BILLING, SUPERVISOR})
def charge_instalments(deed: Deed, *, most: int = 2000) -> int:
    """Charge instalments whose day has come, ``most`` in one go; returns how many. Again: the rest, then nothing."""
    found = list(due_to_charge(deed.business_date)[:most])
    lock_accounts(sorted({one.assessment.account_id for one in found}))
    count = charge(deed, found)
    tell(deed, "security.instalments_charged", count=count)
    return count


@operation("security.credit_interest", roles={BILLING, SUPERVISOR, FINANCE})
def credit_interest(deed: Deed, *, accounts: Sequence[Account], upto: date) -> int:
    """Give some accounts the interest their deposits bore before ``upto``, as the policy says; returns the cents.

    Doing it again gives nothing: interest is all that ran less what was given. Raises `NotYet`, `FacesDiffer`,
    `NoPolicy`.
    """
    if upto > deed.business_date:
        raise NotYet(Step(N_("Interest is given for days that are over: until {day}."), {"day": deed.business_date}))
    _, rules = rules_in_force(upto)
    ids = sorted(account.pk for account in accounts)
    lock_accounts(ids)
    day = deed.business_date
    cents = give(
        accrued(upto, ids), upto=upto, to=rules.interest.to, bill="", due_on=day, effective_on=day,
        period=accounting_period(day), deed=deed,
    )  # fmt: skip
    tell(deed, "security.interest_credited", accounts=len(ids), cents=cents, upto=str(upto))
    return cents


def owed_interest(upto: date) -> list[tuple[int, int]]:
    """Accounts with interest to be given for the days before ``upto``, by id, each with its cents."""
    sums: dict[int, int] = {}
    for account, cents in accrued(upto).select("account", "due").iter_rows():
        sums[account] = sums.get(account, 0) + cents
    return sorted((account, cents) for account, cents in sums.items() if cents)


def credited_upto(day: date, month: int) -> date:
    """The first of the policy's month last passed: interest is credited for the days before it."""
    first = date(day.year, month, 1)
    return first if first <= day else date(day.year - 1, month, 1)


@operation("security.remind_issuers", roles={BILLING, SUPERVISOR})
def remind_issuers(deed: Deed) -> list[InstrumentChange]:
    """Put down a reminder for each instrument that ends within the policy's days, once for each mark."""
    _, rules = rules_in_force(deed.business_date)
    made = []
    for days in rules.remind_days:
        for one in expiring(deed.business_date, deed.business_date + timedelta(days=days)).annotate(
            ends=F("validity__endswith")
        ):
            reminder, new = InstrumentChange.objects.get_or_create(
                instrument=one, kind=InstrumentChange.REMINDED, until=one.validity.upper, days=days,
                defaults={"deed": deed},
            )  # fmt: skip
            made += [reminder] if new else []
    tell(deed, "security.issuers_reminded", reminders=[one.pk for one in made])
    return made
