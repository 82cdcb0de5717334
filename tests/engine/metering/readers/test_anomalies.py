"""Statistics of readers and routes: what stands out does, what is usual does not, and the arithmetic is exact."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from meterbook.engine.columns import WrongColumns
from meterbook.engine.metering.estimation.document import WrongPolicy
from meterbook.engine.metering.readers import measures
from meterbook.engine.metering.readers.anomalies import ANOMALIES, READS, anomalies, words
from meterbook.engine.metering.readers.chance import CRITICAL, against_one_in, against_others, against_tenths
from meterbook.engine.metering.readers.configure import parse
from meterbook.engine.metering.readers.contract import Settings

MILLION = 10**6
POLICY = Path(__file__).parents[4] / "policies" / "alder-bend" / "reader-statistics.yaml"
DOCUMENT: dict[str, Any] = yaml.safe_load(POLICY.read_text(encoding="utf-8"))
CONFIGURED = parse(DOCUMENT)
MORNING = datetime(2026, 6, 1, 15, tzinfo=UTC)
LOOSE = Settings(Decimal("0.001"), 1, 1, Decimal(6), 10, Decimal("0.05"))

Row = dict[str, Any]


def crew(change: Callable[[int, Row], Row] = lambda n, row: row, *, seed: int = 7, each: int = 200) -> pl.DataFrame:
    """Five readers on two routes each, ``each`` reads a route, honest; ``change`` alters those of Dee on route 8."""
    chance = random.Random(seed)
    rows: list[Row] = []
    for number, reader in enumerate(("Ana", "Ben", "Cal", "Dee", "Eli")):
        for route in (2 * number + 1, 2 * number + 2):
            at = MORNING + timedelta(days=route)
            for n in range(each):
                at += timedelta(seconds=chance.randint(30, 240))
                row = {
                    "register": len(rows), "reader": reader, "route": route, "sequence": n, "read_at": at,
                    "decimals": 0, "value": chance.randint(0, 99_999) * MILLION,
                    "quantity": chance.randint(1, 60) * MILLION, "prior_quantity": chance.randint(1, 60) * MILLION,
                    "estimated": chance.random() < 0.02, "no_access": chance.random() < 0.02,
                    "corrected": chance.random() < 0.02,
                }  # fmt: skip
                rows.append(change(n, row) if route == 8 else row)
    return pl.DataFrame(rows, schema=dict(READS))


def test_an_honest_crew_raises_nothing() -> None:
    assert anomalies(crew(), CONFIGURED).is_empty()
    assert anomalies(crew().clear(), CONFIGURED).schema == ANOMALIES


@pytest.mark.parametrize(
    ("measure", "change"),
    [
        ("last_digits", lambda n, row: {"value": (row["value"] // (10 * MILLION) * 10 + (3, 7)[n % 2]) * MILLION}),
        ("round_tens", lambda n, row: {"value": row["value"] // (10 * MILLION) * 10 * MILLION} if n % 3 else {}),
        ("pace", lambda n, row: {"read_at": MORNING + timedelta(seconds=6 * n)}),
        ("one_instant", lambda n, row: {"read_at": MORNING + timedelta(minutes=n // 2)}),
        ("same_usage", lambda n, row: {"quantity": row["prior_quantity"]} if n % 4 == 0 else {}),
        ("estimates", lambda n, row: {"estimated": n % 5 == 0}),
        ("no_access", lambda n, row: {"no_access": n % 5 == 0}),
        ("corrections", lambda n, row: {"corrected": n % 5 == 0}),
    ],
)
def test_each_pattern_is_found_where_it_is_and_nowhere_else(measure: str, change: Callable[[int, Row], Row]) -> None:
    found = anomalies(crew(lambda n, row: row | change(n, row)), CONFIGURED)
    mine = found.filter(pl.col("measure") == measure)
    assert mine.filter(pl.col("route") == 8).height == 1
    assert set(found["reader"]) == {"Dee"}
    assert set(found["route"]) <= {8, None}
    strongest = mine.row(0, named=True)
    assert strongest["strength"] >= 100 and strongest["found"] > strongest["expected"]
    sentence, caution = words(strongest)
    assert str(strongest["n"]) in sentence.words(str).replace(",", "")
    assert "not about a person" in caution.words(str)


def test_hundreds_need_many_reads_to_say_anything() -> None:
    def change(n: int, row: Row) -> Row:
        return row | {"value": row["value"] // (100 * MILLION) * 100 * MILLION} if n % 4 == 0 else row

    few = anomalies(crew(change), CONFIGURED)
    assert "round_hundreds" not in few.filter(pl.col("route") == 8)["measure"].to_list()  # 2 would be expected
    many = anomalies(crew(change, each=600), CONFIGURED)
    assert "round_hundreds" in many.filter(pl.col("route") == 8)["measure"].to_list()


def test_registers_that_stand_still_and_compound_meters_are_no_pattern() -> None:
    still = crew(lambda n, row: row | {"quantity": 0, "prior_quantity": 0, "value": 70_007 * MILLION})
    assert anomalies(still, CONFIGURED).is_empty()
    compound = crew(lambda n, row: row | {"sequence": n // 2, "read_at": MORNING + timedelta(minutes=n // 2)})
    assert "one_instant" not in anomalies(compound, CONFIGURED)["measure"].to_list()


def test_the_digit_looked_at_is_the_last_the_register_shows() -> None:
    def tenths(n: int, row: Row) -> Row:
        return row | {"decimals": 1, "value": row["value"] + (n % 10) * 100_000}

    assert anomalies(crew(tenths), CONFIGURED).is_empty()
    fixed = anomalies(crew(lambda n, row: tenths(n, row) | {"value": row["value"]}), CONFIGURED)
    assert {"last_digits", "round_tens"} <= set(fixed["measure"])


def test_the_words_of_a_row() -> None:
    row = {"measure": "last_digits", "found": 305_500, "expected": 100_000, "n": 1234}
    assert words(row)[0].words(str) == (
        "Of 1,234 reads 30.6 percent end in the same digit; about 10 percent would by chance."
    )
    row = {"measure": "pace", "found": 10_050_000, "expected": 6_000_000, "n": 200}
    assert words(row)[0].words(str) == (
        "At the fastest 10.1 stops a minute were read, where 6 is already quick; 200 reads in all."
    )


def grouped(hits: list[bool], *, reader: str = "Dee") -> pl.DataFrame:
    return pl.DataFrame(
        {"reader": reader, "route": 8, "hit": hits, "whole": True}, schema_overrides={"route": pl.Int64}
    )


def test_a_hand_worked_table() -> None:
    """20 of 100 here, 30 of 900 elsewhere: χ² = 1000 (20×1000 − 100×50)² ÷ (100 × 900 × 50 × 950) = 52.63…"""
    marked = pl.concat([grouped([True] * 20 + [False] * 80), grouped([True] * 30 + [False] * 870, reader="Eli")])
    row = against_others(marked, LOOSE).filter(pl.col("reader") == "Dee").row(0, named=True)
    assert (row["found"], row["expected"], row["n"]) == (200_000, 33_333, 100)
    assert row["strength"] == 486  # 52.631… ÷ 10.828
    assert against_others(marked, LOOSE).filter(pl.col("reader") == "Eli")["strength"].to_list() == [0]
    digits = pl.DataFrame({"reader": "Dee", "route": 8, "digit": [0] * 30 + list(range(1, 10)) * 10})
    row = against_tenths(digits, LOOSE).row(0, named=True)  # (10 × 1800 − 120²) ÷ 120 = 30
    assert (row["found"], row["strength"]) == (250_000, 107)  # ÷ 27.877


@settings(max_examples=60, deadline=None)
@given(st.lists(st.booleans(), min_size=30, max_size=120), st.lists(st.booleans(), min_size=30, max_size=120))
def test_the_columns_compute_chi_square_exactly(here: list[bool], there: list[bool]) -> None:
    n, x, whole, hits = len(here), sum(here), len(here) + len(there), sum(here) + sum(there)
    critical = Fraction(CRITICAL[LOOSE.significance][1], 1000)
    found = against_others(pl.concat([grouped(here), grouped(there, reader="Eli")]), LOOSE)
    mine = found.filter(pl.col("reader") == "Dee")["strength"].to_list()
    expected = [Fraction(a * b, whole) for a in (n, whole - n) for b in (hits, whole - hits)]
    if min(expected) < LOOSE.least_expected:
        assert mine == []
    else:
        seen = [x, n - x, hits - x, whole - n - hits + x]
        cells = [expected[0], expected[1], expected[2], expected[3]]
        statistic = sum(((o - e) ** 2 / e for o, e in zip(seen, cells, strict=True)), Fraction(0))
        wanted = statistic * 100 // critical if Fraction(x, n) > Fraction(hits, whole) else 0
        assert mine == [wanted]
    one = against_one_in(grouped(here), 10, LOOSE)["strength"].to_list()
    expects = Fraction(n, 10)
    wanted = ((x - expects) ** 2 / expects + (x - expects) ** 2 / (n - expects)) * 100 // critical if x > expects else 0
    assert one == [wanted]


def test_everything_wrong_with_the_document_is_named() -> None:
    wrong = DOCUMENT | {"measures": ["guilt"], "significance": 0.001, "pace": {"reads_a_minute": 0.5}, "least_reads": 0}
    with pytest.raises(WrongPolicy) as refusal:
        parse(wrong)
    assert {one.path for one in refusal.value.problems} == {
        "measures[0]", "significance", "pace.window_minutes", "pace.reads_a_minute", "least_reads"
    }  # fmt: skip
    with pytest.raises(WrongPolicy, match="one_instant: found nothing"):
        parse({key: value for key, value in DOCUMENT.items() if key != "one_instant"})
    assert set(CONFIGURED.measures) == set(measures.names())


def test_another_shape_is_refused_and_what_nobody_knows_may_be_left_out() -> None:
    with pytest.raises(WrongColumns, match="reader is missing"):
        anomalies(crew().drop("reader"), CONFIGURED)
    with pytest.raises(WrongColumns, match="quantity is Float64"):
        anomalies(crew().with_columns(quantity=pl.lit(1.5)), CONFIGURED)
    bare = crew(lambda n, row: row | {"estimated": n % 5 == 0})
    bare = bare.select("register", "reader", "route", "decimals", "estimated", "no_access", "corrected")
    assert set(anomalies(bare, CONFIGURED)["measure"]) == {"estimates"}
