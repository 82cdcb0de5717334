"""Net metering on columns and in decimals: never a difference, whatever is earned, brought or left."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meterbook.engine.rates.check import bills_frame, disagreements
from meterbook.engine.rates.explain import amounts, explain
from meterbook.engine.rates.price import price
from meterbook.engine.rates.tariff import Tariff, parse_tariff
from meterbook.engine.rates.terms import OutOfRange

D = Decimal
VERSION = """
  - version: "{day}"
    effective: {day}
    source: {{utility: Alder Bend (invented), resolution: R-1, section: Solar, url: none, adopted: 2020-01-01}}
    proration: {{normal_days: 30, tolerance: [27, 34], usage_decimals: 3, source: Example}}
    components:
      - {{id: base, component: fixed, label: {{en: B, es: B}}, revenue: "1", price: "{base}", per: period}}
      - {{id: energy, component: per_unit, label: {{en: E, es: E}}, revenue: "1", quantity: usage, price: "0.12345"}}
      - {{id: exports, component: per_unit, label: {{en: X, es: X}}, revenue: "1", quantity: fed_in, price: "-0.0517"}}
      - id: credits
        component: net_metering
        label: {{en: C, es: C}}
        revenue: "1"
        option: {option}
        earned: [exports]
        offsets: [energy]
        brought: credit_dollars
        lines: {lines}
      - {{id: minimum, component: minimum, label: {{en: M, es: M}}, revenue: "1", base: all, amount: 9, per: period}}
      - {{id: settled, component: true_up, label: {{en: T, es: T}}, revenue: "1", month: 4, left: left_dollars}}
      - {{id: surplus, component: true_up, label: {{en: S, es: S}}, revenue: "1", month: 4, left: kwh, price: "0.0321"}}
"""
HEAD = """schedule: SOLAR
title: {en: Example, es: Ejemplo}
commodity: electricity
unit: kWh
eligibility: {en: Example, es: Ejemplo}
versions:"""
KWH = st.decimals(min_value=0, max_value=2000, places=3)
DOLLARS = st.decimals(min_value=0, max_value=300, places=6)
LEFT = st.decimals(min_value=-50, max_value=300, places=6)


CHANGE = date(2024, 4, 11)


def tariff(option: str, lines: str) -> Tariff:
    """Two versions, so that bills are cut."""
    parts = [
        VERSION.format(day=day, base=base, option=option, lines=lines)
        for day, base in (("2024-01-01", "5.00"), ("2024-04-11", "6.25"))
    ]
    return parse_tariff(HEAD + "".join(part.rstrip() for part in parts) + "\n", file="solar")


TARIFFS = {
    (option, lines): tariff(option, lines)
    for option in ("nem-dollar", "net-billing-carryover")
    for lines in ("rounded", "exact")
}


@pytest.mark.parametrize("kind", TARIFFS, ids="-".join)
@settings(max_examples=60, deadline=None)
@given(data=st.lists(st.tuples(st.integers(0, 130), st.integers(20, 40), KWH, KWH, DOLLARS, LEFT, LEFT), min_size=1))
def test_both_faces_agree(kind: tuple[str, str], data: list[tuple[int, int, D, D, D, D, D]]) -> None:
    of = TARIFFS[kind]
    bills = []
    for offset, days, usage, fed_in, brought, left, kwh in data:
        starts = date(2024, 1, 1) + timedelta(days=offset)
        known = {"usage": usage, "fed_in": fed_in, "credit_dollars": brought, "left_dollars": left, "kwh": kwh}
        ends = starts + timedelta(days=days)
        if kind[1] == "exact" and starts < CHANGE < ends:  # unrounded lines of a cut bill: both refuse, in words
            for face in (lambda b: price(of, bills_frame(of, [b])), lambda b: amounts(of, *b)):
                with pytest.raises(OutOfRange, match="unrounded lines of a bill that a rate change cuts"):
                    face((starts, ends, known))
            continue
        bills.append((starts, ends, known))
    if not bills:
        return
    frame = bills_frame(of, bills)
    lines = price(of, frame)
    assert disagreements(of, frame, lines) == []
    starts, ends, known = bills[0]
    bill = explain(of, starts=starts, ends=ends, determinants=known)
    assert all(step.words(str) for line in bill.lines for step in line.steps())
    whole = [line for line in bill.lines if line.component == "credits"]
    carried = sum(line.amount_cents for line in whole if line.part == 2)
    if kind[0] == "nem-dollar" and kind[1] == "rounded" and starts >= CHANGE:
        energy = sum(line.amount_cents for line in bill.lines if line.component == "energy")
        offset_cents = sum(line.amount_cents for line in bill.lines if line.component in ("exports", "credits"))
        assert carried >= 0 and energy + offset_cents >= -1
