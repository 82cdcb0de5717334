"""Money beside bills, in the office's words: who may do what alone, who decides, what the next bill says."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import ProgrammingError, transaction

from meterbook.notices.bill.gather import bill_documents
from meterbook.records.adjustments.models import Adjustment
from meterbook.records.adjustments.on_bills import since_last_bill
from meterbook.records.adjustments.operations.decide import decide_adjustments, withdraw_adjustments
from meterbook.records.adjustments.operations.propose import charge_fee, propose_adjustment
from meterbook.records.adjustments.operations.reverse import reverse_adjustment
from meterbook.records.adjustments.proofs import Proof
from meterbook.records.adjustments.refusals import (
    AboveYourLimit,
    AlreadyUndone,
    NotAllowed,
    OwnAccount,
    ProofMissing,
)
from meterbook.records.billing.models import Bill
from meterbook.records.customers.models import Account
from meterbook.records.customers.operations.declare_relation import declare_interest
from meterbook.records.ledger.check import check_laws
from meterbook.records.ledger.models import Entry
from meterbook.records.ledger.settle import balance_of
from meterbook.records.platform.operations.approvals import DecidedElsewhere, SamePerson, decide_approval

pytestmark = pytest.mark.django_db
PHOTO = Proof("lock.jpg", "image/jpeg", b"\xff\xd8 the cut lock")


@pytest.fixture
def fiona(office: Any) -> Account:
    """A residential account of cycle C1."""
    return office.account("2000016")  # type: ignore[no-any-return]


def credit(office: Any, account: Account, cents: int, who: str = "billing", **more: Any) -> Adjustment:
    given: dict[str, Any] = {"service": "water", "reason": "billing_error", "note": "read twice", **more}
    return propose_adjustment(office.act(who), account=account, amount_cents=cents, **given)


def owed(account: Account) -> int:
    return sum(balance_of(account.pk).values())


def test_a_small_credit_books_at_once_and_the_next_bill_names_it(office: Any, fiona: Account) -> None:
    before = owed(fiona)
    made = credit(office, fiona, -2000)
    assert made.state == "booked" and owed(fiona) == before - 2000
    entry = Entry.objects.get(source_kind="adjustment", source_id=made.pk)
    assert (entry.debit.code, entry.amount_cents) == ("4220", 2000)
    charge = credit(office, fiona, 350, who="supervisor")
    office.read("C1", 3)
    bill = Bill.objects.get(run=office.bill("C1", 3), account=fiona)
    lines = since_last_bill([bill])[bill.pk]
    assert [(line.words["en"], line.amount_cents, line.adjustment) for line in lines] == [
        ("Billing error corrected", -2000, made.pk),
        ("Billing error corrected", 350, charge.pk),
    ]
    assert sum(line.amount_cents for line in lines) == bill.adjustments_cents
    (printed,) = bill_documents([bill.pk])
    assert [each.amount_cents for each in printed.bookings] == [-2000, 350]
    assert all(law.holds for law in check_laws())


def test_above_ones_own_limit_a_second_person_decides(office: Any, fiona: Account) -> None:
    before = owed(fiona)
    made = credit(office, fiona, -9000)
    assert made.state == "proposed" and made.approval is not None and owed(fiona) == before
    assert "above your own limit of $75.00" in made.approval.preview["why"]
    with pytest.raises(DecidedElsewhere), transaction.atomic():
        decide_approval(office.act("supervisor"), request=made.approval, approve=True)
    decide_adjustments(office.act("supervisor"), request=made.approval, approve=True)
    assert owed(fiona) == before - 9000
    made.refresh_from_db()
    assert made.state == "booked" and made.decided_by is not None and made.decided_by.actor.username == "supervisor"


def test_a_limit_is_not_slipped_past_in_parts(office: Any, fiona: Account) -> None:
    assert credit(office, fiona, -5000).state == "booked"
    second = credit(office, fiona, -3000)
    assert second.state == "proposed" and second.approval is not None
    assert "Together with $50.00 of the last 30 days" in second.approval.preview["why"]
    assert credit(office, office.account("2000024"), -3000).state == "booked"


def test_nobody_decides_about_their_own_request(office: Any, fiona: Account) -> None:
    made = credit(office, fiona, -60000, who="supervisor")
    assert made.approval is not None
    with pytest.raises(SamePerson), transaction.atomic():
        decide_adjustments(office.act("supervisor"), request=made.approval, approve=True)
    decide_adjustments(office.act("finance"), request=made.approval, approve=False)
    made.refresh_from_db()
    assert made.state == "refused" and not Entry.objects.filter(source_kind="adjustment").exists()


def test_a_supervisor_decides_only_up_to_a_limit(office: Any, fiona: Account) -> None:
    made = credit(office, fiona, -300000)
    assert made.approval is not None
    with pytest.raises(AboveYourLimit), transaction.atomic():
        decide_adjustments(office.act("supervisor"), request=made.approval, approve=True)
    decide_adjustments(office.act("finance"), request=made.approval, approve=True)
    assert Adjustment.objects.get(pk=made.pk).state == "booked"


def test_nobody_touches_their_own_or_their_familys_account(office: Any, fiona: Account) -> None:
    declare_interest(office.act("supervisor"), user=office.staff["billing"], account=fiona, kind="family")
    with pytest.raises(OwnAccount), transaction.atomic():
        credit(office, fiona, -100)
    fiona.holder.email = "Supervisor@alderbend.example.org"
    fiona.holder.save()
    made = credit(office, fiona, -2500, who="csr", reason="courtesy")
    assert made.state == "booked"
    asked = credit(office, fiona, -2500, who="csr", reason="courtesy")
    assert asked.approval is not None
    with pytest.raises(OwnAccount):
        decide_adjustments(office.act("supervisor"), request=asked.approval, approve=True)


def test_what_a_reason_does_not_allow_is_refused(office: Any, fiona: Account) -> None:
    for wrong in (
        {"cents": 100, "reason": "courtesy"},
        {"cents": -100, "service": "refuse", "reason": "leak"},
        {"cents": -100, "service": "street_lights"},
        {"cents": 0},
        {"cents": -100, "note": "  "},
    ):
        given: dict[str, Any] = {"cents": -100, **wrong}
        with pytest.raises(NotAllowed), transaction.atomic():
            credit(office, fiona, **given)
    with pytest.raises(ProofMissing), transaction.atomic():
        credit(office, fiona, -100, reason="settlement")
    assert credit(office, fiona, -100, reason="settlement", proofs=[PHOTO]).state == "proposed"


def test_undone_by_a_reversal_never_edited(office: Any, fiona: Account) -> None:
    before = owed(fiona)
    made = credit(office, fiona, -2000)
    back = reverse_adjustment(office.act("billing"), adjustment=made, note="wrong account")
    assert back.state == "booked" and owed(fiona) == before and back.words_en == "Reversed: Billing error corrected"
    with pytest.raises(AlreadyUndone):
        reverse_adjustment(office.act("billing"), adjustment=made, note="again")
    with pytest.raises(ProgrammingError), transaction.atomic():
        Adjustment.objects.filter(pk=made.pk).update(state="refused")
    with pytest.raises(ProgrammingError), transaction.atomic():
        Adjustment.objects.filter(pk=credit(office, fiona, -9000).pk).update(amount_cents=-1)
    assert all(law.holds for law in check_laws())


def test_who_asked_takes_it_back(office: Any, fiona: Account) -> None:
    made = credit(office, fiona, -9000)
    assert made.approval is not None
    with pytest.raises(NotAllowed), transaction.atomic():
        withdraw_adjustments(office.act("csr"), request=made.approval)
    withdraw_adjustments(office.act("billing"), request=made.approval)
    made.refresh_from_db()
    assert made.state == "withdrawn"


def test_tampering_costs_more_each_time_and_needs_evidence_and_a_supervisor(office: Any, fiona: Account) -> None:
    given: dict[str, Any] = {
        "account": fiona,
        "service": "water",
        "fee": "tampering",
        "note": "lock cut, meter turned around",
    }
    with pytest.raises(ProofMissing), transaction.atomic():
        charge_fee(office.act("billing"), **given)
    amounts = []
    for _ in range(4):
        made = charge_fee(office.act("billing"), **given, proofs=[PHOTO])
        assert made.state == "proposed" and made.approval is not None
        decide_adjustments(office.act("supervisor"), request=made.approval, approve=True)
        amounts.append((made.occurrence, made.amount_cents, made.against.code))
    assert amounts == [(1, 15000, "4910"), (2, 30000, "4910"), (3, 50000, "4910"), (4, 50000, "4910")]
    first = Adjustment.objects.filter(reason="tampering").earliest("pk")
    undo = reverse_adjustment(office.act("supervisor"), adjustment=first, note="appeal upheld")
    assert undo.approval is not None
    decide_adjustments(office.act("finance"), request=undo.approval, approve=True)
    assert charge_fee(office.act("billing"), **given, proofs=[PHOTO]).occurrence == 4
    assert all(law.holds for law in check_laws())
