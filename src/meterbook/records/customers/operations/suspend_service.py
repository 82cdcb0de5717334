"""Suspending a service for some days, and resuming it: the agreement stands, and bills follow the policy meanwhile."""

from __future__ import annotations

from datetime import date, timedelta

from meterbook.engine.billing.suspension import parse_suspension
from meterbook.records.customers.models import ServiceAgreement, ServiceSuspension
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.policies import policy
from meterbook.records.platform.roles import BILLING, CSR, SUPERVISOR

POLICY = "service-suspension"


class CannotSuspend(ValueError):
    """The cause does not suspend this service, the days are too few, or the agreement does not hold on all of them."""


class NotSuspended(ValueError):
    """The service is not suspended on the day it is to resume, or would be suspended for too few days."""


@operation("customers.suspend_service", roles={CSR, BILLING, SUPERVISOR})
def suspend_service(
    deed: Deed, *, agreement: ServiceAgreement, cause: str, starts: date, ends: date | None = None
) -> ServiceSuspension:
    """Suspend the service of ``agreement`` from ``starts`` up to, not including, ``ends`` (open if not given).

    What is charged meanwhile is what the policy in force on ``starts`` says of the cause. Days that are on a bill
    already stay as billed until a correction bills them again. Raises `CannotSuspend`.
    """
    locked = ServiceAgreement.objects.select_for_update(of=("self",)).select_related("service_point", "schedule")
    now = locked.get(pk=agreement.pk)
    where = f"{now.service_point.code} on {now.schedule.code}"
    known = parse_suspension(policy(POLICY, starts))
    if cause not in known:
        raise CannotSuspend(f"{where}: found cause {cause!r}, expected one of {', '.join(sorted(known))}")
    continues = known[cause].continues.get(now.service_point.commodity)
    if continues is None:
        services = ", ".join(sorted(known[cause].continues))
        raise CannotSuspend(f"{where}: found {now.service_point.commodity}, {cause} suspends only {services}")
    if ends is not None and (ends - starts).days < known[cause].least_days:
        raise CannotSuspend(
            f"{where}: found {(ends - starts).days} days, {cause} asks at least {known[cause].least_days}"
        )
    until = now.validity.upper
    if starts < now.validity.lower or (until is not None and (ends is None or ends > until or starts >= until)):
        raise CannotSuspend(f"{where}: the agreement does not hold from {starts} to {ends or 'any later day'}")
    if now.suspensions.filter(validity__overlap=(starts, ends)).exists():
        raise CannotSuspend(f"{where}: it is suspended on some of these days already")
    suspension = ServiceSuspension.objects.create(
        agreement=now, continues=continues, cause=cause, validity=(starts, ends), deed=deed
    )
    tell(deed, "customers.service_suspended", agreement=now.pk, suspension=suspension.pk, cause=cause,
         continues=continues)  # fmt: skip
    return suspension


@operation("customers.resume_service", roles={CSR, BILLING, SUPERVISOR})
def resume_service(deed: Deed, *, suspension: ServiceSuspension, starts: date) -> ServiceSuspension:
    """Resume a suspended service: ``starts`` is the first day there is service again. Raises `NotSuspended`."""
    now = ServiceSuspension.objects.select_for_update(of=("self",)).select_related("agreement").get(pk=suspension.pk)
    first, after = now.validity.lower, now.validity.upper
    least = parse_suspension(policy(POLICY, first))[now.cause].least_days
    if starts <= first or (after is not None and starts > after):
        raise NotSuspended(f"suspended from {first} to {after or 'now'}, found {starts}")
    if starts < first + timedelta(days=least):
        raise NotSuspended(f"{now.cause} asks at least {least} days from {first}, found {starts}")
    now.validity = (first, starts)
    now.save()
    tell(deed, "customers.service_resumed", agreement=now.agreement_id, suspension=now.pk, starts=str(starts))
    return now
