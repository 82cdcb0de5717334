"""Autopay in the office's words: what waits for a person, what comes back, what is never drawn twice."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from tests.records.autopay.drawing import (
    approved,
    as_sent,
    bill_of,
    enrolled,
    filed,
    from_the_bank,
    go_to_draft_day,
    prenoted,
    settled,
    with_policy,
)

from meterbook.engine.autopay.banking_days import add_banking_days
from meterbook.formats.nacha import Correction
from meterbook.records.adjustments.operations.decide import decide_adjustments
from meterbook.records.adjustments.operations.propose import propose_adjustment
from meterbook.records.adjustments.proofs import Proof
from meterbook.records.autopay.models import BankAnswer, BankFile, Draft, DraftRun, Enrolment, EnrolmentEvent
from meterbook.records.autopay.operations.approve import decide_run, request_run
from meterbook.records.autopay.operations.change import revoke
from meterbook.records.autopay.operations.file_run import file_run, hand_over
from meterbook.records.autopay.operations.reverse_entries import decide_reversal, request_reversal
from meterbook.records.autopay.operations.select import decide_draft, select_drafts
from meterbook.records.autopay.operations.settle import settle
from meterbook.records.autopay.operations.take_bank_file import take_bank_file
from meterbook.records.autopay.refusals import AlreadyEnrolled, NothingToSend, NotReversible
from meterbook.records.customers.models import Account
from meterbook.records.customers.operations.close_account import close_account
from meterbook.records.customers.operations.declare_relation import declare_interest
from meterbook.records.customers.operations.move_out import move_out
from meterbook.records.customers.queries import premise_last_served
from meterbook.records.customers.relations import OwnAccount
from meterbook.records.ledger.check import check_laws
from meterbook.records.ledger.settle import balance_of
from meterbook.records.payments.models import Payment, PaymentBatch
from meterbook.records.platform.operations.approvals import SamePerson
from meterbook.records.returns.operations.return_payments import return_payment

pytestmark = pytest.mark.django_db
FIONA = "2000016"


@pytest.fixture
def fiona(office: Any) -> Account:
    """A residential account of cycle C1."""
    return office.account(FIONA)  # type: ignore[no-any-return]


def owed(account: Account) -> int:
    return sum(balance_of(account.pk).values())


def lawful() -> bool:
    return all(law.holds for law in check_laws())


def november(office: Any) -> None:
    """Cycle C1 is read and billed in the third month."""
    office.read("C1", 3)
    office.bill("C1", 3)


def charged(office: Any, account: Account, cents: int) -> None:
    """A large charge beside the bills, asked for by one and decided by another."""
    made = propose_adjustment(
        office.act("billing"), account=account, service="water", amount_cents=cents, reason="unbilled_service",
        note="a year without a meter", proofs=[Proof("note.txt", "text/plain", b"seen")],
    )  # fmt: skip
    if made.approval is not None:
        decide_adjustments(office.act("finance"), request=made.approval, approve=True)


def test_a_bill_is_drawn_on_its_due_date_for_what_is_owed_then(office: Any, fiona: Account) -> None:
    """From the signature to the payment: prenote, selection, two people, file, settlement; every step twice."""
    payer = enrolled(office, fiona)
    assert ("5551234567" in payer.sealed_number, payer.last_four) == (False, "4567")
    with pytest.raises(AlreadyEnrolled):
        enrolled(office, fiona)
    file = prenoted(office)
    [(_, entry)] = list(as_sent(file))
    assert (entry.transaction_code, entry.amount_cents, entry.account.strip()) == (28, 0, "5551234567")
    with pytest.raises(NothingToSend):
        prenoted(office)
    november(office)
    bill, before = bill_of(fiona), owed(fiona)
    run = go_to_draft_day(office, fiona)
    assert select_drafts(office.act("billing")).pk == run.pk
    draft = Draft.objects.get(account=fiona)
    assert (draft.state, draft.amount_cents, draft.bill_id) == ("selected", min(before, bill.amount_due_cents), bill.pk)
    assert draft.settle_on == add_banking_days(add_banking_days(bill.due_date, -1), 1)
    request = request_run(office.act("supervisor"), run=run)
    assert request.preview["cents"] == draft.amount_cents
    with pytest.raises(SamePerson):
        decide_run(office.act("supervisor"), run=run, approve=True)
    run = decide_run(office.act("finance"), run=run, approve=True)
    file = file_run(office.act("billing"), run=run)
    assert file is not None and file_run(office.act("billing"), run=run) == file
    sent = as_sent(file)
    assert (sent.debit_cents, len(sent), sent.batches[0].sec) == (draft.amount_cents, 1, "PPD")
    assert b"5551234567" in hand_over(office.act("billing"), file=file)
    assert b"5551234567" not in bytes(file.sealed)
    settled(office, run)
    batch = PaymentBatch.objects.get(channel="autopay")
    assert (batch.count, batch.total_cents) == (1, draft.amount_cents)
    assert settle(office.act("billing")) == [] and owed(fiona) == before - draft.amount_cents
    payment = Payment.objects.get(batch=batch)
    assert (payment.into.role, payment.payer_mark, payment.tender) == ("clearing", payer.mark, "ach")  # type: ignore[union-attr]
    office.advance(add_banking_days(office.today, 1))
    assert not Draft.objects.filter(run=select_drafts(office.act("billing"))).exists()
    assert lawful()


def test_anas_bill_is_ten_times_her_usual_and_waits_for_a_person(office: Any, fiona: Account) -> None:
    with_policy(office, ("least_bills: 3", "least_bills: 1"))
    usual = bill_of(fiona).current_cents
    enrolled(office, fiona)
    prenoted(office)
    charged(office, fiona, 10 * usual)
    november(office)
    run = go_to_draft_day(office, fiona)
    draft = Draft.objects.get(account=fiona)
    assert draft.state == "held" and [one["code"] for one in draft.reasons] == ["above_normal"]
    assert "times the usual" in draft.reasons[0]["message"]
    draft = decide_draft(office.act("supervisor", "spoke with her: a year was unbilled"), draft=draft, let_go=True)
    assert draft.state == "selected" and filed(office, run) is not None
    assert Draft.objects.get(pk=draft.pk).state == "filed"


def test_what_nobody_decided_stays_behind_and_is_shown_again(office: Any, fiona: Account) -> None:
    enrolled(office, fiona, limit_cents=100)
    other = Account.objects.filter(cycle__code="C1", closed_on__isnull=True).exclude(pk=fiona.pk)
    neighbour = next(one for one in other.order_by("number") if one.bills.exists() and one.number.startswith("2"))
    enrolled(office, neighbour, "99887766")
    prenoted(office)
    november(office)
    run = go_to_draft_day(office, fiona)
    held = Draft.objects.get(account=fiona)
    assert [one["code"] for one in held.reasons] == ["above_limit"]
    assert filed(office, run) is not None
    held.refresh_from_db()
    assert (held.state, held.dropped_for) == ("dropped", "undecided")
    office.advance(add_banking_days(office.today, 1))
    again = Draft.objects.get(account=fiona, run=select_drafts(office.act("billing")))
    assert again.state == "held"
    decide_draft(office.act("billing", "she pays at the counter"), draft=again, let_go=False)
    office.advance(add_banking_days(office.today, 1))
    assert not Draft.objects.filter(account=fiona, run=select_drafts(office.act("billing"))).exists()


def test_franks_bank_says_r01_twice(office: Any, fiona: Account) -> None:
    """Presented again in five banking days; the second return bars drafts, so the third waits for a person."""
    payer = enrolled(office, fiona)
    prenoted(office)
    november(office)
    run = go_to_draft_day(office, fiona)
    before = owed(fiona)
    file = filed(office, run)
    assert file is not None
    settled(office, run)
    first = Draft.objects.get(account=fiona)
    content = from_the_bank(file, {fiona.number: "R01"}, day=office.today)
    kept = take_bank_file(office.act("billing"), file_name="ret1.ach", content=content)
    assert (kept.returns, kept.unmatched, kept.cents) == (1, 0, first.amount_cents)
    first.refresh_from_db()
    assert first.state == "returned" and owed(fiona) == before + 2500
    again = Draft.objects.get(first=first)
    assert (again.state, again.presentment, again.amount_cents) == ("waiting", 2, first.amount_cents)
    assert again.settle_on == add_banking_days(office.today, 5)
    with transaction.atomic():
        revoke(office.act("csr", "says no more"), enrolment=payer)
        stopped = Draft.objects.get(pk=again.pk)
        assert (stopped.state, stopped.dropped_for, stopped.run) == ("dropped", "stopped", None)
        transaction.set_rollback(True)
    assert Enrolment.objects.get(pk=payer.pk).state == "active"
    office.advance(add_banking_days(again.settle_on, -1))
    run = select_drafts(office.act("billing"))
    file = filed(office, run)
    assert file is not None
    [(batch, entry)] = list(as_sent(file))
    assert (batch.description.strip(), entry.amount_cents) == ("RETRY PYMT", first.amount_cents)
    settled(office, run)
    content = from_the_bank(file, {fiona.number: "R01"}, day=office.today)
    take_bank_file(office.act("billing"), file_name="ret2.ach", content=content)
    third = Draft.objects.get(first=first, presentment=3)
    office.advance(add_banking_days(third.settle_on, -1))
    select_drafts(office.act("billing"))
    third.refresh_from_db()
    assert third.state == "held" and [one["code"] for one in third.reasons] == ["banned"]
    assert owed(fiona) == before + 2500 + 3500 and lawful()


def test_a_returns_file_loaded_twice_changes_nothing(office: Any, fiona: Account) -> None:
    enrolled(office, fiona)
    prenoted(office)
    november(office)
    run = go_to_draft_day(office, fiona)
    file = filed(office, run)
    assert file is not None
    settled(office, run)
    content = from_the_bank(file, {fiona.number: "R02"}, day=office.today)
    kept = take_bank_file(office.act("billing"), file_name="ret.ach", content=content)
    then = owed(fiona), EnrolmentEvent.objects.count(), BankAnswer.objects.count()
    assert take_bank_file(office.act("billing"), file_name="again.ach", content=content) == kept
    assert (owed(fiona), EnrolmentEvent.objects.count(), BankAnswer.objects.count()) == then
    payer = Enrolment.objects.get(account=fiona)
    assert (payer.state, payer.why) == ("ended", "the bank returned R02")
    # The same return in another file of the bank's: it is listed, and the money is not taken back twice.
    office.advance(add_banking_days(office.today, 1))
    other = from_the_bank(file, {fiona.number: "R02"}, day=office.today)
    assert other != content
    second = take_bank_file(office.act("billing"), file_name="other.ach", content=other)
    assert (second.unmatched, owed(fiona)) == (1, then[0])
    [answer] = BankAnswer.objects.filter(file=second)
    assert answer.says["message"] == "The entry came back before." and lawful()


def test_the_account_is_closed_between_selection_and_file(office: Any, fiona: Account) -> None:
    """She moves out after two people approved: nothing is drawn, and her neighbour's draft goes."""
    neighbour = office.account("2000024")
    enrolled(office, fiona)
    enrolled(office, neighbour, "99887766")
    prenoted(office)
    november(office)
    run = approved(office, go_to_draft_day(office, fiona))
    move_out(office.act("csr"), account=fiona, premise=premise_last_served(fiona), ends=office.today)
    close_account(office.act("csr"), account=fiona, closes=office.today)
    file = file_run(office.act("billing"), run=run)
    gone, stays = (Draft.objects.get(account=one) for one in (fiona, neighbour))
    assert (gone.state, gone.dropped_for, stays.state) == ("dropped", "closed", "filed")
    assert file is not None and file.debit_cents == stays.amount_cents
    office.advance(add_banking_days(office.today, 1))
    select_drafts(office.act("billing"))
    held = Draft.objects.get(account=fiona, state="held")
    assert "closed" in [one["code"] for one in held.reasons]


