"""The five net metering options by hand: small months whose every kWh and dollar can be followed with a pencil."""

from __future__ import annotations

import doctest
import importlib
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meterbook.engine.programs.net_metering import (
    OPTIONS,
    Bank,
    Month,
    NetEnergy,
    Netted,
    Rule,
    RuleError,
    netted,
    same_time_of_day,
    settle,
)

D = Decimal
NOTHING = Netted({}, {}, D(0), {}, D(0), ())
DOLLARS = st.decimals(min_value=0, max_value=500, places=2)


@pytest.mark.parametrize("module", ["rule", "netting", "settle"])
def test_examples_in_docstrings_run(module: str) -> None:
    assert doctest.testmod(importlib.import_module(f"meterbook.engine.programs.net_metering.{module}")).failed == 0


def energy(imports: dict[str, int], exports: dict[str, int]) -> NetEnergy:
    return NetEnergy({p: D(v) for p, v in imports.items()}, {p: D(v) for p, v in exports.items()})


def test_banked_kwh_lower_later_months_in_their_time_of_day_and_the_rest_is_paid_in_the_true_up_month() -> None:
    rule = Rule("nem-kwh", true_up_month=3, surplus_rate=D("0.04"))
    january = netted(rule, energy({"day": 100, "night": 50}, {"day": 240}), bank=Bank(), carry={})
    assert (january.used, january.surplus) == ({"night": D(50)}, {"day": D(140)})
    after = settle(rule, Month(1, D(5), D(0), january), bank=Bank())
    # The whole meter fed in 90 kWh more than it drew, though the day period alone has 140 kWh to carry.
    assert (after.credit, after.paid, after.bank.total_kwh) == (D(0), D(0), D(90))
    carry = same_time_of_day(["night", "night", "day", "day"], ["night", "night", "noon", "noon"])
    february = netted(rule, energy({"noon": 200, "night": 60}, {"noon": 10}), bank=after.bank, carry=carry)
    assert february.used == {"noon": D(50), "night": D(60)}
    after = settle(rule, Month(2, D(9), D(0), february), bank=after.bank)
    assert after.bank.total_kwh == 0
    march = netted(rule, energy({"noon": 10}, {"noon": 110}), bank=after.bank, carry={})
    after = settle(rule, Month(3, D(0), D(0), march), bank=after.bank)
    assert after.paid == D(-4) and after.bank.empty
    assert "100 kWh left over × $0.04 = $4.00" in after.steps[-1].words(str)


def test_kwh_of_a_period_without_the_same_time_of_day_are_not_used_and_the_explanation_says_so() -> None:
    found = netted(Rule("nem-kwh"), energy({"b": 5}, {}), bank=Bank({"a": D(7)}, D(7)), carry={})
    assert found.lost == 7 and found.used == {"b": D(5)}
    assert "7 kWh carried from period a find no such time of day" in found.steps[0].words(str)


def test_dollar_credits_lower_the_charges_to_nothing_and_are_carried() -> None:
    rule = Rule("nem-dollar")
    one = settle(rule, Month(4, D(30), D(50), NOTHING), bank=Bank())
    assert (one.credit, one.bank.dollars) == (D(-30), D(20))
    two = settle(rule, Month(5, D(90), D(15), NOTHING), bank=one.bank)
    assert (two.credit, two.bank.dollars) == (D(-35), D(0))


def test_net_billing_credits_all_at_once_even_beyond_the_charges() -> None:
    for option in ("net-billing", "buy-all"):
        found = settle(Rule(option), Month(4, D(30), D(50), NOTHING), bank=Bank())
        assert (found.credit, found.paid, found.bank) == (D(-50), D(0), Bank())


def test_carryover_counts_from_the_next_month_and_true_up_pays_this_months_too() -> None:
    rule = Rule("net-billing-carryover", true_up_month=5)
    april = settle(rule, Month(4, D(30), D(50), NOTHING), bank=Bank())
    assert (april.credit, april.bank.dollars) == (D(0), D(50))
    may = settle(rule, Month(5, D(30), D(7), NOTHING), bank=april.bank)
    assert (may.credit, may.paid, may.bank) == (D(-30), D(-27), Bank())
    at_once = settle(Rule("net-billing-carryover", credit="same-month"), Month(4, D(30), D(50), NOTHING), bank=Bank())
    assert (at_once.credit, at_once.bank.dollars) == (D(-30), D(20))


def test_what_is_left_may_expire_or_be_kept() -> None:
    gone = settle(Rule("nem-dollar", at_true_up="expire"), Month(12, D(1), D(3), NOTHING), bank=Bank())
    assert (gone.credit, gone.paid, gone.expired, gone.bank) == (D(-1), D(0), D(2), Bank())
    kept = settle(Rule("nem-dollar", at_true_up="keep"), Month(12, D(1), D(3), NOTHING), bank=Bank())
    assert (kept.paid, kept.bank.dollars) == (D(0), D(2))


def test_a_rule_that_means_nothing_is_refused() -> None:
    with pytest.raises(RuleError, match="true-up month is 1 to 12, not 13"):
        Rule("nem-kwh", true_up_month=13)
    with pytest.raises(RuleError, match="option 'barter' is none of nem-kwh"):
        Rule("barter")  # type: ignore[arg-type]
    with pytest.raises(RuleError, match="net-billing-carryover alone"):
        Rule("nem-dollar", credit="same-month")


@given(st.sampled_from(OPTIONS), st.lists(st.tuples(DOLLARS, DOLLARS), min_size=12, max_size=12))
def test_every_dollar_earned_is_credited_paid_or_still_banked(option: str, months: list[tuple[D, D]]) -> None:
    rule = Rule(option, true_up_month=7)  # type: ignore[arg-type]
    bank, credited = Bank(), D(0)
    for number, (charges, earned) in enumerate(months, 1):
        done = settle(rule, Month(number, charges, earned, NOTHING), bank=bank)
        assert done.credit <= 0 and done.paid <= 0
        if option in ("nem-dollar", "net-billing-carryover"):
            assert -done.credit <= charges
        credited += done.credit + done.paid
        bank = done.bank
    if option != "nem-kwh":
        assert -credited + bank.dollars == sum(earned for _, earned in months)
