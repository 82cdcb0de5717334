"""Ending a plan: because the rules say so, or because the customer asks. What it deferred is then due like all else."""

from __future__ import annotations

from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, CSR, SUPERVISOR
from meterbook.records.programs.level_pay.asking import progress
from meterbook.records.programs.level_pay.refusals import not_active
from meterbook.records.programs.models import LevelPayPlan


@operation("programs.remove_level_pay", roles={BILLING, SUPERVISOR})
def remove_level_pay(deed: Deed, *, plan: LevelPayPlan, why: str) -> LevelPayPlan:
    """Remove an account from its plan; it may enrol again only after the months of the policy.

    The next bill asks for everything owed. Raises `LevelPayRefused` where the plan has ended.
    """
    ended, left = _end(deed, plan, LevelPayPlan.REMOVED, why)
    tell(deed, "programs.level_pay_removed", plan=ended.pk, account=ended.account_id, difference_cents=left, why=why)
    return ended


@operation("programs.settle_level_pay", roles={CSR, BILLING, SUPERVISOR})
def settle_level_pay(deed: Deed, *, plan: LevelPayPlan, why: str = "asked by the customer") -> LevelPayPlan:
    """End a plan early because the customer asks: the next bill settles. Raises `LevelPayRefused`."""
    ended, left = _end(deed, plan, LevelPayPlan.SETTLED, why)
    tell(deed, "programs.level_pay_settled", plan=ended.pk, account=ended.account_id, difference_cents=left, why=why)
    return ended


def _end(deed: Deed, plan: LevelPayPlan, state: str, why: str) -> tuple[LevelPayPlan, int]:
    """End a plan; returns it, and the cents it still deferred."""
    locked = LevelPayPlan.objects.select_for_update().get(pk=plan.pk)
    if locked.state != LevelPayPlan.ACTIVE:
        raise not_active()
    left = progress([locked])[locked.pk].difference
    locked.state, locked.ended_on, locked.ended, locked.ended_why = state, deed.business_date, deed, why[:300]
    locked.save()
    return locked, left
