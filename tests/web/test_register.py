"""The pre-bill register, holds and the change of a bill on the screen, in both languages."""

from __future__ import annotations

from django.urls import reverse
from tests.web.conftest import SignedIn
from tests.web.office import BILL_2, Office, act

from meterbook.jobs.bill_run import calculate_all
from meterbook.records.billing.models import Bill, BillRun, Hold, HoldOrder, RegisterMark
from meterbook.records.billing.operations import plan_run


def september(office: Office) -> BillRun:
    """The second month's run, calculated."""
    does = act(office.staff["billing"], BILL_2)
    return calculate_all(does, plan_run(does, cycle=office.cycle, bill_date=BILL_2))


def test_the_register_of_a_run(office: Office, signed_in: SignedIn) -> None:
    billing = signed_in("billing")
    address = reverse("run_register", args=[office.run.pk])
    page = billing.get(address).content.decode()
    assert "Pre-bill register" in page and "First bill" in page and "Electricity: the first bill, $" in page
    for by, word in (("class", "Electricity, Residential"), ("rate", "E-RES")):
        assert word in billing.get(address, {"by": by}).content.decode()
    assert (
        "Nothing stands out" not in page and "No row passes" in billing.get(address, {"q": "nobody"}).content.decode()
    )
    rows = b"".join(billing.get(address, {"as": "csv", "test": "first_bill"}).streaming_content).decode()  # type: ignore[arg-type]
    assert rows.count("First bill") == RegisterMark.objects.filter(run=office.run, test="first_bill").count() > 0
    spanish = signed_in("billing")
    spanish.cookies["django_language"] = "es"
    said = spanish.get(address).content.decode()
    assert "Registro previo" in said and "la primera factura" in said and "the first bill" not in said


def test_hold_and_release_from_the_register(office: Office, signed_in: SignedIn) -> None:
    run, billing = september(office), signed_in("billing")
    bill = Bill.objects.filter(run=run).select_related("account")[0]
    mark = RegisterMark.objects.create(
        run=run, account=bill.account, test="zero_bill", effect="show", measure="cents", figure=0, compared=5, cents=5,
        against="last",
    )  # fmt: skip
    ask = reverse("run_register_act", args=[run.pk, "hold"]) + f"?item={mark.pk}"
    page = billing.get(ask).content.decode()
    assert bill.account.number in page and "The customer disputes the read" in page
    empty = billing.post(ask, {"code": "disputed_read", "reason": "", "owner": "", "until": ""})
    assert empty.status_code == 422 and not HoldOrder.objects.exists()
    billing.post(ask, {"code": "disputed_read", "reason": "he says so", "owner": "", "until": ""})
    order = HoldOrder.objects.get()
    assert (order.owner, order.detail) == ("billing_technician", "he says so")
    assert not Bill.objects.filter(run=run, account=bill.account).exists()

    holds = billing.get(reverse("all_holds")).content.decode()
    assert "Held by hand" in holds and "Money that waits" in holds and "not at this pace" in holds
    held = Hold.objects.filter(run=run, account=bill.account)[0]
    billing.post(reverse("holds_act", args=["release"]) + f"?item={held.pk}", {"reason": "read again"})
    order.refresh_from_db()
    assert order.released_id is not None and Bill.objects.filter(run=run, account=bill.account).exists()


def test_nothing_ticked_and_nothing_allowed(office: Office, signed_in: SignedIn) -> None:
    answer = signed_in("billing").get(reverse("run_register_act", args=[office.run.pk, "hold"]), follow=True)
    assert "Tick rows first" in answer.content.decode()
    page = signed_in("auditor").get(reverse("run_register", args=[office.run.pk])).content.decode()
    assert "Pre-bill register" in page and "data-key=" not in page


def test_why_is_this_bill_high(office: Office, signed_in: SignedIn) -> None:
    run = september(office)
    billing = signed_in("billing")
    assert "Why is this bill high?" in billing.get(reverse("bill", args=[office.bill.pk])).content.decode()
    first = billing.get(reverse("bill_change", args=[office.bill.pk, "last"])).content.decode()
    assert "No bill came before this one." in first
    assert billing.get(reverse("bill_change_pdf", args=[office.bill.pk, "last"])).status_code == 404
    bill = Bill.objects.filter(run=run, account__bills__run=office.run)[0]
    page = billing.get(reverse("bill_change", args=[bill.pk, "last"]), headers={"HX-Request": "true"}).content.decode()
    assert "What makes the difference" in page and "<html" not in page
    pdf = billing.get(reverse("bill_change_pdf", args=[bill.pk, "last"]))
    assert pdf.content.startswith(b"%PDF") and pdf.headers["Content-Type"] == "application/pdf"
