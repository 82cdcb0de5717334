"""What a read is compared with, against plain sums over the days."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from meterbook.engine.columns import WrongColumns
from meterbook.engine.metering.validation.context import (
    CANDIDATES,
    CLASS_USAGES,
    USAGES,
    class_daily,
    context,
    streaks,
)

E6 = 1_000_000
HOUSE = {"commodity": "water", "size": "5/8", "premise_class": "residential", "channel": "delivered"}


def candidate(**changes: Any) -> pl.DataFrame:
    known = {"row": 7, "register": 1, "read_on": date(2026, 9, 3), "previous_on": date(2026, 8, 3), **HOUSE, **changes}
    schema = {**CANDIDATES, "previous_on": pl.Date, "household_since": pl.Date, "quantity": pl.Int64, "days": pl.Int32}
    return pl.DataFrame([known], schema={name: dtype for name, dtype in schema.items() if name in known})


def usages(*rows: tuple[date, date, int], register: int = 1, estimated: bool = False) -> pl.DataFrame:
    return pl.DataFrame([(register, *row, estimated) for row in rows], schema=dict(USAGES), orient="row")


def months(count: int, quantity: int, *, until: date = date(2026, 8, 3)) -> pl.DataFrame:
    ends = [until]
    while len(ends) <= count:
        ends.append((ends[-1].replace(day=1) - timedelta(days=1)).replace(day=3))
    return usages(*((start, end, quantity * (end - start).days) for end, start in pairwise(ends)))


def test_a_season_counts_last_year_s_days_and_shares_periods_by_days() -> None:
    # This period is 3 August to 3 September: last year's 19 July to 18 September.
    known = usages(
        (date(2025, 7, 4), date(2025, 8, 3), 30 * E6),  # 15 of 30 days
        (date(2025, 8, 3), date(2025, 9, 3), 62 * E6),  # all 31
        (date(2025, 9, 3), date(2025, 10, 3), 90 * E6),  # 15 of 30
        (date(2025, 10, 3), date(2025, 11, 3), 400 * E6),
    )
    found = context(candidate(), known).row(0, named=True)
    assert (found["season_quantity"], found["season_days"]) == ((15 + 62 + 45) * E6, 61)


def test_a_season_of_estimates_alone_is_none() -> None:
    rows = (date(2025, 8, 3), date(2025, 9, 3), 62 * E6)
    assert context(candidate(), usages(rows, estimated=True)).row(0, named=True)["season_quantity"] is None


def test_year_prior_and_extremes() -> None:
    known = pl.concat(
        [months(30, 2 * E6), usages((date(2026, 6, 3), date(2026, 6, 13), 999 * E6), estimated=True)]
    ).filter(pl.col("ends") != date(2026, 8, 3))
    known = pl.concat([known, usages((date(2026, 7, 3), date(2026, 8, 3), 310 * E6))])
    found = context(candidate(), known).row(0, named=True)
    assert (found["prior_quantity"], found["prior_days"]) == (310 * E6, 31)
    assert found["year_days"] == (date(2026, 8, 3) - date(2025, 7, 3)).days
    assert found["year_quantity"] == (310 + 2 * (date(2026, 7, 3) - date(2025, 7, 3)).days) * E6
    assert (found["high_daily"], found["low_daily"]) == (10 * E6, 2 * E6)


def test_another_household_s_history_is_none_and_so_is_usage_after_the_read_before() -> None:
    known = months(24, 2 * E6)
    found = context(candidate(household_since=date(2026, 7, 3)), known).row(0, named=True)
    assert found["season_quantity"] is None and found["year_days"] == 31 and found["prior_days"] == 31
    late = usages((date(2026, 8, 3), date(2026, 9, 3), 5 * E6))
    assert context(candidate(), late).row(0, named=True)["prior_quantity"] is None


def test_a_first_read_has_no_history() -> None:
    found = context(candidate(previous_on=None), months(24, E6)).row(0, named=True)
    assert {found[name] for name in ("season_quantity", "year_quantity", "prior_quantity", "high_daily")} == {None}


def test_history_goes_on_through_an_exchange_by_another_key() -> None:
    old = months(24, 2 * E6).with_columns(register=pl.lit(99, dtype=pl.Int64), point=pl.lit(5, dtype=pl.Int64))
    asked = candidate().with_columns(point=pl.lit(5, dtype=pl.Int64))
    assert context(asked, old).row(0, named=True)["prior_days"] is None
    assert context(asked, old, by="point").row(0, named=True)["prior_quantity"] == 62 * E6


def of_class(register: int, known: pl.DataFrame) -> pl.DataFrame:
    words = [pl.lit(text).alias(name) for name, text in HOUSE.items()]
    return known.with_columns(pl.lit(register, dtype=pl.Int64).alias("register"), *words).select(list(CLASS_USAGES))


def test_a_class_has_its_lower_median_by_month_and_the_mean_of_its_months() -> None:
    known = pl.concat(of_class(number, months(11, number * E6)) for number in range(1, 7))
    found = class_daily(known)
    assert found.filter(pl.col("month") == 8).height == 0  # 3 July to 3 August has its middle in July
    assert found.filter(pl.col("month") == 7).row(0, named=True)["daily"] == 3 * E6
    assert found.filter(pl.col("month") == 0).row(0, named=True) == {
        **HOUSE,
        "month": 0,
        "daily": 3 * E6,
        "registers": 6,
    }
    told = context(candidate(), known.select(list(USAGES)), found).row(0, named=True)
    assert (told["class_daily"], told["class_prior_daily"], told["class_year_daily"]) == (None, 3 * E6, 3 * E6)


def test_a_class_of_four_has_no_median() -> None:
    assert class_daily(pl.concat(of_class(n, months(12, E6)) for n in range(4))).is_empty()


def test_a_first_year_takes_its_month_from_the_reads_in_hand() -> None:
    rows = [candidate(row=n, register=n, quantity=31 * n * E6, days=31) for n in range(1, 31)]
    told = context(pl.concat(rows), usages(), class_daily(of_class(1, usages())))
    assert told["class_daily"].to_list() == [15 * E6] * 30
    few = context(pl.concat(rows[:20]), usages(), class_daily(of_class(1, usages())))
    assert few["class_daily"].null_count() == 20


def test_streaks_end_at_the_last_period_that_breaks_them() -> None:
    known = pl.concat([
        usages((date(2026, 3, 3), date(2026, 4, 3), 5), (date(2026, 4, 3), date(2026, 5, 3), 0)),
        usages((date(2026, 5, 3), date(2026, 6, 3), 0), (date(2026, 6, 3), date(2026, 8, 3), 0), estimated=True),
    ])  # fmt: skip
    found = streaks(candidate(), known).row(0, named=True)
    assert (found["zero_streak"], found["estimates_in_row"]) == (3, 2)
    assert streaks(candidate(), usages()).row(0, named=True)["zero_streak"] == 0
    new = streaks(candidate(household_since=date(2026, 6, 3)), known).row(0, named=True)
    assert (new["zero_streak"], new["estimates_in_row"]) == (1, 1)


def test_a_wrong_shape_is_refused() -> None:
    with pytest.raises(WrongColumns, match="quantity"):
        context(candidate(), usages().drop("quantity"))


@given(st.lists(st.integers(0, 10**9), min_size=3, max_size=30), st.randoms(use_true_random=False))
def test_order_does_not_matter_and_others_change_nothing(quantities: list[int], chance: Any) -> None:
    ends = [date(2026, 8, 3) - timedelta(days=30 * n) for n in range(len(quantities) + 1)]
    rows = list(zip(ends[1:], ends, quantities, strict=False))
    asked = candidate()
    told = context(asked, usages(*rows))
    chance.shuffle(rows)
    assert context(asked, usages(*rows)).equals(told)
    others = usages(*[(start, end, quantity + 1) for start, end, quantity in rows], register=2)
    assert context(asked, pl.concat([others, usages(*rows)])).equals(told)
    total = sum(quantity for start, _, quantity in rows if start >= date(2025, 7, 3))
    assert (told["year_quantity"][0] or 0) == total
