"""Return and change codes: all there, and corrected data read by the column."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.formats.nacha.invented import ROUTINGS

from meterbook.formats.nacha import CHANGE_REASONS, RETURN_REASONS, Correction
from meterbook.formats.nacha.corrections import read_correction, write_correction

ACCOUNTS = st.text("0123456789ABCDEFG-", min_size=1, max_size=17)
CODES = st.sampled_from([22, 27, 32, 37, 28, 38])


def test_the_codes_a_utility_meets_are_told_apart() -> None:
    assert {code for code, each in RETURN_REASONS.items() if each.family == "funds"} == {"R01", "R09"}
    assert {code for code, each in RETURN_REASONS.items() if each.counted == "administrative"} == {"R02", "R03", "R04"}
    assert {code for code, each in RETURN_REASONS.items() if each.counted == "unauthorized"} == {
        "R05", "R07", "R10", "R11", "R29", "R51",
    }  # fmt: skip
    assert {f"C{number}" for number in range(61, 70)} == {code for code, each in CHANGE_REASONS.items() if each.refused}
    assert all(each.title and code == each.code for code, each in RETURN_REASONS.items())


@given(ROUTINGS, ACCOUNTS, CODES)
def test_corrections_are_read_as_they_are_written(routing: str, account: str, code: int) -> None:
    for change, correction in {
        "C01": Correction(account=account),
        "C02": Correction(routing=routing),
        "C03": Correction(routing=routing, account=account),
        "C05": Correction(transaction_code=code),
        "C06": Correction(account=account, transaction_code=code),
        "C07": Correction(routing=routing, account=account, transaction_code=code),
        "C09": Correction(identification=account),
    }.items():
        assert read_correction(change, write_correction(change, correction)) == (correction, "")


@pytest.mark.parametrize(
    ("code", "text", "says"),
    [
        ("C01", "", "account: blank"),
        ("C01", " 5654221", "not left-aligned"),
        ("C01", "56 54221", "blanks within"),
        ("C01", "5654221".ljust(20) + "9", "outside the columns"),
        ("C02", "121042883", "not a routing number"),
        ("C02", "12104288", "not a routing number"),
        ("C03", "121042882 5654221", "outside the columns"),
        ("C03", "121042882", "account: blank"),
        ("C05", "99", "not a transaction code"),
        ("C05", "26", "not a transaction code"),
        ("C06", "5654221".ljust(17) + "   XX", "not a transaction code"),
        ("C07", "121042882" + "5654221".ljust(17), "transaction code: blank"),
        ("C09", "", "identification: blank"),
    ],
)
def test_a_correction_out_of_its_columns_is_never_applied(code: str, text: str, says: str) -> None:
    correction, problem = read_correction(code, text)
    assert correction is None
    assert says in problem
