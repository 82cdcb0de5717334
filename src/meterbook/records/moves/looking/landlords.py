"""Whose a premise's service is between tenants: the landlord's agreement of the day, and what bars it."""

from __future__ import annotations

from datetime import date

from meterbook.records.customers.models import Account
from meterbook.records.moves.models import LandlordAgreement
from meterbook.records.places.models import Premise
from meterbook.records.service_orders.models import ServiceStatus


def agreement_at(premise: Premise | int, on: date) -> LandlordAgreement | None:
    """The landlord's agreement that holds at a premise on a day."""
    rows = LandlordAgreement.objects.filter(premise=premise, validity__contains=on)
    return rows.select_related("account__holder", "owner", "premise").first()


def cut_off(premise: Premise | int, on: date) -> bool:
    """Whether some service of a premise is off for nonpayment on a day."""
    rows = ServiceStatus.objects.filter(service_point__premise=premise, validity__contains=on)
    return rows.filter(state=ServiceStatus.OFF, cause="nonpayment").exists()


def takes_over(premise: Premise | int, on: date, *, leaving: Account) -> tuple[LandlordAgreement | None, bool]:
    """The agreement by which the owner takes the service over from ``leaving``, and whether a cutoff bars it."""
    found = agreement_at(premise, on)
    if found is None or found.account_id == leaving.pk:
        return None, False
    if cut_off(premise, on) and not found.after_cutoff:
        return None, True
    return (found, False) if found.account.closed_on is None else (None, False)
