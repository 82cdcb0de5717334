"""All rules together: what must hold whatever the reads are."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engine.metering.validation.rows import MILLIONTHS, days, reads

from meterbook.engine.columns import WrongColumns
from meterbook.engine.metering.validation import rules
from meterbook.engine.metering.validation.configure import parse
from meterbook.engine.metering.validation.contract import (
    FINDINGS,
    INTERVALS_NEEDED,
    INTERVALS_OPTIONAL,
    READS_NEEDED,
    READS_OPTIONAL,
)
from meterbook.engine.metering.validation.figures import words
from meterbook.engine.metering.validation.run import run

POLICY = Path(__file__).resolve().parents[4] / "policies/alder-bend/read-validation.yaml"
CITY = parse(yaml.safe_load(POLICY.read_text(encoding="utf-8")))

amounts = st.integers(0, 4000).map(str)
shown = st.integers(0, 12_000).map(str)
often = st.booleans
maybe = st.none() | amounts
a_read = st.fixed_dictionaries(
    {"read": shown, "previous": st.none() | shown},
    optional={
        "season": amounts, "year": amounts, "prior": amounts, "low_daily": amounts, "high_daily": amounts,
        "class_daily": amounts, "class_prior_daily": amounts, "occupied": often(), "served": often(),
        "locked": often(), "previous_estimated": often(), "zero_streak": st.integers(0, 14),
        "channel": st.sampled_from(["delivered", "received"]), "on_record": shown, "register_sum": amounts,
        "interval_gaps": st.integers(0, 2), "sequence": st.integers(1, 9), "route": st.integers(1, 2),
        "source_dials": st.integers(4, 5), "estimates_in_row": st.integers(0, 4), "estimated": often(),
    },
)  # fmt: skip
many = st.lists(a_read, min_size=1, max_size=8)
a_day = st.fixed_dictionaries({}, optional={
    "found": st.integers(44, 50), "expected": st.sampled_from([46, 48, 50]), "duplicated": st.integers(0, 3),
    "out_of_step": st.integers(0, 2), "negative": st.integers(0, 2), "zero": st.integers(0, 48), "sum": maybe,
    "highest": maybe, "third_highest": maybe, "lowest": maybe, "received_sum": maybe, "solar": often(),
    "drift_seconds": st.none() | st.integers(-400, 400), "usual_daily": maybe,
    "commodity": st.sampled_from(["water", "electricity"]), "days_never_zero": st.none() | st.integers(0, 9),
})  # fmt: skip


@settings(max_examples=20, deadline=None)
@given(many, st.randoms(use_true_random=False))
def test_the_order_of_rows_never_matters(rows: list[dict[str, Any]], chance: Any) -> None:
    frame = reads(rows)
    order = list(range(frame.height))
    chance.shuffle(order)
    assert run(frame[order], CITY, kind="reads").equals(run(frame, CITY, kind="reads"))


@settings(max_examples=15, deadline=None)
@given(many, many)
def test_registers_of_another_route_change_nothing(rows: list[dict[str, Any]], others: list[dict[str, Any]]) -> None:
    elsewhere = [{**row, "route": 9} for row in others]
    together = run(reads([*rows, *elsewhere]), CITY, kind="reads")
    assert together.filter(pl.col("row") <= len(rows)).equals(run(reads(rows), CITY, kind="reads"))


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(0, 9_999), min_size=1, max_size=8))
def test_what_nobody_knows_is_no_objection(values: list[int]) -> None:
    """Reads of which only the value is known, on distinct routes: every comparison is with null."""
    frame = reads([{"read": str(value), "route": number} for number, value in enumerate(values)])
    assert run(frame, CITY, kind="reads").is_empty()
    bare = frame.select(*READS_NEEDED, "read", "value")
    assert run(bare, CITY, kind="reads").is_empty()


def test_a_day_of_which_nothing_is_known_but_that_it_came_is_no_objection() -> None:
    frame = days([{}, {"commodity": "water"}]).select(list(INTERVALS_NEEDED))
    assert run(frame, CITY, kind="intervals").is_empty()


@settings(max_examples=20, deadline=None)
@given(many)
def test_the_unit_a_register_counts_in_does_not_matter(rows: list[dict[str, Any]]) -> None:
    """The same dials read as ccf, or as 748 gallons each: only the rule about multipliers may see a difference."""
    frame = reads(rows)
    gallons = frame.with_columns(
        pl.lit("gal").alias("unit"),
        *(pl.col(name) * 748 for name in sorted(MILLIONTHS & set(frame.columns))
          if name not in ("value", "previous_value", "on_record", "source_multiplier")),
    )  # fmt: skip
    told, same = (run(each, CITY, kind="reads").filter(pl.col("rule") != "multiplier") for each in (frame, gallons))
    assert same.select("row", "rule", "then").equals(told.select("row", "rule", "then"))


@settings(max_examples=20, deadline=None)
@given(many, st.lists(a_day, min_size=1, max_size=6))
def test_every_finding_is_a_sentence_of_its_rule(rows: list[dict[str, Any]], some: list[dict[str, Any]]) -> None:
    found = [run(reads(rows), CITY, kind="reads"), run(days(some), CITY, kind="intervals")]
    for frame in found:
        for name, then, text in frame.select("rule", "then", "figures").iter_rows():
            figures = json.loads(text)
            assert then in ("queue", "note")
            assert all(value is None or isinstance(value, str) for value in figures.values())
            sentence = words(rules.rule(name), text, str)
            assert "None" not in sentence and "%" not in sentence


@settings(max_examples=20, deadline=None)
@given(many)
def test_a_proposed_value_is_one_the_register_can_show(rows: list[dict[str, Any]]) -> None:
    frame = reads(rows)
    for row, text in run(frame, CITY, kind="reads").select("row", "figures").iter_rows():
        proposed = json.loads(text).get("proposed")
        if proposed is not None:
            assert 0 <= Decimal(proposed) < 10_000, (row, text)
            assert Decimal(proposed) * 100 % 1 == 0


@settings(max_examples=15, deadline=None)
@given(st.lists(a_day, min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_the_order_of_days_never_matters(rows: list[dict[str, Any]], chance: Any) -> None:
    frame = days(rows)
    order = list(range(frame.height))
    chance.shuffle(order)
    told = run(frame, CITY, kind="intervals")
    assert run(frame[order], CITY, kind="intervals").equals(told)
    alone = pl.concat([run(frame[[at]], CITY, kind="intervals") for at in range(frame.height)])
    assert alone.sort("channel", "day", "rule").equals(told)


def test_nothing_to_judge_is_nothing_found() -> None:
    for kind, needed in (("reads", READS_NEEDED), ("intervals", INTERVALS_NEEDED)):
        found = run(pl.DataFrame(schema=dict(needed)), CITY, kind=kind)  # type: ignore[arg-type]
        assert found.is_empty() and found.schema == FINDINGS[kind]  # type: ignore[index]


@pytest.mark.parametrize("kind", ["reads", "intervals"])
def test_a_wrong_shape_is_refused(kind: Any) -> None:
    frame = reads([{"read": "12"}]) if kind == "reads" else days([{}])
    needed, optional = (READS_NEEDED, READS_OPTIONAL) if kind == "reads" else (INTERVALS_NEEDED, INTERVALS_OPTIONAL)
    number = next(iter(needed))
    with pytest.raises(WrongColumns, match=f"{number} is missing"):
        run(frame.drop(number), CITY, kind=kind)
    with pytest.raises(WrongColumns, match="is Int32, not Int64"):
        run(frame.with_columns(pl.col(number).cast(pl.Int32)), CITY, kind=kind)
    with pytest.raises(WrongColumns, match="no value in 1 rows"):
        run(frame.with_columns(commodity=pl.lit(None, dtype=pl.String)), CITY, kind=kind)
    with pytest.raises(WrongColumns, match="stand twice"):
        run(pl.concat([frame, frame]), CITY, kind=kind)
    assert run(frame.drop(list(optional)), CITY, kind=kind).schema == FINDINGS[kind]


def test_what_follows_is_the_entry_s_for_the_row() -> None:
    entries = [
        {"rule": "vacant", "then": "note"},
        {"rule": "vacant", "for": {"commodity": "water", "class": "commercial"}, "then": "queue", "least": "20"},
        {"rule": "vacant", "for": {"commodity": "water", "size": "2"}, "then": "off"},
    ]
    worth = {"water": {"unit": "ccf", "dollars": "4"}}
    city = parse({"policy": "read-validation", "citation": "x", "effective": date(2024, 1, 1), "rules": entries,
                  "value_per_unit": worth})  # fmt: skip
    used = {"previous": "100", "read": "110", "occupied": False, "served": False}
    rows = [used, {**used, "premise_class": "commercial"}, {**used, "size": "2"},
            {**used, "premise_class": "commercial", "read": "125"}]  # fmt: skip
    found = run(reads(rows), city, kind="reads")
    assert dict(found.select("row", "then").iter_rows()) == {1: "note", 4: "queue"}


def test_a_limit_of_the_document_holds_where_the_read_brings_none() -> None:
    rows = [{"previous": "100", "read": "1400"}, {"previous": "100", "read": "1400", "limit_daily": "100"}]
    found = run(reads(rows), CITY, kind="reads").filter(pl.col("rule") == "above_limit")
    assert found["row"].to_list() == [1]
