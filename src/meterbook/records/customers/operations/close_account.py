"""Closing an account: nobody is served on it any more; what is billed after settles it."""

from __future__ import annotations

from datetime import date

from meterbook.records.customers.models import Account, ServiceAgreement
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, CSR, SUPERVISOR


class StillServed(ValueError):
    """A service of the account goes on, or ends after the day it is to be closed."""


@operation("customers.close_account", roles={CSR, BILLING, SUPERVISOR})
def close_account(deed: Deed, *, account: Account, closes: date) -> Account:
    """Close an account whose services have all ended: ``closes`` is the first day it is closed.

    The bill that settles it is its closing bill. Raises `StillServed`.
    """
    closed = close(account, closes)
    tell(deed, "customers.account_closed", account=closed.pk, closes=closes.isoformat())
    return closed


def close(account: Account, closes: date) -> Account:
    """Close an account as part of another deed; see `close_account`."""
    locked = Account.objects.select_for_update(of=("self",)).get(pk=account.pk)
    open_ones = ServiceAgreement.objects.filter(account=locked).select_related("service_point").order_by("pk")
    for agreement in open_ones:
        if agreement.validity.upper is None or agreement.validity.upper > closes:
            raise StillServed(f"account {locked.number}: {agreement.service_point.code} is served on {closes}")
    locked.closed_on = closes
    locked.save()
    return locked
