"""A leak credit from the bill to the books: base, excess, both faces, sewer at the base, proof, second person."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from meterbook.demo.sources import POLICY_DIR
from meterbook.engine.billing.leak.repriced import price_again, total
from meterbook.records.adjustments.leak.kept import rules_from_json
from meterbook.records.adjustments.leak.preview import Ask, leak_preview
from meterbook.records.adjustments.models import Adjustment
from meterbook.records.adjustments.operations.decide import decide_adjustments
from meterbook.records.adjustments.operations.propose_leak import propose_leak
from meterbook.records.adjustments.operations.reverse import reverse_adjustment
from meterbook.records.adjustments.proofs import Proof
from meterbook.records.adjustments.refusals import NotEligible
from meterbook.records.billing.explanations import told_of
from meterbook.records.billing.models import Bill, Segment
from meterbook.records.ledger.check import check_laws
from meterbook.records.ledger.settle import balance_of
from meterbook.records.platform.operations.approvals import decide_approval
from meterbook.records.platform.operations.release_policy import propose_policy, release_policy
from meterbook.records.rates.queries import tariff_of

pytestmark = pytest.mark.django_db
RECEIPT = Proof("plumber.pdf", "application/pdf", b"%PDF repaired the service line")
REPAIRED = date(2024, 10, 4)
#: The laundromat: water and sewer by the same meter, 25.91 ccf in September, 27.22 in October.
LAUNDROMAT = "2000057"


@pytest.fixture
def bill(office: Any) -> Bill:
    """The laundromat's October bill, in a city that calls whatever is above the base a leak."""
    text = (POLICY_DIR / "leak-adjustment.yaml").read_text(encoding="utf-8")
    text = text.replace('least_percent: "150"', 'least_percent: "100"').replace("2024-01-01", "2024-10-01")
    request = propose_policy(office.act("supervisor"), text=text, file="leak.yaml")
    approval = decide_approval(office.act("finance"), request=request, approve=True)
    release_policy(office.act("finance"), text=text, file="leak.yaml", approval=approval)
    return Bill.objects.select_related("account", "run").get(
        account__number=LAUNDROMAT, bill_date=office.bill_day("C1", 2)
    )


def ask(office: Any, bill: Bill, **more: Any) -> Ask:
    given = {"asked_on": office.today, "repaired_on": REPAIRED, "bypassed_sewer": True, "proofs": 1, **more}
    return Ask(bills=(bill,), **given)


def test_half_of_the_excess_is_priced_again_by_the_rate_engine(office: Any, bill: Bill) -> None:
    found = leak_preview(ask(office, bill))
    water, sewer = found.parts
    # 25.91 ccf over 31 days makes 25.07 over 30; half of 2.15 is 1.075, half-up 1.08.
    assert (water.base, water.billed) == (Decimal("25.07"), Decimal("26.14"))
    again = price_again(
        tariff_of(water.segment.document), water.segment.starts, water.segment.ends, told_of(water.segment),
        usage=Decimal("26.14"),
    )  # fmt: skip
    assert water.credit_cents == water.segment.amount_cents - total(again) > 0
    assert total(water.before) == water.segment.amount_cents
    # The sewer is 3.84 a ccf: 27.22 at first, the base of 25.07 then.
    assert sewer.credit_cents == 10452 - 9627
    says = [step.words(str) for step in water.steps]
    assert "Base: (25.91) ÷ 31 days × 30 days = 25.07 ccf." in says
    assert "50 percent of 2.15 ccf is credited: 1.08 ccf; 26.14 ccf stay billed." in says


def test_without_proof_or_a_return_to_normal_nothing_is_asked(office: Any, bill: Bill) -> None:
    given: dict[str, Any] = {"bills": [bill], "repaired_on": REPAIRED, "bypassed_sewer": True, "note": "service line"}
    with pytest.raises(NotEligible, match="Proof of the repair is not attached"), transaction.atomic():
        propose_leak(office.act("csr"), **given, waived="November is not read yet")
    with pytest.raises(NotEligible, match="No read since the repair"), transaction.atomic():
        propose_leak(office.act("csr"), **given, proofs=[RECEIPT])
    office.read("C1", 3)
    judged = {one.rule: one.met for one in leak_preview(ask(office, bill)).judged}
    assert judged == {
        "still_stands": True, "history": True, "unusual": True, "actual_reads": True, "periods": True,
        "frequency": True, "proof": True, "back_to_normal": True, "in_time": True,
    }  # fmt: skip


def test_from_the_call_to_the_books_and_once_in_twelve_months(office: Any, bill: Bill) -> None:
    before = sum(balance_of(bill.account_id).values())
    claim = propose_leak(
        office.act("csr"), bills=[bill], repaired_on=REPAIRED, bypassed_sewer=True, note="service line",
        waived="the next read comes in November", proofs=[RECEIPT],
    )  # fmt: skip
    rows = list(Adjustment.objects.filter(claim=claim).select_related("approval", "against"))
    assert {(row.service, row.against.code) for row in rows} == {("water", "4220"), ("sewer", "4320")}
    assert all(row.state == "proposed" and row.derivation["steps"] for row in rows)
    unmet = [one.rule for one in rules_from_json(claim.rules) if not one.met]
    assert unmet == ["back_to_normal"] and claim.waived
    request = rows[0].approval
    assert request is not None and request.amount_cents == sum(row.amount_cents for row in rows) < 0
    decide_adjustments(office.act("supervisor"), request=request, approve=True)
    assert sum(balance_of(bill.account_id).values()) == before + request.amount_cents
    assert all(law.holds for law in check_laws())
    assert not Segment.objects.filter(bill_id=bill.pk, kind="reversal").exists()
    with (
        pytest.raises(NotEligible, match="Leak credits in the 12 months before: 1; 1 is the most"),
        transaction.atomic(),
    ):
        propose_leak(
            office.act("csr"), bills=[bill], repaired_on=REPAIRED, bypassed_sewer=False, waived="again",
            proofs=[RECEIPT],
        )  # fmt: skip
    for row in Adjustment.objects.filter(claim=claim):
        back = reverse_adjustment(office.act("supervisor"), adjustment=row, note="the receipt was another house's")
        assert back.approval is not None
        decide_adjustments(office.act("finance"), request=back.approval, approve=True)
    assert sum(balance_of(bill.account_id).values()) == before
    judged = {one.rule: one.met for one in leak_preview(ask(office, bill)).judged}
    assert judged["frequency"]


def test_water_that_ran_into_the_sewer_is_charged_there(office: Any, bill: Bill) -> None:
    found = leak_preview(ask(office, bill, bypassed_sewer=False))
    assert [part.segment.commodity for part in found.parts] == ["water"]


def test_a_bill_without_water_has_no_leak(office: Any) -> None:
    bill = (
        Bill.objects.exclude(
            pk__in=[row.bill_id for row in Segment.objects.filter(commodity="water").only("bill_id", "run_id", "id")]
        )
        .select_related("account", "run")
        .first()
    )
    assert bill is not None
    with pytest.raises(NotEligible, match="no metered service"):
        leak_preview(ask(office, bill))
