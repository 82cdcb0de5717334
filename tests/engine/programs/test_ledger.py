"""The ledger of net metering and level payment plans as laws: nothing is made, nothing is lost."""

from __future__ import annotations

import doctest
import importlib
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from meterbook.engine.programs.level_pay import LevelPayRules, Month, WrongRules, asked, first_amount, parse_rules, pay
from meterbook.engine.programs.net_metering.movements import (
    Carried,
    CreditsDisagree,
    Lines,
    Metered,
    Movement,
    lines_of,
    movement,
)
from meterbook.engine.programs.net_metering.sharing import WrongShares, shared
from meterbook.engine.programs.net_metering.terms import Terms, terms_of
from meterbook.engine.rates.explain import amounts
from meterbook.engine.rates.price import price
from meterbook.engine.rates.tariff import Tariff, TariffError, parse_tariff

ROOT = Path(__file__).resolve().parents[3]
TARIFFS = ROOT / "tests" / "records" / "programs" / "tariffs"
KWH = st.integers(min_value=0, max_value=5_000 * 10**6)
CENTS = st.integers(min_value=0, max_value=500_000)


@cache
def tariff(code: str) -> Tariff:
    return parse_tariff((TARIFFS / f"{code}.yaml").read_text(encoding="utf-8"), file=code)


def terms(code: str, **changed: Any) -> Terms:
    return replace(terms_of(tariff(code).versions[0]), **changed)


@cache
def rules() -> LevelPayRules:
    text = (ROOT / "policies" / "alder-bend" / "level-pay.yaml").read_text(encoding="utf-8")
    return parse_rules(yaml.safe_load(text))


@pytest.mark.parametrize("module", ["net_metering.movements", "net_metering.sharing", "level_pay.plan"])
def test_examples_in_docstrings_run(module: str) -> None:
    found = doctest.testmod(importlib.import_module(f"meterbook.engine.programs.{module}"))
    assert (found.failed, found.attempted > 0) == (0, True)


def holds(made: Movement) -> bool:
    """What is carried is what was carried, plus banked, less used, expired and paid."""
    kwh = made.before.kwh_e6 + made.banked_e6 - made.used_e6 - made.expired_e6 - made.paid_e6
    cents = made.before.cents + made.banked_cents - made.used_cents - made.expired_cents - made.paid_cents
    return (made.after.kwh_e6, made.after.cents) == (kwh, cents) and min(kwh, cents) >= 0


@settings(deadline=None, max_examples=60)
@given(months=st.lists(st.tuples(KWH, KWH, st.booleans()), max_size=14), how=st.sampled_from(["pay", "expire", "keep"]))
def test_kwh_are_conserved_drawn_is_billed_or_covered_fed_in_is_used_or_ends(
    months: list[tuple[int, int, bool]], how: str
) -> None:
    bank, ended, billed = Carried(), 0, 0
    for imports, exports, settles in months:
        made = movement("nem-kwh", terms("NEM-K", at_true_up=how), bank, Metered(imports, exports, exports), Lines(),
                        settles=settles)  # fmt: skip
        assert holds(made) and made.before == bank
        bank, ended, billed = made.after, ended + made.paid_e6 + made.expired_e6, billed + made.billed_e6
    drawn, fed = sum(month[0] for month in months), sum(month[1] for month in months)
    assert fed + billed - drawn == bank.kwh_e6 + ended


@settings(deadline=None, max_examples=20)
@given(months=st.lists(st.tuples(KWH, KWH, st.booleans()), max_size=4))
def test_dollars_priced_by_both_faces_are_carried_to_the_cent(months: list[tuple[int, int, bool]]) -> None:
    schedule, mine, bank = tariff("NEM-D"), terms("NEM-D"), Carried()
    starts, ends = date(2025, 4, 1), date(2025, 5, 1)
    for imports, exports, settles in months:
        facts = {"usage": imports, "export_credited": exports, "credit_dollars": bank.cents * 10**4, "left_dollars": 0,
                 "settles_year": 10**6 if settles else 0}  # fmt: skip
        frame = {"row": [1], "starts": [starts], "ends": [ends]}
        priced = price(schedule, pl.DataFrame({**frame, **{f"det.{name}": [value] for name, value in facts.items()}}))
        facts["left_dollars"] = lines_of(mine, priced.select("component", "part", "amount").rows()).carried * 10**4
        priced = price(schedule, pl.DataFrame({**frame, **{f"det.{name}": [value] for name, value in facts.items()}}))
        told = {name: Decimal(value).scaleb(-6) for name, value in facts.items()}
        assert sorted(priced["amount"]) == sorted(line[4] for line in amounts(schedule, starts, ends, told))
        lines = lines_of(mine, priced.select("component", "part", "amount").rows())
        made = movement("nem-dollar", mine, bank, Metered(imports, exports, exports), lines, settles=settles)
        assert holds(made)
        charged = sum(priced["amount"])
        assert charged == 1000 + lines.charges - lines.earned - bank.cents + made.after.cents
        bank = made.after


