"""A tender refused or allowed again by hand."""

from __future__ import annotations

from datetime import date

from django.db.backends.postgresql.psycopg_any import DateRange

from meterbook.records.customers.models import Account
from meterbook.records.customers.relations import refuse_own
from meterbook.records.ledger.settle import lock_accounts
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, FINANCE, SUPERVISOR
from meterbook.records.returns.bans import ban
from meterbook.records.returns.models import TenderBan


class WrongBan(ValueError):
    """A scope that does not exist, days the wrong way round, a ban that ended already."""


@operation("returns.ban_tender", roles={BILLING, SUPERVISOR, FINANCE})
def ban_tender(deed: Deed, *, account: Account, scope: str, ends: date | None = None) -> TenderBan | None:
    """Refuse a tender from today on, until before ``ends``; None if it is refused that long already.

    Raises `WrongBan` and `OwnAccount`.
    """
    refuse_own(deed.actor, account, deed.business_date)
    lock_accounts([account.pk])
    if scope not in TenderBan.SCOPES:
        raise WrongBan(f"found {scope!r}, expected one of {', '.join(TenderBan.SCOPES)}")
    if ends is not None and ends <= deed.business_date:
        raise WrongBan(f"found {ends}, expected a day after {deed.business_date}")
    made = ban(deed, account, scope, starts=deed.business_date, ends=ends, cause=None)
    tell(deed, "returns.tender_banned", account=account.pk, scope=scope, until=str(ends or ""))
    return made


@operation("returns.lift_ban", roles={SUPERVISOR, FINANCE})
def lift_ban(deed: Deed, *, ban: TenderBan) -> TenderBan:
    """Allow the tender again from tomorrow on: a ban begun today has held today.

    Raises `WrongBan` and `OwnAccount`.
    """
    refuse_own(deed.actor, ban.account, deed.business_date)
    locked = TenderBan.objects.select_for_update().get(pk=ban.pk)
    ends = date.fromordinal(deed.business_date.toordinal() + 1)
    if locked.validity.upper is not None and locked.validity.upper <= ends:
        raise WrongBan(f"this ban ends before {locked.validity.upper} anyway")
    locked.validity = DateRange(
        locked.validity.lower, max(ends, date.fromordinal(locked.validity.lower.toordinal() + 1))
    )
    locked.save(update_fields=["validity"])
    tell(deed, "returns.ban_lifted", account=locked.account_id, scope=locked.scope)
    return locked
