"""The bakery's water meter counts tenths: for fourteen months it was billed on a tenth of what it used."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from tests.records.corrections.cases import balance, bills, books_hold, calculated, charged, opened, posted, segments

from meterbook.records.billing.explanations import explain_bill
from meterbook.records.billing.models import Segment
from meterbook.records.corrections.calculating.standing import of_account
from meterbook.records.corrections.diff import differences
from meterbook.records.corrections.screens import corrected_by, corrects, items
from meterbook.records.metering.models import Register
from meterbook.records.metering.operations.correct_multiplier import correct_multiplier

pytestmark = pytest.mark.django_db


def shop() -> Segment:
    """Water of a shop with one plain meter, served through all the months: the one with the lowest number."""
    for segment in (
        Segment.objects.filter(schedule__code="W-COM").select_related("bill__account").order_by("bill__account__number")
    ):
        pieces = segment.inputs["pieces"]
        mine = Segment.objects.filter(service_point=segment.service_point_id)
        if mine.count() >= 15 and len(pieces) == 1 and Register.objects.filter(
            meter__serial=pieces[0]["meter"]
        ).count() == 1:  # fmt: skip
            return segment
    raise AssertionError("the city has no such shop")


def test_fourteen_months_are_back_billed_each_with_the_rates_of_its_days(office: Any) -> None:
    water = shop()
    number = water.bill.account.number
    register = Register.objects.get(meter__serial=water.inputs["pieces"][0]["meter"])
    correct_multiplier(
        office.act("billing", "the dial shows tenths: times ten"), register=register,
        multiplier=register.multiplier * 10,
    )  # fmt: skip
    before, owed, known = charged(number), balance(number), bills(number)
    months = known[-14:]
    standing = of_account(water.bill.account_id, months[0].ends.replace(day=1), date(9999, 1, 1))
    case = calculated(office, opened(office, standing, "wrong_multiplier", scope="account", reason="shop test 4471"))
    found = [each for each in differences(case, list(items(case.pk, "corrected"))) if each.was is not None]
    measured = [each for each in found if each.item.service_point_id == water.service_point_id]
    assert len(measured) >= 14
    versions = set()
    for each in measured:
        assert each.was is not None
        assert [side.facts["usage"] for side in each.becomes] == [Decimal(each.was.facts["usage"]) * 10]
        was = {line.version for line in each.was.lines}
        assert was == {line.version for side in each.becomes for line in side.lines}
        assert each.difference_cents == sum(change.difference_cents for change in each.changes)
        versions |= was
    assert len(versions) > 1, "the rates went up in between, and each month keeps its own"
    case = posted(office, case)
    made = bills(number)[-1]
    assert made.current_cents == sum(each.difference_cents for each in found) > 0
    assert (charged(number), balance(number)) == (before + made.current_cents, owed + made.current_cents)
    assert case.run is not None and (case.run.due_date - case.run.bill_date).days >= 14 * 28
    assert {each["id"] for each in corrects(made.pk)} == {each.item.bill_id for each in found}
    assert [each["number"] for each in corrected_by(months[-1].pk)] == [made.number]
    lines = explain_bill(made.pk)
    assert all(line.agrees for line in lines)
    back = next(line for line in lines if line.takes_back)
    origin = back.takes_back
    assert origin is not None and origin.bill in {bill.number for bill in known}
    assert len(segments(made, "reversal")) == len(segments(made, "charge")) == len(found)
    books_hold()
