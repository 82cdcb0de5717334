"""The bank in the words of the office: a slip of the pen, a batch taken back, a statement that empties clearing."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

import pytest

from meterbook.formats import bai2
from meterbook.formats.contract import WrongFormat
from meterbook.formats.lockbox import Check, LockboxDeposit, write
from meterbook.formats.statements import Balance, BankLine, BankStatement
from meterbook.jobs.money.payment_file import post_file
from meterbook.records.banking.deposits import clearing_cents, in_transit
from meterbook.records.banking.models import Booking, Match, Statement, StatementLine
from meterbook.records.banking.operations.bank_accounts import WrongBankAccount, open_bank_account
from meterbook.records.banking.operations.book_line import decide_booking, propose_booking, propose_bookings
from meterbook.records.banking.operations.import_statement import (
    UnknownBankAccount,
    accept_statement,
    import_statement,
)
from meterbook.records.banking.operations.match_lines import (
    DoesNotAddUp,
    NotWaiting,
    match_automatically,
    match_by_hand,
    undo_match,
)
from meterbook.records.banking.operations.place_payment import NotInSuspense, place_payment
from meterbook.records.banking.operations.unpost_batch import CannotUnpost, decide_unposting, propose_unposting
from meterbook.records.banking.suggesting import suggestions
from meterbook.records.banking.waiting import unmatched_lines
from meterbook.records.customers.models import Account
from meterbook.records.ledger.check import check_laws
from meterbook.records.ledger.settle import balance_of
from meterbook.records.ledger.transfers import account_for
from meterbook.records.payments.models import Payment, PaymentBatch
from meterbook.records.payments.operations.post_payments import post_payments, posted_of
from meterbook.records.platform.models import Correction, ImportBatch
from meterbook.records.platform.operations.approvals import SamePerson

pytestmark = pytest.mark.django_db
DAY = date(2024, 10, 28)
FRANK, CHIDI, NUMBER = "1000041", "1000033", "0012345555"


def lockbox(*checks: tuple[str, int, str], on: date = DAY) -> bytes:
    """A deposit of checks: account as written, cents, payer."""
    return write(
        LockboxDeposit(
            destination="ALDERBEND", origin="0099999991", lockbox="4400", processed_at=datetime.combine(on, time(17)),
            deposit_on=on,
            checks=[Check(number, cents, payer=payer, reference=str(100 + at))
                    for at, (number, cents, payer) in enumerate(checks)],
        )
    )  # fmt: skip


def posted(office: Any, *checks: tuple[str, int, str], on: date = DAY, piece: int = 10_000) -> PaymentBatch:
    office.advance(max(office.today, on))
    content = lockbox(*checks, on=on)
    return post_file(office.act("cashier"), format="lockbox", file_name="d.txt", content=content, piece=piece)


def statement(*lines: BankLine, on: date = DAY, opening: int = 100_000, closing: int | None = None) -> bytes:
    total = opening + sum(each.amount_cents for each in lines)
    balance = Balance(total if closing is None else closing, on)
    said = BankStatement(0, NUMBER, "USD", on, lines, Balance(opening, on), balance)
    made = datetime.combine(on, time(6))
    return bai2.write([said], sender="FIRSTBANK", receiver="ALDERBEND", created_at=made, file_id="7")


def line(cents: int, text: str = "", code: str = "", on: date = DAY) -> BankLine:
    return BankLine(0, cents, on, None, code or ("115" if cents > 0 else "555"), text=text)


def taken(office: Any, *lines: BankLine, on: date = DAY, closing: int | None = None) -> Statement:
    content = statement(*lines, on=on, closing=closing)
    return import_statement(office.act("billing"), format="bai2", file_name="s.txt", content=content)[0]


def sound() -> None:
    assert [law.name for law in check_laws() if not law.holds] == []
    assert sum(each.cents for each in in_transit()) == clearing_cents()


@pytest.fixture
def bank(office: Any) -> Any:
    """First Bank's account; what was in transit before is left aside."""
    made = open_bank_account(
        office.act("finance"), name="First Bank", number=NUMBER, format="bai2", ledger=account_for("cash").code
    )
    assert NUMBER not in (made.mark, made.last_digits)
    return made


