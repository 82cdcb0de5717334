"""Estimated reads: the published formula, the order of methods, and two faces that must agree."""

import ast
import doctest
import json
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from meterbook.engine.columns import OutOfRange, WrongColumns
from meterbook.engine.metering.estimation import configure, explain, like_customers, methods
from meterbook.engine.metering.estimation.configure import Configured, parse
from meterbook.engine.metering.estimation.document import WrongPolicy
from meterbook.engine.metering.estimation.estimate import ESTIMABLE, ESTIMATES, EVIDENCE, PROBLEMS, estimate
from meterbook.engine.metering.estimation.explain import NoEstimate, explain_estimate, facts_of
from meterbook.engine.metering.register import READS, derive_usage
from meterbook.engine.metering.validation.context import CLASS_USAGES
from meterbook.engine.quantity import unscaled

MILLION = 10**6
POLICY = Path(__file__).parents[4] / "policies" / "alder-bend" / "read-estimation.yaml"


def document(**changes: Any) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(POLICY.read_text(encoding="utf-8"))
    return found | changes


CONFIGURED = parse(document())
PLAIN: dict[str, Any] = {
    "row": 1,
    "commodity": "water",
    "premise_class": "residential",
    "unit": "ccf",
    "dials": 5,
    "decimals": 0,
    "multiplier": MILLION,
    "estimates_in_row": 0,
    "previous_value": 100 * MILLION,
    "days": 30,
}


def rows(*changed: dict[str, Any]) -> pl.DataFrame:
    empty = dict.fromkeys([*ESTIMABLE, *EVIDENCE])
    listed = [empty | PLAIN | {"row": at} | one for at, one in enumerate(changed, start=1)]
    return pl.DataFrame(listed, schema={**ESTIMABLE, **EVIDENCE})


def one(configured: Configured = CONFIGURED, **changed: Any) -> dict[str, Any]:
    return estimate(rows(changed), configured).row(0, named=True)


def test_the_published_formula_keeps_two_decimals_truncates_and_adds_to_the_last_read() -> None:
    """31 in 60 days is 0.51666… a day, kept as 0.52; × 30 is 15.6; the register shows whole units: 15."""
    found = one(season_quantity=31 * MILLION, season_days=60)
    assert (found["quantity"], found["value"], found["method"]) == (
        15 * MILLION,
        115 * MILLION,
        "same_period_last_year",
    )
    assert one(season_quantity=31 * MILLION, season_days=60, decimals=1)["quantity"] == 15_600_000
    assert (
        one(season_quantity=31 * MILLION, season_days=60, multiplier=40 * MILLION, decimals=1)["quantity"]
        == 12 * MILLION
    )
    exactly_half = one(season_quantity=205_000, season_days=41, decimals=6)
    assert exactly_half["quantity"] == 300_000  # 0.005 a day, half up: 0.01 × 30


def test_an_estimate_passes_zero_where_the_dials_end() -> None:
    found = one(previous_value=99_990 * MILLION, season_quantity=31 * MILLION, season_days=60)
    assert (found["quantity"], found["value"]) == (15 * MILLION, 5 * MILLION)


def test_the_first_method_with_enough_evidence_is_taken_and_each_is_found_by_being_there() -> None:
    assert methods.names() == ("annual_mean", "class_average", "prior_period", "same_period_last_year", "trend")
    evidence = {
        "season_quantity": 30 * MILLION, "season_days": 60, "prior_quantity": 60 * MILLION, "prior_days": 30,
        "class_daily": 3 * MILLION, "class_this_year": 3 * MILLION, "class_last_year": 2 * MILLION,
        "year_quantity": 395 * MILLION, "year_days": 395,
    }  # fmt: skip
    wanted = {"same_period_last_year": 15, "prior_period": 60, "class_average": 90, "annual_mean": 30}
    for name, quantity in wanted.items():
        only = parse(document(order=[name], overrides=[{"for": {"class": "none"}, "minimum_days": 1}]))
        assert (one(only, **evidence)["method"], one(only, **evidence)["quantity"]) == (name, quantity * MILLION)
    only = parse(document(order=["trend"]))
    assert one(only, **evidence, decimals=1)["quantity"] == 22_500_000  # 0.5 a day × 3 ÷ 2 = 0.75
    assert one(only, **{**evidence, "class_this_year": 5 * MILLION})["problem"] == "no_evidence"  # beyond the limits
    assert one(**{**evidence, "season_days": 19})["method"] == "prior_period"
    assert one(**{**evidence, "season_days": None, "prior_days": None})["method"] == "class_average"
    assert one(**evidence, premise_class="irrigation")["method"] == "trend"  # the override's order


