"""Moving out: an account's service at a premise ends; an owner with continuous service takes it over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from meterbook.records.customers.models import Account, AccountPerson, ServiceAgreement
from meterbook.records.customers.operations.forward_mail import forward
from meterbook.records.places.models import Premise
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, CSR, SUPERVISOR


class NotServed(ValueError):
    """The account has no service at that premise that could end on that day."""


@dataclass(frozen=True, slots=True)
class MovedOut:
    """What a move-out left: the agreements that ended, and those the owner took over (none if it stands vacant)."""

    ended: tuple[ServiceAgreement, ...]
    taken_over: tuple[ServiceAgreement, ...]
    owner_account: Account | None


def continuous_owner(account: Account, on: date) -> Account | None:
    """The owner's own account that takes service over between tenants.

    An owner has continuous service if recorded as owner on the tenant's account and holding an open account in the
    same cycle; the oldest such account is meant.
    """
    owners = AccountPerson.objects.filter(account=account, part="owner", validity__contains=on)
    return (
        Account.objects.filter(holder__in=owners.values("person"), cycle=account.cycle, closed_on__isnull=True)
        .exclude(pk=account.pk)
        .order_by("opened_on", "number")
        .first()
    )


@operation("customers.move_out", roles={CSR, BILLING, SUPERVISOR})
def move_out(deed: Deed, *, account: Account, premise: Premise, ends: date, forwarding: Sequence[str] = ()) -> MovedOut:
    """End every agreement of ``account`` at ``premise``: ``ends`` is the first day it no longer pays for.

    ``forwarding``, mailing address lines, is where its mail goes from that day on. Raises `NotServed`. The account
    stays open until its final bill is settled.
    """
    owner_account = continuous_owner(account, ends)
    moved = end_service(deed, account=account, premise=premise, ends=ends, taker=owner_account)
    if forwarding:
        forward(deed, account, forwarding, ends)
    tell(
        deed, "customers.moved_out", account=account.pk, premise=premise.pk, ends=ends.isoformat(),
        owner_account=owner_account.pk if owner_account else None, forwarded=bool(forwarding),
    )  # fmt: skip
    return moved


def end_service(deed: Deed, *, account: Account, premise: Premise, ends: date, taker: Account | None) -> MovedOut:
    """End service as part of another deed; see `move_out`. ``taker`` pays from that day on."""
    open_ones = list(
        ServiceAgreement.objects.select_for_update(of=("self",))
        .filter(account=account, service_point__premise=premise, validity__endswith__isnull=True)
        .select_related("service_point", "schedule")
        .order_by("service_point__code")
    )
    late = [agreement for agreement in open_ones if agreement.validity.lower >= ends]
    if late or not open_ones:
        began = f"its service begins on {late[0].validity.lower}" if late else "it has no service there"
        raise NotServed(f"account {account.number} cannot leave {premise.address} on {ends}: {began}")
    taken_over = []
    for agreement in open_ones:
        agreement.validity = (agreement.validity.lower, ends)
        agreement.save()
        if taker is not None:
            taken_over.append(
                ServiceAgreement.objects.create(
                    account=taker, service_point=agreement.service_point, schedule=agreement.schedule,
                    validity=(ends, None), deed=deed,
                )
            )  # fmt: skip
    return MovedOut(ended=tuple(open_ones), taken_over=tuple(taken_over), owner_account=taker)
