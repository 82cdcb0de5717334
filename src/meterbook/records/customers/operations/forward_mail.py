"""Forwarding an account's mail: from a day on, to another address, until a day or until further notice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from meterbook.records.customers.models import Account, ForwardingAddress
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, CSR, SUPERVISOR


class WrongAddress(ValueError):
    """No line is given, or the forwarding ends before it begins."""


@operation("customers.forward_mail", roles={CSR, BILLING, SUPERVISOR})
def forward_mail(
    deed: Deed, *, account: Account, lines: Sequence[str], starts: date, ends: date | None = None
) -> ForwardingAddress:
    """Send the account's mail to ``lines`` from ``starts`` up to, not including, ``ends``.

    What was forwarded elsewhere before ends on that day. Raises `WrongAddress`.
    """
    made = forward(deed, account, lines, starts, ends)
    tell(deed, "customers.mail_forwarded", account=account.pk, starts=starts.isoformat())
    return made


def forward(
    deed: Deed, account: Account, lines: Sequence[str], starts: date, ends: date | None = None
) -> ForwardingAddress:
    """Record the address as part of another deed; see `forward_mail`."""
    kept = [line.strip() for line in lines if line.strip()]
    if not kept or (ends is not None and ends <= starts):
        raise WrongAddress(f"account {account.number}: found {list(lines)!r} from {starts} to {ends}")
    for earlier in ForwardingAddress.objects.filter(account=account, validity__overlap=(starts, ends)):
        if earlier.validity.lower >= starts:
            earlier.delete()
        else:
            earlier.validity = (earlier.validity.lower, starts)
            earlier.save()
    return ForwardingAddress.objects.create(account=account, lines=kept, validity=(starts, ends), deed=deed)
