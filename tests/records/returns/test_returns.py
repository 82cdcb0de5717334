"""Payments that come back, in the office's words: what is owed again, the fee, cash only, a fee taken off."""

from __future__ import annotations

import io
from datetime import date, datetime, time, timedelta
from typing import Any

import pypdf
import pytest
from django.db import IntegrityError, transaction

from meterbook.formats.lockbox import Check, LockboxDeposit, write
from meterbook.notices.returned_payment import NoSuchReturn, render_letter
from meterbook.records.customers.models import Account
from meterbook.records.customers.operations.declare_relation import declare_interest
from meterbook.records.customers.relations import OwnAccount
from meterbook.records.ledger.check import check_laws
from meterbook.records.ledger.models import Entry, OpenItem
from meterbook.records.ledger.settle import balance_of, open_items
from meterbook.records.payments.models import Payment
from meterbook.records.payments.operations.post_payments import post_payments
from meterbook.records.payments.reversing import AlreadyReversed
from meterbook.records.platform.deeds import NotPermitted
from meterbook.records.platform.operations.approvals import DecidedElsewhere, SamePerson, decide_approval
from meterbook.records.returns.bans import banned_tenders
from meterbook.records.returns.models import ReturnedPayment, TenderBan
from meterbook.records.returns.operations.return_payments import WrongReturn, return_payment
from meterbook.records.returns.operations.tender_bans import ban_tender, lift_ban
from meterbook.records.returns.operations.waive_fee import NothingToWaive, ask_waiver, decide_waiver

pytestmark = pytest.mark.django_db
FRANK = "1000041"


@pytest.fixture
def frank(office: Any) -> Account:
    return office.account(FRANK)  # type: ignore[no-any-return]


def check(office: Any, cents: int, reference: str = "1", *, days_ago: int = 0) -> Payment:
    """A check of Frank's arrives in the lockbox."""
    on = office.today - timedelta(days=days_ago)
    deposit = LockboxDeposit(
        destination="ALDERBEND", origin="0099999991", lockbox="4400",
        processed_at=datetime.combine(on, time(17)), deposit_on=on,
        checks=[Check(FRANK, cents, reference=reference)],
    )  # fmt: skip
    name = f"deposit {reference}.txt"
    batch = post_payments(office.act("cashier"), format="lockbox", file_name=name, content=write(deposit))
    return batch.payments.get()


def still_open(account: Account) -> list[tuple[date, str, str, int]]:
    """Open charges: due date, service, category, cents."""
    rows = open_items([account.pk], "charge").sort("due_on", "service", "category")
    return list(rows.select("due_on", "service", "category", "remaining").iter_rows())


def sound() -> bool:
    return all(law.holds for law in check_laws())


def owed(account: Account) -> int:
    return sum(balance_of(account.pk).values())


def test_a_bounced_check_leaves_the_account_as_if_it_had_never_come(office: Any, frank: Account) -> None:
    """Frank pays everything; the check bounces after a smaller one arrived, which then settles the oldest instead."""
    before, owed_before = still_open(frank), owed(frank)
    assert owed_before > 10_000
    bounced = check(office, owed_before, "1")
    assert owed(frank) == 0 and still_open(frank) == []
    check(office, 2_000, "2")
    reversal = return_payment(office.act("billing"), payment=bounced, code="R01")
    fee = ReturnedPayment.objects.get(reversal=reversal)
    assert (fee.occurrence, fee.fee_cents, fee.service) == (1, 2_500, "water")
    assert owed(frank) == owed_before - 2_000 + 2_500
    left = [one for one in still_open(frank) if one[2] != "fee"]
    assert left[-1] == before[-1], "the newest charge is owed again from its own due date"
    assert sum(one[3] for one in left) == owed_before - 2_000
    oldest = min(one[0] for one in before)
    paid = {one[:3]: one[3] for one in before}
    touched = {one[:3] for one in left if one[3] < paid[one[:3]]} | (set(paid) - {one[:3] for one in left})
    assert touched and {one[0] for one in touched} == {oldest}, "the smaller check settles the oldest charges"
    entry = Entry.objects.get(source_kind="reversal", source_id=reversal.parts.get().pk)
    assert (entry.debit.role, entry.credit.role, entry.amount_cents) == ("unapplied", "clearing", owed_before)
    assert sound()


def test_it_bounces_once(office: Any, frank: Account) -> None:
    payment = check(office, 1_000)
    return_payment(office.act("billing"), payment=payment, code="R01")
    with pytest.raises(AlreadyReversed), transaction.atomic():
        return_payment(office.act("billing"), payment=payment, code="R01")
    assert ReturnedPayment.objects.filter(account=frank).count() == 1


def test_the_second_costs_more_and_bars_everything_but_cash_for_a_year(office: Any, frank: Account) -> None:
    for reference in ("1", "2"):
        return_payment(office.act("billing"), payment=check(office, 1_000, reference), code="R01")
    first, second = ReturnedPayment.objects.filter(account=frank).order_by("pk")
    assert (first.fee_cents, second.fee_cents) == (2_500, 3_500)
    assert not first.bans.exists()
    [ban] = second.bans.all()
    assert ban.scope == "noncash"
    assert ban.validity.upper == office.today.replace(year=office.today.year + 1)
    refused = banned_tenders([frank.pk], office.today)[frank.pk]
    assert "check" in refused and "cash" not in refused and "money_order" not in refused
    assert banned_tenders([frank.pk], ban.validity.upper) == {}
    lift_ban(office.act("supervisor", "paid in full at the counter"), ban=ban)
    tomorrow = date.fromordinal(office.today.toordinal() + 1)
    assert banned_tenders([frank.pk], tomorrow) == {}
    assert sound()


