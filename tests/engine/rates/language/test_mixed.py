"""Schedules drawn at random with everything at once: seasons, versions, conditions, dated prices, tables, lines."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.engine.rates.language.conftest import Write

from meterbook.engine.rates.check import bills_frame, disagreements
from meterbook.engine.rates.explain import amounts, explain
from meterbook.engine.rates.price import price
from meterbook.engine.rates.terms import Refusal

FIRST = date(2024, 1, 1)
HEAD = """\
seasons:
  cold: {from: "11-11", until: "02-20"}
  mild: {from: "02-20", until: "03-15"}
  warm: {from: "03-15", until: "11-11"}
inputs:
  usage: {kind: usage}
  gallons: {kind: usage, billed: {per: 748, rounding: half_up}, default: 0}
  average: {kind: per_period, default: 4.5}
  n: {kind: count}
  net: {kind: signed, default: -3}
  size: {kind: key}
  zone: {kind: key, default: low}
values:
  seasonal:
    by: [season, zone]
    table: {cold: {low: 1, high: n}, mild: {low: 1.5, high: 2.25}, warm: {low: 3, high: 4}}
  meter: {by: [size], table: {s: 9.99, m: "n * 3", l: 77}, otherwise: 0.5}
  class: {formula: "if(n < 3, 's', if(n < 9, 'm', 'l'))"}
  by_class: {by: [class], table: {s: 1, m: 2, l: 3}}
  budget: {formula: "round(n * 2.5 * days / 30, 0, half_even) + 1"}
  area: {of: n, bands: [{up_to: 2, is: 10}, {up_to: 7.5, is: "10 + usage / 9"}, {is: average}]}
"""
numbers = st.integers(-200, 900).map(lambda value: f"{Decimal(value).scaleb(-2)}")
conditions = st.sampled_from(["usage > 10", "size == 's'", "not (n > 4) or zone == 'high'", "class == 'm'", "days > 14",
                              "gallons >= 2", "net < 0"])  # fmt: skip
seasons = st.sampled_from(["each", "cold", "warm"])


@st.composite
def charges(draw: st.DrawFn) -> str:
    """Eight to ten charges; those after the first may look at the ones before."""
    later = f"2024-02-{draw(st.integers(10, 28))}"
    dated = f"[{{from: 2024-01-01, price: {draw(numbers)}}}, {{from: {later}, price: by_class}}]"
    change = draw(st.sampled_from(["split", "first_period_on_or_after"]))
    spread = draw(st.sampled_from(["by_days", "as_written"]))
    budget = "budget" if spread == "as_written" else "n * 3"  # budget rests on days
    whole = draw(st.sampled_from(["true", "false"]))
    kinds = [
        f"component: fixed, price: {draw(st.one_of(numbers, st.just('meter')))}, per: period, prorate: {whole}",
        f"component: fixed, price: {draw(numbers)}, per: day, times: n",
        f"component: per_unit, quantity: usage, change: {change}, prices: {dated}",
        f"component: per_unit, quantity: usage, price: seasonal, season: {draw(seasons)}",
        'component: per_unit, quantity: "min(usage, average * days / full_days)", price: area',
        "component: per_unit, quantity: average, quantity_is: per_period, price: by_class",
        "component: per_unit, quantity: gallons, price: 2.22",
        f"component: tiered, quantity: usage, widths: {spread}, tiers: [{{up_to: {budget}, price: {draw(numbers)}}}, "
        f"{{up_to: {budget} * 1.5, price: 2}}, {{price: n / 7}}]",
        f"component: tiered, quantity: usage, season: {draw(seasons)}, times: n, tiers: [{{up_to: 3, price: 1}}, "
        "{price: seasonal}]",
        "component: by_size, key: size, prices: {s: 4.44, m: n * 0.37, l: 12}",
        f"component: formula, amount: net * {draw(numbers)} / 3",
        f"component: fixed, price: seasonal, per: period, season: {draw(seasons)}, prorate: {whole}",
    ]
    chosen = draw(st.lists(st.sampled_from(range(len(kinds))), min_size=4, max_size=7, unique=True))
    lines: list[str] = []
    for at, kind in enumerate(chosen):
        extra = f', applies: "{draw(conditions)}"' if draw(st.booleans()) else ""
        lines.append(f"id: c{at}, {kinds[kind]}, taxes: [t]{extra}")
    lines.append(f"id: tax, component: percent_of, base: t, percent: {draw(numbers)}, exempt: 5")
    lines.append('id: all, component: formula, amount: "exact(c0) + line(c1) - min(exact(c2), 3) + exact(tax)"')
    lines.append(f'id: off, component: discount, of: t, percent: 12.5, cap: 3, applies: "{draw(conditions)}"')
    return "\n".join(lines)


bills = st.lists(
    st.tuples(
        st.tuples(st.integers(0, 130), st.integers(1, 75)),
        st.fixed_dictionaries(
            {
                "usage": st.integers(0, 9000).map(lambda one: Decimal(one).scaleb(-2)),
                "n": st.integers(0, 120).map(lambda one: Decimal(one).scaleb(-1)),
                "size": st.sampled_from(["s", "m", "l"]),
            },
            optional={
                "gallons": st.integers(0, 9000).map(Decimal),
                "average": st.integers(0, 90).map(lambda one: Decimal(one).scaleb(-1)),
                "net": st.integers(-90, 90).map(Decimal),
                "zone": st.sampled_from(["low", "high"]),
            },
        ),
    ),
    min_size=1,
    max_size=6,
)  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(first=charges(), second=charges(), listed=bills)
def test_both_faces_agree_on_everything_at_once(
    write: Write, first: str, second: str, listed: list[tuple[tuple[int, int], dict[str, Decimal | str | None]]]
) -> None:
    tariff = write(first, head=HEAD, more=(("2024-02-10", second, HEAD),))
    fine = []
    for (start, days), facts in listed:
        period = (FIRST + timedelta(days=start), FIRST + timedelta(days=start + days))
        try:
            amounts(tariff, *period, facts)
        except Refusal as refusal:
            with pytest.raises(type(refusal)):
                price(tariff, bills_frame(tariff, [(*period, facts)]))
        else:
            fine.append((*period, facts))
    frame = bills_frame(tariff, fine)
    assert disagreements(tariff, frame, price(tariff, frame)) == []
    for starts, ends, facts in fine[:1]:
        for line in explain(tariff, starts=starts, ends=ends, determinants=facts).lines:
            assert all("{" not in step.words(str) for step in line.steps())
