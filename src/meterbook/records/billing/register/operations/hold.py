"""Holding an account's bills by hand, putting them off to a day, and releasing them."""

from __future__ import annotations

from datetime import date, timedelta

from meterbook.engine.trace import N_, Step, Value
from meterbook.records.billing.models import HoldOrder
from meterbook.records.billing.register.settings import HoldReason, hold_rules_on
from meterbook.records.customers.models import Account
from meterbook.records.places.models import ServicePoint
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, CSR, SUPERVISOR, TITLES


class CannotHold(ValueError):
    """The hold cannot be placed or released; ``code`` says why, for words in any language."""

    def __init__(self, code: str, message: str, **values: Value) -> None:
        self.code, self.step = code, Step(message, values)
        super().__init__(self.step.words(str))


@operation("billing.hold_account", roles={BILLING, SUPERVISOR, CSR})
def hold_account(
    deed: Deed, *, account: Account, reason: str, detail: str = "", owner: str = "", service_point: int | None = None
) -> HoldOrder:
    """Keep an account, or one service of it, out of every run until somebody releases it. Raises `CannotHold`."""
    why = _reason(deed, reason)
    order = _placed(deed, account, why, HoldOrder.HELD, detail=detail, owner=owner, service_point=service_point)
    tell(deed, "billing.account_held", account=account.pk, order=order.pk, reason=why.code)
    return order


@operation("billing.delay_bill", roles={BILLING, SUPERVISOR})
def delay_bill(
    deed: Deed, *, account: Account, reason: str, until: date, detail: str = "", owner: str = ""
) -> HoldOrder:
    """Put an account's bill off: it is due again on ``until``. Raises `CannotHold`."""
    most = deed.business_date + timedelta(days=hold_rules_on(deed.business_date).delay_days)
    if not deed.business_date < until <= most:
        message = N_("A delayed bill is due again after {today} and by {most}, not {until}.")
        raise CannotHold("until", message, today=deed.business_date, most=most, until=until)
    why = _reason(deed, reason)
    order = _placed(deed, account, why, HoldOrder.DELAYED, detail=detail, owner=owner, until=until)
    tell(deed, "billing.bill_delayed", account=account.pk, order=order.pk, reason=why.code, until=str(until))
    return order


def _reason(deed: Deed, code: str) -> HoldReason:
    rules = hold_rules_on(deed.business_date)
    found = rules.reason(code)
    if found is None:
        known = ", ".join(one.code for one in rules.reasons)
        raise CannotHold(
            "reason", N_("{asked} is no reason for a hold; the policy knows {known}."), asked=code, known=known
        )
    return found


def _placed(
    deed: Deed,
    account: Account,
    why: HoldReason,
    kind: str,
    *,
    detail: str,
    owner: str,
    service_point: int | None = None,
    until: date | None = None,
) -> HoldOrder:
    if owner and owner not in TITLES:
        raise CannotHold("owner", N_("{owner} is no role."), owner=owner)
    open_ones = HoldOrder.objects.select_for_update().filter(account=account, released__isnull=True)
    # A bill put off to a day that has come is held by nobody any more.
    open_ones.filter(kind=HoldOrder.DELAYED, until__lte=deed.business_date).update(released=deed)
    if open_ones.filter(service_point=None).exists() or open_ones.filter(service_point=service_point).exists():
        raise CannotHold("held", N_("Account {number} is held already."), number=account.number)
    if service_point is not None and not ServicePoint.objects.filter(
        pk=service_point, agreements__account=account
    ).exists():  # fmt: skip
        raise CannotHold("point", N_("Account {number} has no such service."), number=account.number)
    return HoldOrder.objects.create(
        account=account, service_point_id=service_point, kind=kind, reason=why.code, detail=detail.strip(),
        owner=owner or why.owner, since=deed.business_date, until=until, placed=deed,
    )  # fmt: skip


@operation("billing.release_hold", roles={BILLING, SUPERVISOR})
def release_hold(deed: Deed, *, order: HoldOrder) -> HoldOrder:
    """Release a hold placed by hand: the next run, or the account calculated again, bills it. Raises `CannotHold`."""
    locked = HoldOrder.objects.select_for_update().get(pk=order.pk)
    if locked.released_id is not None:
        raise CannotHold("released", N_("This hold is released already."))
    locked.released = deed
    locked.save()
    tell(deed, "billing.hold_released", account=locked.account_id, order=locked.pk)
    return locked
