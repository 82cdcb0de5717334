"""What is drawn, on which day, what waits for a person, and what a return means."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from meterbook.engine.autopay.amounts import Asked, draft_day, to_draw
from meterbook.engine.autopay.bank_account import WrongBankAccount, account_number, last_four, routing_number
from meterbook.engine.autopay.banking_days import add_banking_days, banking_days_between, is_banking_day
from meterbook.engine.autopay.breaker import Breaker, Facts, normal_cents, reasons
from meterbook.engine.autopay.returned import enrolment_after, presented_again_on
from meterbook.engine.autopay.rules import WrongAutopay, parse_autopay

POLICY = Path(__file__).parents[3] / "policies" / "alder-bend" / "autopay.yaml"
RULES = Breaker(Decimal(3), 10_000, 12, 3, 45, 10, 0, "hold")
CENTS = st.integers(0, 10**9)


def document() -> dict[str, Any]:
    """The city's policy as read."""
    found: dict[str, Any] = yaml.safe_load(POLICY.read_text(encoding="utf-8"))
    return found


@given(CENTS, st.integers(-(10**6), 10**9), st.integers(-(10**6), 10**9), st.booleans())
def test_never_more_than_asked_and_never_more_than_owed(asked: int, arrived: int, owed: int, level: bool) -> None:
    drawn = to_draw(Asked(asked, arrived, owed, level))
    assert 0 <= drawn <= asked
    assert level or drawn <= max(0, owed)
    assert drawn <= max(0, asked - max(0, arrived))


@given(
    st.dates(date(2024, 1, 1), date(2035, 12, 31)), st.none() | st.integers(1, 31), st.sampled_from(["after", "before"])
)
def test_drafts_fall_on_banking_days_near_the_chosen_day(due: date, chosen: int | None, moves: str) -> None:
    day = draft_day(due, chosen, moves=moves)
    assert is_banking_day(day)
    assert day <= due + timedelta(days=4)
    if chosen is None:
        assert abs((day - due).days) <= 4
    else:
        assert (due - day).days <= 35


def test_a_saturday_holiday_closes_no_bank_on_friday() -> None:
    assert is_banking_day(date(2026, 7, 3))
    assert not is_banking_day(date(2027, 7, 5))
    assert not is_banking_day(date(2026, 11, 26))


@given(st.dates(date(2024, 1, 1), date(2035, 12, 31)), st.integers(1, 40))
def test_banking_days_count_forth_and_back(day: date, days: int) -> None:
    then = add_banking_days(day, days)
    assert banking_days_between(day, then) == days
    assert is_banking_day(then)


@pytest.mark.parametrize("typed", ["09990001", "0999000144", "099900015", "000000000", "09990001A"])
def test_wrong_routing_numbers_are_refused(typed: str) -> None:
    with pytest.raises(WrongBankAccount):
        routing_number(typed)


@pytest.mark.parametrize("typed", ["1", "123456789012345678", "ABC", "12#4", ""])
def test_wrong_account_numbers_are_refused(typed: str) -> None:
    with pytest.raises(WrongBankAccount):
        account_number(typed)


@given(st.text("0123456789", min_size=2, max_size=17))
def test_never_more_than_half_of_a_number_is_shown(number: str) -> None:
    assert len(last_four(number)) <= min(4, max(1, len(number) // 2))


def test_ten_times_the_usual_waits_and_the_usual_does_not() -> None:
    usual = (9_000, 8_500, 9_500, 9_100)
    assert normal_cents(usual, RULES) == 9_000
    [found] = reasons(Facts(90_000, usual), RULES)
    assert (found.code, found.says.words(str)) == (
        "above_normal", "$900.00 is 10.0 times the usual $90.00; held above 3 times.",
    )  # fmt: skip
    assert reasons(Facts(27_000, usual), RULES) == []


def test_small_amounts_and_short_histories_never_count_as_unusual() -> None:
    assert reasons(Facts(9_900, (300, 300, 300)), RULES) == []
    assert reasons(Facts(90_000, (9_000, 9_000)), RULES) == []
    assert [one.code for one in reasons(Facts(90_000, (9_000,)), replace(RULES, first_bills=2))] == ["first"]


def test_every_reason_is_said_at_once() -> None:
    facts = Facts(
        50_000, (1_000, 1_000, 1_000), days_since_bill=92, limit_cents=20_000, closed=True, final=True, other_drafts=1,
        held=True, disputed=True, corrected=True, protection="bankruptcy_stay", banned="cash only until 2027-01-01",
    )  # fmt: skip
    assert [one.code for one in reasons(facts, RULES)] == [
        "above_normal", "above_limit", "gap", "final", "closed", "several", "held", "disputed", "corrected",
        "protected", "banned",
    ]  # fmt: skip
    drawn = replace(RULES, final="draft")
    assert reasons(Facts(5_000, closed=True, final=True), drawn) == []


def test_insufficient_funds_come_three_times_at_most_and_within_the_days() -> None:
    rules = parse_autopay(document()).returns
    first, back = date(2026, 3, 2), date(2026, 3, 4)
    again = [
        presented_again_on("R01", rules.again, presented=n, first_settled_on=first, returned_on=back) for n in (1, 2, 3)
    ]
    assert again == [date(2026, 3, 11), date(2026, 3, 11), None]
    late = first + timedelta(days=176)
    assert presented_again_on("R09", rules.again, presented=2, first_settled_on=first, returned_on=late) is None
    for code in ("R02", "R03", "R04", "R07", "R10"):
        assert presented_again_on(code, rules.again, presented=1, first_settled_on=first, returned_on=back) is None
        assert enrolment_after(code, rules, presented_again=False) == "stop"
    assert enrolment_after("R01", rules, presented_again=True) == "keep"
    assert enrolment_after("R01", rules, presented_again=False) == "suspend"
    assert enrolment_after("R84", rules, presented_again=False) == "suspend"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("company", "bank"), "099900015"), (("company", "descriptions", "reversal"), "OOPS"),
        (("company", "balanced"), "yes"), (("drafts", "moves"), "sideways"), (("drafts", "final"), "perhaps"),
        (("returns", "again", "presentments"), 4), (("returns", "again", "codes"), ["R03"]),
        (("returns", "suspends"), ["R02"]), (("breaker", "times"), "0"), (("reversal", "within_days"), 6),
        (("sec", "person"), "IAT"), (("authorisation", "es"), ""), (("prenote",), None),
    ],
)  # fmt: skip
def test_a_policy_against_the_rules_is_refused(path: tuple[str, ...], value: object) -> None:
    assert parse_autopay(document()).prenote_days == 3
    broken = deepcopy(document())
    place = broken
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = value
    with pytest.raises(WrongAutopay):
        parse_autopay(broken)
