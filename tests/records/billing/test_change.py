"""Why is my bill high, on every bill of the city: the parts add up to the cent, and nothing is left over."""

from __future__ import annotations

from typing import Any

import pytest

from meterbook.records.adjustments.on_bills import since_last_bill
from meterbook.records.billing.change import NothingBefore, as_json, compare
from meterbook.records.billing.models import Bill

pytestmark = pytest.mark.django_db
FRANK = "1000041"


def test_every_bill_of_the_city_adds_up(office: Any) -> None:
    compared, none = 0, 0
    for bill in Bill.objects.filter(run__status="posted").select_related("run"):
        try:
            found = compare(bill, "last", since_last_bill)
        except NothingBefore:
            none += 1
            continue
        compared += 1
        assert sum(part.cents for part in found.parts) == found.difference, bill.number
        assert not [part for part in found.parts if part.kind == "other"], bill.number
    assert compared >= 55 and none >= 55, "each account's first bill has none before it, its second has"


def test_franks_october_in_both_languages(office: Any) -> None:
    bill = Bill.objects.filter(account__number=FRANK).latest("bill_date")
    told, dicho = (as_json(compare(bill, "last", since_last_bill), language) for language in ("en", "es"))
    assert told["sums"] and told["difference_cents"] == sum(part["cents"] for part in told["parts"])
    assert told["other_amount_due_cents"] + told["difference_cents"] == told["amount_due_cents"]
    assert [part["cents"] for part in told["parts"]] == [part["cents"] for part in dicho["parts"]]
    usage = next(part for part in told["parts"] if part["kind"] == "usage")
    assert usage["says"].startswith("You used ") and " than on the bill before: " in usage["says"]
    dollars = f"${abs(usage['cents']) // 100:,}.{abs(usage['cents']) % 100:02}."
    assert usage["says"].endswith(dollars) and any(part["says"].startswith("Usó ") for part in dicho["parts"])
    with pytest.raises(NothingBefore):
        compare(bill, "year", since_last_bill)


def test_a_calculated_bill_is_compared_before_anybody_sees_it(office: Any) -> None:
    office.read("C1", 3)
    run = office.calculate(office.plan("C1", 3))
    for bill in run.bills.select_related("run"):
        found = compare(bill, "last", since_last_bill)
        assert sum(part.cents for part in found.parts) == found.difference
