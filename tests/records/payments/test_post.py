"""Payments: applied oldest first by the released order, what is left waits, what nobody can place is not lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from meterbook.formats.contract import WrongFormat
from meterbook.formats.lockbox import Check, LockboxDeposit, write
from meterbook.records.billing.calculate import calculate_chunk, unfinished_chunks
from meterbook.records.billing.models import Bill
from meterbook.records.billing.operations.calculate_run import calculate_run, start_calculation
from meterbook.records.customers.models import Account, ServiceAgreement
from meterbook.records.ledger.check import check_laws
from meterbook.records.ledger.models import Allocation, Entry, OpenItem
from meterbook.records.ledger.settle import balance_of, order_on
from meterbook.records.metering.models import Register
from meterbook.records.payments.models import Payment, PaymentBatch
from meterbook.records.payments.operations.post_payments import ControlTotalDiffers, DepositAhead, post_payments
from meterbook.records.platform.deeds import NotPermitted
from meterbook.records.platform.models import Correction, ImportBatch
from meterbook.records.platform.queries import corrections_of

pytestmark = pytest.mark.django_db
Rows = Callable[..., list[tuple[Any, ...]]]
FRANK, CHIDI = "1000041", "1000033"
DAY = date(2024, 10, 28)


def deposit(*checks: tuple[str, int], on: date = DAY) -> bytes:
    """A lockbox file of checks: account number as written, cents."""
    return write(
        LockboxDeposit(
            destination="ALDERBEND", origin="0099999991", lockbox="4400", processed_at=datetime.combine(on, time(17)),
            deposit_on=on,
            checks=[Check(number, cents, reference=str(at)) for at, (number, cents) in enumerate(checks, start=1)],
        )
    )  # fmt: skip


def pay(office: Any, *checks: tuple[str, int], on: date = DAY) -> PaymentBatch:
    office.advance(max(office.today, on))
    return post_payments(
        office.act("cashier"), format="lockbox", file_name="deposit.txt", content=deposit(*checks, on=on)
    )


def open_charges(number: str) -> list[tuple[date, str, int]]:
    """Open charges of an account as the payment order takes them: due date, service, cents left."""
    order = order_on(DAY)
    items = OpenItem.objects.filter(account__number=number, side="charge").prefetch_related("received")
    inturn = sorted(items, key=lambda item: order.turn(item.due_on, item.category, item.service))
    found = [
        (item.due_on, item.service, item.amount_cents - sum(a.amount_cents for a in item.received.all()))
        for item in inturn
    ]
    return [one for one in found if one[2]]


def given(batch: PaymentBatch) -> list[tuple[date, str, int]]:
    """What the credits of a batch settled, in the order it was allocated."""
    credits = OpenItem.objects.filter(
        source_kind="payment", source_id__in=batch.payments.values("pk")
    )  # fmt: skip
    found = Allocation.objects.filter(credit__in=credits).order_by("pk").select_related("charge")
    return [(one.charge.due_on, one.charge.service, one.amount_cents) for one in found]


def sound() -> bool:
    return all(law.holds for law in check_laws())


@pytest.fixture
def owing(office: Any) -> list[tuple[date, str, int]]:
    """Frank owes for two months at least: a November run after October's, unpaid."""
    office.read("C1", 3)
    office.bill("C1", 3)
    charges = open_charges(FRANK)
    assert len({due for due, _, _ in charges}) >= 2
    return charges


