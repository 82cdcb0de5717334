"""Ana Belmonte leaves 214 Tannery Row on 20 March 2026; her landlord Marguerite Vance pays until Ben moves in.

In the middle of Ana's last week, on 17 March, the city's water rates go up.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest

from meterbook.demo.city import STORIES
from meterbook.records.billing.explanations import WhyLine, explain_bill
from meterbook.records.billing.models import Bill, Line, Segment
from meterbook.records.customers.models import Account, ServiceAgreement
from meterbook.records.ledger.models import OpenItem

pytestmark = pytest.mark.django_db
ANA, MARGUERITE, BEN = (STORIES[key].account for key in ("ana", "marguerite", "ben"))
READ_IN_MARCH, OUT, RATES_UP, IN, READ_IN_APRIL = (
    date(2026, 3, 13), date(2026, 3, 20), date(2026, 3, 17), date(2026, 4, 4), date(2026, 4, 13),
)  # fmt: skip


def april(number: str) -> Bill:
    return Bill.objects.get(account__number=number, bill_date=date(2026, 4, 15))


def segment(bill: Bill, commodity: str) -> Segment:
    return Segment.objects.get(run_id=bill.run_id, bill=bill, commodity=commodity)


def days(starts: date, ends: date) -> list[date]:
    return [starts + timedelta(days=n) for n in range((ends - starts).days)]


def test_each_pays_for_their_own_days(office: Any) -> None:
    for number, starts, ends in ((ANA, READ_IN_MARCH, OUT), (MARGUERITE, OUT, IN), (BEN, IN, READ_IN_APRIL)):
        bill = april(number)
        assert (bill.starts, bill.ends) == (starts, ends)
        parts = Segment.objects.filter(run_id=bill.run_id, bill=bill)
        assert {(part.starts, part.ends) for part in parts} == {(starts, ends)}
        assert {part.commodity for part in parts} == {"electricity", "water", "sewer", "refuse", "stormwater"}


def test_no_day_of_the_house_is_billed_twice_or_lost(office: Any) -> None:
    """Over twenty months and three payers, each service of the house is billed for every single day, once."""
    points = ServiceAgreement.objects.filter(account__number=ANA).values("service_point")
    for point in points:
        parts = Segment.objects.filter(service_point_id=point["service_point"]).order_by("starts")
        billed = [day for part in parts for day in days(part.starts, part.ends)]
        assert billed == days(date(2024, 8, 13), READ_IN_APRIL)
    assert len(points) == 5


def test_the_meter_is_read_on_the_day_and_nothing_it_counted_is_lost(office: Any) -> None:
    for commodity in ("water", "electricity"):
        pieces = [segment(april(number), commodity).inputs["pieces"] for number in (ANA, MARGUERITE, BEN)]
        assert [len(one) for one in pieces] == [1, 1, 1]
        ana, marguerite, ben = (one[0] for one in pieces)
        assert (ana["from_on"], ana["to_on"]) == ("2026-03-13", "2026-03-20")
        assert (ana["to_read"], marguerite["to_read"]) == (marguerite["from_read"], ben["from_read"])
        whole = Decimal(ben["to_value"]) - Decimal(ana["from_value"])
        parts = (segment(april(n), commodity).inputs["determinants"]["usage"] for n in (ANA, MARGUERITE, BEN))
        assert Decimal(sum(parts)).scaleb(-6) == whole > 0


def test_anas_final_bill_stands_on_her_account_and_no_other_follows(office: Any) -> None:
    assert Bill.objects.filter(account__number=ANA).latest("bill_date") == april(ANA)
    ended = ServiceAgreement.objects.filter(account__number=ANA)
    assert {agreement.validity.upper for agreement in ended} == {OUT}
    assert Bill.objects.filter(account__number__in=[MARGUERITE, BEN]).count() == 2
    assert april(BEN).previous_cents == 0, "Ben inherits nothing of Ana's"
    charged = OpenItem.objects.filter(account__number=BEN, side="charge")
    assert sum(item.amount_cents for item in charged) == april(BEN).current_cents


def test_marguerite_is_bens_owner_on_record(office: Any) -> None:
    ben = Account.objects.get(number=BEN)
    assert [part.person.name for part in ben.people.filter(part="owner")] == ["Marguerite Vance"]


def water_lines() -> list[Line]:
    part = segment(april(ANA), "water")
    return list(Line.objects.filter(run_id=part.run_id, segment_id=part.pk).order_by("seq"))


def test_anas_water_has_a_slice_before_and_a_slice_after_the_new_rates(office: Any) -> None:
    lines = water_lines()
    assert {(line.version, line.starts, line.ends) for line in lines} == {
        ("2024-01", READ_IN_MARCH, RATES_UP),
        ("2026-03", RATES_UP, OUT),
    }
    used = Decimal(segment(april(ANA), "water").inputs["determinants"]["usage"]).scaleb(-6)
    water = [line for line in lines if line.component == "water"]
    assert Decimal(sum(line.quantity_e6 for line in water)).scaleb(-6) == used
    assert segment(april(ANA), "water").amount_cents == sum(line.amount_cents for line in lines)


def test_anas_water_worked_out_by_hand(office: Any) -> None:
    """Seven days, not a normal period: 4 of them at $20.94 and $1.84, then 3 at $21.78, $1.91 and $2.43."""

    def cents(amount: Decimal) -> int:
        return int((amount * 100).quantize(Decimal(1), ROUND_HALF_UP))

    def share(days: int, of: str) -> Decimal:
        return (Decimal(of) * days / 30).quantize(Decimal("0.01"), ROUND_HALF_UP)

    used = Decimal(segment(april(ANA), "water").inputs["determinants"]["usage"]).scaleb(-6)
    before = (used * 4 / 7).quantize(Decimal("0.01"), ROUND_HALF_UP)
    after = used - before
    expected = [
        ("service", 0, cents(Decimal("20.94") * 4 / 30)),
        ("water", 1, cents(min(before, share(4, "11")) * Decimal("1.84"))),
        ("service", 0, cents(Decimal("21.78") * 3 / 30)),
        ("water", 1, cents(min(after, share(3, "11")) * Decimal("1.91"))),
    ]
    if after > share(3, "11"):
        expected.append(("water", 2, cents((after - share(3, "11")) * Decimal("2.43"))))
    assert before <= share(4, "11"), "the hand calculation above knows one tier before the change"
    assert [(line.component, line.part, line.amount_cents) for line in water_lines()] == expected


def test_the_bill_explains_the_change_in_words(office: Any) -> None:
    why = [line for line in explain_bill(april(ANA).pk) if line.service == "water"]
    assert all(line.agrees for line in why)
    said = {line.version: " ".join(line.sentences) for line in why if line.component == "water" and line.part == 1}
    assert "The rate changed during this bill. 4 of its 7 days carry" in said["2024-01"]
    assert "The rate changed during this bill. 3 of its 7 days carry" in said["2026-03"]
    assert "in force from March 17, 2026" in said["2026-03"]
    assert {line.source["resolution"] for line in why} == {"Resolution 2023-74", "Resolution 2026-09"}
    spanish = [line for line in explain_bill(april(ANA).pk, "es") if line.service == "water"]
    assert [line.amount_cents for line in spanish] == [line.amount_cents for line in why]
    assert "17 de marzo de 2026" in " ".join(" ".join(line.sentences) for line in spanish)
    assert isinstance(why[0], WhyLine)