def test_confidence_falls_with_estimates_in_a_row_and_short_evidence_and_the_limit_is_said() -> None:
    year = {"season_quantity": 30 * MILLION, "season_days": 60}
    assert [one(**year, estimates_in_row=n)["confidence"] for n in (0, 1, 2, 9)] == [80, 70, 60, 10]
    assert one(season_quantity=30 * MILLION, season_days=25)["confidence"] == 70
    assert one(class_daily=MILLION)["confidence"] == 40
    assert [one(**year, estimates_in_row=n)["limit_reached"] for n in (0, 1, 2, 3)] == [False, False, True, True]
    assert one(**year, estimates_in_row=2)["in_row"] == 3


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"previous_value": None}, "no_last_read"),
        ({"previous_value": 100_000 * MILLION}, "no_last_read"),
        ({"days": None}, "no_days"),
        ({"days": 0}, "no_days"),
        ({"season_quantity": None}, "no_evidence"),
        ({"season_quantity": -1}, "no_evidence"),
        ({"season_quantity": 10**13}, "too_much"),
        ({"previous_value": 99_999 * MILLION, "season_quantity": 60_000 * MILLION}, "too_much"),
        ({"decimals": 6, "multiplier": 1_500_000, "days": 31}, "too_fine"),
    ],
)
def test_where_no_estimate_can_be_made_both_faces_say_why(changed: dict[str, Any], problem: str) -> None:
    given_row = PLAIN | {"season_quantity": 30 * MILLION, "season_days": 60} | changed
    found = one(**given_row)
    assert found["problem"] == problem and problem in PROBLEMS
    assert {found[name] for name in ESTIMATES if name not in ("row", "problem")} == {None}
    with pytest.raises(NoEstimate) as refusal:
        explain_estimate(as_facts(given_row), CONFIGURED)
    assert refusal.value.problem == problem


def test_the_words_of_a_stored_estimate() -> None:
    found = one(season_quantity=5 * MILLION, season_days=10, prior_quantity=31 * MILLION, prior_days=25,
                multiplier=10 * MILLION, estimates_in_row=2)  # fmt: skip
    assert json.loads(found["inputs"])["prior_quantity"] == "31"
    said = explain_estimate(facts_of(found["inputs"]), CONFIGURED)
    assert (said.quantity, said.value, said.confidence) == (Decimal(30), Decimal(103), 40)
    assert [step.words(str) for step in said.steps] == [
        "Same period last year: not enough usage on record.",
        "Estimated by: The period before.",
        "The period before: 31 ccf in 25 days.",
        "Average daily usage 1.24 ccf, rounded half up to 2 decimals.",
        "1.24 × 30 days ÷ multiplier 10 = 3, truncated to the 0 decimals the register shows.",
        "Last read 100 + 3 = 103.",
        "Estimated usage: 30 ccf.",
        "Estimates in a row before this one: 2; it is less sure.",
        "The evidence covers 25 days and 30 are estimated; it is less sure.",
        "Confidence: 40 percent.",
        "3 estimates in a row is the limit: the meter must be read.",
    ]


def test_the_frame_must_be_of_the_contract() -> None:
    with pytest.raises(WrongColumns, match="dials is missing"):
        estimate(rows({}).drop("dials"), CONFIGURED)
    with pytest.raises(WrongColumns, match="season_quantity is Float64"):
        estimate(rows({}).with_columns(pl.lit(0.5).alias("season_quantity")), CONFIGURED)
    with pytest.raises(WrongColumns, match="two rows"):
        estimate(rows({"row": 1}, {"row": 1}), CONFIGURED)
    with pytest.raises(OutOfRange, match="row 1"):
        one(dials=13)
    with pytest.raises(OutOfRange, match="row 1"):
        one(season_quantity=10**16)
    assert estimate(rows(), CONFIGURED).schema == ESTIMATES
    bare = estimate(
        rows({"class_daily": MILLION}).select(*ESTIMABLE, "previous_value", "days", "class_daily"), CONFIGURED
    )
    assert bare["method"].to_list() == ["class_average"]


