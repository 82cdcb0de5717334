"""Withdrawing a case: its run is cancelled, nothing was posted."""

from __future__ import annotations

from django.db.models import Q

from meterbook.records.billing.models import BilledPeriod, BillRun
from meterbook.records.billing.operations.cancel_run import cancel_run
from meterbook.records.corrections.models import CorrectionCase
from meterbook.records.corrections.operations.calculate_case import open_and_locked
from meterbook.records.corrections.refusals import StillNeeded
from meterbook.records.platform.deeds import Act, operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, SUPERVISOR


@operation("corrections.withdraw_case", roles={BILLING, SUPERVISOR})
def withdraw_case(deed: Deed, *, case: CorrectionCase) -> CorrectionCase:
    """End a case without posting it.

    Raises `CaseClosed`; `StillNeeded` where a move rests on it: who was billed is not who is served on those days.
    """
    locked = open_and_locked(case)
    _refuse_needed(locked)
    if locked.run is not None:
        if locked.run.status != BillRun.CANCELLED:
            cancel_run(Act(deed.actor, deed.business_date, deed.reason), run=locked.run)
        locked.run = None
    locked.withdrawn = deed
    locked.save()
    tell(deed, "corrections.case_withdrawn", case=locked.pk)
    return locked


def _refuse_needed(case: CorrectionCase) -> None:
    """Bills of days an agreement no longer covers, or of whom it no longer is, are put right by the case alone."""
    for item in case.items.filter(bill__isnull=False).select_related("bill"):
        billed = BilledPeriod.objects.filter(
            bill=item.bill_id, service_point=item.service_point_id, released__isnull=True,
            period__startswith=item.starts, period__endswith=item.ends,
        )  # fmt: skip
        assert item.bill is not None
        beyond = Q(agreement__validity__endswith__lt=item.ends) | ~Q(agreement__account=item.bill.account_id)
        if billed.filter(beyond).exists():
            raise StillNeeded(f"case {case.number}: the move it puts right stands")
