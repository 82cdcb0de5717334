"""A fee of the catalogue: charged alone within one's limit, else a second person decides; cancelled the same way."""

from __future__ import annotations

from meterbook.engine.billing.charges.catalogue import Catalogue, ServiceFee
from meterbook.engine.trace import N_, Step
from meterbook.records.customers.models import Account, ServiceAgreement
from meterbook.records.customers.relations import refuse_own
from meterbook.records.fees.booking import book_charges, cancel_charge, due_date
from meterbook.records.fees.models import ServiceCharge, ServiceRequest
from meterbook.records.fees.refusals import FeeRefused
from meterbook.records.fees.settings import catalogue_on, chart_account
from meterbook.records.ledger.settle import lock_accounts
from meterbook.records.platform.deeds import Act, operation, tell
from meterbook.records.platform.models import Approval, Deed, Document
from meterbook.records.platform.operations.approvals import decide_approval, request_approval
from meterbook.records.platform.roles import BILLING, CSR, FINANCE, SUPERVISOR, roles_of

CHARGE, CANCEL = "fees.decide_charge", "fees.decide_cancel"


def subject_of(charge: ServiceCharge) -> str:
    """What requests about a charge name."""
    return f"servicecharge:{charge.pk}"


@operation("fees.charge", roles={CSR, BILLING, SUPERVISOR, FINANCE})
def charge_fee(
    deed: Deed, *, account: Account, fee: str, service: str, amount_cents: int | None = None, note: str = ""
) -> ServiceCharge:
    """Charge a fee. Raises `FeeRefused`, `WrongCharge`, `OwnAccount`, `NoPolicy`, `NoLedgerAccount`."""
    document, catalogue = catalogue_on(deed.business_date)
    made = new_charge(
        deed, catalogue, document, account=account, fee=fee, service=service, keyed=amount_cents, note=note
    )
    if catalogue.may_alone(roles_of(deed.actor, deed.business_date), made.amount_cents):
        book_charges(deed, [made])
        tell(deed, "fees.charged", charge=made.pk, account=account.pk, fee=fee, cents=made.amount_cents)
    else:
        made.approval = _ask(deed, made, CHARGE, "charge")
        made.save(update_fields=["approval"])
        tell(deed, "fees.charge_asked", charge=made.pk, account=account.pk, fee=fee, cents=made.amount_cents)
    return made


def new_charge(
    deed: Deed, catalogue: Catalogue, document: Document, *, account: Account, fee: str, service: str,
    keyed: int | None, note: str,
) -> ServiceCharge:  # fmt: skip
    """The row of a charge, not booked yet; the account is locked."""
    lock_accounts([account.pk])
    refuse_own(deed.actor, account, deed.business_date)
    found = _known(catalogue, fee, service)
    if not ServiceAgreement.objects.filter(account=account, service_point__commodity=service).exists():
        raise FeeRefused(
            Step(N_("Account {number} never had this service: {service}."),
                 {"number": account.number, "service": service})
        )  # fmt: skip
    return ServiceCharge.objects.create(
        account=account, code=found.code, words_en=found.words["en"], words_es=found.words["es"], service=service,
        amount_cents=found.amount(keyed), due_on=due_date(deed.business_date), against=chart_account(found.account),
        document=document, note=note.strip()[:300], asked_by=deed,
    )  # fmt: skip


def _known(catalogue: Catalogue, fee: str, service: str) -> ServiceFee:
    found = catalogue.fees.get(fee)
    if found is None or service not in found.services:
        raise FeeRefused(Step(N_("The catalogue has no fee {fee} for {service}."), {"fee": fee, "service": service}))
    return found