class TestOldestFirst:
    """Oldest due date first; on one due date in the order the council released."""

    def test_part_of_what_is_owed_settles_the_oldest(self, office: Any, owing: list[tuple[date, str, int]]) -> None:
        oldest = owing[0][0]
        part = sum(cents for due, _, cents in owing if due == oldest) + 100
        batch = pay(office, (FRANK, part), on=date(2024, 11, 8))
        settled = given(batch)
        assert sum(cents for *_, cents in settled) == part
        assert [one for one in settled if one[0] == oldest] == [one for one in owing if one[0] == oldest]
        assert settled[-1][0] > oldest
        assert settled[-1][2] == 100
        assert sound()

    def test_on_one_due_date_refuse_comes_first_and_electricity_last(
        self, office: Any, owing: list[tuple[date, str, int]]
    ) -> None:
        [*_, newest] = sorted({due for due, _, _ in owing})
        before_newest = sum(cents for due, _, cents in owing if due < newest)
        services = [service for due, service, _ in owing if due == newest]
        assert services == ["electricity", "refuse", "sewer", "water", "stormwater", "electricity"], "its tax first"
        rest = sum(cents for due, _, cents in owing)
        batch = pay(office, (FRANK, rest - 1), on=date(2024, 11, 8))
        settled = [one for one in given(batch) if one[0] == newest]
        assert [service for _, service, _ in settled] == services
        assert open_charges(FRANK) == [(newest, "electricity", 1)]
        assert before_newest + sum(cents for *_, cents in settled) == rest - 1

    def test_every_allocation_moves_the_money_in_the_books(
        self, office: Any, owing: list[tuple[date, str, int]]
    ) -> None:
        before = Entry.objects.filter(source_kind="allocation").count()
        batch = pay(office, (FRANK, 5_000), on=date(2024, 11, 8))
        made = Entry.objects.filter(source_kind="allocation").order_by("-id")[: len(given(batch))]
        assert Entry.objects.filter(source_kind="allocation").count() == before + len(given(batch))
        assert {entry.debit.role for entry in made} == {"unapplied"}
        assert {entry.credit.role for entry in made} == {"receivable"}
        assert sum(entry.amount_cents for entry in made) == 5_000
        assert Entry.objects.get(source_kind="payment", source_id=batch.payments.get().pk).debit.role == "clearing"

    def test_two_checks_of_one_account_in_one_file(self, office: Any, owing: list[tuple[date, str, int]]) -> None:
        total = sum(cents for *_, cents in owing)
        pay(office, (FRANK, total - 500), (FRANK, 500), on=date(2024, 11, 8))
        assert open_charges(FRANK) == []
        assert balance_of(office.account(FRANK).pk) == {}


class TestWhatIsLeft:
    """An overpayment waits as a credit and meets the next bill."""

    def test_too_much_waits_and_pays_the_next_bill(self, office: Any) -> None:
        owed = sum(cents for *_, cents in open_charges(FRANK))
        assert owed > 0
        batch = pay(office, (FRANK, owed + 1_500))
        account = office.account(FRANK)
        assert balance_of(account.pk) == {"unapplied": -1_500}
        office.read("C1", 3)
        run = office.bill("C1", 3)
        bill = Bill.objects.get(run=run, account=account)
        assert bill.amount_due_cents == bill.current_cents - 1_500
        assert given(batch)[-1][1] == "refuse", "the waiting credit settles the new bill by the payment order"
        assert sum(cents for *_, cents in given(batch)) == owed + 1_500
        assert sum(cents for *_, cents in open_charges(FRANK)) == bill.amount_due_cents
        assert run.totals["credits_applied"] >= 1_500
        assert sound()

    def test_the_bill_says_what_was_paid_since_the_last(self, office: Any) -> None:
        last = Bill.objects.filter(account__number=FRANK).latest("bill_date")
        paid_before = Payment.objects.filter(account__number=FRANK, received_on__gt=last.bill_date)
        earlier = sum(payment.amount_cents for payment in paid_before)
        pay(office, (FRANK, 4_321))
        office.read("C1", 3)
        bill = Bill.objects.get(run=office.bill("C1", 3), account__number=FRANK)
        assert (bill.previous_cents, bill.payments_cents) == (last.amount_due_cents, -4_321 - earlier)
        assert bill.adjustments_cents == 0

    def test_a_deposit_on_the_bill_date_itself_is_a_payment_too(self, office: Any) -> None:
        """Posted after the bills went out that morning, it belongs to the next bill, as a payment."""
        office.read("C1", 3)
        office.bill("C1", 3)
        pay(office, (FRANK, 4_321), on=date(2024, 11, 5))
        office.read("C1", 4)
        bill = Bill.objects.get(run=office.bill("C1", 4), account__number=FRANK)
        assert (bill.payments_cents, bill.adjustments_cents) == (-4_321, 0)

    def test_a_payment_between_calculation_and_seal_is_on_the_next_bill(self, office: Any) -> None:
        """Its bill was worked out before it came: it is missing there, and nobody calls it an adjustment later."""
        office.read("C1", 3)
        run = office.plan("C1", 3)
        start_calculation(office.act("billing"), run=run)
        for chunk in unfinished_chunks(run):
            calculate_chunk(run, chunk)
        before = Bill.objects.get(run=run, account__number=FRANK)
        pay(office, (FRANK, 4_321), on=office.today)
        posted = office.post(calculate_run(office.act("billing"), run=run))
        printed = Bill.objects.get(run=posted, account__number=FRANK)
        assert (printed.payments_cents, printed.adjustments_cents) == (before.payments_cents, 0)
        office.read("C1", 4)
        bill = Bill.objects.get(run=office.bill("C1", 4), account__number=FRANK)
        assert bill.previous_cents == printed.amount_due_cents
        assert (bill.payments_cents, bill.adjustments_cents) == (-4_321, 0)
        assert sum(balance_of(office.account(FRANK).pk).values()) == bill.amount_due_cents
        assert sound()


