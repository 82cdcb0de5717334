"""Enrolling an account in level payment."""

from __future__ import annotations

from meterbook.engine.programs.level_pay.rules import refusals
from meterbook.records.customers.models import Account
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, CSR, SUPERVISOR
from meterbook.records.programs.level_pay.queries import candidate
from meterbook.records.programs.level_pay.refusals import LevelPayRefused
from meterbook.records.programs.level_pay.rules import document_on, rules_on
from meterbook.records.programs.models import LevelPayAmount, LevelPayPlan


@operation("programs.enrol_level_pay", roles={CSR, BILLING, SUPERVISOR})
def enrol_level_pay(deed: Deed, *, account: Account, formula: str) -> LevelPayPlan:
    """Enrol an account from its next bill on; the amount follows from its bills of the last twelve months.

    Raises `LevelPayRefused` with every reason of the policy, `NoPolicy`, and `WrongRules` for an unknown formula.
    """
    day = deed.business_date
    locked = Account.objects.select_for_update().get(pk=account.pk)
    found = candidate(locked, formula, day)
    if reasons := refusals(rules_on(day), found.standing):
        raise LevelPayRefused(reasons)
    plan = LevelPayPlan.objects.create(account=locked, formula=formula, starts=day, enrolled=deed)
    LevelPayAmount.objects.create(
        plan=plan, after_month=0, basis_cents=found.standing.charged_cents, basis_months=found.standing.bills,
        amount_cents=found.amount_cents, document=document_on(day), deed=deed,
    )  # fmt: skip
    tell(deed, "programs.level_pay_enrolled", plan=plan.pk, account=locked.pk, cents=found.amount_cents)
    return plan
