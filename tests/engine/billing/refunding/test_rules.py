"""Refund rules, the law's dates and rebates, without a database."""

from __future__ import annotations

import doctest
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from meterbook.engine.billing.adjusting.fields import WrongSetting
from meterbook.engine.billing.refunding import dormancy, programmes, rules

POLICIES = Path(__file__).parents[4] / "policies" / "alder-bend"


def policy(name: str) -> dict[str, Any]:
    found = yaml.safe_load((POLICIES / f"{name}.yaml").read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


REFUNDS = rules.parse_refunds(policy("refunds"))
LAW = dormancy.parse_dormancy(policy("unclaimed-money"))
REBATES = programmes.parse_programmes(policy("rebates"))


@pytest.mark.parametrize("module", [dormancy, programmes, rules])
def test_examples_run(module: Any) -> None:
    assert doctest.testmod(module).failed == 0


def test_no_credit_is_too_small_to_pay_and_too_large_to_write_down() -> None:
    """Between what is written down and what a check is written for lies not one cent."""
    assert REFUNDS.least["check"] == REFUNDS.small.credits_cents + 1
    with pytest.raises(rules.TooSmall):
        REFUNDS.way_for(REFUNDS.least["check"] - 1, "check")


def test_a_tender_nobody_named_waits_as_long_as_others() -> None:
    assert REFUNDS.cleared_on("cowrie", date(2025, 1, 1)) == date(2025, 1, 11)
    assert REFUNDS.cleared_on("cash", date(2025, 1, 1)) == date(2025, 1, 1)


@given(st.integers(1, 10_000_000), st.dates(date(2000, 1, 1), date(2080, 1, 1)))
def test_the_law_in_numbers(cents: int, since: date) -> None:
    """Below $15 one year, else three; the letter goes out before; never a day early."""
    rule = LAW.rule_for(cents)
    years = 1 if cents < 1500 else 3
    dormant = rule.dormant_on(since)
    assert dormant.year == since.year + years and (dormant.month, dormant.day) >= (since.month, since.day)
    assert (dormant - since.replace(day=1)).days <= 366 * years + 31
    assert LAW.letter_on(cents, since) == dormant - timedelta(days=90)
    assert (rule.publication is None) == (cents < 1500)


@given(st.dates(date(2000, 1, 1), date(2080, 1, 1)), st.integers(0, 100), st.integers(1, 20))
def test_two_weekly_notices_and_a_claim_day_45_to_60_days_after_the_first(first: date, after: int, apart: int) -> None:
    published = LAW.rule("three_years").publication
    assert published is not None
    days, earliest = dormancy.dates_from(published, first)
    assert [(day - first).days for day in days] == [0, 7] and (earliest - first).days == 45
    good = apart == 7 and 45 <= after <= 60
    try:
        dormancy.check_dates(published, [first, first + timedelta(days=apart)], first + timedelta(days=after))
        assert good
    except dormancy.WrongDates:
        assert not good
    with pytest.raises(dormancy.WrongDates):
        dormancy.check_dates(published, [first], earliest)


@pytest.mark.parametrize(
    ("units", "cost", "before", "cents"),
    [(2, 30_000, 0, 20_000), (2, 10_001, 0, 8_001), (3, 90_000, 0, 30_000), (1, 50_000, 2, 10_000)],
)
def test_a_rebate_is_the_least_of_units_share_and_cap(units: int, cost: int, before: int, cents: int) -> None:
    day = date(2025, 2, 1)
    worth, steps = REBATES.programme("toilet").worth(
        units=units, cost_cents=cost, done_on=day, asked_on=day, before=before
    )
    assert worth == cents and len(steps) == 3


@pytest.mark.parametrize(("units", "late", "before"), [(4, 0, 0), (1, 0, 3), (1, 91, 0), (1, -1, 0)])
def test_what_the_programme_does_not_give(units: int, late: int, before: int) -> None:
    day = date(2025, 2, 1)
    with pytest.raises(programmes.NoRebate):
        REBATES.programme("toilet").worth(
            units=units, cost_cents=10_000, done_on=day - timedelta(days=late), asked_on=day, before=before
        )


@pytest.mark.parametrize(
    ("name", "change", "says"),
    [
        ("refunds", {"clears_after_days": {"cash": 0}}, "days by tender, with other"),
        ("refunds", {"paid_out_of": {"check": "cash", "ach": "drawer"}}, "paid_out_of.ach"),
        ("unclaimed-money", {"rules": []}, "a list with at least one entry"),
        ("rebates", {"fiscal_year_begins_month": 0}, "a whole number from 1"),
    ],
)
def test_a_wrong_policy_is_refused_where_it_stands(name: str, change: dict[str, Any], says: str) -> None:
    reader: Any = {"refunds": rules.parse_refunds, "unclaimed-money": dormancy.parse_dormancy,
                   "rebates": programmes.parse_programmes}[name]  # fmt: skip
    with pytest.raises(WrongSetting, match=says):
        reader({**policy(name), **change})
