"""Keying mistakes made on purpose: whatever makes a read impossible or far too high is found and set right."""

from __future__ import annotations

import json
from decimal import Decimal

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.engine.metering.validation.rows import reads
from tests.engine.metering.validation.test_rule_cases import configured

from meterbook.engine.metering.validation.run import run

#: A register of four dials and two decimals, in hundredths; it counts 8 to 20 ccf a month and 13 last year.
RANGE = 1_000_000
CITY = configured("transposed_digits", "dial_count")
before = st.integers(100_000, 900_000)
counted = st.integers(900, 1_700)


def found(previous: int, shown: int, rule: str) -> Decimal | None:
    """What the rule proposes for a read, if it speaks."""
    row = {"previous": str(Decimal(previous) / 100), "read": str(Decimal(shown) / 100), "season": "13"}
    told = run(reads([row]), CITY, kind="reads")
    texts = dict(told.select("rule", "figures").iter_rows())
    return Decimal(json.loads(texts[rule])["proposed"]) if rule in texts else None


def is_wrong(previous: int, shown: int) -> bool:
    """Impossible or more than twice as much, and not a rollover."""
    if shown < previous:
        return shown + RANGE - previous > RANGE // 4
    return shown - previous > 2 * 1_300 and shown - previous - 1_300 >= 300


def plausible(previous: int, value: Decimal | None) -> bool:
    return value is not None and 65 <= (value * 100 - previous) * 100 / 1_300 <= 135


@settings(max_examples=20, deadline=None)
@given(before, counted, st.integers(0, 4))
def test_neighbours_that_changed_places_are_put_back(previous: int, usage: int, place: int) -> None:
    true = previous + usage
    low, high = true // 10**place % 10, true // 10 ** (place + 1) % 10
    keyed = true + (low - high) * 9 * 10**place
    assume(is_wrong(previous, keyed))
    assert plausible(previous, found(previous, keyed, "transposed_digits"))


@settings(max_examples=20, deadline=None)
@given(before, counted, st.integers(0, 5))
def test_a_digit_left_out_is_put_back(previous: int, usage: int, place: int) -> None:
    text = str(previous + usage)
    keyed = int(text[:place] + text[place + 1 :])
    assume(is_wrong(previous, keyed))
    assert plausible(previous, found(previous, keyed, "dial_count"))


@settings(max_examples=20, deadline=None)
@given(st.integers(10_000, 90_000), counted, st.integers(0, 5), st.integers(1, 9))
def test_a_digit_too_many_is_taken_out(previous: int, usage: int, place: int, digit: int) -> None:
    text = str(previous + usage)
    keyed = int(text[:place] + str(digit) + text[place:])
    assume(is_wrong(previous, keyed))
    assert plausible(previous, found(previous, keyed, "dial_count"))


@settings(max_examples=20, deadline=None)
@given(before, counted)
def test_an_honest_read_needs_no_setting_right(previous: int, usage: int) -> None:
    assert found(previous, previous + usage, "transposed_digits") is None
    assert found(previous, previous + usage, "dial_count") is None
