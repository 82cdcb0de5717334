"""Corrections of many bills: a whole run at a wrong rate, crossed meters, estimates too high, two at once."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
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
    point,
    posted,
    register,
    segments,
)

from meterbook.records.billing.models import BilledPeriod, BillRun, Segment
from meterbook.records.billing.operations.post_run import AlreadyTakenBack
from meterbook.records.corrections.calculating.standing import of_run
from meterbook.records.corrections.choosing import FIRST, chosen
from meterbook.records.corrections.models import CaseItem, CorrectionCase
from meterbook.records.corrections.operations.calculate_case import calculate_case
from meterbook.records.corrections.operations.decide_usage import decide_usage
from meterbook.records.corrections.operations.post_case import decide_case, post_case, request_case
from meterbook.records.corrections.refusals import BilledMeanwhile, DecidedUsageDoesNotFit, UsageNotConserved
from meterbook.records.corrections.worklist import billed_otherwise
from meterbook.records.customers.models import ServiceAgreement
from meterbook.records.customers.operations.correct_agreement import correct_agreement
from meterbook.records.metering.models import Read, TrueUp, Usage
from meterbook.records.metering.queue.operations.change import correct_read
from meterbook.records.metering.queue.operations.own import question_read
from meterbook.records.rates.models import Schedule

pytestmark = pytest.mark.django_db
FRANK = "1000041"


def reread(office: Any, number: str, by: int) -> None:
    """The last water read of an account is set right by some units."""
    last = Read.objects.filter(register=register(number, "water"), superseded=False, status=Read.ACCEPTED).latest(
        "read_on"
    )
    item = question_read(office.act("billing", "misread"), read=last)
    correct_read(office.act("billing", "read again"), item=item, value=last.value + by)


def neighbours(count: int) -> list[str]:
    """Accounts of Frank's run with one plain water meter, by number."""
    run = bills(FRANK)[-1].run_id
    found = []
    for number in Segment.objects.filter(run_id=run, commodity="water").values_list(
        "bill__account__number", flat=True
    ).order_by("bill__account__number"):  # fmt: skip
        pieces = Segment.objects.get(run_id=run, commodity="water", bill__account__number=number).inputs["pieces"]
        if len(pieces) == 1 and pieces[0]["quantity_e6"] > 9_000_000:
            found.append(number)
    assert len(found) >= count, found
    return found[:count]


def test_a_whole_run_on_the_wrong_schedule_is_billed_again(office: Any) -> None:
    """The homes of a run were set up as commercial sewer: the agreements are put right, then the run is corrected."""
    run = BillRun.objects.get(pk=bills(FRANK)[-1].run_id)
    wrong = Schedule.objects.get(code="W-COM")
    homes = ServiceAgreement.objects.filter(
        schedule__code="W-RES", account__bills__run=run, service_point__billed_periods__bill__run=run
    ).distinct()  # fmt: skip
    assert homes.count() > 3
    for home in homes:
        correct_agreement(office.act("billing", "set up as a home, is a shop"), agreement=home, schedule=wrong)
    case = corrected(office, of_run(run.pk), "wrong_rate", scope="run", reason="class was wrong at founding")
    outcomes = set(case.items.filter(service_point__commodity="water").values_list("outcome", flat=True))
    assert "corrected" in outcomes and outcomes <= {"corrected", "unchanged", "outside"}
    assert set(case.items.exclude(service_point__commodity="water").values_list("outcome", flat=True)) <= {
        "unchanged", "corrected",
    }  # fmt: skip
    new = Segment.objects.filter(run_id=case.run_id, kind="charge", commodity="water")
    assert {segment.schedule.code for segment in new.select_related("schedule")} == {"W-COM"}
    again = calculated(office, opened(office, of_run(case.run_id), "billing_error", scope="run"))  # type: ignore[arg-type]
    assert again.run is None, "a corrected run billed again comes out as it stands"
    books_hold()


