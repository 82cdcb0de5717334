"""Corrections in the office's words, on Frank Delaney's house and the houses beside his."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from tests.records.corrections.cases import (
    balance,
    bills,
    books_hold,
    calculated,
    charged,
    corrected,
    lines,
    of,
    of_bills,
    opened,
    point,
    register,
    segments,
)

from meterbook.records.billing.models import BilledPeriod, BillRun, Segment
from meterbook.records.corrections.calculating.standing import of_run
from meterbook.records.corrections.models import CorrectionCase
from meterbook.records.corrections.operations.post_case import decide_case, request_case
from meterbook.records.corrections.operations.withdraw_case import withdraw_case
from meterbook.records.corrections.refusals import AlreadyInCase, BeyondAuthority, CaseClosed, NothingPosted
from meterbook.records.metering.models import Read
from meterbook.records.metering.operations.correct_multiplier import correct_multiplier
from meterbook.records.metering.queue.operations.change import correct_read
from meterbook.records.metering.queue.operations.own import question_read

pytestmark = pytest.mark.django_db
FRANK = "1000041"


def reads(number: str, commodity: str) -> list[Read]:
    rows = Read.objects.filter(register=register(number, commodity), superseded=False, status=Read.ACCEPTED)
    return list(rows.order_by("read_on"))


def reread(office: Any, read: Read, value: Decimal) -> None:
    """The meter was read again: the register showed something else that day."""
    item = question_read(office.act("billing", "customer says the dial was misread"), read=read)
    correct_read(office.act("billing", "read again, photo in the file"), item=item, value=value)


def test_a_bill_that_is_right_comes_out_as_it_stands(office: Any) -> None:
    """Rebill of an unchanged bill is empty: every segment is left standing, there is no run and nothing to approve."""
    case = calculated(office, opened(office, of(FRANK), "billing_error"))
    assert case.run is None
    assert set(case.items.values_list("outcome", flat=True)) == {"unchanged"}


def test_a_whole_run_that_is_right_comes_out_as_it_stands(office: Any) -> None:
    run = BillRun.objects.filter(status=BillRun.POSTED).order_by("pk").last()
    assert run is not None
    case = calculated(office, opened(office, of_run(run.pk), "billing_error", scope="run"))
    assert case.run is None
    assert case.items.count() > 50
    assert set(case.items.values_list("outcome", flat=True)) == {"unchanged"}


def test_a_misread_is_rebilled_in_its_own_periods(office: Any) -> None:
    """The October read of Frank's water was 7 too high: October is billed again, he gets the difference back."""
    october = bills(FRANK)[-1]
    before, owed = charged(FRANK), balance(FRANK)
    last = reads(FRANK, "water")[-1]
    reread(office, last, last.value - 7)
    case = corrected(office, of(FRANK), "misread", reason="dial misread in October")
    assert case.run is not None and case.run.status == BillRun.POSTED
    made = bills(FRANK)[-1]
    assert (made.kind, made.run_id) == ("corrected", case.run_id)
    back, new = segments(made, "reversal"), segments(made, "charge")
    assert (
        {each.commodity for each in back}
        == {each.commodity for each in new}
        == {"water"} | ({"sewer"} if any(each.commodity == "sewer" for each in back) else set())
    )
    for old, fresh in zip(back, new, strict=True):
        first = Segment.objects.get(run_id=old.reverses_run_id, id=old.reverses_id)
        assert first.bill_id == october.pk
        assert old.inputs == first.inputs and old.amount_cents == -first.amount_cents
        assert [(a, b, -q, p, -c) for a, b, q, p, c in lines(old)] == lines(first)
        assert fresh.inputs["determinants"]["usage"] == first.inputs["determinants"]["usage"] - 7_000_000
    assert charged(FRANK) == before + made.current_cents < before
    assert balance(FRANK) == owed + made.current_cents
    books_hold()


def test_what_was_corrected_stands_once_and_can_be_corrected_again(office: Any) -> None:
    """The read was wrong again: the corrected bill is corrected, and the end is as if it had been right at once."""
    last = reads(FRANK, "water")[-1]
    original = last.value
    reread(office, last, original - 7)
    corrected(office, of(FRANK), "misread", reason="first re-read")
    reread(office, reads(FRANK, "water")[-1], original - 3)
    again = corrected(office, of(FRANK), "misread", reason="second re-read")
    assert again.run is not None
    third = bills(FRANK)[-1]
    assert third.current_cents > 0
    stands = BilledPeriod.objects.filter(service_point=point(FRANK, "water"), released__isnull=True)
    assert stands.count() == 2 and stands.filter(bill=third).count() == 1
    reread(office, reads(FRANK, "water")[-1], original)
    before = sum(bill.current_cents for bill in bills(FRANK)[:2])
    corrected(office, of(FRANK), "misread", reason="the first read was right after all")
    assert charged(FRANK) == before
    books_hold()


