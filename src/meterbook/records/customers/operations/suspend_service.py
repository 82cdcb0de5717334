"""Suspending a service for some days, and resuming it: the agreement stands, and bills follow the policy meanwhile."""

from __future__ import annotations

from datetime import date, timedelta

from meterbook.engine.billing.suspension import parse_suspension
from meterbook.engine.trace import N_, Step, Value
from meterbook.records.customers.models import ServiceAgreement, ServiceSuspension
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.policies import policy
from meterbook.records.platform.roles import BILLING, CSR, SUPERVISOR

POLICY = "service-suspension"


class SuspensionRefused(ValueError):
    """What was asked for cannot be; ``step`` says why in words that are put into the reader's language."""

    def __init__(self, message: str, **values: Value) -> None:
        self.step = Step(message, values)
        super().__init__(self.step.words(str))


class CannotSuspend(SuspensionRefused):
    """The cause does not suspend this service, the days are too few, or the agreement does not hold on all of them."""


class NotSuspended(SuspensionRefused):
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
    point, days = now.service_point.code, 0 if ends is None else (ends - starts).days
    known = parse_suspension(policy(POLICY, starts))
    if cause not in known:
        causes = ", ".join(sorted(known))
        raise CannotSuspend(N_("{point}: found cause {cause}, expected one of {causes}."), point=point, cause=cause,
                            causes=causes)  # fmt: skip
    continues = known[cause].continues.get(now.service_point.commodity)
    if continues is None:
        services = ", ".join(sorted(known[cause].continues))
        raise CannotSuspend(N_("{point}: {cause} suspends only {services}, found {found}."), point=point, cause=cause,
                            services=services, found=now.service_point.commodity)  # fmt: skip
    if ends is not None and days < known[cause].least_days:
        raise CannotSuspend(N_("{point}: the cause asks at least {least} days, found {days}."), point=point,
                            least=known[cause].least_days, days=max(days, 0))  # fmt: skip
    until = now.validity.upper
    if starts < now.validity.lower or (until is not None and (ends is None or ends > until or starts >= until)):
        raise CannotSuspend(N_("{point}: the agreement does not hold on all of these days."), point=point)
    if now.suspensions.filter(validity__overlap=(starts, ends)).exists():
        raise CannotSuspend(N_("{point}: it is suspended on some of these days already."), point=point)
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
        raise NotSuspended(N_("Service resumes after the day it was suspended, and not after the day it would anyway."))
    if starts < first + timedelta(days=least):
        raise NotSuspended(N_("The cause asks at least {least} days, found {days}."), least=least,
                           days=(starts - first).days)  # fmt: skip
    now.validity = (first, starts)
    now.save()
    tell(deed, "customers.service_resumed", agreement=now.agreement_id, suspension=now.pk, starts=str(starts))
    return now
