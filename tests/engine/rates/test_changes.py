"""Everything at once inside a bill: rates, seasons, facts, a meter exchange, suspended service; laws that must hold."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from random import Random

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meterbook.engine.rates.check import bills_frame, disagreements
from meterbook.engine.rates.explain import amounts, explain
from meterbook.engine.rates.price import price
from meterbook.engine.rates.spans import Facts
from meterbook.engine.rates.tariff import Tariff, parse_tariff
from meterbook.engine.rates.terms import SERVED, SERVICE, SUSPENDED, Change, Determinant, OutOfRange, Refusal

DAY = timedelta(days=1)
#: A water bill: sizes, tiers for each dwelling, two seasons, a charge that is not divided, a tax, a floor.
WATER = """
schedule: WATER
title: {en: Water, es: Agua}
commodity: water
unit: kgal
eligibility: {en: Example, es: Ejemplo}
versions:
"""
VERSION = """
  - version: "NAME"
    effective: DAY
    source: {utility: Alder Bend, resolution: R, section: S, url: "https://example.org", adopted: 2023-11-01}
    proration: {normal_days: 30, tolerance: [25, 35], usage_decimals: 1, tier_decimals: 2, source: s}
    seasons: {summer: {from: 06-01, until: 10-01}, winter: {from: 10-01, until: 06-01}}
    components:
      - {id: service, component: by_size, label: {en: Service, es: Servicio}, revenue: "4", key: meter_size,
         prices: {"5/8": "12.00", "1": "20.0P", "2": "41.30"}}
      - {id: carts, component: fixed, label: {en: Carts, es: Carros}, revenue: "4", price: "9.40", per: period,
         times: carts}
      - {id: hydrant, component: fixed, label: {en: Hydrant, es: Hidrante}, revenue: "4", price: "3.10", per: period,
         prorate: false, times: carts}
      - {id: use, component: tiered, label: {en: Use, es: Uso}, revenue: "4", quantity: usage, times: dwellings,
         tiers: [{up_to: "4", price: "2.1P"}, {up_to: "10", price: "3.35"}, {price: "5.02"}]}
      - {id: summer, component: per_unit, label: {en: Summer, es: Verano}, revenue: "4", quantity: usage,
         season: summer, price: "0.4P"}
      - {id: fed, component: per_unit, label: {en: Fed in, es: Entregado}, revenue: "4", quantity: export,
         price: "-0.05", when_missing: skip}
      - {id: tax, component: percent_tax, label: {en: Tax, es: Impuesto}, revenue: "4", base: [service, use],
         percent: "6.25"}
      - {id: floor, component: minimum, label: {en: Floor, es: Mínimo}, revenue: "4", base: [service, hydrant, use],
         amount: "30.00", per: period}
