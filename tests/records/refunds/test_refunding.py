"""Money that goes back, in the office's words: who asks, who decides, what becomes of the check."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from meterbook.formats.ap_checks import CheckStatus, write_statuses
from meterbook.formats.contract import WrongFormat
from meterbook.records.customers.models import Account
from meterbook.records.customers.operations.declare_relation import declare_interest
from meterbook.records.customers.relations import OwnAccount
from meterbook.records.ledger.check import check_laws
from meterbook.records.ledger.models import Entry, LedgerAccount
from meterbook.records.payments.reversing import ToReverse, reverse_payments
from meterbook.records.platform.operations.approvals import DecidedElsewhere, SamePerson, decide_approval
from meterbook.records.refunds.ach import mark_returned, mark_sent, mark_settled, mark_unsendable, waiting_credits
from meterbook.records.refunds.models import Payout, Refund
from meterbook.records.refunds.opening import FromCredit, open_refund
from meterbook.records.refunds.operations.decide import decide_refund, withdraw_refund
from meterbook.records.refunds.operations.end_payout import end_payout, keep_on_account, reissue
from meterbook.records.refunds.operations.export_checks import export_checks
from meterbook.records.refunds.operations.propose import propose_refund
from meterbook.records.refunds.operations.review_credit import review_credit
from meterbook.records.refunds.operations.take_statuses import take_statuses
from meterbook.records.refunds.refusals import BeyondLimit, NotNow, NotRefundable, WrongFile
from meterbook.records.refunds.standing import bounced
from meterbook.records.refunds.worklist import of_account, open_credits, unattended, worklist

pytestmark = pytest.mark.django_db


def sound() -> bool:
    return all(law.holds for law in check_laws())


def statuses(desk: Any, payout: Payout, number: str, *said: str) -> bytes:
    rows = [
        CheckStatus(0, str(payout.pk), number, status, desk.office.today, payout.amount_cents, "by the post")
        for status in said
    ]
    return write_statuses(rows)


def test_maria_moved_out_with_43_17_to_her_credit(desk: Any, role_balance: Callable[[str], int]) -> None:
    """Her credit is on the worklist, somebody asks, somebody else approves, a check goes out and clears."""
    cash = role_balance("cash")
    desk.moves_out(4_317)
    found = of_account(desk.maria.pk, desk.office.today)
    assert found is not None and (found.cents, found.standing, found.suggests) == (4_317, "not_due", "check")
    desk.later(12)
    first = worklist(desk.office.today)[0]
    assert (first.number, first.cents, first.standing) == (desk.maria.number, 4_317, "to_do")
    asked = propose_refund(desk.office.act("billing"), account=desk.maria, how="check", reason="moved_out")
    assert asked.amount_cents == 4_317 and desk.owed() == -4_317
    assert [row.standing for row in worklist(desk.office.today) if row.account == desk.maria.pk] == ["proposed"]
    with pytest.raises(DecidedElsewhere), transaction.atomic():
        decide_approval(desk.office.act("supervisor"), request=asked.approval, approve=True)
    decide_refund(desk.office.act("supervisor"), refund=asked, approve=True)
    assert desk.owed() == 0 and role_balance("refunds") == -4_317
    assert of_account(desk.maria.pk, desk.office.today) is None
    export = export_checks(desk.office.act("billing"))
    heading, row, trailer = list(csv.reader(io.StringIO(bytes(export.content).decode())))
    said = dict(zip(heading, row, strict=True))
    assert (said["Payee"], said["Amount"], said["GLAccount"]) == (desk.maria.holder.name, "43.17", "2140")
    assert trailer == ["#END", "1", "43.17"]
    with pytest.raises(NotNow), transaction.atomic():
        export_checks(desk.office.act("billing"))
    (payout,) = Payout.objects.filter(export=export)
    content = statuses(desk, payout, "50021", "issued", "cleared")
    taken = take_statuses(desk.office.act("billing"), content=content, file_name="ap.csv")
    again = take_statuses(desk.office.act("billing"), content=content, file_name="ap.csv")
    assert (taken.changed, taken.unchanged, again.changed, again.unchanged) == (2, 0, 0, 2)
    payout.refresh_from_db()
    assert (payout.state, payout.reference, payout.refund.state) == ("cleared", "50021", "paid")
    assert role_balance("refunds") == 0 and role_balance("cash") == cash - 4_317 and sound()


def test_who_asks_never_decides_and_the_approval_covers_exactly_what_was_shown(desk: Any) -> None:
    desk.moves_out()
    asked = propose_refund(desk.office.act("supervisor"), account=desk.maria, how="check", reason="moved_out")
    with pytest.raises(SamePerson), transaction.atomic():
        decide_refund(desk.office.act("supervisor"), refund=asked, approve=True)
    with pytest.raises(NotRefundable, match="has a credit of"), transaction.atomic():
        propose_refund(desk.office.act("billing"), account=desk.maria, how="check", reason="moved_out", cents=100)
    Refund.objects.filter(pk=asked.pk).update(lines=["1 Elsewhere Way"])
    with pytest.raises(NotRefundable, match="no longer what was shown"), transaction.atomic():
        decide_refund(desk.office.act("finance"), refund=asked, approve=True)
    assert desk.owed() == -4_317
    with pytest.raises(NotNow), transaction.atomic():
        withdraw_refund(desk.office.act("billing"), refund=asked)
    withdraw_refund(desk.office.act("supervisor"), refund=asked)
    assert of_account(desk.maria.pk, desk.office.today).cents == 4_317  # type: ignore[union-attr]


def test_limits_family_and_money_spent_meanwhile(desk: Any) -> None:
    desk.moves_out(150_000)
    asked = propose_refund(desk.office.act("billing"), account=desk.maria, how="check", reason="moved_out")
    with pytest.raises(BeyondLimit, match=r"\$1,000\.00"), transaction.atomic():
        decide_refund(desk.office.act("supervisor"), refund=asked, approve=True)
    declare_interest(
        desk.office.act("supervisor"), user=desk.office.staff["finance"], account=desk.maria, kind="family"
    )
    with pytest.raises(OwnAccount), transaction.atomic():
        decide_refund(desk.office.act("finance"), refund=asked, approve=True)


def test_a_check_payment_must_clear_before_it_goes_back(desk: Any) -> None:
    desk.pays(max(0, desk.owed()) + 2_000, "check")
    with pytest.raises(NotRefundable, match="has not cleared yet"), transaction.atomic():
        propose_refund(desk.office.act("billing"), account=desk.maria, how="check", reason="overpaid")
    desk.later(10)
    assert propose_refund(desk.office.act("billing"), account=desk.maria, how="check", reason="overpaid").amount_cents


def test_the_check_came_back(desk: Any, role_balance: Callable[[str], int]) -> None:
    """Returned by the post: owed again; another check to the new address, by somebody else than who stopped it."""
    desk.moves_out()
    refund = desk.refunded()
    export_checks(desk.office.act("billing"))
    payout = refund.payouts.get()
    take_statuses(desk.office.act("billing"), content=statuses(desk, payout, "50021", "issued"), file_name="a.csv")
    assert role_balance("refunds") == 0
    desk.later(20)
    take_statuses(desk.office.act("billing"), content=statuses(desk, payout, "50021", "returned"), file_name="b.csv")
    refund.refresh_from_db()
    assert refund.state == "owed" and role_balance("refunds") == -4_317
    second = reissue(desk.office.act("supervisor"), refund=refund, lines=["77 New Street", "Chico, CA 95926"])
    with pytest.raises(NotNow), transaction.atomic():
        reissue(desk.office.act("supervisor"), refund=refund)
    assert export_checks(desk.office.act("billing")).total_cents == 4_317
    take_statuses(desk.office.act("billing"), content=statuses(desk, second, "50090", "issued"), file_name="c.csv")
    second.refresh_from_db()
    end_payout(desk.office.act("supervisor"), payout=second, state="stopped", why="lost in the mail")
    with pytest.raises(NotNow, match="You ended the last try"), transaction.atomic():
        reissue(desk.office.act("supervisor"), refund=refund)
    kept = keep_on_account(desk.office.act("finance"), refund=refund)
    assert kept.state == "kept" and desk.owed() == -4_317 and role_balance("refunds") == 0 and sound()


def test_a_payment_bounced_after_its_refund_went_out(desk: Any) -> None:
    """The payment behind the refund is reversed: the customer owes what was refunded; a check not sent stays here."""
    before = max(0, desk.owed())
    payment = desk.pays(before + 5_000, "cash")
    refund = desk.refunded(cents=5_000)
    assert desk.owed() == 0
    reverse_payments(desk.deed(), [ToReverse(payment, "R01")], kind="returned", reversed_on=desk.office.today)
    assert bounced([refund.pk]) == {refund.pk: 5_000} and desk.owed() == before + 5_000
    with pytest.raises(NotNow), transaction.atomic():
        export_checks(desk.office.act("billing"))
    payout = refund.payouts.get()
    end_payout(desk.office.act("billing"), payout=payout, state="cancelled", why="the payment came back")
    keep_on_account(desk.office.act("supervisor"), refund=refund)
    assert desk.owed() == before and sound()


def test_to_another_account_of_the_same_customer(desk: Any, role_balance: Callable[[str], int]) -> None:
    ben: Account = desk.office.account("1000041")
    Account.objects.filter(pk=ben.pk).update(holder=desk.maria.holder)
    ben.refresh_from_db()
    desk.moves_out()
    owed = desk.owed(ben)
    assert of_account(desk.maria.pk, desk.office.today).suggests == "transfer"  # type: ignore[union-attr]
    done = desk.refunded(how="transfer", to_account=ben)
    assert done.state == "paid" and desk.owed() == 0 and desk.owed(ben) == owed - 4_317
    assert role_balance("transfers") == 0 and role_balance("refunds") == 0 and sound()


def test_ach_credits_wait_for_the_file_and_come_back_as_checks(desk: Any, role_balance: Callable[[str], int]) -> None:
    desk.moves_out()
    clearing = role_balance("clearing")
    refund = desk.refunded(how="ach", bank="bank:7")
    (credit,) = waiting_credits()
    assert (credit.cents, credit.bank, credit.account_number) == (4_317, "bank:7", desk.maria.number)
    mark_sent(desk.deed(), {credit.payout: "09100001"}, file_name="a.ach", sha256="0" * 64, sent_on=desk.office.today)
    assert waiting_credits() == [] and role_balance("clearing") == clearing - 4_317
    with pytest.raises(NotNow), transaction.atomic():
        mark_sent(desk.deed(), {credit.payout: "1"}, file_name="b", sha256="", sent_on=desk.office.today)
    mark_settled(desk.deed(), [credit.payout], on=desk.office.today)
    check = mark_returned(desk.deed(), credit.payout, code="R03", on=desk.office.today)
    refund.refresh_from_db()
    assert (check.how, check.state, refund.state) == ("check", "waiting", "owed")
    assert role_balance("clearing") == clearing and role_balance("refunds") == -4_317 and sound()


def test_what_cannot_be_sent_becomes_a_check(desk: Any) -> None:
    desk.moves_out()
    refund = desk.refunded(how="ach")
    made = mark_unsendable(desk.deed(), refund.payouts.get().pk, why="no bank account", on=desk.office.today)
    assert export_checks(desk.office.act("billing")).payouts.get() == made


def test_a_status_file_is_taken_whole_or_not_at_all(desk: Any) -> None:
    desk.moves_out()
    payout = desk.refunded().payouts.get()
    export_checks(desk.office.act("billing"))
    payout.refresh_from_db()
    wrong = CheckStatus(3, "999999", "1", "issued", desk.office.today, 1)
    good = CheckStatus(2, str(payout.pk), "50021", "issued", desk.office.today, 4_317)
    for rows in ([good, wrong], [good, CheckStatus(3, str(payout.pk), "50021", "issued", desk.office.today, 1)]):
        with pytest.raises(WrongFile, match="Nothing of the file was taken"), transaction.atomic():
            take_statuses(desk.office.act("billing"), content=write_statuses(rows), file_name="x.csv")
    with pytest.raises(WrongFormat, match="control totals"), transaction.atomic():
        take_statuses(
            desk.office.act("billing"), content=write_statuses([good]).replace(b"#END,1", b"#END,2"), file_name="y.csv"
        )
    payout.refresh_from_db()
    assert payout.state == "exported"


def test_nothing_is_stranded_unless_somebody_says_why(desk: Any) -> None:
    desk.moves_out()
    desk.later(40)
    assert desk.maria.number in [row.number for row in unattended(desk.office.today)]
    with pytest.raises(NotRefundable), transaction.atomic():
        review_credit(desk.office.act("billing"), account=desk.maria, reason="disputed", note="")
    review = review_credit(desk.office.act("billing"), account=desk.maria, reason="disputed", note="two heirs")
    assert desk.maria.number not in [row.number for row in unattended(desk.office.today)]
    assert desk.maria.number in [row.number for row in unattended(review.until)]


def test_another_area_opens_a_refund_two_people_decided(desk: Any, role_balance: Callable[[str], int]) -> None:
    """Nothing of it stands on the account: another account of the chart gives it."""
    granted = LedgerAccount.objects.get(code="5910")
    made = open_refund(desk.deed(), account=desk.maria, cents=10_000, how="check", source="other", out_of=granted)
    assert made.state == "owed" and made.payouts.get().amount_cents == 10_000
    entry = Entry.objects.get(source_kind="refund", source_id=made.bookings.get().pk)
    assert (entry.debit, entry.credit.role, entry.amount_cents) == (granted, "refunds", 10_000)
    assert role_balance("refunds") == -10_000
    desk.moves_out()
    (credit,) = open_credits(desk.office.today, desk.maria.pk)
    with pytest.raises(NotRefundable), transaction.atomic():
        open_refund(
            desk.deed(), account=desk.maria, cents=1, how="check", source="credit",
            credits=[FromCredit(credit.item, 2)],
        )  # fmt: skip
    assert sound()
