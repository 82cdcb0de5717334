"""What brings an account's service back: what is past due, the fee, what is paid, and what still bars the order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from meterbook.engine.collections.restoring import RestoreRules, Visit, parse_restore
from meterbook.engine.trace import N_, Step
from meterbook.records.customers.models import Account
from meterbook.records.fees.booking import unpaid
from meterbook.records.fees.models import ServiceCharge
from meterbook.records.fees.settings import catalogue_on
from meterbook.records.ledger.arrangements.standing import extended_until, plan_on
from meterbook.records.ledger.screens import Owed, owed
from meterbook.records.platform.policies import NoPolicy, policy_as
from meterbook.records.programs.discounts.standing import in_hardship
from meterbook.records.service_orders.models import Order, ServiceStatus
from meterbook.records.service_orders.states import WAITING


@dataclass(frozen=True, slots=True)
class Restoration:
    """The figures of one account on a day, for one time of visit. Cents.

    ``charge`` is the fee already charged since service went off; ``fee_cents`` what is still to be charged or paid.
    """

    off: tuple[ServiceStatus, ...]
    visit: Visit
    hardship: bool
    owed: tuple[Owed, ...]
    past_due_cents: int
    fee_cents: int
    charge: ServiceCharge | None
    promised_until: date | None
    order: Order | None

    @property
    def total_cents(self) -> int:
        """The exact amount that brings service back."""
        return self.past_due_cents + self.fee_cents

    @property
    def since(self) -> date:
        """When the first of the services went off."""
        first: date = min(each.validity.lower for each in self.off)
        return first


def rules_on(day: date) -> RestoreRules:
    """The rules in force. Raises `NoPolicy`."""
    return policy_as("restore", day, parse_restore)[1]


def off_points(account: Account, day: date) -> list[ServiceStatus]:
    """Where an account's service is off for nonpayment on a day."""
    points = account.agreements.filter(validity__contains=day).values("service_point")
    rows = ServiceStatus.objects.filter(
        service_point__in=points, state=ServiceStatus.OFF, cause="nonpayment", validity__contains=day
    )
    return list(rows.select_related("service_point__premise", "deed__actor").order_by("service_point__commodity", "pk"))


def quote(account: Account, day: date, *, visit: str = "") -> Restoration | None:
    """What brings service back; nothing where none is off for nonpayment. Raises `NoPolicy`."""
    off = off_points(account, day)
    if not off:
        return None
    rules = rules_on(day)
    chosen = rules.visits.get(visit) or next(iter(rules.visits.values()))
    hardship = in_hardship(account.pk, day)
    services = {each.service_point.commodity for each in off}
    since = min(each.validity.lower for each in off)
    charge = _charged(account, rules, since)
    left = unpaid([charge.pk]).get(charge.pk, 0) if charge else 0
    counted = [one for one in owed(account.pk, day) if rules.past_due == "all" or one.service in services | {""}]
    past_due = max(sum(one.past_due_cents - one.credit_cents for one in counted), 0)
    # The fee is due later than today, so that it is no part of what is past due.
    price = left if charge else _price(chosen.hardship_fee if hardship else chosen.fee, day)
    return Restoration(
        tuple(off), chosen, hardship, tuple(counted), past_due, price, charge, _promised(account, day, rules),
        _order(off),
    )  # fmt: skip


def bars(found: Restoration) -> list[Step]:
    """What still bars the order; nothing once it is paid or promised."""
    if found.order is not None:
        return [Step(N_("The order is open already."))]
    if found.promised_until is not None:
        return []
    if found.total_cents:
        return [Step(N_("It is neither paid nor promised yet."))]
    return []


def _price(code: str, day: date) -> int:
    fee = catalogue_on(day)[1].fees.get(code)
    if fee is None:
        raise NoPolicy(f"the fee catalogue has no fee {code}, which the policy restore names")
    return fee.amount(None)


def _charged(account: Account, rules: RestoreRules, since: date) -> ServiceCharge | None:
    codes = {code for each in rules.visits.values() for code in (each.fee, each.hardship_fee)}
    rows = ServiceCharge.objects.filter(account=account, code__in=codes, state=ServiceCharge.BOOKED)
    return rows.filter(booked_by__business_date__gte=since).order_by("pk").first()


def _promised(account: Account, day: date, rules: RestoreRules) -> date | None:
    """Until when what is past due is promised, where the policy takes that for enough."""
    if not rules.promise_is_enough:
        return None
    try:
        plan = plan_on(account.pk, day)
        if plan is not None and plan.stands.state == "current" and plan.stands.next_due is not None:
            return plan.stands.next_due.due_on
        return extended_until(account.pk, day)
    except NoPolicy:
        return None


def _order(off: list[ServiceStatus]) -> Order | None:
    points = [each.service_point_id for each in off]
    return Order.objects.filter(service_point__in=points, kind="on", state__in=WAITING).first()
