"""A difference is explained only where computing it their way gives their figures to the cent."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from meterbook.engine.billing.parallel import Cause, OurLine, OurPart, TheirLine, TheirPart, compare
from meterbook.engine.rates.explain import amounts
from meterbook.engine.rates.tariff import parse_tariff
from meterbook.engine.rates.terms import SERVED, SERVICE, SUSPENDED, Change

SOURCE = "source: {utility: Alder Bend, resolution: R, section: S, url: u, adopted: 2023-11-01}"
PRORATION = "proration: {normal_days: 30, tolerance: [27, 34], usage_decimals: 0, source: s}"
LINES = """
    components:
      - {{id: service, component: fixed, label: {{en: Base, es: Base}}, revenue: "4", per: period, price: "18.50"}}
      - {{id: water, component: per_unit, label: {{en: Use, es: Uso}}, revenue: "4", quantity: usage, price: "{price}"}}
"""
TARIFF = parse_tariff(
    f"""
schedule: W
title: {{en: Water, es: Agua}}
commodity: water
unit: ccf
eligibility: {{en: Example, es: Ejemplo}}
versions:
  - version: "2024"
    effective: 2024-01-01
    {SOURCE}
    {PRORATION}
{LINES.format(price="2.115")}
  - version: "2026"
    effective: 2026-01-01
    {SOURCE}
    {PRORATION}
{LINES.format(price="2.355")}
""",
    file="w.yaml",
)
STARTS, ENDS = date(2026, 9, 1), date(2026, 10, 1)


def ours(usage: str = "13") -> OurPart:
    facts = {"usage": Decimal(usage)}
    lines = tuple(OurLine(line[0], (line[0].title(),), line[4]) for line in amounts(TARIFF, STARTS, ENDS, facts))
    return OurPart(TARIFF, STARTS, ENDS, facts, lines)


def theirs(
    service: int, water: int, *, usage: str | None = "13", ends: date = ENDS, price: str | None = None
) -> TheirPart:
    lines = (
        TheirLine(frozenset({"service"}), "SVC", None, service),
        TheirLine(frozenset({"water"}), "WTR", Decimal(price) if price else None, water),
    )
    return TheirPart(STARTS, ends, Decimal(usage) if usage else None, lines)


def test_the_same_cents_are_equal() -> None:
    assert compare(ours(), theirs(1850, 3062)).outcome == "equal"  # 13 x 2.355 = 30.615


def test_truncated_cents_are_their_rounding() -> None:
    found = compare(ours(), theirs(1850, 3061))
    assert found.outcome == "explained"
    assert found.causes == (Cause("rounding", "line half-up", "line down"),)


def test_another_read_explains_only_its_own_figure() -> None:
    found = compare(ours(), theirs(1850, 3297, usage="14"))  # 14 x 2.355 = 32.97
    assert (found.outcome, found.causes) == ("explained", (Cause("reads", "13", "14"),))
    assert compare(ours(), theirs(1850, 3298, usage="14")).outcome == "unexplained"
    assert compare(ours(), theirs(1850, 3297, usage=None)).outcome == "unexplained", "the file says no other read"


def test_last_years_rate_is_named() -> None:
    found = compare(ours(), theirs(1850, 2750))  # 13 x 2.115 = 27.495
    assert (found.outcome, found.causes) == ("explained", (Cause("rate", "versions in force", "2024"),))


def test_their_printed_price_is_tried_at_our_quantity() -> None:
    found = compare(ours(), theirs(1850, 3250, price="2.50"))
    assert (found.outcome, found.causes) == ("explained", (Cause("rate", "2.355", "2.5"),))
    assert compare(ours(), theirs(1850, 3251, price="2.50")).outcome == "unexplained"


def test_days_and_reads_together() -> None:
    days = date(2026, 9, 21)
    told = amounts(TARIFF, STARTS, days, {"usage": Decimal(9)})
    found = compare(ours(), theirs(told[0][4], told[1][4], usage="9", ends=days))
    assert found.outcome == "explained"
    assert {cause.kind for cause in found.causes} == {"days", "reads"}


def test_a_charge_they_lack_is_not_explained_away() -> None:
    only = TheirPart(STARTS, ENDS, Decimal(13), (TheirLine(frozenset({"water"}), "WTR", None, 3062),))
    found = compare(ours(), only)
    assert found.outcome == "unexplained"
    assert [(group.components, group.equal) for group in found.groups] == [(("service",), False), (("water",), True)]


@given(st.lists(st.tuples(st.sampled_from(["", "service", "water"]), st.integers(-5000, 5000)), max_size=6))
def test_groups_hold_every_cent_of_both_sides(lines: list[tuple[str, int]]) -> None:
    told = tuple(TheirLine(frozenset({name} if name else ()), "X", None, cents) for name, cents in lines)
    mine = ours()
    found = compare(mine, TheirPart(None, None, None, told))
    assert sum(group.theirs_cents for group in found.groups) == sum(cents for _, cents in lines)
    assert sum(group.ours_cents for group in found.groups) == sum(line.amount_cents for line in mine.lines)
    if found.outcome == "equal":
        assert all(group.equal for group in found.groups)


def test_what_changed_inside_the_days_is_computed_again_too() -> None:
    """Ten of thirty days the service was off; they price by the year before, and nothing else differs."""
    changes = (Change(date(2026, 9, 11), SERVICE, SERVED), Change(date(2026, 9, 21), SERVICE, SUSPENDED))
    facts = {"usage": Decimal("13")}
    made = amounts(TARIFF, STARTS, ENDS, facts, changes)
    lines = tuple(OurLine(line[0], (line[0].title(),), line[4]) for line in made)
    assert [line.amount_cents for line in lines] == [617, 1649, 617, 1413]
    mine = OurPart(TARIFF, STARTS, ENDS, facts, lines, changes)
    found = compare(mine, theirs(1234, 2750))
    assert found.outcome == "explained"
    assert found.causes == (Cause("rate", "versions in force", "2024"),)
    fewer = compare(mine, theirs(1234, 2591, usage="11"))
    assert fewer.causes == (Cause("reads", "13", "11"),)
