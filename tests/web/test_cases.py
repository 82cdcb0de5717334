"""Cases on screen: a complaint in two steps, a dispute that blocks at once, loss charged by two people."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests.web.office import BILL_2, act

from meterbook.records.adjustments.models import Adjustment
from meterbook.records.autopay.drafting.candidates import standings
from meterbook.records.cases import screens
from meterbook.records.cases.models import Case, Dispute, Evidence, RevenueClaim
from meterbook.records.cases.operations import dispute, take, work
from meterbook.records.cases.operations.take import About
from meterbook.records.cases.refusals import CaseRefused
from meterbook.records.contacts.models import Contact
from meterbook.records.customers.models import Protection
from meterbook.records.ledger.disputes.standing import disputed, disputed_cents
from meterbook.records.ledger.screens import owed
from meterbook.records.platform.models import Approval
from meterbook.records.platform.operations.business_date import advance_business_date
from meterbook.records.tasks.models import Notification, Task

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_a_complaint_is_taken_in_two_steps_and_answered(signed_in: Any, office: Any) -> None:
    clerk = signed_in("csr")
    here = reverse("complain", args=[office.ana.number])
    assert "High bill" in clerk.get(here).content.decode()
    sent = clerk.post(here, {"topic": "high_bill", "words": "Twice as much as in July", "channel": "call"}, follow=True)
    case = Case.objects.get(account=office.ana)
    assert sent.status_code == 200 and "Twice as much as in July" in sent.content.decode()
    assert (case.role, case.answer_by) == ("billing_technician", BILL_2 + 8 * DAY), "five days the office works"
    assert Contact.objects.get(pk=case.contact_id).words == "Twice as much as in July"
    assert Task.objects.get(subject=f"case:{case.pk}").role == "billing_technician"
    desk = signed_in("billing")
    assert f"/cases/{case.pk}/" in desk.get(reverse("cases") + "?show=mine").content.decode()
    desk.post(reverse("case_step", args=[case.pk, "take_over"]))
    words = {"outcome": "explained", "words": "The pool was filled in August."}
    shown = desk.post(reverse("case_step", args=[case.pk, "close"]), words, follow=True).content.decode()
    assert "The pool was filled in August." in shown
    assert not Task.objects.filter(subject=f"case:{case.pk}", state__in=["open", "claimed"]).exists()
    letter = desk.get(reverse("case_letter", args=[case.pk]))
    assert letter.content.startswith(b"%PDF")
    desk.post(reverse("case_step", args=[case.pk, "reopen"]), {"words": "She has no pool"})
    case.refresh_from_db()
    assert case.state == "open" and case.answer == ""


def test_somebody_without_an_account_is_told_whom_to_call(signed_in: Any, office: Any) -> None:
    clerk = signed_in("csr")
    given = {"topic": "street_light", "words": "Dark at the corner of Mill", "channel": "call", "told_by": ""}
    refused = clerk.post(reverse("take_complaint"), given)
    assert refused.status_code == 422 and "Say who told us" in refused.content.decode()
    page = clerk.post(reverse("take_complaint"), given | {"told_by": "A passer-by"}, follow=True).content.decode()
    assert "Street department" in page and "(555) 555-0144" in page


def test_a_dispute_blocks_at_once_and_lets_go_of_nothing_else(office: Any) -> None:
    """Whoever asks in the same second is told; the rest of the account stays collectable."""
    before = standings([office.ana.pk])[office.ana.pk].cents
    made = dispute.contest(act(office.staff["csr"], BILL_2), account=office.ana, ground="usage", service="water",
                           bill=office.bill, words="Nobody was home")  # fmt: skip
    assert disputed_cents([office.ana.pk], BILL_2) == {office.ana.pk: made.amount_cents}
    assert [one.service for one in disputed(office.ana.pk, BILL_2)] == ["water"]
    assert standings([office.ana.pk])[office.ana.pk].cents == before - made.amount_cents, "the draft leaves it out"
    assert Protection.objects.get(pk=made.protection_id).kind == "dispute"
    assert not disputed(office.ben.pk, BILL_2)
    with pytest.raises(CaseRefused, match="Nothing of this is open"):
        dispute.contest(act(office.staff["csr"], BILL_2), account=office.ana, ground="usage", service="water",
                        bill=office.bill, words="again")  # fmt: skip
    with pytest.raises(CaseRefused, match="not decided yet"):
        work.close(act(office.staff["billing"], BILL_2), case=made.case, outcome="explained", words="no")


def test_a_rejected_dispute_is_protected_until_it_is_due_and_through_the_appeal(office: Any) -> None:
    made = dispute.contest(act(office.staff["csr"], BILL_2), account=office.ben, ground="usage", words="Too much",
                           amount_cents=1_000)  # fmt: skip
    boss, finance = office.staff["supervisor"], office.staff["ruben"]
    dispute.review(act(boss, BILL_2), dispute=made, decision="rejected", words="The meter was tested")
    made.refresh_from_db()
    assert made.due_on == BILL_2 + 15 * DAY
    assert disputed_cents([office.ben.pk], BILL_2 + 15 * DAY) and not disputed_cents([office.ben.pk], BILL_2 + 16 * DAY)
    work.close(act(office.staff["billing"], BILL_2), case=made.case, outcome="explained", words="Tested")
    dispute.appeal(act(office.staff["csr"], BILL_2 + DAY), dispute=made, words="The test was wrong")
    made.refresh_from_db()
    assert made.case.state == "open" and disputed_cents([office.ben.pk], BILL_2 + 30 * DAY)
    assert Protection.objects.filter(account=office.ben, kind="appeal", validity__contains=BILL_2 + 20 * DAY).exists()
    with pytest.raises(CaseRefused, match="somebody else"):
        dispute.hear(act(boss, BILL_2 + 2 * DAY), dispute=made, decision="upheld", words="I was wrong")
    dispute.hear(act(finance, BILL_2 + 9 * DAY), dispute=made, decision="upheld", words="The meter is fast")
    with pytest.raises(CaseRefused, match="link the adjustment"):
        work.close(act(finance, BILL_2 + 9 * DAY), case=made.case, outcome="solved", words="Credited")
    work.link(act(finance, BILL_2 + 9 * DAY), case=made.case, kind="adjustment", ref=1, label="Credit")
    work.close(act(finance, BILL_2 + 9 * DAY), case=made.case, outcome="solved", words="Credited")
    assert not disputed_cents([office.ben.pk], BILL_2 + 9 * DAY)
    assert Dispute.objects.get(pk=made.pk).state == "ended"


def test_the_dispute_form_and_the_decision_on_screen(signed_in: Any, office: Any) -> None:
    clerk = signed_in("csr")
    here = reverse("contest", args=[office.ben.number])
    open_cents = sum(row.not_due_cents + row.past_due_cents for row in owed(office.ben.pk, BILL_2))
    too_much = clerk.post(here, {"ground": "rate", "words": "x", "channel": "call", "amount": f"{open_cents}.00"})
    assert too_much.status_code == 422 and "type no more than that" in too_much.content.decode()
    page = clerk.post(
        here, {"ground": "rate", "words": "Not my rate", "channel": "call", "amount": "5.00"}, follow=True
    )
    assert "In dispute" in page.content.decode()
    made = Dispute.objects.get(account=office.ben)
    assert clerk.get(reverse("case_step", args=[made.case_id, "review"])).status_code == 200
    given = {"decision": "partly", "words": "Half", "upheld": "2.00"}
    assert clerk.post(reverse("case_step", args=[made.case_id, "review"]), given).status_code == 403
    decided = signed_in("supervisor").post(reverse("case_step", args=[made.case_id, "review"]), given, follow=True)
    assert "Right in part" in decided.content.decode()
    owes = signed_in("csr").get(reverse("account", args=[office.ben.number])).content.decode()
    assert f"${open_cents / 100 - 5:.2f}" in owes, "no penalty, notice or cutoff is about the five dollars"
    aging = signed_in("finance").get(reverse("aging")).content.decode()
    assert "$5.00 of this is in dispute today" in aging


def test_late_cases_climb_the_ladder(office: Any) -> None:
    made = take.take_complaint(act(office.staff["csr"], BILL_2), topic="shutoff", words="A notice came",
                               about=About(account=office.ben))  # fmt: skip
    assert made.answer_by == BILL_2 + DAY
    late = made.answer_by + 8 * DAY
    assert screens.overdue(late)["count"] == 1
    assert work.escalate_overdue(act(office.staff["supervisor"], late)) >= 1
    made.refresh_from_db()
    assert (made.level, made.role) == (2, "finance_director")
    with pytest.raises(CaseRefused, match="last person"):
        work.escalate(act(office.staff["csr"], late), case=made, words="still nothing")


def test_a_department_answers_back(office: Any) -> None:
    asked = take.refer(act(office.staff["csr"], BILL_2), topic="books", words="Where is the refund?",
                       about=About(account=office.ana))  # fmt: skip
    assert asked.role == "finance_director"
    work.close(act(office.staff["ruben"], BILL_2), case=asked, outcome="answered", words="Sent on Monday")
    told = Notification.objects.filter(user=office.staff["csr"]).latest("pk")
    assert "Sent on Monday" in str(told.words) and told.link_args == [asked.pk]


def test_loss_is_charged_only_after_a_second_person(signed_in: Any, office: Any) -> None:
    """Evidence, an estimate with its steps, a claim: nothing is charged before somebody else agreed."""
    desk, point = signed_in("billing"), office.ben.agreements.get().service_point
    desk.post(reverse("suspect_loss"), {"topic": "tampering", "words": "A magnet on the meter", "number": "1000025"})
    case = Case.objects.get(kind="revenue_protection", account=office.ben)
    step = lambda name: reverse("case_step", args=[case.pk, name])  # noqa: E731
    usage = {"point": point.pk, "method": "connected_load", "starts": "8/5/2026", "ends": "9/4/2026"}
    wrong = desk.post(step("estimate"), usage | {"connected": "Heater; many"})
    assert wrong.status_code == 422 and "type what it is" in wrong.content.decode()
    for odd in ("Heater; 1e-999999; 1; 3", "Heater; 1e999; 1; 3", "Heater; NaN; 1; 3"):
        assert desk.post(step("estimate"), usage | {"connected": odd}).status_code == 422
    long_ago = usage | {"connected": "Heater; 1; 1; 3", "starts": "1/1/0001"}
    assert desk.post(step("estimate"), long_ago).status_code == 422
    load = "Water heater; 4.5; 1; 8\nPump; 0.75; 2; 4"
    shown = desk.post(step("estimate"), usage | {"connected": load}, follow=True).content.decode()
    assert "4.5 kWh an hour × 8 hours = 36 kWh a day" in shown
    made = case.estimates.get()
    assert made.quantity_e6 == (42 * 30 - 540) * 10**6, "what is connected, less what the meter told"
    claim = {"service": "electricity", "estimate": made.pk, "price": "0.15", "let_go": "8.00", "fees": ["tampering"],
             "words": "Found on 4 September"}  # fmt: skip
    early = desk.post(step("claim"), claim)
    assert early.status_code == 422 and "Evidence is missing" in early.content.decode()
    photo = SimpleUploadedFile("magnet.jpg", b"\xff\xd8 a picture", "image/jpeg")
    seen = {"words": "On the cover", "found_on": "9/4/2026", "found_by": "Crew 2"}
    desk.post(step("evidence"), seen | {"kind": "photo", "photo": photo})
    desk.post(step("evidence"), seen | {"kind": "read_after", "value": "950"})
    assert Evidence.objects.filter(case=case).count() == 2
    desk.post(step("claim"), claim)
    asked = RevenueClaim.objects.get(case=case)
    assert asked.back_bill_cents == 720 * 15 - 800 and asked.fees[0]["cents"] == 15_000
    assert not Adjustment.objects.filter(account=office.ben).exists()
    assert desk.post(step("decide"), {"decision": "approve"}).status_code == 403
    boss = signed_in("supervisor")
    assert "Service used and not billed" in boss.get(step("decide")).content.decode()
    boss.post(step("decide"), {"decision": "approve", "words": "Clear"})
    booked = list(Adjustment.objects.filter(account=office.ben, state="booked").order_by("pk"))
    assert [one.amount_cents for one in booked] == [10_000, 15_000]
    assert Approval.objects.get(pk=asked.approval_id).decided_by == office.staff["supervisor"]
    assert case.links.filter(kind="adjustment").count() == 2
    ended = boss.post(step("close"), {"outcome": "charged", "words": "Charged"}, follow=True).content.decode()
    assert "Charged" in ended


def test_history_and_alike_premises_estimate_too(office: Any) -> None:
    from meterbook.records.cases.operations import revenue
    from meterbook.records.places.models import ServicePoint

    point = ServicePoint.objects.get(code="E-1")
    made = take.suspect(act(office.staff["billing"], BILL_2), topic="zero_usage", words="Nothing since August",
                        about=About(service_point=point))  # fmt: skip
    by_before = revenue.estimate_load(act(office.staff["billing"], BILL_2), case=made, service_point=point,
                                      method="history", starts=BILL_2 - 4 * DAY, ends=BILL_2)  # fmt: skip
    assert by_before.quantity_e6 == 63_333_333, "950 kWh in 60 days, times four"
    alike = revenue.estimate_load(act(office.staff["billing"], BILL_2), case=made, service_point=point,
                                  method="class_average", starts=BILL_2 - 34 * DAY, ends=BILL_2 - 4 * DAY)  # fmt: skip
    assert alike.quantity_e6 == max(0, 800 - 540) * 10**6, "Ana's 800 kWh in these days, less Ben's own 540"
    assert Decimal(alike.given["premises"]) == 1


def test_nobody_takes_a_case_on_their_own_account_and_the_auditor_only_looks(signed_in: Any, office: Any) -> None:
    from meterbook.records.customers.operations.declare_relation import declare_interest

    declare_interest(act(office.staff["supervisor"], BILL_2), user=office.staff["csr"], account=office.ben,
                     kind="family")  # fmt: skip
    refused = signed_in("csr").post(reverse("complain", args=[office.ben.number]),
                                    {"topic": "other", "words": "x", "channel": "call"})  # fmt: skip
    assert refused.status_code == 422 and "your family" in refused.content.decode()
    auditor = signed_in("auditor")
    assert auditor.get(reverse("cases")).status_code == 200
    assert auditor.post(reverse("complain", args=[office.ben.number]),
                        {"topic": "other", "words": "x", "channel": "call"}).status_code == 403  # fmt: skip


def test_a_day_later_nothing_was_forgotten(office: Any) -> None:
    made = take.take_complaint(act(office.staff["csr"], BILL_2), topic="refuse", words="Not collected",
                               about=About(account=office.ana))  # fmt: skip
    advance_business_date(act(office.staff["system"], BILL_2), to=BILL_2 + DAY)
    told = [one.words.words(str) for one in screens.happened(office.ana.pk, BILL_2)]
    assert any(f"Case {made.pk} opened" in one for one in told)
