"""An account's own order of payment: current bills first, for as long as an arrangement stands."""

from __future__ import annotations

from datetime import date, timedelta

from meterbook.engine.trace import N_, Step
from meterbook.records.customers.models import Account
from meterbook.records.customers.relations import refuse_own
from meterbook.records.ledger.models import AccountOrder, Allocation
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, FINANCE, SUPERVISOR


class WrongOrderDays(ValueError):
    """The days do not fit: rules begin and end today or later, one at a time; ``step`` says which."""

    def __init__(self, step: Step) -> None:
        self.step = step
        super().__init__(step.words(str))


@operation("ledger.set_account_order", roles={BILLING, SUPERVISOR, FINANCE})
def set_account_order(
    deed: Deed, *, account: Account, current_from: date, begins: date, ends: date | None = None
) -> AccountOrder:
    """From ``begins`` on, payments settle charges due on or after ``current_from`` before older ones.

    ``ends`` is the first day the rule no longer holds. Raises `WrongOrderDays` and `OwnAccount`.
    """
    refuse_own(deed.actor, account, deed.business_date)
    if begins < deed.business_date or (ends is not None and ends <= begins):
        raise WrongOrderDays(Step(N_("An order of payment begins today or later, and ends after it began.")))
    if AccountOrder.objects.filter(account=account, validity__overlap=(begins, ends)).exists():
        raise WrongOrderDays(Step(N_("The account has an order of payment of its own for some of these days.")))
    if Allocation.objects.filter(credit__account=account, effective_on__gte=begins).exists():
        raise WrongOrderDays(Step(N_("Payments of that day were applied already. Let it begin tomorrow.")))
    made = AccountOrder.objects.create(account=account, current_from=current_from, validity=(begins, ends), deed=deed)
    tell(deed, "ledger.account_order_set", account=account.pk, current_from=str(current_from))
    return made


@operation("ledger.end_account_order", roles={BILLING, SUPERVISOR, FINANCE})
def end_account_order(deed: Deed, *, rule: AccountOrder, ends: date) -> AccountOrder:
    """Let a rule end: ``ends``, tomorrow or later, is the first day it no longer holds. Raises `WrongOrderDays`."""
    rule = AccountOrder.objects.select_for_update().get(pk=rule.pk)
    refuse_own(deed.actor, rule.account, deed.business_date)
    if ends <= max(deed.business_date, rule.validity.lower) or (rule.validity.upper and ends > rule.validity.upper):
        raise WrongOrderDays(Step(N_("A rule ends tomorrow or later, and not after its own last day.")))
    rule.validity = (rule.validity.lower, ends)
    rule.save()
    tell(deed, "ledger.account_order_ended", rule=rule.pk, ends=str(ends))
    return rule


def begin_order(deed: Deed, *, account: Account, current_from: date, ends: date) -> AccountOrder:
    """The rule a plan of instalments brings: from today on, or tomorrow where today's payments were applied already."""
    applied = Allocation.objects.filter(credit__account=account, effective_on__gte=deed.business_date)
    latest = applied.order_by("-effective_on").values_list("effective_on", flat=True).first()
    begins = deed.business_date if latest is None else latest + timedelta(days=1)
    made = AccountOrder.objects.create(
        account=account, current_from=current_from, validity=(begins, max(ends, begins + timedelta(days=1))), deed=deed
    )
    tell(deed, "ledger.account_order_set", account=account.pk, current_from=str(current_from))
    return made


def cut_order(deed: Deed, rule: AccountOrder) -> None:
    """Let a rule end tomorrow, or on its first day's morrow; one that has ended stays as it is."""
    ends = max(deed.business_date, rule.validity.lower) + timedelta(days=1)
    if rule.validity.upper is None or rule.validity.upper > ends:
        rule.validity = (rule.validity.lower, ends)
        rule.save()
        tell(deed, "ledger.account_order_ended", rule=rule.pk, ends=str(ends))