class TestSuspense:
    """Money nobody can place finds its account by one key."""

    def test_a_slip_of_the_pen_is_suggested_placed_and_done(self, office: Any) -> None:
        owed = sum(balance_of(Account.objects.get(number=FRANK).pk).values())
        batch = posted(office, ("1000014", 4_321, "A STRANGER"), (CHIDI, 100, ""))
        payment = Payment.objects.get(batch=batch, account__isnull=True)
        found = suggestions(payment)
        assert FRANK in {each.account.number for each in found if "typo" in each.why}
        assert Correction.objects.filter(batch=batch.source, resolved_by__isnull=True).count() == 1
        frank = Account.objects.get(number=FRANK)
        place_payment(office.act("cashier"), payment=payment, account=frank)
        assert sum(balance_of(frank.pk).values()) == owed - 4_321
        assert Correction.objects.filter(batch=batch.source, resolved_by__isnull=True).count() == 0
        with pytest.raises(NotInSuspense):
            place_payment(office.act("cashier"), payment=payment, account=frank)
        sound()

    def test_the_amount_of_a_bill_and_the_name_point_to_the_payer(self, office: Any) -> None:
        frank = Account.objects.get(number=FRANK)
        bill = frank.bills.latest("bill_date")
        due = bill.previous_cents + bill.payments_cents + bill.adjustments_cents + bill.current_cents
        batch = posted(office, ("LOST", due, frank.holder.name.upper()))
        [first, *_] = suggestions(Payment.objects.get(batch=batch))
        assert (first.account.number, set(first.why)) == (FRANK, {"amount", "name"})


class TestFiles:
    """A file is posted once, however often it comes and wherever it stopped."""

    def test_an_interrupted_file_goes_on_where_it_stopped_and_changes_nothing_twice(self, office: Any) -> None:
        checks = [(FRANK, 100 + at, "") for at in range(7)]
        content = lockbox(*checks)
        office.advance(max(office.today, DAY))
        batch = post_payments(office.act("cashier"), format="lockbox", file_name="d", content=content, piece=3)
        assert (posted_of(batch), batch.count) == (3, 7)
        sound_before_all = Payment.objects.filter(batch=batch).count()
        again = post_file(office.act("cashier"), format="lockbox", file_name="d", content=content, piece=2)
        assert (again.pk, posted_of(again), sound_before_all) == (batch.pk, 7, 3)
        assert sorted(Payment.objects.filter(batch=batch).values_list("amount_cents", flat=True)) == [
            100 + at for at in range(7)
        ]
        post_file(office.act("cashier"), format="lockbox", file_name="d", content=content)
        assert Payment.objects.filter(batch=batch).count() == 7
        sound()

    def test_a_settlement_books_the_gross_and_waits_for_the_net(self, office: Any) -> None:
        rows = f"{FRANK},70.00,1.75,68.25,card,tx_1,,{DAY},payment,\n"
        file = settlement(rows, "1,70.00,1.75,68.25")
        batch = settled(office, file)
        [waiting] = in_transit([f"batch:{batch.pk}"])
        assert (waiting.cents, waiting.all_cents) == (6_825, 7_000)
        settled(office, file)
        assert Match.objects.filter(kind="fee").count() == 1
        sound()

    def test_a_reversal_takes_back_the_payment_it_names(self, office: Any) -> None:
        frank = Account.objects.get(number=FRANK)
        settled(office, settlement(f"{FRANK},70.00,0.00,70.00,card,tx_1,,{DAY},payment,\n", "1,70.00,0.00,70.00"))
        before = sum(balance_of(frank.pk).values())
        rows = f"{FRANK},70.00,0.00,70.00,card,tx_2,tx_1,{DAY},refund,\n"
        rows += f"{FRANK},5.00,0.00,5.00,card,tx_3,tx_9,{DAY},refund,\n"
        batch = settled(office, settlement(rows, "2,-75.00,0.00,-75.00"))
        assert sum(balance_of(frank.pk).values()) == before + 7_000
        [lost] = Correction.objects.filter(batch=batch.source)
        assert (lost.field, lost.found) == ("refund", "-500 tx_9")
        sound()

    def test_a_profile_of_the_policy_reads_a_partners_file(self, office: Any) -> None:
        text = (
            "Biller Account,Payment,Payer,Trace,Original Trace,Type,Paid\n"
            f"000{FRANK},70.00,FRANK,T1,,P,{DAY:%m/%d/%Y}\n#TOTAL,1,70.00\n"
        )
        office.advance(max(office.today, DAY))
        batch = post_file(office.act("cashier"), format="bill-pay/remitco", file_name="r.csv", content=text.encode())
        payment = Payment.objects.get(batch=batch)
        assert (payment.account and payment.account.number, payment.tender, batch.channel) == (
            FRANK, "bill_pay", "bill_pay",
        )  # fmt: skip