"""
FACTS: Facts = {"usage": Decimal(12), "meter_size": "1", "carts": Decimal(2), "dwellings": Decimal(1)}


@pytest.fixture(scope="module")
def water() -> Tariff:
    text = WATER
    for name, day in (("1", "2024-01-01"), ("2", "2024-05-20"), ("3", "2024-10-10")):
        text += VERSION.replace("NAME", name).replace("DAY", day).replace("P", name)
    return parse_tariff(text, file="water.yaml")


def checked(
    tariff: Tariff, starts: date, ends: date, facts: Facts, changes: Sequence[Change]
) -> list[tuple[object, ...]]:
    """The lines of a bill on which both faces agree."""
    frame = bills_frame(tariff, [(starts, ends, facts)], [list(changes)])
    lines = price(tariff, frame)
    assert disagreements(tariff, frame, lines) == []
    return lines.drop("row", "seq").rows()


@st.composite
def histories(draw: st.DrawFn) -> tuple[date, date, dict[str, Decimal | str | None], list[Change]]:
    """A bill of the water tariff with anything changing inside it."""
    starts = date(2024, 5, 1) + timedelta(days=draw(st.integers(0, 160)))
    length = draw(st.integers(2, 75))
    days = st.integers(1, length).map(lambda at: starts + timedelta(days=at))
    usage = draw(st.decimals(0, 400, places=3))
    facts: dict[str, Decimal | str | None] = {**FACTS, "usage": usage, "dwellings": Decimal(draw(st.integers(1, 4)))}
    facts["export"] = draw(st.none() | st.decimals(0, 50, places=3))
    changes = [
        Change(draw(days), "meter_size", draw(st.sampled_from(["5/8", "1", "2"])))
        for _ in range(draw(st.integers(0, 2)))
    ]
    changes += [Change(draw(days), "carts", Decimal(draw(st.integers(0, 3)))) for _ in range(draw(st.integers(0, 3)))]
    changes += [
        Change(draw(days), "dwellings", Decimal(draw(st.integers(1, 3)))) for _ in range(draw(st.integers(0, 1)))
    ]
    changes = list({(one.before, one.name): one for one in changes}.values())
    reads = sorted({draw(days) for _ in range(draw(st.integers(0, 3)))})
    used = sorted(draw(st.decimals(0, 1, places=3)) * usage for _ in reads)
    changes += [Change(day, "usage", each.quantize(Decimal("0.001"))) for day, each in zip(reads, used, strict=True)]
    off = sorted({draw(st.integers(0, length)) for _ in range(draw(st.sampled_from([0, 2, 4])))})
    for first, after in zip(off[::2], off[1::2], strict=False):
        if (first, after) != (0, length):
            changes += [Change(starts + first * DAY, SERVICE, SERVED), Change(starts + after * DAY, SERVICE, SUSPENDED)]
    return starts, starts + timedelta(days=length), facts, changes


def off_days(starts: date, ends: date, changes: Sequence[Change]) -> set[date]:
    """The days without service, day by day."""
    told = sorted((one.before, one.value) for one in changes if one.name == SERVICE)
    days = {starts + at * DAY for at in range((ends - starts).days)}
    return {day for day in days if next((value for before, value in told if before > day), SERVED) == SUSPENDED}


@settings(max_examples=70, deadline=None)
@given(bill=histories())
def test_both_faces_agree_line_by_line(
    water: Tariff, bill: tuple[date, date, dict[str, Decimal | str | None], list[Change]]
) -> None:
    starts, ends, facts, changes = bill
    lines = checked(water, starts, ends, facts, changes)
    tiers = [line for line in lines if line[0] == "use"]
    assert sum(line[5] for line in tiers) == facts["usage"] * 10**6  # type: ignore[operator, misc]
    served = {starts + at * DAY for at in range((ends - starts).days)} - off_days(starts, ends, changes)
    charged = [day for line in lines if line[0] == "service"
               for day in (line[3] + at * DAY for at in range((line[4] - line[3]).days))]  # type: ignore[operator]  # fmt: skip
    assert sorted(charged) == sorted(served), "each served day is charged once"
    assert len([line for line in lines if line[0] == "hydrant"]) <= 1, "what is not divided is charged once"
    for line in explain(water, starts=starts, ends=ends, determinants=facts, changes=changes).lines:
        assert all("{" not in step.words(str) for step in line.steps())


@settings(max_examples=30, deadline=None)
@given(bill=histories(), cuts=st.lists(st.integers(1, 74), max_size=4))
def test_a_change_to_the_same_value_changes_no_cent(
    water: Tariff, bill: tuple[date, date, dict[str, Decimal | str | None], list[Change]], cuts: list[int]
) -> None:
    """Every day on which a fact is told again splits a stretch into two with equal facts."""
    starts, ends, facts, changes = bill
    before = checked(water, starts, ends, facts, changes)
    again = list(changes)
    for cut in cuts:
        day = starts + cut * DAY
        for name in ("carts", "meter_size"):
            told = sorted((one.before, one.value) for one in changes if one.name == name and one.before > day)
            if day < ends and not any(one.before == day and one.name == name for one in again):
                again.append(Change(day, name, value_before(day, name, facts, changes) if told else facts[name]))
    again = [one for one in again if one in changes or value_before(one.before, one.name, facts, changes) == one.value]
    assert checked(water, starts, ends, facts, again) == before


def value_before(day: date, name: str, facts: Facts, changes: Sequence[Change]) -> Decimal | str | None:
    """What a fact was on the day before ``day``."""
    told = sorted(
        ((one.before, one.value) for one in changes if one.name == name and one.before > day - DAY),
        key=lambda one: one[0],
    )
    return told[0][1] if told else facts[name]


def test_nothing_told_prices_as_ever(water: Tariff) -> None:
    starts, ends = date(2024, 5, 5), date(2024, 6, 5)
    assert checked(water, starts, ends, FACTS, []) == checked(
        water, starts, ends, FACTS, [Change(ends, "carts", Decimal(2))]
    )


def test_a_third_cart_is_charged_from_the_day_it_came(water: Tariff) -> None:
    starts, ends = date(2024, 7, 1), date(2024, 7, 31)
    facts = {**FACTS, "carts": Decimal(3)}
    lines = checked(water, starts, ends, facts, [Change(date(2024, 7, 11), "carts", Decimal(2))])
    carts = [(line[3], line[4], line[7]) for line in lines if line[0] == "carts"]
    # 2 × 9.40 × 10 ÷ 30, and 3 × 9.40 × 20 ÷ 30
    assert carts == [(date(2024, 7, 1), date(2024, 7, 11), 627), (date(2024, 7, 11), date(2024, 7, 31), 1880)]
    [hydrant] = [line for line in lines if line[0] == "hydrant"]
    assert hydrant[7] == 930, "what is not divided is charged once, for the carts of the last day"
    told = explain(
        water, starts=starts, ends=ends, determinants=facts, changes=[Change(date(2024, 7, 11), "carts", Decimal(2))]
    )
    words = [step.words(str) for step in told.lines[1].steps()]
    assert any("carts changed on 2024-07-11, from 2 to 3" in sentence for sentence in words)


def test_usage_is_split_where_the_meter_was_read(water: Tariff) -> None:
    starts, ends = date(2024, 7, 1), date(2024, 7, 31)
    size = Change(date(2024, 7, 11), "meter_size", "5/8")
    by_days = checked(water, starts, ends, FACTS, [size])
    by_read = checked(water, starts, ends, FACTS, [size, Change(date(2024, 7, 11), "usage", Decimal("9.5"))])

    def used(lines: list[tuple[object, ...]]) -> list[int]:
        found: dict[object, int] = {}
        for line in lines:
            if line[0] == "use":
                found[line[3]] = found.get(line[3], 0) + line[5]  # type: ignore[operator]
        return list(found.values())

    assert used(by_days) == [4_000_000, 8_000_000]
    assert used(by_read) == [9_500_000, 2_500_000]


def test_suspended_days_lower_the_charge_and_take_no_usage(water: Tariff) -> None:
    starts, ends = date(2024, 7, 1), date(2024, 7, 31)
    off = [Change(date(2024, 7, 11), SERVICE, SERVED), Change(date(2024, 7, 21), SERVICE, SUSPENDED)]
    lines = checked(water, starts, ends, FACTS, off)
    service = [(line[3], line[4], line[7]) for line in lines if line[0] == "service"]
    # $20.02 × 10 ÷ 30 twice
    assert service == [(date(2024, 7, 1), date(2024, 7, 11), 667), (date(2024, 7, 21), date(2024, 7, 31), 667)]
    with pytest.raises(OutOfRange, match="suspended on every day"):
        amounts(water, starts, ends, FACTS, [Change(ends, SERVICE, SUSPENDED)])


@pytest.mark.parametrize("seed", range(2))
def test_every_schedule_of_the_city_agrees_with_anything_changing(alder_bend: dict[str, Tariff], seed: int) -> None:
    random = Random(seed)
    for code, tariff in alder_bend.items():
        needed = tariff.required_determinants()
        opens = tariff.versions[0].effective
        bills, changes = [], []
        for _ in range(12):
            starts = opens + timedelta(days=random.randrange(900))
            ends = starts + timedelta(days=random.randrange(3, 70))
            facts = {each.name: drawn(random, each) for each in needed}
            bills.append((starts, ends, facts))
            changes.append(drawn_changes(random, needed, starts, ends, facts))
        frame = bills_frame(tariff, bills, changes)
        kept = [row for row in frame["row"] if priceable(tariff, frame.filter(pl.col("row") == row))]
        frame = frame.filter(pl.col("row").is_in(kept))
        assert len(kept) >= 6, f"{code}: the draw makes too few bills"
        assert disagreements(tariff, frame, price(tariff, frame)) == [], code


def drawn(random: Random, each: Determinant) -> Decimal | str | None:
    if each.kind == "key":
        return random.choice(each.choices) if each.choices else "none"
    if each.optional and random.random() < 0.4:
        return None
    return Decimal(random.randrange(1, 40)) if each.kind != "usage" else Decimal(random.randrange(2000))


def drawn_changes(
    random: Random, needed: Sequence[Determinant], starts: date, ends: date, facts: Facts
) -> list[Change]:
    days = [starts + at * DAY for at in range(1, (ends - starts).days)]
    found = []
    for each in needed:
        day, used = random.choice(days), facts[each.name]
        if each.kind != "usage":
            if random.random() < 0.5:
                found.append(Change(day, each.name, drawn(random, each)))
        elif isinstance(used, Decimal):
            found.append(Change(day, each.name, used // 3))
    if len(days) > 3 and random.random() < 0.4:
        first, after = sorted(random.sample(days, 2))
        found += [Change(first, SERVICE, SERVED), Change(after, SERVICE, SUSPENDED)]
    return found


def priceable(tariff: Tariff, bill: pl.DataFrame) -> bool:
    """Whether the drawn facts can be priced at all; what both faces refuse is no disagreement."""
    try:
        price(tariff, bill)
    except Refusal:
        return False
    return True
