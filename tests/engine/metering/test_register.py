"""What a register counted: rollovers, multipliers, new chains, and the two faces that must agree."""

import ast
import doctest
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meterbook.engine.columns import OutOfRange, WrongColumns
from meterbook.engine.metering import explain, register, winter_average
from meterbook.engine.metering.explain import BeyondDials, RolloverImplausible, explain_usage
from meterbook.engine.metering.register import PROBLEMS, READS, derive_usage
from meterbook.engine.periods import EmptyPeriod
from meterbook.engine.quantity import WrongUnit, unscaled

MARCH, APRIL, MAY = date(2026, 3, 2), date(2026, 4, 1), date(2026, 5, 1)
MILLION = 10**6


def reads(*rows: dict[str, Any]) -> pl.DataFrame:
    plain = {
        "register": 7,
        "dials": 5,
        "multiplier": MILLION,
        "estimated": False,
        "break_before": False,
    }
    return pl.DataFrame([plain | {"read": n} | row for n, row in enumerate(rows, start=1)], schema=dict(READS))


def pair(previous: int, current: int, **both: Any) -> dict[str, Any]:
    """The one usage row between a March and an April read, in millionths."""
    frame = reads({"read_on": MARCH, "value": previous} | both, {"read_on": APRIL, "value": current} | both)
    return derive_usage(frame).row(0, named=True)


def explained(previous: str, current: str, *, dials: int = 5, multiplier: str = "1") -> explain.UsageExplanation:
    return explain_usage(
        previous=Decimal(previous),
        current=Decimal(current),
        dials=dials,
        multiplier=Decimal(multiplier),
        unit="ccf",
        previous_on=MARCH,
        current_on=APRIL,
    )


def test_ana_s_five_dials_roll_over_from_99950_to_00030_and_bill_80() -> None:
    row = pair(99_950 * MILLION, 30 * MILLION)
    assert (row["quantity"], row["rollover"], row["problem"]) == (80 * MILLION, True, None)
    said = explained("99950", "30")
    assert (said.quantity, said.rollover) == (Decimal(80), True)
    assert [step.words(str) for step in said.steps] == [
        "Read 99,950 on 2026-03-02, then 30 on 2026-04-01.",
        "5 dials: after 99,999 the register starts again at 0, so 100,000 + 30 − 99,950 = 80.",
        "Usage: 80 ccf.",
    ]


def test_a_register_that_shows_tenths_rolls_over_after_its_last_tenth() -> None:
    said = explained("99999.5", "0.7", multiplier="40")
    assert said.quantity == Decimal(48)
    assert "after 99,999.9 the register" in said.steps[1].words(str)
    assert said.steps[2].words(str) == "Usage: 1.2 × multiplier 40 = 48 ccf."
    assert pair(99_999_500_000, 700_000, multiplier=40 * MILLION)["quantity"] == 48 * MILLION


def test_fractional_units_are_exact() -> None:
    assert pair(1_000_000, 228_600_000)["quantity"] == 227_600_000
    assert pair(1_234_000, 2_000_000, multiplier=748_000)["quantity"] == 572_968  # 0.766 × 0.748


@pytest.mark.parametrize(
    ("previous", "current", "both", "problem"),
    [
        (50_000 * MILLION, 49_990 * MILLION, {}, "rollover_implausible"),
        (75_000 * MILLION, MILLION, {}, "rollover_implausible"),
        (10, 100_000 * MILLION, {}, "beyond_dials"),
        (-1, 5, {}, "beyond_dials"),
        (0, 1, {"multiplier": 1_500_000}, "too_fine"),
    ],
)
def test_what_cannot_be_true_or_exact_is_marked_and_carries_no_quantity(
    previous: int, current: int, both: dict[str, Any], problem: str
) -> None:
    row = pair(previous, current, **both)
    assert (row["quantity"], row["rollover"], row["problem"]) == (None, False, problem)
    assert problem in PROBLEMS


def test_exactly_a_quarter_of_the_dials_is_still_plausible() -> None:
    assert pair(75_000 * MILLION, 0)["quantity"] == 25_000 * MILLION
    frame = reads({"read_on": MARCH, "value": 75_000 * MILLION}, {"read_on": APRIL, "value": 0})
    assert derive_usage(frame, plausible_share=Fraction(1, 5))["problem"][0] == "rollover_implausible"


def test_a_swap_starts_a_new_chain_and_ben_pays_for_both_meters_only() -> None:
    frame = reads(
        {"read": 1, "read_on": MARCH, "value": 900 * MILLION, "break_before": True},
        {"read": 4, "read_on": APRIL, "value": 950 * MILLION},
        {"read": 3, "read_on": APRIL, "value": 2 * MILLION, "break_before": True, "multiplier": 40 * MILLION},
        {"read": 5, "read_on": MAY, "value": 3 * MILLION, "multiplier": 40 * MILLION},
        {"read": 6, "read_on": MAY, "value": 3 * MILLION, "register": 8, "break_before": True},
    )
    found = derive_usage(frame.reverse()).select("from_read", "to_read", "starts", "ends", "quantity").rows()
    assert found == [(1, 4, MARCH, APRIL, 50 * MILLION), (3, 5, APRIL, MAY, 40 * MILLION)]


def test_dials_that_change_without_a_new_chain_and_reads_of_one_day_are_marked() -> None:
    changed = reads({"read_on": MARCH, "value": 0}, {"read_on": APRIL, "value": MILLION, "dials": 6})
    assert derive_usage(changed)["problem"].to_list() == ["register_changed"]
    one_day = reads({"read_on": MARCH, "value": 0}, {"read_on": MARCH, "value": MILLION})
    assert derive_usage(one_day)["problem"].to_list() == ["no_days"]


