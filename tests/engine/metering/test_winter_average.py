"""Winter sewer: what a home used while no garden was watered."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meterbook.engine.columns import OutOfRange
from meterbook.engine.metering.explain import NegativeUsage, OverlappingPeriods, explain_winter_average
from meterbook.engine.metering.winter_average import USAGE, winter_average
from meterbook.engine.periods import EmptyPeriod, Period
from meterbook.engine.quantity import unscaled

MILLION = 10**6
#: Silverton, Oregon: the November to April average; fewer than four months do not count.
SILVERTON: dict[str, Any] = {"months": (11, 12, 1, 2, 3, 4), "minimum_periods": 4}
Rows = list[tuple[int, date, date, int]]


def months_of(used: dict[tuple[int, int], int], service_point: int = 9) -> Rows:
    """Calendar months with their usage in whole units."""
    return [
        (service_point, date(y, m, 1), date(y + m // 12, m % 12 + 1, 1), units * MILLION)
        for (y, m), units in used.items()
    ]


def averaged(rows: Rows, **rule: Any) -> list[tuple[Any, ...]]:
    frame = pl.DataFrame(rows, schema=dict(USAGE), orient="row")
    plain = SILVERTON | {"default": 9 * MILLION, "cap": None, "decimals": 1}
    return winter_average(frame, **(plain | rule)).rows()


ANA = months_of({(2025, 10): 20, (2025, 11): 6, (2025, 12): 5, (2026, 1): 5, (2026, 2): 6, (2026, 5): 31})


def test_ana_s_winter_of_6_5_5_6_bills_5_and_a_half() -> None:
    assert averaged(ANA) == [(9, 5_500_000, 4, "average")]


def test_three_winter_months_are_too_few_in_silverton() -> None:
    ben = months_of({(2026, 2): 6, (2026, 3): 5, (2026, 4): 4, (2026, 5): 30}, service_point=10)
    chidi = months_of({(2026, 6): 30}, service_point=8)
    assert averaged(ANA + ben + chidi) == [
        (8, 9_000_000, 0, "default"),
        (9, 5_500_000, 4, "average"),
        (10, 9_000_000, 3, "default"),
    ]
    assert averaged(ben, minimum_periods=3) == [(10, 5_000_000, 3, "average")]


def test_a_cap_applies_above_it_and_is_named() -> None:
    assert averaged(ANA, cap=5_400_000) == [(9, 5_400_000, 4, "capped")]
    assert averaged(ANA, cap=5_500_000) == [(9, 5_500_000, 4, "average")]


def test_ties_round_half_up_at_the_decimals_asked_for() -> None:
    assert averaged(ANA, decimals=0) == [(9, 6_000_000, 4, "average")]
    third = months_of({(2026, 1): 1, (2026, 2): 0, (2026, 3): 0})
    assert averaged(third, minimum_periods=3, decimals=2) == [(9, 330_000, 3, "average")]
    assert averaged(third, minimum_periods=3, decimals=6) == [(9, 333_333, 3, "average")]


def test_a_period_belongs_to_the_month_of_its_middle_day() -> None:
    spans_october = (9, date(2025, 10, 16), date(2025, 11, 16), 4 * MILLION)  # 31 days, the middle is 31 October
    spans_november = (9, date(2025, 10, 17), date(2025, 11, 17), 4 * MILLION)  # the middle is 1 November
    assert averaged([spans_october], minimum_periods=1) == [(9, 9_000_000, 0, "default")]
    assert averaged([spans_november], minimum_periods=1) == [(9, 4_000_000, 1, "average")]


def test_two_registers_of_a_compound_meter_make_one_period() -> None:
    assert averaged(ANA + ANA) == [(9, 11_000_000, 4, "average")]


def test_days_make_two_month_cycles_and_short_first_periods_comparable() -> None:
    keizer = [
        (9, date(2025, 12, 1), date(2026, 2, 1), 12_400_000),
        (9, date(2026, 2, 1), date(2026, 4, 1), 11_800_000),
    ]
    by_days = averaged(keizer, minimum_periods=2, basis="days", days_per_month=Fraction(3042, 100))
    assert by_days == [(9, 6_100_000, 2, "average")]  # 24.2 ÷ 121 × 30.42 = 6.084
    assert averaged(keizer, minimum_periods=2) == [(9, 12_100_000, 2, "average")]


def test_a_month_is_never_counted_twice_and_usage_never_negative() -> None:
    with pytest.raises(OverlappingPeriods, match="service point 9"):
        averaged([*ANA, (9, date(2026, 1, 15), date(2026, 2, 15), MILLION)])
    with pytest.raises(NegativeUsage):
        averaged([(9, date(2026, 1, 1), date(2026, 2, 1), -1)])
    with pytest.raises(EmptyPeriod):
        averaged([(9, date(2026, 1, 1), date(2026, 1, 1), 1)])
    one = Period(date(2026, 1, 1), date(2026, 2, 1)), Decimal(-1)
    with pytest.raises(NegativeUsage):
        explain_winter_average([one], **SILVERTON, default=Decimal(9), cap=None, decimals=1, unit="ccf")


@pytest.mark.parametrize(
    "wrong",
    [
        {"months": (0,)},
        {"months": ()},
        {"minimum_periods": 0},
        {"default": -1},
        {"cap": 2**63},
        {"decimals": 7},
        {"days_per_month": Fraction(0)},
    ],
)
def test_settings_that_mean_nothing_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(OutOfRange):
        averaged(ANA, **wrong)


def test_the_explanation_shows_every_period_and_the_division() -> None:
    winter = [(Period(a, b), unscaled(q)) for _, a, b, q in ANA]
    said = explain_winter_average(winter, **SILVERTON, default=Decimal(9), cap=Decimal(5), decimals=0, unit="ccf")
    assert [step.words(str) for step in said.steps] == [
        "2025-11-01 to 2025-11-30: 6 ccf.",
        "2025-12-01 to 2025-12-31: 5 ccf.",
        "2026-01-01 to 2026-01-31: 5 ccf.",
        "2026-02-01 to 2026-02-28: 6 ccf.",
        "(6 + 5 + 5 + 6) ÷ 4 periods = 6 ccf.",
        "Rounded half up to 0 decimals.",
        "6 ccf is above the cap: 5 ccf applies.",
    ]
    assert (said.average, said.periods, said.source) == (Decimal(5), 4, "capped")


@settings(max_examples=60, deadline=None)
@given(
    lengths=st.lists(st.tuples(st.integers(1, 70), st.integers(0, 10**9)), min_size=1, max_size=9),
    decimals=st.integers(0, 6),
    cap=st.none() | st.integers(0, 5 * 10**8),
    basis=st.sampled_from(["periods", "days"]),
    month=st.sampled_from([Fraction(365, 12), Fraction(3042, 100), Fraction(30)]),
)
def test_columns_and_explanation_agree(
    lengths: list[tuple[int, int]], decimals: int, cap: int | None, basis: Any, month: Fraction
) -> None:
    rows: Rows = []
    starts = date(2025, 10, 20)
    for days, quantity in lengths:
        rows.append((9, starts, starts + timedelta(days=days), quantity))
        starts += timedelta(days=days)
    rule: dict[str, Any] = {"minimum_periods": 2, "decimals": decimals, "basis": basis, "days_per_month": month}
    ((_, average, periods, source),) = averaged(rows, cap=cap, **rule)
    said = explain_winter_average(
        [(Period(a, b), unscaled(q)) for _, a, b, q in rows],
        months=SILVERTON["months"],
        default=Decimal(9),
        cap=None if cap is None else unscaled(cap),
        unit="ccf",
        **rule,
    )
    assert (unscaled(average), periods, source) == (said.average, said.periods, said.source)
    assert all(step.words(str) for step in said.steps)