def test_everything_wrong_with_the_document_is_named() -> None:
    wrong = document(
        policy="read-validation",
        citation="",
        order=["trend", "trend", "guess"],
        consecutive_limit=0,
        adu_decimals="two",
        confidence={"trend": 101, "same_period_last_year": True},
        trend={"low": 0.5, "higher": "2"},
        overrides=[{"for": {"size": "1"}, "order": ["annual_mean"]}, {"order": []}],
        fill={"linear_minutes": 120, "window_days": 0},
        extra=1,
    )
    del wrong["effective"]
    with pytest.raises(WrongPolicy) as refusal:
        parse(wrong)
    assert {(one.path, one.expected) for one in refusal.value.problems} >= {
        ("policy", "one of read-estimation"),
        ("citation", "text"),
        ("effective", "the key 'effective'"),
        ("order[1]", "each method once"),
        ("order[2]", "one of annual_mean, class_average, prior_period, same_period_last_year, trend"),
        ("consecutive_limit", "a whole number from 1 to 24"),
        ("adu_decimals", "a whole number from 0 to 6"),
        ("confidence.trend", "a whole number from 0 to 100"),
        ("confidence.same_period_last_year", "a whole number from 0 to 100"),
        ("trend.low", "a number from 0.01 to 1, in quotes"),
        ("trend.higher", "one of low, high"),
        ("overrides[0].for", "a commodity, a class, or both"),
        ("overrides[0].confidence.annual_mean", "a percentage, for it stands in the order"),
        ("overrides[1].for", "the key 'for'"),
        ("overrides[1].order", "a list"),
        ("fill.window_days", "a whole number from 1 to 366"),
        ("fill.least_days", "the key 'least_days'"),
    }


def test_the_trend_is_that_of_like_customers_read_in_both_years() -> None:
    def usage(register: int, year: int, month: int, quantity: int, *, estimated: bool = False) -> dict[str, Any]:
        starts, ends = date(year, month, 1), date(year, month + 1, 1)
        kind = {"commodity": "water", "size": "5/8", "premise_class": "residential", "channel": "delivered"}
        return kind | {"register": register, "starts": starts, "ends": ends, "quantity": quantity * MILLION,
                       "estimated": estimated}  # fmt: skip

    known = [usage(n, year, 6, days) for n in range(1, 6) for year, days in ((2025, 30), (2026, 60))]
    known += [usage(6, 2026, 6, 9000), usage(7, 2025, 6, 30, estimated=True), usage(7, 2026, 6, 9000)]
    years = like_customers.class_years(pl.DataFrame(known, schema=dict(CLASS_USAGES)))
    assert years.select("month", "class_this_year", "class_last_year", "registers").rows() == [
        (date(2026, 6, 1), 2 * MILLION, MILLION, 5)
    ]
    candidates = pl.DataFrame(
        {
            "row": [1, 2, 3], "register": [9, 9, 9], "commodity": "water", "size": "5/8",
            "premise_class": "residential", "channel": "delivered",
            "previous_on": [date(2026, 6, 2), date(2026, 7, 2), date(2026, 8, 2)],
            "read_on": [date(2026, 7, 2), date(2026, 8, 2), date(2026, 9, 2)],
        }
    )  # fmt: skip
    found = like_customers.with_class_years(candidates, years)
    assert found["class_this_year"].to_list() == [2 * MILLION, 2 * MILLION, None]
    assert found["class_last_year"].to_list() == [MILLION, MILLION, None]


def test_the_examples_run_and_no_explanation_sees_the_columns() -> None:
    assert doctest.testmod(configure).failed == 0
    folder = Path(explain.__file__).parent
    for file in [folder / "explain.py", *folder.glob("methods/*/explain.py")]:
        imported = {n.module or "" for n in ast.walk(ast.parse(file.read_text())) if isinstance(n, ast.ImportFrom)}
        assert not {name for name in imported if name.endswith((".estimate", "columns", "register"))}, file


