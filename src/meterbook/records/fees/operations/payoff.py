"""Answering who asks what pays an account off: the fee, if it is charged here, and a trace of who asked."""

from __future__ import annotations

from datetime import date, timedelta

from meterbook.engine.trace import N_, Step
from meterbook.records.customers.models import Account
from meterbook.records.fees.booking import book_charges
from meterbook.records.fees.operations.charge import new_charge
from meterbook.records.fees.payoff.figures import Payoff, payoff
from meterbook.records.fees.refusals import FeeRefused
from meterbook.records.fees.settings import catalogue_on
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, CSR, FINANCE, SUPERVISOR

FEE = "lien_search"
#: An estimate further ahead says nothing any more.
MOST_DAYS = 60


@operation("fees.answer_payoff", roles={CSR, BILLING, SUPERVISOR, FINANCE})
def answer_payoff(
    deed: Deed, *, account: Account, good_through: date, requester: str, fee_for: str = ""
) -> Payoff:  # fmt: skip
    """The figures through a day for who asks; ``fee_for`` is the service whose fund gets the fee, if it is charged.

    Raises `FeeRefused`, `OwnAccount`, `NoPolicy`.
    """
    if not requester.strip():
        raise FeeRefused(Step(N_("Say who asks; it stands on the letter.")))
    if not deed.business_date <= good_through <= deed.business_date + timedelta(days=MOST_DAYS):
        raise FeeRefused(Step(N_("Good through today or later, at most {days} days ahead."), {"days": MOST_DAYS}))
    if fee_for:
        document, catalogue = catalogue_on(deed.business_date)
        made = new_charge(
            deed, catalogue, document, account=account, fee=FEE, service=fee_for, keyed=None, note=requester
        )  # fmt: skip
        book_charges(deed, [made])
    found = payoff(account, day=deed.business_date, good_through=good_through)
    tell(
        deed, "fees.payoff_answered", account=account.pk, requester=requester.strip()[:160],
        good_through=str(good_through), cents=found.total_cents,
    )  # fmt: skip
    return found
