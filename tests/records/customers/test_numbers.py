"""Account numbers: a check digit that catches what people mistype, computed alike for one and for a column."""

from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from meterbook.demo.drawn.people import check_digit as columns_check_digit
from meterbook.demo.drawn.people import misread
from meterbook.records.customers.operations.load_customers import as_json, numbered
from meterbook.records.customers.operations.open_account import account_number


@given(st.lists(st.integers(100_001, 999_999), min_size=1, max_size=20))
def test_one_number_and_a_column_agree(sequences: list[int]) -> None:
    frame = pl.DataFrame({"sequence": sequences}, schema={"sequence": pl.Int64})
    made = frame.select(pl.format("{}{}", "sequence", columns_check_digit(pl.col("sequence"))).alias("number"))
    assert made["number"].to_list() == [account_number(one) for one in sequences]
    assert made.select(numbered(pl.col("number")).all()).item()


@given(st.integers(100_001, 999_999), st.integers(0, 6), st.integers(1, 9))
def test_one_wrong_digit_is_caught(sequence: int, place: int, off: int) -> None:
    number = account_number(sequence)
    wrong = number[:place] + str((int(number[place]) + off) % 10) + number[place + 1 :]
    frame = pl.DataFrame({"number": [number, wrong]})
    assert frame.select(numbered(pl.col("number")).alias("good"))["good"].to_list() == [True, False]
    assert not frame.select(numbered(misread(pl.col("number"))).alias("good"))["good"][0]


def test_mail_lines_become_json_whatever_they_hold() -> None:
    frame = pl.DataFrame({"mail_lines": [['12 "B" Street', "Alder \\ Bend"], ["ليلى", "林"]]})
    import json

    made = [json.loads(text) for text in frame.select(as_json(pl.col("mail_lines")))["mail_lines"]]
    assert made == frame["mail_lines"].to_list()
