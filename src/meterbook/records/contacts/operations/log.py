"""Logging a contact by hand."""

from __future__ import annotations

from datetime import date

from meterbook.records.contacts.logging import log_contact
from meterbook.records.contacts.models import Contact
from meterbook.records.customers.models import Account
from meterbook.records.platform.deeds import operation
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, CASHIER, CREW, CSR, FINANCE, METER_SHOP, SUPERVISOR


@operation("contacts.log", roles={CSR, BILLING, SUPERVISOR, CASHIER, FINANCE, METER_SHOP, CREW})
def log(
    deed: Deed, *, account: Account, channel: str, direction: str, reason: str, words: str,
    happened_on: date | None = None, follow_up_on: date | None = None,
) -> Contact:  # fmt: skip
    """Write down a call, a visit, an e-mail or a letter about an account. Raises `ContactRefused`."""
    return log_contact(
        deed, account=account, channel=channel, direction=direction, reason=reason, words=words,
        happened_on=happened_on, follow_up_on=follow_up_on,
    )  # fmt: skip