@operation(CHARGE, roles={SUPERVISOR, FINANCE})
def decide_charge(deed: Deed, *, charge: ServiceCharge, approve: bool) -> ServiceCharge:
    """Decide a fee somebody asked for; it is due as if charged on the day it is booked.

    Raises `SamePerson`, `AlreadyDecided`, `OwnAccount`, `FeeRefused`.
    """
    found = _locked(deed, charge)
    if found.approval is None or found.state != ServiceCharge.ASKED:
        raise FeeRefused(Step(N_("Nobody has to decide about this charge.")))
    _decide(deed, found.approval, approve=approve)
    if approve:
        found.due_on = max(found.due_on, due_date(deed.business_date))
        book_charges(deed, [found])
    else:
        found.state = ServiceCharge.REFUSED
        found.save(update_fields=["state"])
    tell(deed, "fees.charged" if approve else "fees.charge_refused", charge=found.pk, cents=found.amount_cents)
    return found


@operation("fees.cancel", roles={CSR, BILLING, SUPERVISOR, FINANCE})
def cancel_fee(deed: Deed, *, charge: ServiceCharge) -> ServiceCharge:
    """Cancel a booked fee; above one's limit a second person is asked. The deed's reason says why.

    Raises `FeeRefused` without a reason, for one not booked, where a request waits already, and for a fee somebody
    has yet to be sent for (`cancel_service` ends both); `OwnAccount`.
    """
    found = _locked(deed, charge)
    if not deed.reason.strip():
        raise FeeRefused(Step(N_("Say why; it stays with the charge.")))
    if found.state != ServiceCharge.BOOKED:
        raise FeeRefused(Step(N_("Only a booked charge can be cancelled.")))
    if ServiceRequest.objects.filter(charge=found, state=ServiceRequest.WAITS).exists():
        raise FeeRefused(Step(N_("Somebody waits to be sent for this fee. Cancel that request; it credits the fee.")))
    _, catalogue = catalogue_on(deed.business_date)
    if catalogue.may_alone(roles_of(deed.actor, deed.business_date), found.amount_cents):
        cancel_charge(deed, found)
        tell(deed, "fees.cancelled", charge=found.pk, cents=found.amount_cents)
    else:
        if waiting(found) is not None:
            raise FeeRefused(Step(N_("A request to cancel this charge waits already.")))
        _ask(deed, found, CANCEL, "cancel")
        tell(deed, "fees.cancel_asked", charge=found.pk, cents=found.amount_cents)
    return found


@operation(CANCEL, roles={SUPERVISOR, FINANCE})
def decide_cancel(deed: Deed, *, charge: ServiceCharge, approve: bool) -> ServiceCharge:
    """Decide a cancellation somebody asked for. Raises `SamePerson`, `OwnAccount`, `FeeRefused`."""
    found = _locked(deed, charge)
    asked = waiting(found)
    if asked is None or asked.kind != CANCEL or found.state != ServiceCharge.BOOKED:
        raise FeeRefused(Step(N_("Nobody asked to cancel this charge.")))
    _decide(deed, asked, approve=approve)
    if approve:
        cancel_charge(deed, found)
    tell(deed, "fees.cancelled" if approve else "fees.cancel_refused", charge=found.pk, cents=found.amount_cents)
    return found


def waiting(charge: ServiceCharge) -> Approval | None:
    """The request about a charge that waits, if any."""
    return Approval.objects.filter(subject=subject_of(charge), status=Approval.PENDING).first()


def _locked(deed: Deed, charge: ServiceCharge) -> ServiceCharge:
    refuse_own(deed.actor, charge.account, deed.business_date)
    lock_accounts([charge.account_id])
    return ServiceCharge.objects.select_for_update(of=("self",)).select_related("account", "approval").get(pk=charge.pk)


def _ask(deed: Deed, charge: ServiceCharge, kind: str, what: str) -> Approval:
    preview = {
        "what": what, "account": charge.account.number, "fee": charge.code, "service": charge.service,
        "cents": charge.amount_cents, "against": charge.against.code, "note": charge.note,
    }  # fmt: skip
    act = Act(actor=deed.actor, business_date=deed.business_date, reason=deed.reason)
    return request_approval(
        act, kind=kind, subject=subject_of(charge), preview=preview, amount_cents=charge.amount_cents
    )


def _decide(deed: Deed, request: Approval, *, approve: bool) -> None:
    act = Act(actor=deed.actor, business_date=deed.business_date, reason=deed.reason, approval=request)
    decide_approval(act, request=request, approve=approve)
