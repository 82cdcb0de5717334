"""Somebody is asked to come: the fee is charged first, and nobody is sent before it is paid."""

from __future__ import annotations

from datetime import date

from meterbook.engine.trace import N_, Step
from meterbook.records.customers.models import Account
from meterbook.records.customers.relations import refuse_own
from meterbook.records.fees.booking import book_charges, cancel_charge, unpaid
from meterbook.records.fees.models import ServiceRequest
from meterbook.records.fees.operations.charge import new_charge
from meterbook.records.fees.refusals import FeeRefused
from meterbook.records.fees.settings import catalogue_on
from meterbook.records.ledger.settle import lock_accounts
from meterbook.records.metering.field.operations.flag import flag_request
from meterbook.records.metering.field.operations.send import approve_request
from meterbook.records.metering.models import FieldRequest
from meterbook.records.places.models import ServicePoint
from meterbook.records.platform.deeds import Act, operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, CSR, FINANCE, SUPERVISOR


@operation("fees.request_service", roles={CSR, BILLING, SUPERVISOR})
def request_service(
    deed: Deed, *, account: Account, service_point: ServicePoint, fee: str, wanted_on: date | None = None,
    note: str = "",
) -> ServiceRequest:  # fmt: skip
    """Charge the fee and keep the request until it is paid. The price is the catalogue's: nobody else decides.

    Raises `FeeRefused` for a fee that is not paid first or a service point that is not the account's, `OwnAccount`.
    """
    document, catalogue = catalogue_on(deed.business_date)
    found = catalogue.fees.get(fee)
    if found is None or not found.paid_first or found.price is None:
        raise FeeRefused(Step(N_("The catalogue has no fee {fee} that is paid before somebody is sent."), {"fee": fee}))
    if not account.agreements.filter(service_point=service_point, validity__contains=deed.business_date).exists():
        raise FeeRefused(Step(N_("Account {number} is not served there."), {"number": account.number}))
    if wanted_on is not None and wanted_on < deed.business_date:
        raise FeeRefused(Step(N_("{day} is past."), {"day": wanted_on}))
    charge = new_charge(
        deed, catalogue, document, account=account, fee=fee, service=service_point.commodity, keyed=None, note=note
    )
    book_charges(deed, [charge])
    made = ServiceRequest.objects.create(
        charge=charge, service_point=service_point, field_kind=found.field, wanted_on=wanted_on, deed=deed
    )
    tell(deed, "fees.service_requested", request=made.pk, account=account.pk, fee=fee, cents=charge.amount_cents)
    return made


@operation("fees.send", roles={CSR, BILLING, SUPERVISOR})
def send_service(deed: Deed, *, request: ServiceRequest) -> ServiceRequest:
    """Send somebody, now that the fee is paid: the field hears of it. Raises `FeeRefused` while a cent is open."""
    found = _locked(deed, request)
    left = unpaid([found.charge_id])[found.charge_id]
    if left:
        raise FeeRefused(
            Step(N_("{cents} cents of the fee are still open; nobody is sent before it is paid."), {"cents": left})
        )
    why = found.charge.note or found.charge.words_en
    act = Act(actor=deed.actor, business_date=deed.business_date, reason=f"{why} (paid)")
    found.field_request = flag_request(
        act, service_point=found.service_point, kind=found.field_kind, due_on=found.wanted_on
    )
    if found.field_request.state == FieldRequest.FLAGGED:  # it is paid: nobody has to agree any more
        approve_request.within(deed, request=found.field_request)
    found.state, found.ended_by = ServiceRequest.SENT, deed
    found.save(update_fields=["field_request", "state", "ended_by"])
    tell(deed, "fees.service_sent", request=found.pk, field_request=found.field_request_id)
    return found


@operation("fees.cancel_service", roles={CSR, BILLING, SUPERVISOR, FINANCE})
def cancel_service(deed: Deed, *, request: ServiceRequest) -> ServiceRequest:
    """The customer does not want it any more: the fee is credited, as nobody was sent. Raises `FeeRefused`."""
    found = _locked(deed, request)
    cancel_charge(deed, found.charge)
    found.state, found.ended_by = ServiceRequest.CANCELLED, deed
    found.save(update_fields=["state", "ended_by"])
    tell(deed, "fees.service_cancelled", request=found.pk)
    return found


def _locked(deed: Deed, request: ServiceRequest) -> ServiceRequest:
    refuse_own(deed.actor, request.charge.account, deed.business_date)
    lock_accounts([request.charge.account_id])
    rows = ServiceRequest.objects.select_for_update(of=("self",)).select_related("charge__account", "service_point")
    found = rows.get(pk=request.pk)
    if found.state != ServiceRequest.WAITS:
        raise FeeRefused(Step(N_("This request does not wait any more.")))
    return found
