"""Putting right an agreement that was wrong from its first day: another schedule, or another account that pays.

What was billed by it stands until a correction case bills its days again.
"""

from __future__ import annotations

from meterbook.records.customers.models import Account, ServiceAgreement
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, SUPERVISOR
from meterbook.records.rates.models import Schedule


class CannotCorrectAgreement(ValueError):
    """Nothing would change, nobody says why, or the schedule is another service's."""


@operation("customers.correct_agreement", roles={BILLING, SUPERVISOR})
def correct_agreement(
    deed: Deed, *, agreement: ServiceAgreement, schedule: Schedule | None = None, account: Account | None = None
) -> ServiceAgreement:
    """Set the schedule or the account of an agreement for all its days; the deed's reason says what was wrong.

    Raises `CannotCorrectAgreement`. A change from some day on is `change_schedule`, or a move.
    """
    locked = ServiceAgreement.objects.select_for_update(of=("self",)).select_related("service_point", "schedule")
    now = locked.get(pk=agreement.pk)
    where = f"{now.service_point.code} on {now.schedule.code}"
    if not deed.reason.strip():
        raise CannotCorrectAgreement(f"{where}: say what was wrong")
    if schedule is not None and schedule.commodity != now.service_point.commodity:
        raise CannotCorrectAgreement(
            f"{where}: found {schedule.code} for {schedule.commodity}, expected {now.service_point.commodity}"
        )
    before = {"schedule": now.schedule_id, "account": now.account_id}
    now.schedule, now.account = schedule or now.schedule, account or now.account
    if before == {"schedule": now.schedule_id, "account": now.account_id}:
        raise CannotCorrectAgreement(f"{where}: it is so already")
    now.save()
    tell(deed, "customers.agreement_corrected", agreement=now.pk, before=before)
    return now