def test_cancelled_only_takes_the_bill_back_and_leaves_the_days_to_bill(office: Any) -> None:
    """Cancel, then rebill: after the second step everything is as after a correction in one."""
    october = bills(FRANK)[-1]
    owed = balance(FRANK)
    case = corrected(office, of_bills([october.pk]), "billing_error", rebill=False)
    assert set(case.items.values_list("outcome", flat=True)) == {"cancelled"}
    assert bills(FRANK)[-1].current_cents == -october.current_cents
    assert balance(FRANK) == owed - october.current_cents
    assert not BilledPeriod.objects.filter(bill=october, released__isnull=True).exists()
    with pytest.raises(NothingPosted):
        opened(office, of_bills([october.pk]), "billing_error")
    books_hold()


def test_a_back_bill_reaches_three_months_and_no_further(office: Any) -> None:
    """Frank's water register counts tenfold since it was set: back-billed within the limit, told beyond it."""
    correct_multiplier(
        office.act("billing", "nameplate says times ten"), register=register(FRANK, "water"), multiplier=Decimal(10)
    )
    september, october = bills(FRANK)[:2]
    discovered = date(2025, 1, 2)
    case = calculated(office, opened(office, of(FRANK), "wrong_multiplier", discovered_on=discovered))
    water = case.items.filter(service_point=point(FRANK, "water"))
    assert (september.starts, october.starts) < (date(2024, 10, 2), date(2024, 10, 2))
    assert dict(water.values_list("bill", "outcome")) == {september.pk: "outside", october.pk: "outside"}
    told = water.get(bill=september)
    assert told.becomes_cents > told.was_cents and told.detail["since"] == "2024-10-02"
    assert "three months" in told.detail["citation"]
    soon = calculated(office, reopened(office, case, "wrong_multiplier", october.starts + timedelta(days=80)))
    water = soon.items.filter(service_point=point(FRANK, "water"))
    assert dict(water.values_list("bill", "outcome")) == {september.pk: "outside", october.pk: "corrected"}
    assert soon.run is not None
    assert soon.run.due_date >= office.today + (october.ends - october.starts), "as long to pay as it was billed back"
    fraud = calculated(office, reopened(office, soon, "tampering", discovered))
    assert set(fraud.items.filter(service_point=point(FRANK, "water")).values_list("outcome", flat=True)) == {
        "corrected"
    }


def reopened(office: Any, case: CorrectionCase, cause: str, discovered: date) -> CorrectionCase:
    """The case is withdrawn and opened for another cause, or as found on another day."""
    withdraw_case(office.act("billing", "opened for the wrong cause"), case=case)
    return opened(office, of(FRANK), cause, discovered_on=discovered)


def test_two_corrections_of_one_bill_are_not_open_at_once(office: Any) -> None:
    first = opened(office, of(FRANK), "misread")
    with pytest.raises(AlreadyInCase, match=first.number):
        opened(office, of_bills([bills(FRANK)[0].pk]), "billing_error")


def test_nobody_approves_more_than_their_role_may(office: Any) -> None:
    """Cancelling a whole run moves more than a supervisor may approve alone; the finance director may."""
    run = BillRun.objects.filter(status=BillRun.POSTED).order_by("pk").last()
    assert run is not None
    case = calculated(office, opened(office, of_run(run.pk), "wrong_rate", scope="run", rebill=False))
    request = request_case(office.act("billing", "the whole run"), case=case)
    assert request.amount_cents == run.totals["cents"] > 1_000_000
    with pytest.raises(BeyondAuthority):
        decide_case(office.act("supervisor"), case=case, approve=True)
    decide_case(office.act("finance"), case=case, approve=True)


def test_a_posted_case_stays(office: Any) -> None:
    case = corrected(office, of_bills([bills(FRANK)[-1].pk]), "billing_error", rebill=False)
    with pytest.raises(CaseClosed, match="is posted"):
        calculated(office, case)
