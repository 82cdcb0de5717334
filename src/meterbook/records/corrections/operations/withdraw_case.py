"""Withdrawing a case: its run is cancelled, nothing was posted."""

from __future__ import annotations

from meterbook.records.billing.models import BillRun
from meterbook.records.billing.operations.cancel_run import cancel_run
from meterbook.records.corrections.models import CorrectionCase
from meterbook.records.corrections.operations.calculate_case import open_and_locked
from meterbook.records.platform.deeds import Act, operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, SUPERVISOR


@operation("corrections.withdraw_case", roles={BILLING, SUPERVISOR})
def withdraw_case(deed: Deed, *, case: CorrectionCase) -> CorrectionCase:
    """End a case without posting it. Raises `CaseClosed`."""
    locked = open_and_locked(case)
    if locked.run is not None:
        if locked.run.status != BillRun.CANCELLED:
            cancel_run(Act(deed.actor, deed.business_date, deed.reason), run=locked.run)
        locked.run = None
    locked.withdrawn = deed
    locked.save()
    tell(deed, "corrections.case_withdrawn", case=locked.pk)
    return locked