def settlement(rows: str, totals: str) -> bytes:
    head = "account,gross,fee,net,tender,transaction,original,settled_on,kind,payer\n"
    return f"{head}{rows}#END,{totals}\n".encode()


def settled(office: Any, content: bytes) -> PaymentBatch:
    office.advance(max(office.today, DAY))
    return post_file(office.act("cashier"), format="settlement", file_name="s.csv", content=content)


class TestUnposting:
    """A batch taken back by two people leaves everything as if it had never been."""

    def test_two_people_take_a_batch_back(self, office: Any) -> None:
        frank = Account.objects.get(number=FRANK)
        before = balance_of(frank.pk)
        batch = posted(office, (FRANK, 5_000, ""), ("LOST", 700, ""))
        asked = propose_unposting(office.act("cashier"), batch=batch)
        assert (asked.approval.preview["payments"], asked.approval.preview["cents"]) == (2, 5_700)
        with pytest.raises(CannotUnpost, match="asked already"):
            propose_unposting(office.act("billing"), batch=batch)
        done = decide_unposting(office.act("supervisor"), unposting=asked, approve=True)
        assert (done.state, balance_of(frank.pk)) == ("done", before)
        assert in_transit([f"batch:{batch.pk}"]) == []
        sound()

    def test_nobody_decides_what_they_asked_and_money_at_the_bank_stays(self, office: Any, bank: Any) -> None:
        batch = posted(office, (FRANK, 5_001, ""))
        asked = propose_unposting(office.act("supervisor"), batch=batch)
        with pytest.raises(SamePerson):
            decide_unposting(office.act("supervisor"), unposting=asked, approve=True)
        taken(office, line(5_001))
        match_automatically(office.act("billing"), bank_account=bank)
        with pytest.raises(CannotUnpost, match="the bank has booked"):
            decide_unposting(office.act("finance"), unposting=asked, approve=True)


