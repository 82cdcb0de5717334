"""Security in the tests' office: Ana is asked for a deposit in parts, Ben has a letter of credit, a request waits."""

from __future__ import annotations

from datetime import timedelta

from tests.web.office import BILL_2, Office, act

from meterbook.records.ledger.deposits.operations.record_deposit import record_deposit
from meterbook.records.platform.models import Approval
from meterbook.records.security.assessing import Terms
from meterbook.records.security.models import Assessment, Instrument
from meterbook.records.security.operations.assess import assess_deposit, request_assessment
from meterbook.records.security.operations.instruments import Facts, Proof, add_instrument

PLAIN = ("assessments", "deposit_refunds", "instruments")
FILES = {"instrument_file", "security_letter"}
POSTED_ONLY = {"cancel_assessment"}


def assessment(office: Office) -> Assessment:
    """Ana's deposit, asked for in three parts; something was paid in before."""
    found = Assessment.objects.first()
    if found is not None:
        return found
    record_deposit(act(office.staff["cashier"], BILL_2), account=office.ana, amount_cents=6_000)
    terms = Terms(standing="poor", parts=3, waiver="good_credit", waived_cents=2_000, year_cents=None)
    return assess_deposit(act(office.staff["supervisor"], BILL_2), account=office.ana, terms=terms)


def instrument(office: Office) -> Instrument:
    """A letter of credit for Ben that ends soon."""
    found = Instrument.objects.first()
    if found is not None:
        return found
    facts = Facts("letter_of_credit", "Bend Community Bank", 50_000, BILL_2, BILL_2 + timedelta(days=45), "LC-88")
    proof = Proof("letter.pdf", "application/pdf", b"%PDF-1.7")
    return add_instrument(act(office.staff["csr"], BILL_2), account=office.ben, facts=facts, proofs=[proof])


def request(office: Office) -> Approval:
    """A waiver that waits for a second person."""
    found = Approval.objects.filter(kind="security.assess").first()
    terms = Terms(standing="poor", waiver="low_income", year_cents=900_000)
    return found or request_assessment(act(office.staff["csr"], BILL_2), account=office.ben, terms=terms)


def arguments(office: Office) -> dict[str, list[object]]:
    """What the addresses need."""
    assessment(office)
    one, number = instrument(office).pk, office.ana.number
    return {
        "security_request": [request(office).pk], "instrument": [one], "change_instrument": [one, "renew"],
        "account_security": [number], "assess_deposit": [number], "give_back_deposit": [number],
        "move_deposit": [number], "add_instrument": [number],
    }  # fmt: skip
