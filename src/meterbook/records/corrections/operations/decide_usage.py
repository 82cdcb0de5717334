"""Deciding a usage no read tells: a total over whole periods, with what it rests on; and taking that back."""

from __future__ import annotations

from datetime import date

from meterbook.records.corrections.models import CorrectionCase, DecidedUsage
from meterbook.records.corrections.operations.calculate_case import open_and_locked
from meterbook.records.corrections.refusals import DecidedUsageDoesNotFit, NoReason
from meterbook.records.places.models import ServicePoint
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, SUPERVISOR


@operation("corrections.decide_usage", roles={BILLING, SUPERVISOR})
def decide_usage(
    deed: Deed, *, case: CorrectionCase, service_point: ServicePoint, starts: date, ends: date, quantity_e6: int
) -> DecidedUsage:
    """Decide what was used at a metered point from ``starts`` to ``ends`` (out), in millionths of its meter's unit.

    It is spread over the periods of the case by days, before tiers; the deed's reason is printed with it. Raises
    `NoReason`, `CaseClosed`, and `DecidedUsageDoesNotFit` where another decision covers a day of it.
    """
    locked = open_and_locked(case)
    if not deed.reason.strip():
        raise NoReason("say what the usage rests on")
    if quantity_e6 < 0 or ends <= starts:
        raise DecidedUsageDoesNotFit("a decided usage is not below zero and has days")
    others = locked.decided_usages.filter(
        withdrawn__isnull=True, service_point=service_point, period__overlap=(starts, ends)
    )
    if others.exists():
        raise DecidedUsageDoesNotFit(f"{service_point.code}: another decision covers a part of {starts} to {ends}")
    decided = DecidedUsage.objects.create(
        case=locked, service_point=service_point, period=(starts, ends), quantity_e6=quantity_e6,
        reason=deed.reason.strip(), deed=deed,
    )  # fmt: skip
    tell(deed, "corrections.usage_decided", case=locked.pk, decided=decided.pk)
    return decided


@operation("corrections.withdraw_usage", roles={BILLING, SUPERVISOR})
def withdraw_usage(deed: Deed, *, decided: DecidedUsage) -> DecidedUsage:
    """Take a decided usage out of its case again. Raises `CaseClosed`."""
    open_and_locked(decided.case)
    found = DecidedUsage.objects.select_for_update().get(pk=decided.pk)
    found.withdrawn = found.withdrawn or deed
    found.save(update_fields=["withdrawn"])
    tell(deed, "corrections.usage_withdrawn", case=found.case_id, decided=found.pk)
    return found
