"""Why is my bill high: the parts of a difference add up to it to the cent, and each is what its kind alone changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meterbook.engine.billing.change import Billed, Booked, Part, Sold, changed, sentences
from meterbook.engine.rates.explain import amounts
from meterbook.engine.rates.tariff import Tariff, parse_tariff

TARIFFS = Path(__file__).parents[3] / "tariffs" / "alder-bend"
WATER, POWER, CARTS = (
    parse_tariff((TARIFFS / f"{code}.yaml").read_text(encoding="utf-8"), file=code)
    for code in ("W-RES", "E-RES", "R-CART")
)
JULY, AUGUST = date(2025, 7, 3), date(2025, 8, 2)


def sold(tariff: Tariff, starts: date, days: int, told: Mapping[str, Decimal | str], **more: object) -> Sold:
    """A segment as it is billed: priced by the engine."""
    ends = starts + timedelta(days=days)
    made = Sold(1, tariff.commodity, tariff, starts, ends, told, 0, tariff.unit, **more)  # type: ignore[arg-type]
    return replace(made, cents=sum(line[4] for line in amounts(tariff, starts, ends, told)))


def water(starts: date, days: int, ccf: str, size: str = "5/8", **more: object) -> Sold:
    return sold(WATER, starts, days, {"usage": Decimal(ccf), "meter_size": size}, **more)


def bill(*segments: Sold, balance: int = 0, booked: tuple[Booked, ...] = ()) -> Billed:
    return Billed("1", segments[0].ends if segments else JULY, segments, balance, booked)


def kinds(parts: list[Part]) -> dict[str, int]:
    return {part.kind: part.cents for part in parts}


def told(parts: list[Part], against: str = "last") -> list[str]:
    return [step.words(str) for step in sentences(parts, against)]


def test_more_water_and_nothing_else() -> None:
    """6.2 ccf more, all in the first tier at $1.84: $11.41, in a sentence."""
    parts = changed(bill(water(AUGUST, 30, "10")), bill(water(JULY, 30, "3.8")))
    assert kinds(parts) == {"usage": 1141}
    assert told(parts) == ["You used 6.2 ccf more water than on the bill before: +$11.41."]


def test_the_same_bill_has_no_parts() -> None:
    assert changed(bill(water(JULY, 30, "5")), bill(water(JULY, 30, "5"))) == []


def test_a_new_rate_in_the_same_season_is_the_rates_alone() -> None:
    parts = changed(bill(water(date(2026, 4, 3), 30, "8")), bill(water(JULY, 30, "8")))
    assert kinds(parts) == {"rate": (2178 - 2094) + 8 * 7}
    assert "those of W-RES 2026-03; a year ago they were those of W-RES 2024-01: +$1.40." in told(parts, "year")[0]


def test_a_bigger_meter_is_a_fact_and_more_days_are_days() -> None:
    larger = changed(bill(water(AUGUST, 30, "5", "1")), bill(water(JULY, 30, "5")))
    assert kinds(larger) == {"fact": 3175 - 2094}
    assert told(larger) == ["The meter size of the water is 1; on the bill before it was 5/8: +$10.81."]
    longer = kinds(changed(bill(water(AUGUST, 60, "5")), bill(water(JULY, 30, "5"))))
    assert set(longer) == {"days"} and longer["days"] == 2094


def test_what_rests_on_an_estimate_is_said_apart() -> None:
    whole = changed(bill(water(AUGUST, 30, "10", estimated=Decimal(10))), bill(water(JULY, 30, "4")))
    assert list(kinds(whole)) == ["estimated"]
    half = kinds(changed(bill(water(AUGUST, 30, "10", estimated=Decimal(5))), bill(water(JULY, 30, "4"))))
    assert half == {"estimated": 552, "usage": 552}, "3 of 6 ccf at $1.84"
    before = changed(bill(water(AUGUST, 30, "10")), bill(water(JULY, 30, "4", estimated=Decimal(1))))
    assert list(kinds(before)) == ["estimated"], "an estimate before puts the difference in doubt"


def test_a_service_that_came_and_one_that_went() -> None:
    carts = replace(sold(CARTS, AUGUST, 30, {"carts": "1"}), point=2)
    came = changed(bill(water(AUGUST, 30, "5"), carts), bill(water(JULY, 30, "5")))
    assert kinds(came) == {"added": carts.cents} and told(came)[0].startswith("The refuse is new on this bill: +$")
    went = changed(bill(water(AUGUST, 30, "5")), bill(water(JULY, 30, "5"), carts))
    assert kinds(went) == {"removed": -carts.cents}


def test_what_is_booked_beside_and_the_balance_stand_apart() -> None:
    late, gift = Booked({"en": "Late fee", "es": "Recargo"}, 500), Booked({"en": "Leak adjustment"}, -2000)
    parts = changed(bill(water(AUGUST, 30, "5"), balance=4_000, booked=(late,)),
                    bill(water(JULY, 30, "5"), balance=1_000, booked=(gift,)))  # fmt: skip
    assert kinds(parts) == {"balance": 3_000, "credit": 2_000, "one_off": 500}
    assert told(parts)[1:] == [
        "Leak adjustment, on the bill before and not on this one: +$20.00.", "Late fee: +$5.00.",
    ]  # fmt: skip
    assert told(parts)[0] == "This bill began with a balance of $40.00; on the bill before it was $10.00: +$30.00."


def test_a_correction_is_named_whole() -> None:
    taken = replace(water(JULY, 30, "5"), reverses=True)
    taken = replace(taken, cents=-taken.cents)
    parts = changed(bill(taken, water(JULY, 30, "4")), bill(water(JULY, 30, "5")))
    assert [part.kind for part in parts] == ["correction"]


def test_what_pricing_again_does_not_reproduce_is_named() -> None:
    odd = replace(water(AUGUST, 30, "5"), cents=water(AUGUST, 30, "5").cents + 7)
    parts = changed(bill(odd), bill(water(JULY, 30, "5")))
    assert kinds(parts) == {"other": 7} and "left unexplained: +$0.07" in told(parts)[0]


def test_another_schedule_that_asks_for_other_facts_is_the_rates() -> None:
    """From carts to a tariff that asks for what the other bill never had: priced as soon as it can be."""
    carts = sold(CARTS, JULY, 30, {"carts": "1"})
    parts = changed(bill(water(AUGUST, 30, "5")), bill(carts))
    assert sum(part.cents for part in parts) == water(AUGUST, 30, "5").cents - carts.cents
    assert {part.kind for part in parts} == {"rate"}


quantities = st.integers(0, 90_000).map(lambda number: Decimal(number).scaleb(-2))
days = st.integers(5, 70)
starts = st.dates(date(2024, 2, 1), date(2026, 8, 1))
cents = st.integers(-500_000, 500_000)
bookings = st.lists(cents.map(lambda one: Booked({"en": "Fee", "es": "Cargo"}, one)), max_size=3).map(tuple)


@st.composite
def segments(draw: st.DrawFn) -> tuple[Sold, ...]:
    """Some of four services, each with its own days, estimates and a misprint now and then."""
    first, length = draw(starts), draw(days)
    usage = draw(quantities)
    estimated = draw(st.sampled_from([Decimal(0), usage, (usage / 3).quantize(Decimal("0.01"))]))
    found = []
    if draw(st.booleans()):
        found.append(water(first, length, str(usage), draw(st.sampled_from(["5/8", "1", "2"])), estimated=estimated))
    if draw(st.booleans()):
        found.append(replace(sold(POWER, first, length, {"usage": usage * 10}), point=2))
    if draw(st.booleans()):
        found.append(replace(sold(CARTS, first, length, {"carts": draw(st.sampled_from(["1", "2"]))}), point=3))
    if found and draw(st.booleans()):
        off = draw(st.integers(-50, 50))
        found[0] = replace(found[0], cents=found[0].cents + off, reverses=draw(st.booleans()))
    return tuple(found)


@settings(max_examples=80, deadline=None)
@given(segments(), segments(), cents, cents, bookings, bookings)
def test_the_parts_always_add_up(
    now: tuple[Sold, ...], before: tuple[Sold, ...], owed: int, owing: int,
    here: tuple[Booked, ...], there: tuple[Booked, ...],
) -> None:  # fmt: skip
    this, other = bill(*now, balance=owed, booked=here), bill(*before, balance=owing, booked=there)
    parts = changed(this, other)
    assert sum(part.cents for part in parts) == this.due - other.due
    assert [abs(part.cents) for part in parts] == sorted((abs(part.cents) for part in parts), reverse=True)
    assert all(sentence.endswith(".") for sentence in told(parts))
    back = changed(other, this)
    assert sum(part.cents for part in back) == -(this.due - other.due)


@settings(max_examples=40, deadline=None)
@given(starts, days, starts, days, quantities, quantities)
def test_nothing_is_left_over_where_the_bills_are_as_priced(
    first: date, length: int, later: date, longer: int, used: Decimal, use: Decimal
) -> None:
    parts = changed(bill(water(first, length, str(used))), bill(water(later, longer, str(use))))
    assert {part.kind for part in parts} <= {"usage", "days", "rate", "season"}


@pytest.mark.parametrize("against", ["last", "year"])
def test_every_kind_has_its_sentence(against: str) -> None:
    for kind in ("season", "inside", "split", "added", "removed", "correction", "other"):
        [sentence] = told([Part(kind, 5, "sewer", 1)], against)
        assert "sewer" in sentence and sentence.endswith("+$0.05.")