def test_usage_is_labelled_estimated_by_its_closing_read() -> None:
    frame = reads(
        {"read_on": MARCH, "value": 0},
        {"read_on": APRIL, "value": MILLION, "estimated": True},
        {"read_on": MAY, "value": MILLION},
    )
    assert derive_usage(frame)["estimated"].to_list() == [True, False]


def test_numbers_beyond_the_columns_raise_instead_of_wrapping() -> None:
    with pytest.raises(OutOfRange, match=r"register 7: .* beyond 64 bits"):
        pair(0, 10**17, dials=12, multiplier=10**12)
    with pytest.raises(OutOfRange, match="13 dials"):
        pair(0, 1, dials=13)
    with pytest.raises(OutOfRange, match="multiplier 0"):
        pair(0, 1, multiplier=0)
    with pytest.raises(OutOfRange, match="share"):
        derive_usage(reads(), plausible_share=Fraction(3, 2))


def test_reads_in_another_shape_are_refused_and_none_at_all_give_none() -> None:
    frame = reads({"read_on": MARCH, "value": 0})
    with pytest.raises(WrongColumns, match="value is Float64"):
        derive_usage(frame.with_columns(pl.col("value").cast(pl.Float64)))
    with pytest.raises(WrongColumns, match="no value in 1 rows"):
        derive_usage(frame.with_columns(pl.lit(None, pl.Int64).alias("value")))
    with pytest.raises(WrongColumns, match="dials is missing"):
        derive_usage(frame.drop("dials"))
    assert derive_usage(reads()).rows() == [] == derive_usage(frame).rows()


def test_the_explanation_refuses_what_the_columns_mark() -> None:
    with pytest.raises(RolloverImplausible, match="99990"):
        explained("50000", "49990")
    with pytest.raises(BeyondDials):
        explained("0", "100000")
    with pytest.raises(WrongUnit):
        explained("0", "0.000001", multiplier="1.5")
    with pytest.raises(ValueError, match="positive"):
        explained("0", "1", multiplier="0")
    with pytest.raises(EmptyPeriod):
        explain_usage(
            previous=Decimal(0),
            current=Decimal(1),
            dials=5,
            multiplier=Decimal(1),
            unit="ccf",
            previous_on=APRIL,
            current_on=APRIL,
        )


def test_the_examples_in_the_docstrings_run() -> None:
    assert [doctest.testmod(module).failed for module in (explain, register, winter_average)] == [0, 0, 0]


def test_the_explanation_is_written_without_the_columns() -> None:
    tree = ast.parse(Path(explain.__file__).read_text())
    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert not {name for name in imported if name and name.endswith(("register", "winter_average", "columns"))}


@st.composite
def two_reads(draw: st.DrawFn) -> tuple[int, int, int, int]:
    dials = draw(st.integers(1, 10))  # more, times 748, is beyond 64 bits and raises
    shown = st.integers(0, 10**dials * MILLION - 1)
    tenth = shown.map(lambda value: value - value % 100_000)
    previous, current = draw(st.one_of(shown, tenth)), draw(st.one_of(shown, tenth))
    multiplier = draw(st.sampled_from([1, 10, 40, 748]).map(lambda m: m * MILLION) | st.integers(1, 2 * MILLION))
    return previous, current, dials, multiplier


@settings(max_examples=40, deadline=None)
@given(st.lists(two_reads(), min_size=1, max_size=40))
def test_columns_and_explanation_agree_to_the_last_digit(pairs: list[tuple[int, int, int, int]]) -> None:
    rows = []
    for number, (previous, current, dials, multiplier) in enumerate(pairs):
        same = {"register": number, "dials": dials, "multiplier": multiplier}
        rows += [same | {"read_on": MARCH, "value": previous}, same | {"read_on": APRIL, "value": current}]
    for found, (previous, current, dials, multiplier) in zip(
        derive_usage(reads(*rows)).rows(named=True), pairs, strict=True
    ):
        try:
            said = explain_usage(
                previous=unscaled(previous),
                current=unscaled(current),
                dials=dials,
                multiplier=unscaled(multiplier),
                unit="kWh",
                previous_on=MARCH,
                current_on=APRIL,
            )
        except (RolloverImplausible, WrongUnit) as refusal:
            wanted = "too_fine" if isinstance(refusal, WrongUnit) else "rollover_implausible"
            assert (found["quantity"], found["problem"]) == (None, wanted)
        else:
            assert found["problem"] is None
            assert Fraction(found["quantity"], MILLION) == Fraction(said.quantity)
            assert found["rollover"] == said.rollover
            assert all(step.words(str) for step in said.steps)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 99_999), st.lists(st.integers(0, 20_000), min_size=1, max_size=30))
def test_a_chain_that_rolls_over_again_and_again_bills_all_it_counted(start: int, used: list[int]) -> None:
    total, rows = start, [{"read_on": MARCH, "value": start * MILLION}]
    for n, units in enumerate(used, start=1):
        total += units
        rows.append({"read_on": MARCH + timedelta(days=30 * n), "value": total % 100_000 * MILLION})
    found = derive_usage(reads(*rows))
    assert found["quantity"].to_list() == [units * MILLION for units in used]
    assert found["ends"][:-1].to_list() == found["starts"][1:].to_list()
