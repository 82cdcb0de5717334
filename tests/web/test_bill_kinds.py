"""Finals, off-cycle bills, summaries and deposits from the screen, by who may."""

from __future__ import annotations

from django.urls import reverse
from tests.web.conftest import SignedIn
from tests.web.office import BILL_2, Office, act

from meterbook.records.billing.models import Bill, BillRun, SummaryBill, SummaryGroup
from meterbook.records.customers.operations.move_out import move_out
from meterbook.records.customers.queries import premise_last_served
from meterbook.records.ledger.models import Deposit


def test_somebody_who_left_is_billed_in_one_step(office: Office, signed_in: SignedIn) -> None:
    """The clerk types the account, the run stands calculated and a supervisor is asked."""
    client, ana = signed_in("billing"), office.ana
    refused = client.post(reverse("final_bills"), {"accounts": ana.number, "reason": "moves out"})
    assert refused.status_code == 422 and "No service of the account has ended" in refused.content.decode()
    move_out(
        act(office.staff["csr"], BILL_2), account=ana, premise=premise_last_served(ana), ends=BILL_2,
        forwarding=["9 Quay St"],
    )  # fmt: skip
    answer = client.post(reverse("final_bills"), {"accounts": ana.number, "reason": "moves out"})
    run = BillRun.objects.get(kind=BillRun.OFF_CYCLE)
    assert answer.headers["Location"] == reverse("run", args=[run.pk])
    assert f"Final bill of account {ana.number}" in client.get(reverse("run", args=[run.pk])).content.decode()


def test_an_unknown_account_is_named(office: Office, signed_in: SignedIn) -> None:
    client = signed_in("billing")
    answer = client.post(reverse("plan_off_cycle"), {"accounts": f"{office.ana.number}\n99", "title": "x"})
    assert answer.status_code == 422 and "No account has the number 99." in answer.content.decode()


def test_off_cycle_bills_are_planned(office: Office, signed_in: SignedIn) -> None:
    told = {
        "title": "Asked for by the bank", "accounts": office.ana.number, "read_from": "9/1/26", "read_to": "9/8/26",
        "service_to": "9/5/26", "bill_date": "9/8/26", "due": "",
    }  # fmt: skip
    signed_in("billing").post(reverse("plan_off_cycle"), told)
    run = BillRun.objects.get(kind=BillRun.OFF_CYCLE)
    assert (run.title, run.status) == ("Asked for by the bank", "planned")
    assert [named.account for named in run.named_accounts.all()] == [office.ana]


def test_a_summary_is_opened_joined_and_issued(office: Office, signed_in: SignedIn) -> None:
    client = signed_in("billing")
    told = {"code": "ANA", "name": "Ana's houses", "payer_account": office.ana.number, "accounts": office.ana.number,
            "starts": "8/1/26"}  # fmt: skip
    client.post(reverse("open_summary_group"), told)
    group = SummaryGroup.objects.get(code="ANA")
    page = client.get(reverse("summary_group", args=["ANA"])).content.decode()
    assert "Issue a summary" in page and office.ana.number in page
    client.post(reverse("summary_act", args=["ANA", "issue"]), {"bill_date": "9/8/26", "due": ""})
    made = SummaryBill.objects.get(group=group)
    bill = Bill.objects.filter(account=office.ana).latest("pk")
    assert made.due_cents == bill.amount_due_cents
    shown = client.get(reverse("summary_bill", args=[made.pk])).content.decode()
    assert bill.number in shown and "Nothing is booked by a summary" in shown
    assert made.number in client.get(reverse("bill", args=[bill.pk])).content.decode()
    assert client.get(reverse("summary_pdf", args=[made.pk])).content.startswith(b"%PDF")


def test_a_deposit_comes_in(office: Office, signed_in: SignedIn) -> None:
    told = {"account": office.ana.number, "amount": "250.00", "service": "", "received_on": "9/8/26"}
    signed_in("cashier").post(reverse("record_deposit"), told)
    assert Deposit.objects.get().amount_cents == 25_000
    assert "250.00" in signed_in("billing").get(reverse("deposits")).content.decode()
    future = signed_in("cashier").post(reverse("record_deposit"), told | {"received_on": "9/9/26"})
    assert future.status_code == 422
