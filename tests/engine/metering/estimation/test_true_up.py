"""True-up: spread again, conserved to the last step, never below nothing, and two faces that agree."""

import ast
import doctest
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meterbook.engine.columns import OutOfRange, WrongColumns
from meterbook.engine.metering.estimation import apportion, explain_true_up
from meterbook.engine.metering.estimation.apportion import apportioned
from meterbook.engine.metering.estimation.explain_true_up import ShownRead
from meterbook.engine.metering.estimation.true_up import CHAIN, TRUE_UPS, true_up
from meterbook.engine.metering.explain import BeyondDials, RolloverImplausible
from meterbook.engine.quantity import WrongUnit, unscaled

MILLION = 10**6
START = date(2026, 1, 1)


def chain(*rows: dict[str, Any]) -> pl.DataFrame:
    plain = {"register": 7, "dials": 5, "decimals": 0, "multiplier": MILLION, "estimated": False, "break_before": False}
    return pl.DataFrame([plain | {"read": n} | row for n, row in enumerate(rows, start=1)], schema=dict(CHAIN))


def shown(*values: str, every: int = 30, **both: Any) -> pl.DataFrame:
    """Reads every thirty days; a ``?`` after the value marks an estimate."""
    rows = [
        {
            "read_on": START + timedelta(days=every * n),
            "value": int(Decimal(text.rstrip("?")) * MILLION),
            "estimated": text.endswith("?"),
        }
        for n, text in enumerate(values)
    ]
    return chain(*(row | both for row in rows))


def units(frame: pl.DataFrame, name: str) -> list[Decimal]:
    return [unscaled(value) for value in frame[name]]


def test_what_the_register_counted_is_spread_as_it_was_estimated() -> None:
    found = true_up(shown("100", "110?", "130?", "145"))
    assert units(found, "was") == [10, 20, 15]
    assert units(found, "becomes") == [10, 20, 15]  # 45 by 10 : 20 : 15
    found = true_up(shown("100", "110?", "130?", "190"))
    assert units(found, "becomes") == [20, 40, 30]
    assert units(found, "difference") == [10, 20, -30]
    assert units(found, "value") == [120, 160, 190]
    assert found["stretch"].to_list() == [4, 4, 4]
    assert found["estimated"].to_list() == [True, True, False]


def test_an_estimate_that_was_too_high_is_spread_downwards_and_never_below_nothing() -> None:
    """The read is below the last estimate and above the last actual read."""
    found = true_up(shown("100", "120?", "140?", "130"))
    assert units(found, "was") == [20, 20, -10]
    assert units(found, "becomes") == [10, 10, 10]
    assert sum(found["difference"]) == 0
    assert units(true_up(shown("100", "120?", "140?", "100")), "becomes") == [0, 0, 0]


def test_steps_that_do_not_divide_go_to_the_largest_remainders() -> None:
    found = true_up(shown("0", "1?", "2?", "10"))
    assert units(found, "becomes") == [4, 3, 3]
    assert units(true_up(shown("0", "1?", "2?", "10", decimals=1)), "becomes") == [
        Decimal("3.4"),
        Decimal("3.3"),
        Decimal("3.3"),
    ]
    off_step = true_up(shown("0", "0.5?", "1?", "10"))  # a half on a register of whole units: spread by millionths
    assert off_step["becomes"].to_list() == [3_333_334, 3_333_333, 3_333_333]


def test_where_nothing_was_estimated_days_decide() -> None:
    rows = [{"read_on": START, "value": 0}, {"read_on": START + timedelta(10), "value": 0, "estimated": True},
            {"read_on": START + timedelta(40), "value": 20 * MILLION}]  # fmt: skip
    assert units(true_up(chain(*rows)), "becomes") == [5, 15]


def test_a_rollover_within_the_stretch_and_a_multiplier() -> None:
    found = true_up(shown("99980", "99990?", "0?", "10", multiplier=40 * MILLION))
    assert units(found, "becomes") == [400, 400, 400]
    assert units(found, "value") == [99990, 0, 10]
    assert found["rollover"].to_list() == [False, True, False]
    high = true_up(shown("99950", "99980?", "10?", "99990"))  # the estimate passed 0, the register did not
    assert units(high, "was") == [30, 30, -20]
    assert units(high, "becomes") == [14, 13, 13]
    assert units(high, "value") == [99964, 99977, 99990]


def test_an_exchange_breaks_the_stretch_and_open_estimates_stand() -> None:
    rows = [
        {"read_on": START, "value": 0, "break_before": True},
        {"read_on": START + timedelta(30), "value": 10 * MILLION, "estimated": True},
        {"read_on": START + timedelta(40), "value": 20 * MILLION},
        {"read_on": START + timedelta(40), "value": 0, "estimated": True, "break_before": True},
        {"read_on": START + timedelta(60), "value": 5 * MILLION, "estimated": True},
    ]
    found = true_up(chain(*rows))
    assert found.select("to_read", "becomes").rows() == [(2, 15 * MILLION), (3, 5 * MILLION)]
    later = true_up(chain(*rows, {"read_on": START + timedelta(80), "value": 30 * MILLION}))
    assert units(later, "becomes") == [15, 5, 15, 15]
    assert true_up(chain(*rows[:2])).schema == TRUE_UPS
    assert true_up(chain(*rows[3:])).is_empty()