def test_a_bill_that_brings_other_credits_than_the_ledger_carries_is_refused() -> None:
    with pytest.raises(CreditsDisagree, match="brings 5 cents, the ledger carries 0"):
        movement("nem-dollar", terms("NEM-D"), Carried(), Metered(0, 0, 0), Lines(brought=5), settles=False)
    with pytest.raises(CreditsDisagree, match="carries 7 cents on, the rule 0"):
        movement("nem-dollar", terms("NEM-D"), Carried(), Metered(0, 0, 0), Lines(carried=7), settles=False)


@given(
    quantity=st.integers(min_value=0, max_value=10**12),
    parts=st.lists(st.integers(min_value=1, max_value=10**6), min_size=1, max_size=9),
)
def test_shares_add_up_to_the_last_millionth(quantity: int, parts: list[int]) -> None:
    whole = sum(parts)
    percents = {at: (Decimal(part) * 100 / whole).quantize(Decimal("0.0001")) for at, part in enumerate(parts)}
    percents[0] += 100 - sum(percents.values())
    if any(percent <= 0 for percent in percents.values()):
        with pytest.raises(WrongShares):
            shared(quantity, percents)
        return
    given_ = shared(quantity, percents)
    assert sum(given_.values()) == quantity
    assert all(abs(given_[at] - quantity * percent / 100) < 1 for at, percent in percents.items())


@given(
    charges=st.lists(CENTS, min_size=1, max_size=30),
    basis=CENTS,
    formula=st.sampled_from(["eleven", "rolling", "twelfth"]),
)
def test_what_is_asked_for_and_the_last_settlement_are_the_charges(
    charges: list[int], basis: int, formula: str
) -> None:
    how, difference, total, year = rules().formula(formula), 0, 0, [0, 0]
    for at, current in enumerate(charges):
        number, last = at % 12 + 1, at == len(charges) - 1
        if number == 1:
            year = [0, 0]
        said = asked(how, Month(number, basis, current, eleven=sum(charges[max(0, at - 11) : at]), actual=year[0],
                                asked=year[1], difference=difference), ends=last)  # fmt: skip
        difference += current - said.cents
        total += said.cents
        year = [year[0] + current, year[1] + said.cents]
        assert (difference == 0) or not said.settles
        assert pay(5_000, difference) == 5_000 - difference
    assert total == sum(charges)


def test_1980_over_eleven_is_180() -> None:
    assert first_amount(rules().formula("eleven"), basis=198_000, months=12).cents == 18_000


def test_a_policy_that_means_nothing_is_refused_with_what_is_wrong() -> None:
    text = (ROOT / "policies" / "alder-bend" / "level-pay.yaml").read_text(encoding="utf-8")
    for wrong, said in (
        (text.replace("settle_month: 12", "settle_month: 13"), "settle_month: found 13"),
        (text.replace("last_year / 11", "next_year / 11"), "formulas.eleven"),
        (text.replace("months: [6, 12]", "months: six"), "review.months"),
        (text.replace('most_past_due: "0.00"', 'most_past_due: "0.005"'), "whole cents"),
    ):
        with pytest.raises(WrongRules, match=said):
            parse_rules(yaml.safe_load(wrong))


def test_a_true_up_needs_a_month_or_the_word_of_the_customers_own_year() -> None:
    text = (TARIFFS / "NEM-K.yaml").read_text(encoding="utf-8").replace("when: settles_year, ", "")
    with pytest.raises(TariffError, match="a 'month' that settles the year, or 'when'"):
        parse_tariff(text, file="x")
