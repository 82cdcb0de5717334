"""Letting an implausible bill go out: somebody saw its figures and says why they are right."""

from __future__ import annotations

from meterbook.engine.trace import N_
from meterbook.records.billing.models import BillClearance, BillRun, RegisterMark
from meterbook.records.billing.register.operations.hold import CannotHold
from meterbook.records.customers.models import Account
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, SUPERVISOR


@operation("billing.let_through", roles={BILLING, SUPERVISOR})
def let_through(deed: Deed, *, account: Account, run: BillRun) -> int:
    """Let every figure that holds the account in this run go out, up to what was seen; returns how many.

    It holds until the account is billed: a greater figure is held again. Raises `CannotHold` without a reason, or
    where nothing implausible holds the account.
    """
    if not deed.reason.strip():
        raise CannotHold("why", N_("Say why the figures are right."))
    holding = list(RegisterMark.objects.filter(run=run, account=account, effect="hold"))
    if not holding:
        message = N_("Nothing implausible holds account {number} in run {run}.")
        raise CannotHold("plausible", message, number=account.number, run=run.number)
    BillClearance.objects.bulk_create(
        BillClearance(account=account, run=run, service_point_id=mark.service_point_id, test=mark.test,
                      figure=mark.figure or 0, deed=deed)
        for mark in holding
    )  # fmt: skip
    tell(deed, "billing.bill_let_through", account=account.pk, run=run.pk, figures=len(holding))
    return len(holding)
