"""Money beside bills in the tests' office: an adjustment that was booked, a leak claim that waits, a remittance."""

from __future__ import annotations

from datetime import date

from tests.web.office import BILL_2, Office, act

from meterbook.records.adjustments.models import Adjustment, LeakClaim
from meterbook.records.adjustments.operations.propose import chart_account, propose_adjustment
from meterbook.records.adjustments.settings import leak_rules_on
from meterbook.records.agencies.agreements import agency_on
from meterbook.records.agencies.models import Remittance
from meterbook.records.corrections.calculating.standing import of_bills
from meterbook.records.corrections.models import CorrectionCase
from meterbook.records.corrections.operations.calculate_case import calculate_case
from meterbook.records.corrections.operations.open_case import open_case
from meterbook.records.platform.models import Approval, Deed


def adjustment(office: Office) -> Adjustment:
    """A courtesy credit of ten dollars, booked."""
    found = Adjustment.objects.filter(claim__isnull=True, account=office.ana).first()
    return found or propose_adjustment(
        act(office.staff["csr"], BILL_2), account=office.ana, service="water", amount_cents=-1000, reason="courtesy",
        note="long wait",
    )  # fmt: skip


def _asked(office: Office, kind: str) -> tuple[Deed, Approval]:
    deed = Deed.objects.create(kind="test.asked", actor=office.staff["billing"], business_date=BILL_2)
    request = Approval.objects.create(
        kind=kind, subject="leakclaim:0", preview={}, amount_cents=-100, requested_by=deed.actor, reason="a leak"
    )
    return deed, request


def claim(office: Office) -> LeakClaim:
    """A leak claim that waits: one rule unmet and waived, one line credited."""
    found = LeakClaim.objects.first()
    if found is not None:
        return found
    deed, request = _asked(office, "adjustments.decide")
    says = {"message": "Every bill rests on actual reads.", "values": {}}
    rules = [{"rule": "actual_reads", "met": False, "waivable": True, "says": says}]
    document, _ = leak_rules_on(BILL_2)
    made = LeakClaim.objects.create(
        account=office.ana, document=document, asked_on=BILL_2, repaired_on=BILL_2, bypassed_sewer=True, rules=rules,
        waived="known leak", deed=deed,
    )  # fmt: skip
    line = {
        "component": "water", "part": 1, "version": "2026-03", "starts": "2026-07-06", "quantity": "11",
        "price": "1.91", "cents": 2101, "revenue": "4220", "words": {"en": "Water use", "es": "Consumo de agua"},
    }  # fmt: skip
    derivation = {
        "agreement": 0, "unit": "ccf", "credit_cents": 100, "steps": [says], "before": [line],
        "after": [{**line, "cents": 2001}],
    }  # fmt: skip
    Adjustment.objects.create(
        account=office.ana, service="water", amount_cents=-100, reason="leak", words_en="Leak credit",
        words_es="Crédito por fuga", against=chart_account("4220"), document=document, effective_on=BILL_2,
        note="service line", bill=office.bill, claim=made, derivation=derivation, approval=request, proposed_by=deed,
    )  # fmt: skip
    return made


def correction(office: Office) -> CorrectionCase:
    """A case about Ana's bill, calculated: nothing else comes out, so only its cancellation would post."""
    found = CorrectionCase.objects.first()
    if found is not None:
        return found
    technician = act(office.staff["billing"], BILL_2, "billed twice, says the customer")
    case = open_case(
        technician, standing=of_bills([office.bill.pk]), cause="billing_error", scope="bills", discovered_on=BILL_2,
        rebill=False,
    )  # fmt: skip
    return calculate_case(technician, case=case)


def remittance(office: Office) -> Remittance:
    """What the state is owed for July, waiting for a second person."""
    found = Remittance.objects.first()
    if found is not None:
        return found
    deed, request = _asked(office, "agencies.decide_remittance")
    document, _ = agency_on("state_energy", BILL_2)
    return Remittance.objects.create(
        agency="state_energy", document=document, basis="billed", starts=date(2026, 4, 1), ends=date(2026, 7, 1),
        opening_cents=0, accrued_cents=100, settled_cents=100, fee_cents=0, paid_cents=100, figures={"settles": [100]},
        effective_on=BILL_2, approval=request, proposed_by=deed,
    )  # fmt: skip
