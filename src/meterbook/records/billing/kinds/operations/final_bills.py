"""Final bills on demand: planned, calculated and put before a second person in one go."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.db.models import Max
from django.db.models.functions import Upper

from meterbook.records.billing.calculate import calculate_chunk, unfinished_chunks
from meterbook.records.billing.kinds.operations.plan_off_cycle import plan_off_cycle
from meterbook.records.billing.models import BillRun
from meterbook.records.billing.operations.calculate_run import calculate_run, start_calculation
from meterbook.records.billing.operations.post_run import request_posting
from meterbook.records.customers.models import Account, ServiceAgreement
from meterbook.records.platform.deeds import Act, operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, SUPERVISOR
from meterbook.records.rates.queries import current_tariffs


class NothingEnded(ValueError):
    """No service of the account has ended by the bill date, or all that ended is billed."""


@operation("billing.final_bills", roles={BILLING, SUPERVISOR})
def final_bills(deed: Deed, *, accounts: Sequence[Account], bill_date: date | None = None) -> BillRun:
    """Bill what some accounts were last served with, up to the day each service ended, and ask for approval.

    Deposits held are part of the bills and are applied when the run posts. Services that go on are left to their
    cycle. An account whose last reads are missing is held in the run, with the reason. Returns the calculated run.
    Raises `NothingEnded` and what `plan_off_cycle` refuses.
    """
    day = bill_date or deed.business_date
    ended = [_ended(account, day) for account in accounts]
    act = Act(actor=deed.actor, business_date=deed.business_date, reason=deed.reason)
    run = plan_off_cycle(
        act, title=_title(accounts), accounts=accounts, bill_date=day, ended_only=True,
        read_from=min(ended) - timedelta(days=1), read_to=day, service_to=max(ended),
    )  # fmt: skip
    start_calculation(act, run=run)
    tariffs = current_tariffs()
    for chunk in unfinished_chunks(run):
        calculate_chunk(run, chunk, tariffs)
    made = calculate_run(act, run=run)
    if made.totals["bills"]:
        request_posting(act, run=made)
    tell(deed, "billing.finals_asked", run=made.pk, accounts=[account.pk for account in accounts])
    return BillRun.objects.get(pk=made.pk)


def _ended(account: Account, day: date) -> date:
    """The first day a service of the account that is not billed to its end was over."""
    open_ones: list[date] = [
        agreement.validity.upper
        for agreement in ServiceAgreement.objects.filter(account=account, validity__endswith__lte=day)
        if (_billed_to(agreement) or agreement.validity.lower) < agreement.validity.upper
    ]
    if not open_ones:
        raise NothingEnded(
            f"account {account.number}: no service that ended by {day} is still to be billed; move the customer out"
            " first"
        )
    return min(open_ones)


def _billed_to(agreement: ServiceAgreement) -> date | None:
    standing = agreement.billed_periods.filter(released__isnull=True)
    return standing.aggregate(last=Max(Upper("period")))["last"]  # type: ignore[no-any-return]


def _title(accounts: Sequence[Account]) -> str:
    """What the run is called: whose final, or how many."""
    return (
        f"Final bill of account {accounts[0].number}"
        if len(accounts) == 1
        else f"Final bills of {len(accounts)} accounts"
    )
