"""Whole ledgers in plain text: what is written is read back, and a name never ends a line."""

from __future__ import annotations

from datetime import date, timedelta
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meterbook.formats import beancount, hledger
from meterbook.formats.contract import WrongFormat
from meterbook.formats.plain_text import Transaction, account_name

BOTH = pytest.mark.parametrize("form", [beancount, hledger], ids=["beancount", "hledger"])
NAMES = [
    account_name("asset", "water", "1221", "Water receivable"),
    account_name("revenue", "water", "4220", "Ágüa; x"),
]
words = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Zl", "Zp")), max_size=12)


@BOTH
@given(st.lists(st.tuples(st.integers(-(10**8), 10**8), st.integers(0, 400), words), min_size=1, max_size=9))
def test_balances_come_back_to_the_cent(form: ModuleType, made: list[tuple[int, int, str]]) -> None:
    rows = [
        Transaction(
            date(2026, 1, 1) + timedelta(days), "bill", {"account": says}, [(NAMES[0], cents), (NAMES[1], -cents)]
        )
        for cents, days, says in made
    ]
    found = form.parse(form.write(rows, title='A "city"', since=date(2026, 1, 1)))
    total = sum(cents for cents, _, _ in made)
    assert found.transactions == len(made) and found.balances == {NAMES[0]: total, NAMES[1]: -total}


@BOTH
def test_what_is_no_journal_of_ours_is_refused_by_its_line(form: ModuleType) -> None:
    one = Transaction(date(2026, 1, 1), "bill", {}, [(NAMES[0], 5), (NAMES[1], -5)])
    content = form.write([one], title="city", since=date(2026, 1, 1))
    with pytest.raises(WrongFormat, match="not a line of this journal"):
        form.parse(content + b"P 2026-01-01 USD 1\n")
    with pytest.raises(WrongFormat, match="does not balance"):
        form.parse(content.replace(b"-0.05", b"-0.04"))


def test_names_are_what_both_programs_take() -> None:
    assert NAMES[1] == "Income:Water:4220-g-a-x"