def test_crossed_meters_bill_each_on_its_own_and_conserve_usage(office: Any) -> None:
    """Two neighbours were billed on each other's meter: both are billed again, and no unit is made or lost."""
    one, other = neighbours(2)
    here, there = point(one, "water"), point(other, "water")
    usage = {number: _usage(number) for number in (one, other)}
    scope, standing = chosen(crossed=[(here, there)])
    case = opened(office, standing, "misapplied_usage", scope=scope, crossed=[(here, there)])
    case = posted(office, calculated(office, case))
    assert _usage(one) == usage[other] and _usage(other) == usage[one]
    found = segments(bills(one)[-1], "charge")
    assert register(other, "water").meter.serial in {piece["meter"] for piece in found[0].inputs["pieces"]}
    assert not [row for row in billed_otherwise(FIRST) if row.account in (one, other)]
    books_hold()


def _usage(number: str) -> list[int]:
    """What an account's standing water segments were billed on, period by period."""
    standing = BilledPeriod.objects.filter(service_point=point(number, "water"), released__isnull=True)
    found = []
    for period in standing.order_by("period"):
        segment = Segment.objects.get(
            run_id=period.bill.run_id, bill=period.bill, service_point=period.service_point_id, kind="charge",
            starts=period.period.lower,
        )  # fmt: skip
        found.append(segment.inputs["determinants"]["usage"])
    return found


def test_only_one_side_of_crossed_meters_would_lose_usage(office: Any) -> None:
    one, other = neighbours(2)
    here, there = point(one, "water"), point(other, "water")
    if _usage(one) == _usage(other):
        pytest.fail("the neighbours used the same: the story needs two that differ")
    case = opened(office, of(one), "misapplied_usage", crossed=[(here, there)])
    with pytest.raises(UsageNotConserved):
        calculated(office, case)


def test_what_was_billed_on_other_usage_is_one_list_and_one_case(office: Any) -> None:
    """Two reads were set right after billing: the worklist has them, one case corrects both, the list is empty."""
    known = {row.account for row in billed_otherwise(FIRST)}
    one, other = neighbours(2)
    reread(office, one, -4)
    reread(office, other, 3)
    settled = estimate_turned_out(one)
    rows = [row for row in billed_otherwise(FIRST) if row.account in (one, other) and row.commodity == "water"]
    assert {row.account: row.estimate for row in rows} == {one: True, other: False}
    assert {(row.account, row.difference_e6) for row in rows} == {(one, -4_000_000), (other, 3_000_000)}
    wanted = [row for row in billed_otherwise(FIRST) if row.account in (one, other)]
    scope, standing = chosen(segments=[(row.run_id, row.segment_id) for row in wanted])
    case = corrected(office, standing, "misread", scope=scope)
    assert case.scope == "usage"
    settled.refresh_from_db()
    assert settled.settled_by is not None and settled.settled_by.kind == "corrections.post_case"
    assert {row.account for row in billed_otherwise(FIRST)} == known
    books_hold()


def estimate_turned_out(number: str) -> TrueUp:
    """The last period of an account's water was estimated four units too high, as a true-up says."""
    usage = Usage.objects.filter(register=register(number, "water"), superseded=False).latest("ends")
    return TrueUp.objects.create(
        register=usage.register, read_id=usage.to_read_id, starts=usage.starts, ends=usage.ends,
        was_e6=usage.quantity_e6 + 4_000_000, becomes_e6=usage.quantity_e6, deed=usage.to_read.deed,
    )  # fmt: skip


def test_a_decided_usage_is_spread_sealed_and_proven(office: Any) -> None:
    """The meter stopped: 30 units over two months are decided, spread by days, and the bill says who and why."""
    standing = of(FRANK)
    case = opened(office, standing, "meter_stopped", reason="register stood still", discovered_on=office.today)
    water = BilledPeriod.objects.filter(service_point=point(FRANK, "water"), released__isnull=True).order_by("period")
    first, last = water[0].period.lower, water[1].period.upper
    with pytest.raises(DecidedUsageDoesNotFit):
        decide_usage(office.act("billing", "test"), case=case, service_point=point(FRANK, "water"), starts=first,
                     ends=last - timedelta(days=3), quantity_e6=1)  # fmt: skip
        calculate_case(office.act("billing"), case=case)


