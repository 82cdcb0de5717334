"""A day at the counter of Alder Bend: money in, money voided, the drawer counted by two, the bag made up."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from meterbook.engine.cashiering.check_line import read_check_line
from meterbook.records.cashiering import refusals
from meterbook.records.cashiering.expected import expected
from meterbook.records.cashiering.models import BankDeposit, Drawer, Receipt
from meterbook.records.cashiering.operations.close_drawer import close_drawer, count_drawer
from meterbook.records.cashiering.operations.drawers import drop, open_drawer
from meterbook.records.cashiering.operations.make_deposit import make_deposit
from meterbook.records.cashiering.operations.take_receipt import taken
from meterbook.records.cashiering.operations.void_receipt import void_receipt
from meterbook.records.cashiering.slips import Given, Slip, Wanted
from meterbook.records.customers.models import Account
from meterbook.records.customers.relations import OwnAccount
from meterbook.records.ledger.check import check_laws
from meterbook.records.ledger.settle import balance_of
from meterbook.records.payments.by_hand.operations.ask_change import reverse_by_hand
from meterbook.records.payments.models import Payment
from meterbook.records.returns.operations.return_payments import return_payment

pytestmark = pytest.mark.django_db

CASH = Given("cash", 20_000)


def accounts(count: int) -> list[Account]:
    """Accounts that owe something, the smallest numbers first."""
    found = [one for one in Account.objects.order_by("number") if sum(balance_of(one.pk).values()) > 0]
    return found[:count]


def books(role: str) -> int:
    """The balance of a ledger account, debits above zero."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(l.cents), 0) FROM ledger_leg l JOIN ledger_ledgeraccount a ON a.id = l.chart_id"
            " WHERE a.role = %s",
            [role],
        )
        return int(cursor.fetchone()[0])


def sound() -> None:
    """Everything judged at the end of a transaction is judged now, and the laws of the books hold."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    assert [(law.name, law.offences) for law in check_laws() if not law.holds] == []


@pytest.fixture
def drawer(office: Any) -> Drawer:
    """The cashier's drawer with a float of a hundred dollars."""
    return open_drawer(office.act("cashier"), station="Window 1", float_cents=10_000)


def paid(office: Any, drawer: Drawer, *, key: str, lines: Any, tenders: Any = (CASH,)) -> Receipt:
    return taken(office.act("cashier"), drawer=drawer, slip=Slip(tuple(lines), tuple(tenders)), key=key)


def test_two_bills_a_copy_and_a_deposit_by_cash_and_check_on_one_receipt(office: Any, drawer: Drawer) -> None:
    ana, ben = accounts(2)
    before = {one.pk: sum(balance_of(one.pk).values()) for one in (ana, ben)}
    check = Given("check", 6_000, check=read_check_line("T122000661T 0012345678U 1042"))
    lines = [Wanted("payment", 3_000, ana), Wanted("payment", 5_000, ben), Wanted("sale", 500, code="bill_copy")]
    receipt = paid(
        office, drawer, key="k1", lines=[*lines, Wanted("deposit", 2_500, ben)], tenders=[check, Given("cash", 10_000)]
    )
    sound()
    assert (receipt.number, receipt.total_cents, receipt.change_cents) == (1, 11_000, 5_000)
    after = {one.pk: sum(balance_of(one.pk).values()) for one in (ana, ben)}
    assert (after[ana.pk], after[ben.pk]) == (before[ana.pk] - 3_000, before[ben.pk] - 5_000)
    assert books("drawer") == 11_000
    parts = Payment.objects.filter(receipt_part__line__receipt=receipt).order_by("pk")
    assert [(one.account_id, one.tender, one.amount_cents) for one in parts] == [
        (ana.pk, "check", 3_000), (ben.pk, "check", 3_000), (ben.pk, "cash", 2_000),
    ]  # fmt: skip
    tender = receipt.tenders.get(kind="check")
    assert (tender.reference, tender.masked, len(tender.payer_mark)) == ("1042", "••5678", 64)
    assert "0012345678" not in str(tender.__dict__)


def test_the_same_key_gives_the_same_receipt_and_no_second_payment(office: Any, drawer: Drawer) -> None:
    (ana,) = accounts(1)
    first = paid(office, drawer, key="again", lines=[Wanted("payment", 1_200, ana)])
    second = paid(office, drawer, key="again", lines=[Wanted("payment", 1_200, ana)])
    paid_once = Payment.objects.filter(key__startswith="counter:again:").count()
    assert (second.pk, drawer.slips.count(), paid_once) == (first.pk, 1, 1)
    with pytest.raises(refusals.KeyUsed):
        paid(office, drawer, key="again", lines=[Wanted("payment", 1_300, ana)])
    assert paid(office, drawer, key="next", lines=[Wanted("payment", 1_300, ana)]).number == 2
    sound()


