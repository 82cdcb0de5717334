"""Changing the rate schedule of a service: the agreement ends and one on the new schedule follows it."""

from __future__ import annotations

from datetime import date

from meterbook.records.customers.models import ServiceAgreement
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, SUPERVISOR
from meterbook.records.rates.models import Schedule


class CannotChangeSchedule(ValueError):
    """The agreement has ended, begins later, is on that schedule already, or serves another commodity."""


@operation("customers.change_schedule", roles={BILLING, SUPERVISOR})
def change_schedule(deed: Deed, *, agreement: ServiceAgreement, schedule: Schedule, starts: date) -> ServiceAgreement:
    """Continue the same account's service on ``schedule`` from ``starts``; returns the new agreement.

    Raises `CannotChangeSchedule`.
    """
    locked = ServiceAgreement.objects.select_for_update(of=("self",)).select_related("service_point", "schedule")
    now = locked.get(pk=agreement.pk)
    where = f"{now.service_point.code} on {now.schedule.code}"
    if now.validity.upper is not None or now.validity.lower >= starts:
        raise CannotChangeSchedule(f"{where}: not in service before and after {starts}")
    if now.schedule_id == schedule.pk:
        raise CannotChangeSchedule(f"{where}: it is on that schedule already")
    if now.service_point.commodity != schedule.commodity:
        raise CannotChangeSchedule(
            f"{where}: found {schedule.code} for {schedule.commodity}, expected {now.service_point.commodity}"
        )
    now.validity = (now.validity.lower, starts)
    now.save()
    new = ServiceAgreement.objects.create(
        account=now.account, service_point=now.service_point, schedule=schedule, validity=(starts, None), deed=deed
    )
    tell(deed, "customers.schedule_changed", agreement=new.pk, before=now.pk, schedule=schedule.code)
    return new