def test_a_decided_usage_adds_up_to_what_was_decided(office: Any) -> None:
    case = opened(office, of(FRANK), "meter_stopped", reason="register stood still")
    water = BilledPeriod.objects.filter(service_point=point(FRANK, "water"), released__isnull=True).order_by("period")
    first, last = water[0].period.lower, water[1].period.upper
    decide_usage(office.act("billing", "the year before in the same months"), case=case,
                 service_point=point(FRANK, "water"), starts=first, ends=last, quantity_e6=3_010_000)  # fmt: skip
    case = posted(office, calculated(office, case))
    assert sum(_usage(FRANK)) == 3_010_000
    piece = segments(bills(FRANK)[-1], "charge")[0].inputs["pieces"][0]
    assert "the year before" in piece["decided"] and case.number in piece["decided"]
    assert not [row for row in billed_otherwise(FIRST) if row.account == FRANK]
    books_hold()


@pytest.mark.parametrize("seed", [1, 2])
def test_corrections_in_any_order_give_the_same_end(office: Any, seed: int) -> None:
    """Reads set right in one order or another, corrected together or one by one: what stands is the same."""
    numbers = neighbours(3)
    chance = random.Random(seed)
    for number in numbers:
        reread(office, number, chance.choice([-5, -2, 4]))
    ends = []
    for order in (numbers, list(reversed(numbers)), [numbers]):
        with transaction.atomic():
            for each in order:
                named = each if isinstance(each, list) else [each]
                corrected(office, of_bills([bill.pk for number in named for bill in bills(number)]), "misread")
            ends.append([(charged(number), _usage(number)) for number in numbers])
            transaction.set_rollback(True)
    assert ends[0] == ends[1] == ends[2]


def test_the_second_of_two_racing_corrections_is_refused(office: Any) -> None:
    """Two cases about one bill, opened past the check as two people at once can: the second cannot post."""
    reread(office, FRANK, -5)
    first = calculated(office, opened(office, of(FRANK), "misread"))
    second = CorrectionCase.objects.create(
        number="COR-2024-9999", cause="misread", scope="bills", discovered_on=office.today, opened=first.opened
    )
    for item in first.items.all():
        CaseItem.objects.create(
            case=second, account=item.account, service_point=item.service_point, starts=item.starts, ends=item.ends,
            bill=item.bill, segment_run_id=item.segment_run_id, segment_id=item.segment_id,
        )  # fmt: skip
    second = calculated(office, second)
    before = charged(FRANK)
    request_case(office.act("billing", "asked beside the first"), case=second)
    decide_case(office.act("finance", "decided beside the first"), case=second, approve=True)
    posted(office, first)
    with pytest.raises(AlreadyTakenBack):
        post_case(office.act("billing"), case=second)
    assert charged(FRANK) < before


def test_a_correction_beside_a_cycle_run_waits_for_it(office: Any) -> None:
    """November is calculated, so a correction of October waits: neither bill would know what the other charges."""
    reread(office, FRANK, -5)
    office.read("C1", 3)
    run = office.calculate(office.plan("C1", 3))
    opens = opened(office, of_bills([bills(FRANK)[1].pk]), "misread", discovered_on=date(2024, 11, 1))
    case = calculated(office, opens)
    with transaction.atomic(), pytest.raises(BilledMeanwhile, match=run.number):
        posted(office, case)
    office.post(run)
    with transaction.atomic(), pytest.raises(BilledMeanwhile, match="posted since"):
        posted(office, case)
    posted(office, calculated(office, case))
    assert balance(FRANK) == bills(FRANK)[-1].amount_due_cents
    stands = BilledPeriod.objects.filter(service_point=point(FRANK, "water"), released__isnull=True)
    assert stands.count() == 3
    books_hold()
