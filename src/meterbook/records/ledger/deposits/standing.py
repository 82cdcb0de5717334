"""Where a deposit stands: which service of its account it goes to, and what goes back when the customer leaves."""

from __future__ import annotations

from meterbook.records.ledger.models import LedgerAccount
from meterbook.records.ledger.settle import balance_of


def service_of(account_id: int) -> str:
    """The service an account owes most for; the first receivable of the chart if it owes nothing."""
    owed = {service: cents for service, cents in balance_of(account_id).items() if service != "unapplied"}
    known = list(LedgerAccount.objects.filter(role="receivable").order_by("code").values_list("service", flat=True))
    found = [service for service in sorted(owed, key=lambda name: (-owed[name], name)) if service in known]
    return found[0] if found else known[0]
