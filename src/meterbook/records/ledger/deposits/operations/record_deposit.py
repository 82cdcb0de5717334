"""A customer pays a deposit: cash against a liability; it settles nothing."""

from __future__ import annotations

from datetime import date

from meterbook.records.customers.models import Account
from meterbook.records.customers.relations import refuse_own
from meterbook.records.ledger.deposits.receiving import receive_deposit
from meterbook.records.ledger.models import Deposit
from meterbook.records.ledger.transfers import account_for
from meterbook.records.places.models import COMMODITIES
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, CASHIER, CSR, SUPERVISOR


class WrongDeposit(ValueError):
    """The amount is nothing, the day lies ahead, or the service is none of the utility's."""


@operation("ledger.record_deposit", roles={CASHIER, CSR, BILLING, SUPERVISOR})
def record_deposit(
    deed: Deed, *, account: Account, amount_cents: int, service: str = "", received_on: date | None = None
) -> Deposit:
    """Take a deposit in: debit cash, credit the chart's account with the role ``deposits``.

    Raises `WrongDeposit`, `OwnAccount`, and `NoLedgerAccount` where the chart has no such account.
    """
    refuse_own(deed.actor, account, deed.business_date)
    day = received_on or deed.business_date
    if amount_cents <= 0:
        raise WrongDeposit(f"account {account.number}: found a deposit of {amount_cents} cents, expected more than 0")
    if day > deed.business_date:
        raise WrongDeposit(f"account {account.number}: {day} lies after the business date {deed.business_date}")
    if service and service not in COMMODITIES:
        raise WrongDeposit(f"found service {service!r}, expected one of {', '.join(COMMODITIES)}, or none")
    deposit = receive_deposit(
        deed, account=account, into=[(account_for("cash"), amount_cents)], service=service, received_on=day
    )
    tell(deed, "ledger.deposit_received", account=account.pk, deposit=deposit.pk, cents=amount_cents)
    return deposit
