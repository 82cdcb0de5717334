"""Where corrections meet everything else: the next run, the pages of runs, a run cancelled under its case."""

from __future__ import annotations

from typing import Any

import pytest
from tests.records.corrections.cases import (
    balance,
    bills,
    books_hold,
    calculated,
    charged,
    corrected,
    of,
    of_bills,
    opened,
    posted,
    register,
    segments,
)

from meterbook.records.adjustments.leak.standing import refuse_moved
from meterbook.records.adjustments.models import Adjustment
from meterbook.records.adjustments.refusals import NotEligible
from meterbook.records.billing.models import BilledPeriod
from meterbook.records.billing.operations.calculate_run import WrongStage
from meterbook.records.billing.operations.cancel_run import cancel_run
from meterbook.records.billing.operations.post_run import post_run, request_posting
from meterbook.records.corrections.calculating.standing import of_segments
from meterbook.records.corrections.choosing import FIRST
from meterbook.records.corrections.operations.post_case import decide_case, request_case
from meterbook.records.corrections.operations.withdraw_case import withdraw_case
from meterbook.records.corrections.worklist import billed_otherwise
from meterbook.records.metering.models import Read
from meterbook.records.metering.queue.operations.change import correct_read
from meterbook.records.metering.queue.operations.own import question_read
from meterbook.records.platform.deeds import Act

pytestmark = pytest.mark.django_db
FRANK = "1000041"


def test_days_of_a_cancelled_bill_are_due_again_also_before_what_stands(office: Any) -> None:
    """The first of two bills is cancelled; the next run bills its days too, once, and no others twice."""
    first, second = bills(FRANK)
    corrected(office, of_bills([first.pk]), "billing_error", rebill=False)
    cycle = office.account(FRANK).cycle.code
    office.read(cycle, 3)
    office.bill(cycle, 3)
    third = bills(FRANK)[-1]
    assert (third.starts, third.bill_date > second.bill_date) == (first.starts, True)
    periods = BilledPeriod.objects.filter(agreement__account__number=FRANK, released__isnull=True)
    by_point: dict[int, list[Any]] = {}
    for one in periods.order_by("period"):
        by_point.setdefault(one.service_point_id, []).append(one)
    for stands in by_point.values():
        assert [one.bill_id for one in stands] == [third.pk, second.pk, third.pk]
        assert [one.period.upper for one in stands[:-1]] == [one.period.lower for one in stands[1:]]
    asked = calculated(office, opened(office, of_bills([third.pk]), "billing_error"))
    assert asked.run is None, "billed as it would be now"
    assert balance(FRANK) == third.amount_due_cents
    books_hold()


def test_shares_of_a_catch_up_are_listed_when_their_read_changes_and_not_after(office: Any) -> None:
    """A month without a read is billed with the next, by shares; the read is set right, both shares are corrected."""
    known = {row.account for row in billed_otherwise(FIRST)}
    assert FRANK not in known
    office.read("C1", 3, without=register(FRANK, "water").meter.serial)
    office.bill("C1", 3)
    office.read("C1", 4)
    office.bill("C1", 4)
    bill = bills(FRANK)[-1]
    shares = [one for one in segments(bill, "charge") if one.commodity == "water"]
    assert all(one.inputs["pieces"][0]["share"] for one in shares) and len(shares) == 2
    assert {row.account for row in billed_otherwise(FIRST)} == known
    last = Read.objects.filter(register=register(FRANK, "water"), superseded=False).latest("read_on")
    item = question_read(office.act("billing", "misread"), read=last)
    correct_read(office.act("billing", "read again"), item=item, value=last.value - 4)
    rows = [row for row in billed_otherwise(FIRST) if row.account == FRANK]
    assert sum(row.difference_e6 for row in rows) == -4_000_000 and len(rows) == 2
    corrected(office, of_segments([(row.run_id, row.segment_id) for row in rows]), "misread", scope="usage")
    assert {row.account for row in billed_otherwise(FIRST)} == known
    assert balance(FRANK) == bills(FRANK)[-1].amount_due_cents
    books_hold()


def test_a_correction_is_not_asked_for_or_posted_past_its_case(office: Any) -> None:
    """Who may decide how much is known to the case; the page of runs, or the command, knows only totals."""
    case = calculated(office, opened(office, of_bills([bills(FRANK)[-1].pk]), "billing_error", rebill=False))
    assert case.run is not None
    with pytest.raises(WrongStage, match="its case"):
        request_posting(office.act("billing"), run=case.run)
    request = request_case(office.act("billing", "cancel it"), case=case)
    decide_case(office.act("finance"), case=case, approve=True)
    with pytest.raises(WrongStage, match="its case"):
        post_run(office.act("billing"), run=case.run)
    act = office.act("billing")
    assert post_run(Act(act.actor, act.business_date, act.reason, approval=request), run=case.run).status == "posted"


def test_a_case_whose_run_was_cancelled_is_calculated_again_or_withdrawn(office: Any) -> None:
    owed = charged(FRANK)
    case = calculated(office, opened(office, of_bills([bills(FRANK)[-1].pk]), "billing_error", rebill=False))
    assert case.run is not None
    cancel_run(office.act("billing", "by its number"), run=case.run)
    again = calculated(office, case)
    assert again.run is not None and again.run.status == "calculated"
    cancel_run(office.act("billing", "once more"), run=again.run)
    withdraw_case(office.act("billing", "not wanted"), case=again)
    case = posted(office, calculated(office, opened(office, of(FRANK), "billing_error", rebill=False)))
    assert charged(FRANK) == 0 < owed
    books_hold()


def test_a_leak_credit_is_refused_when_its_own_days_of_the_bill_were_taken_back(office: Any) -> None:
    """One bill holds two periods; the one the credit was computed on is taken back, the other stands."""
    corrected(office, of(FRANK), "billing_error", rebill=False)
    cycle = office.account(FRANK).cycle.code
    office.read(cycle, 3)
    office.bill(cycle, 3)
    bill = bills(FRANK)[-1]
    one, other = [each for each in segments(bill, "charge") if each.commodity == "water"][:2]
    credits = [
        Adjustment(bill=bill, claim_id=1, derivation={
            "agreement": each.agreement_id, "starts": each.starts.isoformat(), "ends": each.ends.isoformat(),
        })
        for each in (one, other)
    ]  # fmt: skip
    refuse_moved(credits)
    corrected(office, of_segments([(one.run_id, one.id)]), "billing_error", rebill=False)
    refuse_moved(credits[1:])
    with pytest.raises(NotEligible):
        refuse_moved(credits[:1])