def test_the_bank_corrects_an_account_and_refuses_a_prenote(office: Any, fiona: Account) -> None:
    payer, neighbour = enrolled(office, fiona), office.account("2000024")
    refused = enrolled(office, neighbour, "99887766", how="web")
    assert (refused.sec, refused.validation) == ("WEB", "needed")
    file = prenoted(office)
    office.advance(add_banking_days(office.today, 2))
    wants = {fiona.number: ("C01", Correction(account="5551234560"))}
    content = from_the_bank(file, {neighbour.number: "R04"}, day=office.today, corrections=wants)
    kept = take_bank_file(office.act("billing"), file_name="noc.ach", content=content)
    assert (kept.returns, kept.changes, kept.unmatched) == (1, 1, 0)
    payer.refresh_from_db()
    refused.refresh_from_db()
    assert (payer.last_four, payer.state, refused.state) == ("4560", "waiting", "ended")
    event = EnrolmentEvent.objects.get(enrolment=payer, kind="changed")
    assert event.code == "C01" and "5551234560" not in str(event.detail)
    assert BankFile.objects.count() == 1


def test_a_draft_of_ours_was_wrong_and_is_reversed_by_two_people(office: Any, fiona: Account) -> None:
    payer = enrolled(office, fiona)
    prenoted(office)
    november(office)
    before = owed(fiona)
    run = go_to_draft_day(office, fiona)
    file = filed(office, run)
    assert file is not None
    settled(office, run)
    entry = Draft.objects.get(account=fiona).entry
    asked = request_reversal(office.act("billing", "drawn from the wrong account"), entries=[entry])
    done = decide_reversal(office.act("supervisor"), reversal=asked, approve=True)
    assert done.file is not None
    [(batch, back)] = list(as_sent(done.file))
    assert (batch.description.strip(), back.transaction_code, back.amount_cents) == ("REVERSAL", 22, entry.amount_cents)
    with pytest.raises(NotReversible):
        request_reversal(office.act("billing", "again"), entries=[entry])
    office.advance(add_banking_days(office.today, 1))
    settle(office.act("billing"))
    assert (Draft.objects.get(account=fiona).state, owed(fiona)) == ("reversed", before)
    assert settle(office.act("billing")) == [] and lawful()
    revoke(office.act("csr", "she wrote a long letter; " * 20), enrolment=payer)
    ended = Enrolment.objects.get(pk=payer.pk)
    assert ended.state == "ended" and ended.why.endswith("…")
    assert EnrolmentEvent.objects.get(enrolment=payer, kind="ended").detail["why"].startswith(ended.why[:-1])


