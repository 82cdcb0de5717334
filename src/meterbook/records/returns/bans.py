"""Which tenders an account may not pay with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from django.db.backends.postgresql.psycopg_any import DateRange

from meterbook.engine.billing.adjusting.returned import SCOPES
from meterbook.records.customers.models import Account
from meterbook.records.platform.models import Deed
from meterbook.records.returns.models import ReturnedPayment, TenderBan


class TenderRefused(ValueError):
    """The account may not pay this way for the time being."""


def banned_tenders(accounts: Collection[int], on: date) -> dict[int, frozenset[str]]:
    """The tenders each account may not use on a day; accounts without a ban are left out."""
    found: dict[int, set[str]] = defaultdict(set)
    rows = TenderBan.objects.filter(account__in=list(accounts), validity__contains=on)
    for account, scope in rows.values_list("account_id", "scope"):
        found[account] |= SCOPES[scope]
    return {account: frozenset(tenders) for account, tenders in found.items()}


def refuse_banned(account: Account, tender: str, on: date) -> None:
    """Raise `TenderRefused` where an account may not pay this way."""
    if tender in banned_tenders([account.pk], on).get(account.pk, frozenset()):
        raise TenderRefused(f"account {account.number} may not pay by {tender} on {on}")


def ban(
    deed: Deed, account: Account, scope: str, *, starts: date, ends: date | None, cause: ReturnedPayment | None
) -> TenderBan | None:
    """Refuse a tender from a day on, until before another; a ban that lasts at least as long stays as it is.

    A shorter one is made longer, up to the ban that follows it where there is one, and that one in turn. Returns the
    first ban written or changed, or None.
    """
    changed: TenderBan | None = None
    while ends is None or starts < ends:
        mine = TenderBan.objects.select_for_update().filter(account=account, scope=scope)
        now = mine.filter(validity__contains=starts).first()
        later = mine.filter(validity__startswith__gt=starts).order_by("validity").first()
        until = later.validity.lower if later is not None and (ends is None or ends > later.validity.lower) else ends
        if now is None:
            made = TenderBan.objects.create(
                account=account, scope=scope, validity=DateRange(starts, until), cause=cause, deed=deed
            )
            changed = changed or made
        elif now.validity.upper is not None and (until is None or until > now.validity.upper):
            now.validity = DateRange(now.validity.lower, until)
            now.save(update_fields=["validity"])
            changed = changed or now
        if until is None or until == ends:
            return changed
        starts = until
    return changed