def as_facts(row: dict[str, Any]) -> explain.Facts:
    texts = {"commodity", "premise_class", "unit"}
    plain = {"dials", "decimals", "days", "season_days", "prior_days", "year_days", "estimates_in_row", "row"}
    return {
        name: value if name in texts else Decimal(value) if name in plain else unscaled(value)
        for name, value in row.items()
        if value is not None
    }


def maybe(values: st.SearchStrategy[int]) -> st.SearchStrategy[int | None]:
    return st.none() | values


@st.composite
def registers(draw: st.DrawFn) -> dict[str, Any]:
    dials, decimals = draw(st.integers(1, 9)), draw(st.integers(0, 6))
    quantity = st.integers(0, 10**6).map(lambda n: n * 10**4) | st.integers(0, 10**12)
    return {
        "commodity": draw(st.sampled_from(["water", "electricity"])),
        "premise_class": draw(st.sampled_from(["residential", "commercial", "irrigation"])),
        "unit": "ccf",
        "dials": dials,
        "decimals": decimals,
        "multiplier": draw(st.sampled_from([MILLION, 40 * MILLION, 748_000]) | st.integers(1, 10**9)),
        "estimates_in_row": draw(st.integers(0, 5)),
        "previous_value": draw(maybe(st.integers(0, 10**dials - 1).map(lambda n: n * MILLION))),
        "days": draw(maybe(st.integers(0, 120))),
        **{f"{name}_quantity": draw(maybe(quantity)) for name in ("season", "prior", "year")},
        **{f"{name}_days": draw(maybe(st.integers(0, 400))) for name in ("season", "prior", "year")},
        **{f"class_{name}": draw(maybe(st.integers(0, 10**8))) for name in ("daily", "this_year", "last_year")},
    }


@settings(max_examples=60, deadline=None)
@given(st.lists(registers(), min_size=1, max_size=30))
def test_columns_and_explanation_agree_to_the_last_digit(given_rows: list[dict[str, Any]]) -> None:
    frame = estimate(rows(*given_rows), CONFIGURED)
    for found, row in zip(frame.rows(named=True), given_rows, strict=True):
        try:
            said = explain_estimate(as_facts(row), CONFIGURED)
        except NoEstimate as refusal:
            assert found["problem"] == refusal.problem
            continue
        assert found["problem"] is None
        assert (unscaled(found["quantity"]), unscaled(found["value"])) == (said.quantity, said.value)
        assert (found["method"], found["confidence"]) == (said.method, said.confidence)
        assert explain_estimate(facts_of(found["inputs"]), CONFIGURED) == said
        assert all(step.words(str) for step in said.steps)


@settings(max_examples=40, deadline=None)
@given(st.lists(registers(), min_size=1, max_size=30))
def test_usage_derived_from_an_estimated_read_is_what_was_estimated(given_rows: list[dict[str, Any]]) -> None:
    found = estimate(rows(*given_rows), CONFIGURED).filter(pl.col("problem").is_null())
    reads = []
    for row in found.rows(named=True):
        meter = given_rows[row["row"] - 1]
        same = {
            "register": row["row"],
            "dials": meter["dials"],
            "multiplier": meter["multiplier"],
            "break_before": False,
        }
        reads.append(
            same | {"read": 1, "read_on": date(2026, 3, 2), "value": meter["previous_value"], "estimated": False}
        )
        reads.append(same | {"read": 2, "read_on": date(2026, 4, 1), "value": row["value"], "estimated": True})
    derived = derive_usage(pl.DataFrame(reads, schema=dict(READS)))
    assert derived["problem"].null_count() == derived.height
    assert derived["quantity"].to_list() == found["quantity"].to_list()


def test_the_faces_share_no_rounding_by_accident() -> None:
    """A quotient that binary fractions would get wrong: 0.145 a day is half up 0.15, on both faces."""
    found = one(season_quantity=2_900_000, season_days=20, decimals=2)
    said = explain_estimate(facts_of(found["inputs"]), CONFIGURED)
    assert (found["quantity"], said.quantity) == (4_500_000, Decimal("4.5"))
    assert Fraction(29, 200) * 30 != Fraction(9, 2)
