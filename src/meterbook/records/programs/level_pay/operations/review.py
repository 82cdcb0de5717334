"""Reviewing the amounts of plans that stand at a review month."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence

from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, SUPERVISOR
from meterbook.records.programs.level_pay.queries import Review, reviews
from meterbook.records.programs.level_pay.refusals import moved
from meterbook.records.programs.level_pay.rules import document_on
from meterbook.records.programs.models import LevelPayAmount, LevelPayPlan


def token_of(rows: Sequence[Review]) -> str:
    """A mark of what a preview showed: what would be done now must have the same."""
    text = ";".join(f"{row.plan_id}:{row.after_month}:{row.before_cents}:{row.after_cents}" for row in rows)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@operation("programs.review_level_pay", roles={BILLING, SUPERVISOR})
def review_level_pay(deed: Deed, *, plans: Collection[int] | None = None, token: str = "") -> int:
    """Review every plan that is due, or some of them; returns how many amounts changed.

    A change below the policy's percentage keeps the old amount, and says that it was looked at. ``token`` is that of
    the preview; raises `LevelPayRefused` where the figures have changed since.
    """
    list(LevelPayPlan.objects.select_for_update().filter(state=LevelPayPlan.ACTIVE).values_list("pk", flat=True))
    rows = [row for row in reviews(deed.business_date) if plans is None or row.plan_id in plans]
    if token and token != token_of(rows):
        raise moved()
    document, changed = document_on(deed.business_date), 0
    for row in rows:
        before = LevelPayAmount.objects.filter(plan_id=row.plan_id).order_by("-after_month")[0]
        LevelPayAmount.objects.create(
            plan_id=row.plan_id, after_month=row.after_month, changed=row.changes, document=document, deed=deed,
            basis_cents=row.basis_cents if row.changes else before.basis_cents,
            basis_months=row.basis_months if row.changes else before.basis_months,
            amount_cents=row.after_cents if row.changes else row.before_cents,
        )  # fmt: skip
        if row.changes:
            changed += 1
            tell(deed, "programs.level_pay_changed", plan=row.plan_id, account=row.account_id,
                 before_cents=row.before_cents, after_cents=row.after_cents)  # fmt: skip
    return changed