class TestNobodysMoney:
    """A number nobody has: the money is in the bank, so it is in the books, and on the correction list."""

    def test_it_waits_in_suspense(self, office: Any) -> None:
        owed = open_charges(FRANK)
        batch = pay(office, (FRANK, 1_000), ("9999992", 7_700))
        [lost] = Payment.objects.filter(batch=batch, account=None)
        assert (lost.written_account, lost.amount_cents) == ("9999992", 7_700)
        entry = Entry.objects.get(source_kind="payment", source_id=lost.pk)
        assert (entry.debit.role, entry.credit.role, entry.amount_cents) == ("clearing", "suspense", 7_700)
        assert not OpenItem.objects.filter(source_kind="payment", source_id=lost.pk).exists()
        [correction] = corrections_of(batch.source_id)
        assert (correction["field"], correction["found"]) == ("account", "9999992")
        assert correction["expected"] == "the number of an account on record"
        assert "9999992" in correction["raw"]
        assert correction["line"] == lost.line
        assert (batch.count, batch.total_cents, batch.source.loaded, batch.source.rejected) == (2, 8_700, 1, 1)
        assert sum(c for *_, c in owed) - sum(c for *_, c in open_charges(FRANK)) == 1_000
        assert sound()

    def test_a_file_of_nothing_else(self, office: Any) -> None:
        batch = pay(office, ("9999992", 7_700))
        assert (batch.source.loaded, batch.source.rejected) == (0, 1)
        assert sound()


def test_a_check_over_nothing_is_a_correction_and_the_rest_posts(office: Any) -> None:
    owed = sum(cents for *_, cents in open_charges(FRANK))
    batch = pay(office, (CHIDI, 0), (FRANK, 1_000))
    assert (batch.count, batch.total_cents) == (1, 1_000)
    assert (batch.source.rows, batch.source.loaded, batch.source.rejected) == (2, 1, 1)
    assert [payment.account.number for payment in batch.payments.select_related("account")] == [FRANK]
    [correction] = corrections_of(batch.source_id)
    assert (correction["field"], correction["expected"]) == ("amount", "more than 0 cents")
    assert CHIDI in correction["raw"]
    assert owed - sum(cents for *_, cents in open_charges(FRANK)) == 1_000
    assert sound()


class TestWholeFiles:
    """A file is taken once and whole."""

    def counts(self) -> tuple[int, ...]:
        models = (PaymentBatch, Payment, OpenItem, Allocation, Entry, Correction, ImportBatch)
        return tuple(model.objects.count() for model in models)

    def test_the_same_bytes_again(self, office: Any) -> None:
        batch = pay(office, (FRANK, 1_000), ("9999992", 7_700))
        after = self.counts()
        assert pay(office, (FRANK, 1_000), ("9999992", 7_700)) == batch
        assert self.counts() == after

    def test_a_control_total_that_does_not_add_up(self, office: Any) -> None:
        content = deposit((FRANK, 1_000), (CHIDI, 2_000))
        assert content.count(b"0000001000") >= 1
        before = self.counts()
        with pytest.raises((WrongFormat, ControlTotalDiffers)):
            post_payments(
                office.act("cashier"), format="lockbox", file_name="x",
                content=content.replace(b"0000001000", b"0000001001", 1),
            )  # fmt: skip
        assert self.counts() == before

    def test_a_file_cut_off(self, office: Any) -> None:
        before = self.counts()
        lines = deposit((FRANK, 1_000), (CHIDI, 2_000)).splitlines(keepends=True)
        for kept in range(1, len(lines)):
            with pytest.raises(WrongFormat):
                post_payments(office.act("cashier"), format="lockbox", file_name="x", content=b"".join(lines[:kept]))
        assert self.counts() == before

    def test_an_auditor_takes_no_money(self, office: Any) -> None:
        before = self.counts()
        with pytest.raises(NotPermitted):
            post_payments(office.act("auditor"), format="lockbox", file_name="x", content=deposit((FRANK, 1)))
        assert self.counts() == before


