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
)

from meterbook.records.billing.models import BilledPeriod
from meterbook.records.billing.operations.calculate_run import WrongStage
from meterbook.records.billing.operations.cancel_run import cancel_run
from meterbook.records.billing.operations.post_run import post_run, request_posting
from meterbook.records.corrections.operations.post_case import decide_case, request_case
from meterbook.records.corrections.operations.withdraw_case import withdraw_case
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