def test_a_closed_bank_account_bars_drafts_at_once(office: Any, frank: Account) -> None:
    return_payment(office.act("billing"), payment=check(office, 1_000), code="R02")
    assert banned_tenders([frank.pk], office.today)[frank.pk] == {"ach", "echeck"}


def test_the_banks_own_mistake_costs_nothing(office: Any, frank: Account) -> None:
    before = owed(frank)
    return_payment(office.act("billing"), payment=check(office, 1_000), code="R31")
    assert ReturnedPayment.objects.get(account=frank).fee_cents == 0
    assert owed(frank) == before
    assert not OpenItem.objects.filter(account=frank, source_kind="return_fee").exists()


def test_two_people_take_a_fee_off(office: Any, frank: Account) -> None:
    before = owed(frank)
    return_payment(office.act("billing"), payment=check(office, 1_000), code="R01")
    returned = ReturnedPayment.objects.get(account=frank)
    with pytest.raises(NothingToWaive, match="bank_error"), transaction.atomic():
        ask_waiver(office.act("csr"), returned=returned, reason="because")
    request = ask_waiver(office.act("supervisor", "the bank wrote"), returned=returned, reason="bank_error")
    assert request.preview["fee_cents"] == 2_500
    with pytest.raises(SamePerson), transaction.atomic():
        decide_waiver(office.act("supervisor"), returned=returned, request=request, approve=True)
    with pytest.raises(DecidedElsewhere), transaction.atomic():
        decide_approval(office.act("finance"), request=request, approve=True)
    decide_waiver(office.act("finance"), returned=returned, request=request, approve=True)
    assert owed(frank) == before
    assert sound()
    with pytest.raises(NothingToWaive), transaction.atomic():
        ask_waiver(office.act("csr"), returned=returned, reason="hardship")
    return_payment(office.act("billing"), payment=check(office, 1_000, "2"), code="R01")
    assert ReturnedPayment.objects.filter(account=frank).latest("pk").fee_cents == 2_500, "waived, it does not count"


def test_who_may_and_when(office: Any, frank: Account) -> None:
    payment = check(office, 1_000)
    with pytest.raises(NotPermitted):
        return_payment(office.act("cashier"), payment=payment)
    early = date.fromordinal(payment.received_on.toordinal() - 1)
    with pytest.raises(WrongReturn, match="expected a day from"), transaction.atomic():
        return_payment(office.act("billing"), payment=payment, returned_on=early)
    with pytest.raises(WrongReturn, match="returned, chargeback"), transaction.atomic():
        return_payment(office.act("billing"), payment=payment, kind="void")


def test_a_ban_by_hand_and_one_at_a_time(office: Any, frank: Account) -> None:
    made = ban_tender(office.act("billing"), account=frank, scope="check")
    assert made is not None and made.validity.upper is None
    assert ban_tender(office.act("billing"), account=frank, scope="check", ends=date(2030, 1, 1)) is None
    with pytest.raises(IntegrityError), transaction.atomic():
        TenderBan.objects.create(account=frank, scope="check", validity=made.validity, deed=made.deed)


def test_bans_of_days_past_meet_the_one_that_runs(office: Any, frank: Account) -> None:
    """Three checks of a closed bank account; the bank's advice comes in the wrong order of days."""
    for reference, days_ago in (("1", 0), ("2", 15), ("3", 10)):
        payment = check(office, 1_000, reference, days_ago=days_ago)
        on = office.today - timedelta(days=days_ago)
        return_payment(office.act("billing"), payment=payment, code="R02", returned_on=on)
    bans = list(TenderBan.objects.filter(account=frank, scope="ach").order_by("validity"))
    days = [(one.validity.lower, one.validity.upper) for one in bans]
    assert days[0] == (office.today - timedelta(days=15), office.today), "no day twice, no day left out"
    assert [one[0] for one in days[1:]] == [office.today]
    assert ban_tender(office.act("billing"), account=frank, scope="ach") == bans[1], "made longer, without an end"
    assert "ach" in banned_tenders([frank.pk], date(2090, 1, 1))[frank.pk]


def test_nobody_bars_or_allows_a_tender_on_their_own_account(office: Any, frank: Account) -> None:
    made = ban_tender(office.act("billing"), account=frank, scope="check")
    for who in ("billing", "supervisor"):
        declare_interest(office.act("finance"), user=office.staff[who], account=frank, kind="own")
    with pytest.raises(OwnAccount), transaction.atomic():
        ban_tender(office.act("billing"), account=frank, scope="ach")
    with pytest.raises(OwnAccount), transaction.atomic():
        lift_ban(office.act("supervisor"), ban=made)


def test_the_letter_says_what_came_back_what_it_costs_and_what_is_owed(office: Any, frank: Account) -> None:
    owed_before = owed(frank)
    return_payment(office.act("billing"), payment=check(office, owed_before), code="R02")
    returned = ReturnedPayment.objects.get(account=frank)
    document = pypdf.PdfReader(io.BytesIO(render_letter(returned.pk)))
    assert "/StructTreeRoot" in document.trailer["/Root"]
    [page] = document.pages
    text = " ".join(page.extract_text().split())
    for said in (
        "Your payment came back", "the account is closed", "it is $25.00", "A later one costs more",
        "cannot draw on a bank account", f"${(owed_before + 2_500) / 100:,.2f}", "Civil Code 1719",
    ):  # fmt: skip
        assert said in text, said
    frank.holder.language = "es"
    frank.holder.save()
    [page] = pypdf.PdfReader(io.BytesIO(render_letter(returned.pk))).pages
    assert "Su pago fue devuelto" in " ".join(page.extract_text().split())
    with pytest.raises(NoSuchReturn):
        render_letter(0)