def test_what_is_refused_takes_no_number(office: Any, drawer: Drawer) -> None:
    (ana,) = accounts(1)
    bill = [Wanted("payment", 5_000, ana)]
    refused: list[tuple[type[Exception], Any, Any]] = [
        (refusals.ShortOfMoney, bill, [Given("cash", 4_999)]),
        (refusals.NoChangeForThat, bill, [Given("check", 6_000, "77")]),
        (refusals.WrongTender, bill, [Given("card", 5_000, "4111 1111 1111 1111")]),
        (refusals.WrongTender, bill, [Given("card", 5_000)]),
        (refusals.FixedPrice, [Wanted("sale", 501, code="bill_copy")], [CASH]),
        (refusals.WrongLine, [Wanted("sale", 500, code="tea")], [CASH]),
        (refusals.NothingPaid, [], [CASH]),
    ]
    for kind, lines, tenders in refused:
        with pytest.raises(kind):
            paid(office, drawer, key="x", lines=lines, tenders=tenders)
    with pytest.raises(refusals.NotYourDrawer), transaction.atomic():
        taken(office.act("supervisor"), drawer=drawer, slip=Slip((bill[0],), (CASH,)), key="s")
    ana.holder.email = office.staff["cashier"].email
    ana.holder.save()
    with pytest.raises(OwnAccount):
        paid(office, drawer, key="own", lines=bill)
    ana.holder.email = ""
    ana.holder.save()
    assert paid(office, drawer, key="x", lines=bill).number == 1


def test_a_supervisor_voids_and_it_is_as_if_nothing_had_been_paid(office: Any, drawer: Drawer) -> None:
    ana, ben = accounts(2)
    before = [balance_of(one.pk) for one in (ana, ben)]
    lines = [Wanted("payment", 3_000, ana), Wanted("deposit", 2_000, ben), Wanted("sale", 1_000, code="good_payer")]
    on_its_way = books("clearing")
    receipt = paid(office, drawer, key="v", lines=lines, tenders=[Given("card", 4_000, "H-1"), Given("cash", 2_500)])
    assert (books("drawer"), books("clearing")) == (2_000, on_its_way + 4_000)
    cashier = office.staff["cashier"]
    with pytest.raises(PermissionError):
        void_receipt(office.act("cashier"), receipt=receipt, asked_by=cashier, reason="wrong_acct")
    void_receipt(office.act("supervisor"), receipt=receipt, asked_by=cashier, reason="wrong_acct")
    sound()
    assert [balance_of(one.pk) for one in (ana, ben)] == before
    assert (books("drawer"), books("clearing"), books("deposits")) == (0, on_its_way, 0)
    assert expected(drawer).cash_cents == 10_000
    with pytest.raises(refusals.AlreadyVoided):
        void_receipt(office.act("supervisor"), receipt=receipt, asked_by=cashier, reason="wrong_acct")


def test_two_people_count_blind_and_what_is_short_has_a_reason(office: Any, drawer: Drawer) -> None:
    ana, ben = accounts(2)
    paid(office, drawer, key="a", lines=[Wanted("payment", 7_525, ana)])
    paid(office, drawer, key="b", lines=[Wanted("payment", 4_000, ben)], tenders=[Given("money_order", 4_000, "M9")])
    drop(office.act("cashier"), drawer=drawer, amount_cents=5_000, bag="D-1")
    held = {2000: 6, 100: 5}  # $125.00; with the float and without the drop it should be $125.25
    count_drawer(office.act("cashier"), drawer=drawer, pieces=held, noncash_count=1, noncash_cents=4_000)
    with pytest.raises(refusals.DrawerNotOpen):
        paid(office, drawer, key="late", lines=[Wanted("payment", 100, ana)])
    with pytest.raises(refusals.OwnDrawer):
        close_drawer(office.act("cashier"), drawer=drawer)
    with pytest.raises(refusals.CountNeeded):
        close_drawer(office.act("supervisor"), drawer=drawer)
    count_drawer(office.act("supervisor"), drawer=drawer, pieces={2000: 5}, noncash_count=1, noncash_cents=4_000)
    with pytest.raises(refusals.CountsDiffer):
        close_drawer(office.act("supervisor"), drawer=drawer)
    count_drawer(office.act("supervisor"), drawer=drawer, pieces=held, noncash_count=1, noncash_cents=4_000)
    with pytest.raises(refusals.UnknownCounterReason):
        close_drawer(office.act("supervisor"), drawer=drawer)
    closed = close_drawer(office.act("supervisor"), drawer=drawer, reason="change_error")
    assert (closed.over_short_cents, books("over_short"), books("drawer")) == (-25, 25, 11_500)
    with pytest.raises(refusals.OwnDrawer):
        make_deposit(office.act("cashier"), drawers=[drawer], bag="B-7")
    on_its_way = books("clearing")
    bag = make_deposit(office.act("finance"), drawers=[drawer], bag="B-7")
    assert (bag.cash_cents, bag.noncash_cents, bag.amount_cents) == (7_500, 4_000, 11_500)
    assert (books("drawer"), books("clearing")) == (0, on_its_way + 11_500)
    with pytest.raises(refusals.WrongBag):
        make_deposit(office.act("finance"), drawers=[drawer], bag="B-8")
    sound()