def test_a_credit_bill_pays_the_households_other_services(office: Any) -> None:
    """Chidi's panels send out far more than he uses: his electricity is a credit, and it settles his water."""
    solar = ServiceAgreement.objects.get(account__number=CHIDI, service_point__commodity="electricity")
    serial = solar.service_point.installations.get().meter.serial
    sent = Register.objects.get(meter__serial=serial, channel="received")
    used = sent.meter.registers.get(channel="delivered")
    office.read("C2", 3, without=serial)
    rows = []
    for register, word, more in ((used, "D", 10), (sent, "R", 1_500)):
        value = int(register.reads.latest("read_on").value) + more
        rows.append(f"{serial},{word},2024-11-08,09:15,{value % 10**register.dials},kWh,actual,,\n")
    head = "meter,channel,read_date,read_time,reading,unit,kind,reader,comment\n"
    office.take_in("meterbook-reads", (head + "".join(rows) + "#END,2\n").encode())
    open_before = open_charges(CHIDI)
    run = office.bill("C2", 3)
    bill = Bill.objects.get(run=run, account__number=CHIDI)

    credit = OpenItem.objects.get(source_kind="bill", source_id=bill.pk, side="credit")
    assert credit.service == "electricity"
    exported = (Decimal(1_500) * Decimal("6.08")).to_integral_value()  # 6.08 cents a kWh
    assert exported * 8 / 10 < credit.amount_cents < exported
    settled = Allocation.objects.filter(credit=credit).select_related("charge")
    assert sum(one.amount_cents for one in settled) == credit.amount_cents
    assert {one.charge.service for one in settled} <= {"refuse", "sewer", "water", "stormwater", "electricity"}
    moved = Entry.objects.filter(source_kind="allocation", source_id=credit.pk)
    assert {(entry.debit.role, entry.debit.service) for entry in moved} == {("receivable", "electricity")}
    charges = OpenItem.objects.filter(source_kind="bill", source_id=bill.pk, side="charge")
    assert sum(item.amount_cents for item in charges) - credit.amount_cents == bill.current_cents
    assert sum(c for *_, c in open_charges(CHIDI)) == sum(c for *_, c in open_before) + bill.current_cents
    assert sound()


def test_the_demo_city_paid_every_cent_it_sent(office: Any, rows: Rows) -> None:
    """Over two months of files: batches equal their payments, and every payment is an item or in suspense."""
    for batch in PaymentBatch.objects.prefetch_related("payments"):
        amounts = [payment.amount_cents for payment in batch.payments.all()]
        assert (len(amounts), sum(amounts)) == (batch.count, batch.total_cents)
    placed = OpenItem.objects.filter(source_kind="payment").count()
    lost = Payment.objects.filter(account=None).count()
    assert placed + lost == Payment.objects.count() > 50
    assert Account.objects.filter(payments__isnull=False).distinct().count() > 30


def test_a_deposit_of_a_day_far_ahead_is_refused_and_tomorrows_is_taken(office: Any) -> None:
    office.advance(max(office.today, DAY))
    for days in (8, 20_000):
        with pytest.raises(DepositAhead), transaction.atomic():
            post_payments(
                office.act("cashier"), format="lockbox", file_name="typo.txt",
                content=deposit((FRANK, 100), on=office.today + timedelta(days=days)),
            )  # fmt: skip
    tomorrow = deposit((FRANK, 100), on=office.today + timedelta(days=1))
    assert post_payments(office.act("cashier"), format="lockbox", file_name="night.txt", content=tomorrow).count == 1