def test_a_reversal_of_a_draft_the_office_took_back_meanwhile_holds_nothing_up(office: Any, fiona: Account) -> None:
    """The bank's word came on paper between our reversal and its day: the money is taken back once."""
    enrolled(office, fiona)
    prenoted(office)
    november(office)
    before = owed(fiona)
    run = go_to_draft_day(office, fiona)
    assert filed(office, run) is not None
    settled(office, run)
    draft = Draft.objects.get(account=fiona)
    declare_interest(office.act("finance"), user=office.staff["supervisor"], account=fiona, kind="family")
    with pytest.raises(OwnAccount), transaction.atomic():
        request_reversal(office.act("supervisor"), entries=[draft.entry])
    asked = request_reversal(office.act("billing", "drawn twice by the bank"), entries=[draft.entry])
    later = request_reversal(office.act("billing", "asked twice"), entries=[draft.entry])
    with pytest.raises(OwnAccount), transaction.atomic():
        decide_reversal(office.act("supervisor"), reversal=asked, approve=True)
    decide_reversal(office.act("finance"), reversal=asked, approve=True)
    return_payment(office.act("billing"), payment=draft.payment, code="R31")
    with pytest.raises(NotReversible), transaction.atomic():
        decide_reversal(office.act("finance"), reversal=later, approve=True)
    office.advance(add_banking_days(office.today, 1))
    settle(office.act("billing"))
    assert (Draft.objects.get(account=fiona).state, owed(fiona)) == ("reversed", before) and lawful()


def test_the_database_lets_no_bill_be_drawn_twice(office: Any, fiona: Account) -> None:
    enrolled(office, fiona)
    prenoted(office)
    november(office)
    go_to_draft_day(office, fiona)
    one = Draft.objects.get(account=fiona)
    with pytest.raises(IntegrityError), transaction.atomic():
        Draft.objects.create(
            run=one.run, enrolment=one.enrolment, account=fiona, bill=one.bill, amount_cents=1, asked_cents=1,
            settle_on=one.settle_on, state="selected", deed=one.deed,
        )  # fmt: skip
    assert DraftRun.objects.count() == 1