def test_a_cashier_has_one_drawer(office: Any, drawer: Drawer) -> None:
    with pytest.raises(refusals.DrawerStillOpen):
        open_drawer(office.act("cashier"), station="Window 2", float_cents=0)
    with pytest.raises(refusals.DrawerStillOpen):
        open_drawer(office.act("supervisor"), station="Window 1", float_cents=0)
    with pytest.raises(refusals.WrongFloat):
        open_drawer(office.act("supervisor"), station="Window 2", float_cents=50_001)


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO cashiering_drawer (station, cashier_id, business_date, float_cents, state, receipts, opened_id,"
        " over_short_reason, note) SELECT 'x', cashier_id, business_date, 0, 'open', 0, opened_id, '', ''"
        " FROM cashiering_drawer",
        "INSERT INTO cashiering_receipt (drawer_id, number, key, digest, received_on, language, total_cents,"
        " change_cents, deed_id) SELECT drawer_id, number + 2, 'gap', '', received_on, 'en', 1, 0, deed_id"
        " FROM cashiering_receipt",
        "UPDATE cashiering_drawer SET receipts = receipts + 1; INSERT INTO cashiering_receipt (drawer_id, number, key,"
        " digest, received_on, language, total_cents, change_cents, deed_id) SELECT drawer_id, number + 1, 'bare', '',"
        " received_on, 'en', 1, 0, deed_id FROM cashiering_receipt; SET CONSTRAINTS ALL IMMEDIATE",
        "UPDATE cashiering_drawer SET receipts = 0",
        "UPDATE cashiering_drawer SET state = 'closed', over_short_cents = 0, closed_id = opened_id",
        "UPDATE cashiering_receipt SET total_cents = 1",
        "DELETE FROM cashiering_tender",
    ],
)
def test_the_database_refuses_what_the_counter_never_does(office: Any, drawer: Drawer, sql: str) -> None:
    (ana,) = accounts(1)
    paid(office, drawer, key="one", lines=[Wanted("payment", 1_000, ana)])
    sound()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert BankDeposit.objects.count() == 0


def test_what_bounces_or_is_taken_back_at_the_desk_leaves_the_drawer_alone(office: Any, drawer: Drawer) -> None:
    """The check is in the drawer, or in the bag: the bank asks for the money where it was on its way."""
    ana, ben = accounts(2)
    check = Given("check", 3_000, check=read_check_line("T122000661T 0012345678U 1042"))
    first = paid(office, drawer, key="b1", lines=[Wanted("payment", 3_000, ana)], tenders=[check])
    second = paid(office, drawer, key="b2", lines=[Wanted("payment", 2_000, ben)], tenders=[Given("cash", 2_000)])
    before = books("clearing")
    of_receipt = Payment.objects.filter(receipt_part__line__receipt__in=[first, second]).order_by("pk")
    return_payment(office.act("billing"), payment=of_receipt[0], code="NSF")
    reverse_by_hand(office.act("finance"), payment=of_receipt[1], reason="posted_twice", note="rung up twice")
    sound()
    assert (books("drawer"), expected(drawer).cash_cents) == (5_000, 12_000)
    assert books("clearing") == before - 5_000


def test_cash_that_was_dropped_is_not_given_back_over_the_counter(office: Any, drawer: Drawer) -> None:
    (ana,) = accounts(1)
    receipt = paid(office, drawer, key="c1", lines=[Wanted("payment", 20_000, ana)])
    drop(office.act("cashier"), drawer=drawer, amount_cents=25_000, bag="S-1")
    with pytest.raises(refusals.CashIsGone), transaction.atomic():
        void_receipt(office.act("supervisor"), receipt=receipt, asked_by=office.staff["cashier"], reason="wrong_acct")
    assert expected(drawer).cash_cents == 5_000


def test_a_bag_dropped_twice_and_a_number_too_long_are_refused_in_words(office: Any, drawer: Drawer) -> None:
    (ana,) = accounts(1)
    paid(office, drawer, key="d1", lines=[Wanted("payment", 20_000, ana)])
    drop(office.act("cashier"), drawer=drawer, amount_cents=1_000, bag="S-2")
    with pytest.raises(refusals.BagDropped), transaction.atomic():
        drop(office.act("cashier"), drawer=drawer, amount_cents=1_000, bag=" S-2 ")
    for reference in ("A" * 61, "4\0"):
        order = Given("money_order", 500, reference)
        with pytest.raises(refusals.LongReference), transaction.atomic():
            paid(office, drawer, key="d2", lines=[Wanted("payment", 500, ana)], tenders=[order])
