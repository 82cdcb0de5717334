"""The city's formula: base, excess, credit; and the policies that say it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from meterbook.engine.billing.adjusting.fields import WrongSetting
from meterbook.engine.billing.adjusting.reasons import parse_reasons
from meterbook.engine.billing.leak.repriced import excess_at_tier, price_again, total
from meterbook.engine.billing.leak.settings import BaseRule, CreditRule, parse_leak
from meterbook.engine.billing.leak.usage import Past, base_of, credited
from meterbook.engine.rates.changing.told import with_usage
from meterbook.engine.rates.tariff import parse_tariff
from meterbook.engine.rates.terms import SERVED, SERVICE, SUSPENDED, Change

ROOT = Path(__file__).resolve().parents[4]
POLICIES = ROOT / "policies" / "alder-bend"
SUMMER, WINTER = (5, 6, 7, 8, 9, 10), (11, 12, 1, 2, 3, 4)
HALF = CreditRule("percent", Decimal(50), None, 2)


def past(month: int, quantity: str, year: int = 2024, days: int = 30) -> Past:
    starts = date(year, month, 1)
    return Past(starts, starts + timedelta(days=days), Decimal(quantity))


def policy(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((POLICIES / f"{name}.yaml").read_text(encoding="utf-8"))
    return found


def test_the_worked_example() -> None:
    """domain.md: used 40, base 12, credit 14 units = (40 − 12) × 50 %."""
    rule = BaseRule(periods=3, least=3, months=12, seasons=(), fallback=False, by="period")
    history = [past(5, "11"), past(6, "13"), past(7, "12")]
    base = base_of(rule, history, past(8, "40"), decimals=2, unit="ccf")
    assert base.quantity == 12
    found = credited(HALF, Decimal(40), Decimal(12), unit="ccf")
    assert (found.excess, found.credited, found.billed) == (28, 14, 26)


def test_the_base_is_of_the_same_season_and_of_any_only_where_it_may() -> None:
    history = [past(1, "5"), past(2, "5"), past(7, "20", 2023), past(6, "22", 2023)]
    rule = BaseRule(periods=6, least=2, months=36, seasons=(SUMMER, WINTER), fallback=False, by="period")
    leak = past(8, "60")
    assert base_of(rule, history, leak, decimals=2, unit="ccf").quantity == 21
    short = base_of(rule, history[:3], leak, decimals=2, unit="ccf")
    assert short.quantity is None and "Earlier periods on record: 1;" in short.steps[0].words(str)
    any_month = BaseRule(periods=6, least=2, months=36, seasons=(SUMMER, WINTER), fallback=True, by="period")
    assert base_of(any_month, history[:3], leak, decimals=2, unit="ccf").quantity == 10


def test_a_longer_leak_has_a_longer_base() -> None:
    rule = BaseRule(periods=6, least=1, months=36, seasons=(), fallback=False, by="day")
    base = base_of(rule, [past(5, "30"), past(6, "33", days=33)], past(8, "90", days=31), decimals=2, unit="ccf")
    assert base.quantity == 31


@given(st.decimals("0", "9999", places=2), st.decimals("0", "9999", places=2), st.decimals("0.01", "100", places=2))
def test_a_credit_never_goes_below_the_base_or_above_the_excess(used: Decimal, base: Decimal, percent: Decimal) -> None:
    found = credited(CreditRule("percent", percent, None, 2), used, base, unit="ccf")
    assert found.billed + found.credited == used
    assert 0 <= found.credited <= max(used - base, 0)


def water(usage: str, again: str | None = None) -> Any:
    tariff = parse_tariff((ROOT / "tariffs/alder-bend/W-RES.yaml").read_text(encoding="utf-8"), file="W-RES.yaml")
    told: dict[str, Decimal | str] = {"usage": Decimal(usage), "meter_size": "5/8"}
    lines = price_again(
        tariff, date(2024, 9, 3), date(2024, 10, 3), told, usage=None if again is None else Decimal(again)
    )
    return tariff, lines


def test_the_bill_is_priced_again_by_both_faces() -> None:
    _, issued = water("40")
    _, now = water("40", "26")
    # Tiers end at 11 and 24: 14 units less, all of them in the third tier at 2.64.
    assert total(issued) - total(now) == 3696


def test_the_surplus_at_the_lowest_tier_or_at_a_named_one() -> None:
    tariff, issued = water("40")
    _, at_base = water("40", "12")
    lowest, step = excess_at_tier(tariff, issued, at_base, Decimal(28), CreditRule("reprice", Decimal(0), None, 2))
    assert total(lowest) - total(at_base) == 5152 and step.words(str) == "28 beyond the base at $1.84: $51.52."
    second, _ = excess_at_tier(tariff, issued, at_base, Decimal(28), CreditRule("reprice", Decimal(0), 2, 2))
    assert total(second) - total(at_base) == 6552
    assert total(issued) - total(lowest) > total(issued) - total(second) > 0


def test_the_citys_policies_read_and_wrong_ones_are_refused_where_they_are_wrong() -> None:
    rules = parse_leak(policy("leak-adjustment"))
    assert rules.max_credit == 150_000 and rules.waivable == {"back_to_normal", "in_time"}
    otay = {**policy("leak-adjustment"), "credit": {"kind": "reprice", "tier": "lowest"}}
    assert parse_leak(otay).credit.kind == "reprice"
    wrong = policy("leak-adjustment")
    wrong["base"]["seasons"] = [[1, 2, 3]]
    with pytest.raises(WrongSetting, match=r"base\.seasons"):
        parse_leak(wrong)
    reasons = policy("adjustment-reasons")
    reasons["reasons"][0]["directions"] = ["sideways"]
    with pytest.raises(WrongSetting, match=r"reasons\[0\]\.directions"):
        parse_reasons(reasons)


def test_a_bill_is_priced_again_with_what_changed_inside_it() -> None:
    """Ten of thirty days were suspended, and 30 of 40 units had run by the read before the rate rose."""
    starts, ends, told = date(2024, 1, 1), date(2024, 1, 31), {"usage": Decimal(40)}
    changes = (
        Change(date(2024, 1, 11), SERVICE, SERVED), Change(date(2024, 1, 21), SERVICE, SUSPENDED),
        Change(date(2024, 1, 11), "usage", Decimal(30)),
    )  # fmt: skip
    issued = price_again(RISING, starts, ends, told, changes)
    assert sum(line.amount_cents for line in issued if line.component == "base") == 2000
    assert [line.quantity for line in issued if line.component == "use"] == [30, 10]
    again = price_again(RISING, starts, ends, told, changes, usage=Decimal(26))
    assert [line.quantity for line in again if line.component == "use"] == [Decimal("19.5"), Decimal("6.5")]
    assert with_usage(changes, "usage", Decimal(0), Decimal(26)) == changes[:2]


_SOURCE = "source: {{utility: Alder Bend, resolution: R, section: S, url: u, adopted: 2023-11-01}}"
_VERSION = f"""
  - version: "{{version}}"
    effective: {{effective}}
    {_SOURCE}
    proration: {{{{normal_days: 30, tolerance: [27, 34], usage_decimals: 3, source: s}}}}
    components:
      - {{{{id: base, component: fixed, label: {{{{en: Base, es: Base}}}}, revenue: "4", per: period, price: "30.00"}}}}
      - id: use
        component: per_unit
        label: {{{{en: Use, es: Uso}}}}
        revenue: "4"
        quantity: usage
        price: "{{price}}"
"""
RISING = parse_tariff(
    "schedule: W\ntitle: {en: Water, es: Agua}\ncommodity: water\nunit: ccf\n"
    "eligibility: {en: Example, es: Ejemplo}\nversions:"
    + _VERSION.format(version="2023", effective="2023-01-01", price="1.00")
    + _VERSION.format(version="2024", effective="2024-01-11", price="2.00"),
    file="rising.yaml",
)
