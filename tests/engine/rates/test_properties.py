"""What must hold for every tariff, period and usage; the tariffs are drawn at random."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from meterbook.engine.rates.check import bills_frame, disagreements
from meterbook.engine.rates.explain import amounts, explain
from meterbook.engine.rates.price import price
from meterbook.engine.rates.tariff import Tariff, parse_tariff

FIRST = date(2024, 1, 1)
HEAD = """\
schedule: RANDOM
title: {en: Random, es: Aleatorio}
commodity: electricity
unit: kWh
eligibility: {en: Anyone, es: Cualquiera}
versions:
"""


def _decimal(low: int, high: int, places: int) -> st.SearchStrategy[str]:
    return st.integers(low * 10**places, high * 10**places).map(lambda value: f"{Decimal(value).scaleb(-places):f}")


usages = st.one_of(_decimal(0, 3000, 0), _decimal(0, 3000, 3), _decimal(0, 2, 6)).map(Decimal)
prices = st.one_of(_decimal(-3, 9, 2), _decimal(-1, 1, 5), _decimal(-1, 1, 8))


def _component(identity: str, kind: str, body: str) -> str:
    return (
        f"      - {{id: {identity}, component: {kind}, label: {{en: {identity}, es: {identity}}}, "
        f'revenue: "1", {body}}}\n'
    )


@st.composite
def tier_lists(draw: st.DrawFn, inclining: bool = False) -> str:
    bounds = sorted(draw(st.sets(st.integers(1, 4000), min_size=0, max_size=3)))
    found = [draw(_decimal(0, 2, 4) if inclining else prices) for _ in range(len(bounds) + 1)]
    if inclining:
        found.sort(key=Decimal)
    tiers = [
        f'{{up_to: "{Decimal(bound) / 2}", price: "{one}"}}' for bound, one in zip(bounds, found[:-1], strict=True)
    ]
    return "[" + ", ".join([*tiers, f'{{price: "{found[-1]}"}}']) + "]"


@st.composite
def tariffs(draw: st.DrawFn, inclining: bool = False) -> Tariff:
    text = HEAD
    starts = [FIRST, *sorted(FIRST + timedelta(days=day) for day in draw(st.sets(st.integers(1, 120), max_size=2)))]
    for number, effective in enumerate(starts):
        shortest, longest = draw(st.integers(25, 30)), draw(st.integers(30, 36))
        series = [FIRST, *sorted(FIRST + timedelta(days=day) for day in draw(st.sets(st.integers(1, 120), max_size=2)))]
        dated = "[" + ", ".join(f'{{from: {day}, price: "{draw(prices)}"}}' for day in series) + "]"
        change = draw(st.sampled_from(["split", "first_period_on_or_after"]))
        whole = draw(st.sampled_from(["true", "false"]))
        text += (
            f'  - version: "{number}"\n    effective: {effective}\n'
            "    source: {utility: U, resolution: R, section: S, url: u, adopted: 2023-01-01}\n"
            f"    proration: {{normal_days: 30, tolerance: [{shortest}, {longest}], source: s, "
            f"usage_decimals: {draw(st.integers(0, 3))}, tier_decimals: {draw(st.integers(0, 6))}}}\n    components:\n"
        )
        text += _component("energy", "tiered", f"quantity: usage, tiers: {draw(tier_lists(inclining))}")
        if not inclining:
            text += _component("base", "fixed", f'price: "{draw(prices)}", per: period, prorate: {whole}')
            text += _component("rider", "per_unit", f"quantity: usage, change: {change}, prices: {dated}")
            text += _component(
                "average", "per_unit", f'quantity: average, quantity_is: per_period, price: "{draw(prices)}"'
            )
            area = draw(st.sampled_from(["ceil", "exact", "half_up"]))
            size = draw(st.integers(1, 700))
            body = f'area: area, unit_size: "{size}", rounding: {area}, price: "{draw(prices)}"'
            text += _component("surface", "per_unit_of_area", body)
            text += _component(
                "tax", "percent_tax", f'base: [energy, base, rider], percent: "{draw(_decimal(0, 20, 3))}"'
            )
    return parse_tariff(text, file="random.yaml")


periods = st.tuples(st.integers(0, 130), st.integers(1, 70)).map(
    lambda one: (FIRST + timedelta(days=one[0]), FIRST + timedelta(days=sum(one)))
)


@settings(max_examples=40, deadline=None)
@given(tariff=tariffs(), bills=st.lists(st.tuples(periods, usages, usages), min_size=1, max_size=6))
def test_both_faces_agree(tariff: Tariff, bills: list[tuple[tuple[date, date], Decimal, Decimal]]) -> None:
    listed = [(*period, {"usage": usage, "average": average, "area": usage}) for period, usage, average in bills]
    frame = bills_frame(tariff, listed)
    assert disagreements(tariff, frame, price(tariff, frame)) == []


@settings(max_examples=60, deadline=None)
@given(tariff=tariffs(inclining=True), period=periods, usage=usages)
def test_tiers_sum_to_the_usage(tariff: Tariff, period: tuple[date, date], usage: Decimal) -> None:
    lines = amounts(tariff, starts=period[0], ends=period[1], determinants={"usage": usage})
    assert sum((line[7] for line in lines), Decimal(0)) == usage


@settings(max_examples=60, deadline=None)
@given(tariff=tariffs(inclining=True), period=periods, usage=usages, more=usages)
def test_more_usage_never_costs_less(tariff: Tariff, period: tuple[date, date], usage: Decimal, more: Decimal) -> None:
    """Under inclining tiers. Lines round by themselves, so each printed line may differ by half a cent."""

    def cents(used: Decimal) -> tuple[int, int]:
        lines = amounts(tariff, starts=period[0], ends=period[1], determinants={"usage": used})
        return sum(line[4] for line in lines), len(lines)

    if len(tariff.versions) == 1:
        assert cents(usage + more)[0] >= cents(usage)[0]


@settings(max_examples=60, deadline=None)
@given(tariff=tariffs(inclining=True), usage=_decimal(0, 3000, 6).map(Decimal))
def test_fractions_of_a_unit_bill_exactly(tariff: Tariff, usage: Decimal) -> None:
    """Each line is its exact product, rounded once: never more than half a cent away from it."""
    lines = amounts(tariff, starts=FIRST, ends=FIRST + timedelta(days=30), determinants={"usage": usage})
    for line in lines:
        assert abs(line[7] * line[8] * 100 - line[4]) <= Decimal("0.5")


@settings(max_examples=25, deadline=None)
@given(tariff=tariffs(), period=periods, usage=usages)
def test_every_line_explains_itself(tariff: Tariff, period: tuple[date, date], usage: Decimal) -> None:
    facts = {"usage": usage, "average": Decimal(7), "area": Decimal(2100)}
    explanation = explain(tariff, starts=period[0], ends=period[1], determinants=facts)
    computed = amounts(tariff, starts=period[0], ends=period[1], determinants=facts)
    assert [(line.seq, line.component, line.amount_cents) for line in explanation.lines] == [
        (seq, name, cents) for name, _, _, _, cents, seq, *_ in computed
    ]
    for line in explanation.lines:
        words = [step.words(str) for step in line.steps()]
        assert len(words) >= 3
        assert all("{" not in sentence for sentence in words)