@pytest.mark.parametrize(
    ("frame", "problem"),
    [
        (shown("100", "120?", "90"), "rollover_implausible"),
        (shown("100", "120?", "100000"), "beyond_dials"),
        (shown("100", "110?", "120", every=0), "no_days"),
        (shown("1", "2?", "3", decimals=6, multiplier=1_500_000), "too_fine"),
        (chain({"read_on": START, "value": 0}, {"read_on": START + timedelta(1), "value": 0, "estimated": True},
               {"read_on": START + timedelta(2), "value": 0, "dials": 6}), "register_changed"),
    ],
)  # fmt: skip
def test_a_stretch_that_cannot_be_is_marked_and_not_spread(frame: pl.DataFrame, problem: str) -> None:
    found = true_up(frame)
    assert set(found["problem"]) == {problem}
    assert found["becomes"].null_count() == found.height > 0


def test_apportioning_refuses_what_it_cannot_share() -> None:
    parts = pl.DataFrame({"g": [1, 1], "n": [1, 2], "whole": [10, 10], "w": [0, 0]})
    assert apportioned(parts, group="g", order="n", total="whole", weight="w")["share"].to_list() == [5, 5]
    with pytest.raises(WrongColumns, match="below 0"):
        apportioned(parts.with_columns(w=-1), group="g", order="n", total="whole", weight="w")
    with pytest.raises(WrongColumns, match="differs"):
        apportioned(parts.with_columns(whole=pl.col("n")), group="g", order="n", total="whole", weight="w")
    with pytest.raises(OutOfRange, match="128 bits"):
        wide = parts.with_columns(whole=pl.lit(2**62), w=pl.lit(2**70, dtype=pl.Int128))
        apportioned(wide, group="g", order="n", total="whole", weight="w")


def test_the_words() -> None:
    said = explain_true_up.explain_true_up(
        [
            ShownRead(date(2026, 1, 1), Decimal(99980), False),
            ShownRead(date(2026, 2, 1), Decimal(0), True),
            ShownRead(date(2026, 3, 1), Decimal(10), False),
        ],
        dials=5,
        decimals=0,
        multiplier=Decimal(10),
        unit="kWh",
    )
    assert [step.words(str) for step in said.steps] == [
        "Read 99,980 on 2026-01-01, then 10 on 2026-03-01: 300 kWh in all.",
        "The 5 dials passed 0 in between.",
        "It is spread in proportion to what was estimated; the last period, which was not, at the same usage a day.",
        "2026-01-01 to 2026-01-31: was 200 kWh, becomes 160 kWh, difference -40.",
        "2026-02-01 to 2026-02-28: was 100 kWh, becomes 140 kWh, difference +40.",
    ]
    with pytest.raises(ValueError, match="an actual read"):
        explain_true_up.explain_true_up([], dials=5, decimals=0, multiplier=Decimal(1), unit="kWh")


def test_the_examples_run_and_the_explanation_sees_no_columns() -> None:
    assert [doctest.testmod(module).failed for module in (apportion, explain_true_up)] == [0, 0]
    tree = ast.parse(Path(explain_true_up.__file__).read_text())
    imported = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert not {name for name in imported if name.endswith((".true_up", "columns", "register", "apportion"))}


@st.composite
def stretches(draw: st.DrawFn) -> dict[str, Any]:
    dials, decimals = draw(st.integers(1, 9)), draw(st.integers(0, 3))
    step = 10 ** (6 - decimals)
    whole = 10**dials * MILLION
    first = draw(st.integers(0, 10**dials * 10**decimals - 1)) * step
    near = st.integers(-50, 400).map(lambda n: (first + n * MILLION) % whole)
    anywhere = st.integers(0, 10**dials - 1).map(lambda n: n * MILLION)
    values = [first, *draw(st.lists(near | anywhere, min_size=2, max_size=6))]
    days = [0]
    for _ in values[1:]:
        days.append(days[-1] + draw(st.integers(1, 70)))
    multiplier = draw(st.sampled_from([1, 10, 40, 748]).map(lambda m: m * MILLION) | st.integers(1, 2 * MILLION))
    return {"dials": dials, "decimals": decimals, "values": values, "days": days, "multiplier": multiplier}


@settings(max_examples=80, deadline=None)
@given(st.lists(stretches(), min_size=1, max_size=15))
def test_columns_and_explanation_agree_and_conserve(some: list[dict[str, Any]]) -> None:
    rows = []
    for register, one in enumerate(some):
        for n, (day, value) in enumerate(zip(one["days"], one["values"], strict=True)):
            rows.append(
                {"register": register, "read": n, "read_on": START + timedelta(day), "value": value,
                 "dials": one["dials"], "decimals": one["decimals"], "multiplier": one["multiplier"],
                 "estimated": 0 < n < len(one["values"]) - 1}
            )  # fmt: skip
    found = true_up(chain(*rows))
    for register, one in enumerate(some):
        mine = found.filter(pl.col("register") == register)
        reads = [
            ShownRead(START + timedelta(day), unscaled(value), 0 < n < len(one["values"]) - 1)
            for n, (day, value) in enumerate(zip(one["days"], one["values"], strict=True))
        ]
        try:
            said = explain_true_up.explain_true_up(
                reads, dials=one["dials"], decimals=one["decimals"], multiplier=unscaled(one["multiplier"]), unit="kWh"
            )
        except (RolloverImplausible, BeyondDials, WrongUnit) as refusal:
            wanted = {RolloverImplausible: "rollover_implausible", BeyondDials: "beyond_dials", WrongUnit: "too_fine"}
            assert set(mine["problem"]) == {wanted[type(refusal)]}
            continue
        assert mine["problem"].null_count() == mine.height
        for name in ("was", "becomes", "value", "difference"):
            assert units(mine, name) == [getattr(period, name) for period in said.periods]
        assert mine["becomes"].min() >= 0  # type: ignore[operator]
        assert mine["becomes"].sum() == mine["was"].sum() == int(said.total * MILLION)
        assert mine["difference"].sum() == 0
        assert mine["value"][-1] == one["values"][-1]
        assert all(step.words(str) for step in said.steps)
