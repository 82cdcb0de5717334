"""The impact of a draft is what pricing every bill in full gives, to the cent."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meterbook.engine.columns import WrongColumns
from meterbook.engine.rates.price import price
from meterbook.engine.rates.study.always import as_always
from meterbook.engine.rates.study.prepared import Study, prepare
from meterbook.engine.rates.study.report import Bucket, Compared, Impact
from meterbook.engine.rates.tariff import Tariff, parse_tariff
from meterbook.engine.rates.terms import Refusal

FIRST = date(2025, 1, 1)
HEAD = """\
schedule: DRAFT
title: {{en: Draft, es: Borrador}}
commodity: water
unit: ccf
eligibility: {{en: Anyone, es: Cualquiera}}
versions:
  - version: "{version}"
    effective: {effective}
    source: {{utility: U, resolution: R, section: S, url: u, adopted: 2023-01-01}}
    proration: {{normal_days: 30, tolerance: [{shortest}, 34], source: s, usage_decimals: 1, tier_decimals: 1}}
    seasons: {{summer: {{from: "02-10", until: "03-05"}}, winter: {{from: "03-05", until: "02-10"}}}}
    inputs: {{usage: {{kind: usage}}, export: {{kind: usage}}, size: {{kind: key}}}}
    components:
"""


def document(numbers: dict[str, Any]) -> str:
    """A tariff of nine charges, some of which look at others, one exactly, one in a season;
    each number may be another in a draft.
    """
    rider = "".join(f'{{from: {day}, price: "{one}"}}, ' for day, one in numbers["rider"])
    tiers = "".join(f'{{up_to: "{bound}", price: "{one}"}}, ' for bound, one in numbers["tiers"])
    listed = {
        "base": f'fixed, price: "{numbers["base"]}", per: period',
        "service": 'by_size, key: size, prices: {{"5/8": "{}", "1": "{}"}}'.format(*numbers["service"]),
        "energy": f'tiered, quantity: usage, tiers: [{tiers}{{price: "{numbers["last"]}"}}]',
        "rider": f"per_unit, quantity: usage, change: split, prices: [{rider}]",
        "tax": f'percent_tax, base: [base, energy], percent: "{numbers["percent"]}"',
        "summer": f'per_unit, quantity: usage, price: "{numbers["summer"]}", season: summer',
        "large": f'fixed, price: "{numbers["large"]}", per: period, applies: "usage > 20 and line(energy) > 1"',
        "fee": f'formula, amount: "exact(energy) * {numbers["fee"]} + line(base)"',
        "sent": f'per_unit, quantity: export, price: "{numbers["sent"]}", when_missing: skip',
    }
    text = HEAD.format(version="v", effective=FIRST, shortest=numbers["shortest"])
    for name, body in listed.items():
        if name not in numbers["left_out"]:
            text += f'      - {{id: {name}, label: {{en: {name}, es: {name}}}, revenue: "1", component: {body}}}\n'
    return text


def _cents(low: int, high: int, places: int) -> st.SearchStrategy[Decimal]:
    return st.integers(low, high).map(lambda value: Decimal(value).scaleb(-places))


@st.composite
def numbers(draw: st.DrawFn) -> dict[str, Any]:
    bounds = sorted(draw(st.sets(st.integers(1, 80), max_size=2)))
    days = [FIRST, *sorted(FIRST + timedelta(days=day) for day in draw(st.sets(st.integers(1, 90), max_size=1)))]
    return {
        "base": draw(_cents(0, 4000, 2)),
        "service": (draw(_cents(0, 9999, 2)), draw(_cents(0, 9999, 2))),
        "tiers": [(bound, draw(_cents(0, 50000, 4))) for bound in bounds],
        "last": draw(_cents(-500, 50000, 4)),
        "rider": [(day, draw(_cents(-300, 300, 4))) for day in days],
        "percent": draw(_cents(0, 1200, 2)),
        "sent": draw(_cents(-800, 0, 4)),
        "summer": draw(_cents(-300, 300, 3)),
        "large": draw(_cents(0, 999, 2)),
        "fee": draw(_cents(0, 30, 2)),
        "shortest": draw(st.integers(26, 30)),
        "left_out": draw(st.sets(st.sampled_from(["service", "rider", "tax", "sent", "summer", "fee"]), max_size=3)),
    }


@st.composite
def changed(draw: st.DrawFn, today: dict[str, Any]) -> dict[str, Any]:
    other = draw(numbers())
    return today | {key: other[key] for key in draw(st.sets(st.sampled_from(sorted(other)), min_size=1, max_size=3))}


@st.composite
def usages(draw: st.DrawFn) -> pl.DataFrame:
    """Bills of a few accounts; many alike, some that lack a fact or have one the tariff does not know."""
    rows = draw(
        st.lists(
            st.tuples(
                st.sampled_from(["a1", "a2", "a3", "a4", "a5"]),
                st.sampled_from(["home", "shop"]),
                st.integers(0, 2).map(lambda month: FIRST + timedelta(days=30 * month)),
                st.sampled_from([30, 31, 12]),
                st.sampled_from([0, 1_000_000, 25_500_000, 80_000_000, 500_000_000, None]),
                st.sampled_from(["5/8", "1", "9"]),
                st.sampled_from([None, 3_000_000]),
            ),
            min_size=1,
            max_size=20,
        )
    )
    schema = {"account": pl.String, "class": pl.String, "starts": pl.Date, "days": pl.Int64,
              "det.usage": pl.Int64, "det.size": pl.String, "det.export": pl.Int64}  # fmt: skip
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return frame.with_columns((pl.col("starts") + pl.duration(days="days")).cast(pl.Date).alias("ends")).drop("days")


def _tariff(numbers: dict[str, Any]) -> Tariff:
    return parse_tariff(document(numbers), file="draft.yaml")


def _in_full(tariff: Tariff, usage: pl.DataFrame) -> dict[int, dict[tuple[str, int], tuple[int, int]]]:
    """By bill, then by (component, part): units and cents; a bill that is refused has none."""
    found = {}
    for row, bill in enumerate(usage.iter_slices(1)):
        frame = bill.with_columns(pl.lit(row, dtype=pl.Int64).alias("row"))
        try:
            lines = price(as_always(tariff), frame)
        except Refusal:
            continue
        sums: dict[tuple[str, int], tuple[int, int]] = defaultdict(lambda: (0, 0))
        for name, part, units, cents in lines.select("component", "part", "quantity", "amount").iter_rows():
            sums[name, part] = (sums[name, part][0] + units, sums[name, part][1] + cents)
        found[row] = dict(sums)
    return found


def _bills(bill: dict[tuple[str, int], tuple[int, int]]) -> int:
    return sum(cents for _, cents in bill.values())


def _held(buckets: tuple[Bucket, ...], changes: list[Decimal]) -> list[int]:
    """How many changes each bucket should hold."""

    def inside(bucket: Bucket, change: Decimal) -> bool:
        if bucket.low == bucket.high == 0:
            return change == 0
        return change != 0 and (bucket.low is None or bucket.low <= change) and (
            bucket.high is None or change < bucket.high
        )  # fmt: skip

    return [sum(inside(bucket, change) for change in changes) for bucket in buckets]


def _percent(old: int, new: int) -> Decimal:
    """Hundredths of a percent, exactly; beyond every bound where old is nothing."""
    if old == new:
        return Decimal(0)
    return Decimal((new - old) * 10**9) if old == 0 else Decimal((new - old) * 10_000) / abs(old)


def check(impact: Impact, today: Tariff, draft: Tariff, usage: pl.DataFrame) -> None:
    """Everything the impact says, against bills priced one by one."""
    old, new = _in_full(today, usage), _in_full(draft, usage)
    both = sorted(old.keys() & new.keys())
    assert impact.bills == len(both)
    assert sum(one.bills for one in impact.unpriced) == usage.height - len(both)
    classes, accounts = usage["class"].to_list(), usage["account"].to_list()
    pairs = {row: Compared(_bills(old[row]), _bills(new[row])) for row in both}
    assert impact.total == sum(pairs.values(), start=Compared(0, 0))
    for one in impact.classes:
        mine = [row for row in both if classes[row] == one.name]
        assert one.revenue == sum((pairs[row] for row in mine), start=Compared(0, 0))
        assert (one.bills, one.largest_rise) == (len(mine), max(0, *(pairs[row].difference for row in mine), 0))
        from_zero = [pairs[row].difference for row in mine if not pairs[row].old]
        assert one.largest_rise_from_zero == max(0, 0, *from_zero)
        percents = [_percent(pairs[row].old, pairs[row].new) for row in mine if pairs[row].old]
        ceiling = max(percents).to_integral_value(ROUND_CEILING).scaleb(-2) if percents else None
        assert one.largest_rise_percent == ceiling
        for component in one.components:
            for part in component.parts:
                key = (component.component, part.part)
                was = [old[row].get(key, (0, 0)) for row in mine]
                now = [new[row].get(key, (0, 0)) for row in mine]
                assert part.old_units == sum(units for units, _ in was)
                assert part.new_units == sum(units for units, _ in now)
                assert part.revenue == Compared(sum(cents for _, cents in was), sum(cents for _, cents in now))
            assert component.revenue == sum((part.revenue for part in component.parts), start=Compared(0, 0))
    dollars = [Decimal(pair.difference) for pair in pairs.values()]
    assert [bucket.count for bucket in impact.by_dollars] == _held(impact.by_dollars, dollars)
    percents = [_percent(pair.old, pair.new) for pair in pairs.values()]
    assert [bucket.count for bucket in impact.by_percent] == _held(impact.by_percent, percents)
    assert impact.bills_same == sum(change == 0 for change in dollars)
    mine: Counter[str] = Counter()
    for row in both:
        mine[accounts[row]] += pairs[row].difference
    rising = sorted((change for change in mine.values() if change > 0), reverse=True)
    assert [one.revenue.difference for one in impact.most_up] == rising[:10]
    assert all(mine[one.account] == one.revenue.difference for one in (*impact.most_up, *impact.most_down))
    assert impact.accounts == len(mine)


@settings(max_examples=60, deadline=None)
@given(data=st.data(), today=numbers(), usage=usages())
def test_impact_is_what_full_pricing_gives(data: st.DataObject, today: dict[str, Any], usage: pl.DataFrame) -> None:
    """Several drafts of one study, one after another, so that what is remembered is used."""
    study = prepare(_tariff(today), usage)
    draft = today
    for _ in range(3):
        draft = data.draw(changed(draft))
        check(study.impact(_tariff(draft)), _tariff(today), _tariff(draft), usage)


TODAY: dict[str, Any] = {
    "base": "10.00", "service": ("20.00", "30.00"), "tiers": [("10", "1.50"), ("30", "2.00")], "last": "3.00",
    "rider": [(FIRST, "0.01")], "percent": "5", "sent": "-0.05", "summer": "0.00", "large": "0.00", "fee": "0",
    "shortest": 28, "left_out": {"service", "summer", "large", "fee"},
}  # fmt: skip


def _usage(*bills: tuple[str, str, int | None]) -> pl.DataFrame:
    schema = {"account": pl.String, "class": pl.String, "det.usage": pl.Int64}
    frame = pl.DataFrame([(name, kind, None if units is None else units * 10**6) for name, kind, units in bills],
                         schema=schema, orient="row")  # fmt: skip
    return frame.with_columns(starts=pl.lit(FIRST), ends=pl.lit(FIRST + timedelta(days=30)))


@pytest.fixture()
def study() -> Study:
    usage = _usage(("a", "home", 5), ("b", "home", 5), ("c", "home", 40), ("d", "shop", 1000), ("e", "home", None))
    return prepare(_tariff(TODAY), usage)


def test_like_bills_are_priced_once(study: Study) -> None:
    assert (study.bills.frame.height, study.bill_of.len()) == (3, 4)


def test_a_worked_change(study: Study) -> None:
    """Tier 2 at 2.50 instead of 2.00: 20 units each for c and d make $10.00, and five percent tax $0.50."""
    impact = study.impact(_tariff(TODAY | {"tiers": [("10", "1.50"), ("30", "2.50")]}))
    assert impact.total.difference == 2100
    assert {one.name: one.revenue.difference for one in impact.classes} == {"home": 1050, "shop": 1050}
    assert {one.component: one.revenue.difference for one in impact.components} == {
        "base": 0, "energy": 2000, "rider": 0, "tax": 100, "sent": 0,
    }  # fmt: skip
    (tier,) = [part for one in impact.components for part in one.parts if part.revenue.difference and part.part == 2]
    assert (tier.old_price, tier.new_price, tier.new_units) == (Decimal("2.00"), Decimal("2.50"), 40 * 10**6)
    assert [one.account for one in impact.most_up] == ["c", "d"]
    assert (impact.bills_up, impact.bills_same, impact.bills_down) == (2, 2, 0)
    assert [(one.by, one.bills, one.accounts) for one in impact.unpriced] == [("today", 1, ("e",))]
    assert impact.unpriced[0].reason == "DRAFT: component energy needs determinant usage, which is missing"


def test_only_what_changed_is_priced_again(study: Study) -> None:
    drafts = _tariff(TODAY | {"last": "3.01"}), _tariff(TODAY | {"sent": "-0.06"})
    study.impact(drafts[0])
    assert set(study.known.recent) == {"energy", "tax"}
    study.impact(drafts[1])
    assert set(study.known.recent) == {"energy", "tax", "sent"}
    assert [len(found) for found in study.known.recent.values()] == [1, 1, 1]


def test_words_and_accounts_change_nothing(study: Study) -> None:
    same = parse_tariff(document(TODAY).replace('revenue: "1"', 'revenue: "2"'), file="draft.yaml")
    assert study.impact(same).total.difference == 0
    assert study.known.recent == {}


def test_a_draft_may_ask_for_more_than_today(study: Study) -> None:
    """Nobody's size is known: every bill is left out, and counted."""
    impact = study.impact(_tariff(TODAY | {"left_out": {"summer", "large", "fee"}}))
    assert (impact.bills, impact.total, [one.bills for one in impact.unpriced]) == (0, Compared(0, 0), [1, 4])
    assert [one.by for one in impact.unpriced] == ["today", "draft"]


def test_wrong_columns_are_refused() -> None:
    with pytest.raises(WrongColumns, match="account is missing"):
        prepare(_tariff(TODAY), _usage(("a", "home", 5)).drop("account"))