class TestReconciling:
    """The bank's lines move clearing to cash; what matches nothing stays in sight."""

    def test_a_statement_brings_clearing_to_what_is_still_on_its_way(self, office: Any, bank: Any) -> None:
        waiting_before = clearing_cents()
        first = posted(office, (FRANK, 5_003, ""), (CHIDI, 1_000, ""))
        second = posted(office, (CHIDI, 2_222, ""))
        taken(office, line(6_003, "LOCKBOX 4400"), line(-4_250, "ACCOUNT ANALYSIS FEE", "661"), line(9_999, "WHO"))
        [match] = match_automatically(office.act("billing"), bank_account=bank)
        assert (match.cents, match.deposits.get().key) == (6_003, f"batch:{first.pk}")
        assert clearing_cents() - waiting_before == 2_222
        left = {each.amount_cents for each in unmatched_lines(bank)}
        assert left == {-4_250, 9_999}
        assert [each.cents for each in in_transit([f"batch:{second.pk}"])] == [2_222]
        assert match_automatically(office.act("billing"), bank_account=bank) == []
        sound()

    def test_the_same_file_or_an_overlapping_one_brings_each_line_once(self, office: Any, bank: Any) -> None:
        taken(office, line(6_003), line(6_003))
        taken(office, line(6_003), line(6_003))
        assert (StatementLine.objects.count(), ImportBatch.objects.filter(kind="statements").count()) == (2, 1)
        taken(office, line(6_003), line(6_003), line(1_111))
        assert sorted(StatementLine.objects.values_list("amount_cents", flat=True)) == [1_111, 6_003, 6_003]

    def test_a_fee_is_proposed_by_rule_and_booked_by_a_second_person(self, office: Any, bank: Any) -> None:
        taken(office, line(-4_250, "ACCOUNT ANALYSIS FEE", "661"), line(312, "INTEREST PAID", "354"), line(77, "X"))
        proposed = propose_bookings(office.act("billing"), bank_account=bank)
        assert [(each.rule, each.against.role) for each in proposed] == [
            ("analysis fee", "bank_fees"), ("interest", "bank_interest"),
        ]  # fmt: skip
        assert propose_bookings(office.act("billing"), bank_account=bank) == []
        fee = decide_booking(office.act("finance"), booking=proposed[0], approve=True)
        assert fee.match is not None
        assert unmatched_lines(bank).count() == 2
        refused = decide_booking(office.act("supervisor"), booking=proposed[1], approve=False)
        assert (refused.state, unmatched_lines(bank).count()) == (Booking.REFUSED, 2)
        other = unmatched_lines(bank).get(amount_cents=77)
        with pytest.raises(NotWaiting, match="no customer's money"):
            propose_booking(office.act("billing"), line=other, account=account_for("suspense").code)
        sound()

    def test_by_hand_only_what_adds_up_and_it_can_be_undone(self, office: Any, bank: Any) -> None:
        one, two = posted(office, (FRANK, 5_005, "")), posted(office, (CHIDI, 3_003, ""))
        taken(office, line(8_008, "BOTH"))
        [waiting] = unmatched_lines(bank)
        keys = [f"batch:{one.pk}", f"batch:{two.pk}"]
        with pytest.raises(DoesNotAddUp):
            match_by_hand(office.act("billing"), lines=[waiting.pk], deposits=keys[:1])
        before = clearing_cents()
        made = match_by_hand(office.act("billing"), lines=[waiting.pk], deposits=keys)
        assert clearing_cents() == before - 8_008
        undo_match(office.act("finance"), match=made)
        assert clearing_cents() == before
        assert len(in_transit(keys)) == 2
        sound()

    def test_a_statement_whose_balances_do_not_tie_is_held_until_accepted(self, office: Any, bank: Any) -> None:
        posted(office, (FRANK, 5_006, ""))
        held = taken(office, line(5_006), closing=1)
        assert held.questions and not list(unmatched_lines(bank))
        assert match_automatically(office.act("billing"), bank_account=bank) == []
        accept_statement(office.act("finance"), statement=held)
        assert len(match_automatically(office.act("billing"), bank_account=bank)) == 1

    def test_what_is_none_of_ours_or_false_loads_nothing(self, office: Any, bank: Any) -> None:
        good = statement(line(5_006))
        with pytest.raises(UnknownBankAccount):
            import_statement(
                office.act("billing"), format="bai2", file_name="s", content=good.replace(b"12345555", b"12345556")
            )
        with pytest.raises(WrongFormat):
            import_statement(office.act("billing"), format="bai2", file_name="s", content=good.replace(b"49,", b"49,9"))
        with pytest.raises(WrongBankAccount):
            open_bank_account(office.act("finance"), name="Other", number="12345555", format="bai2", ledger="1010")
        assert StatementLine.objects.count() == 0
