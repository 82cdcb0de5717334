"""The remittance scanline: published check digits, round trips, and every misread digit seen."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meterbook.formats.contract import WrongFormat
from meterbook.formats.scanline import (
    FORMAT,
    Scanline,
    ScanlineLayout,
    check_digit,
    parse_scanline,
    scanline,
)

ACCOUNTS = st.integers(1, 999_999_999_999).map(str)
AMOUNTS = st.integers(0, 9_999_999_999)
DUE = st.none() | st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31))
LAYOUTS = st.builds(
    ScanlineLayout,
    account_width=st.integers(12, 20),
    amount_width=st.integers(10, 12),
    weights=st.sampled_from([(2, 1), (1, 2), (7, 3, 1)]),
    start=st.sampled_from(["right", "left"]),
)


@pytest.mark.parametrize(
    ("digits", "digit"),
    [("7992739871", "3"), ("411111111111111", "1"), ("37828224631000", "5"), ("0", "0"), ("9", "1"), ("5", "9")],
)
def test_luhn_numbers_of_public_record(digits: str, digit: str) -> None:
    assert check_digit(digits) == digit


def test_weights_and_direction_are_configuration() -> None:
    # 1234: from the right 4·2 3·1 2·2 1·1 = 16; from the left 1·2 2·1 3·2 4·1 = 14; weights 7,3,1 from the left
    # 7 + 6 + 3 + 2·1+8 (28 → 2+8) = 26
    assert check_digit("1234") == "4"
    assert check_digit("1234", start="left") == "6"
    assert check_digit("1234", weights=(7, 3, 1), start="left") == "4"


@given(ACCOUNTS, AMOUNTS, DUE, LAYOUTS)
def test_what_is_printed_is_read_back(account: str, cents: int, due: dt.date | None, layout: ScanlineLayout) -> None:
    line = scanline(account, cents, due, layout=layout)
    assert len(line) == layout.width
    assert parse_scanline(line, layout=layout) == Scanline(account, cents, due)


@given(ACCOUNTS, AMOUNTS, DUE, st.integers(0, 28), st.integers(1, 9))
def test_every_single_misread_digit_is_seen(
    account: str, cents: int, due: dt.date | None, position: int, off: int
) -> None:
    line = scanline(account, cents, due)
    misread = line[:position] + str((int(line[position]) + off) % 10) + line[position + 1 :]
    with pytest.raises(WrongFormat, match="check digit"):
        parse_scanline(misread)


def test_the_line_of_the_readme() -> None:
    line = scanline("100245", 7_000, dt.date(2025, 3, 28))
    assert line == "00000010024525032800000070005"
    assert FORMAT.parse(f"{line[:12]} {line[12:18]} {line[18:]}\n".encode()) == parse_scanline(line)


def test_accounts_of_one_length_keep_their_zeros() -> None:
    layout = ScanlineLayout(account_width=6, padded_accounts=False)
    assert parse_scanline(scanline("000245", 1, None, layout=layout), layout=layout).account_number == "000245"
    with pytest.raises(ValueError, match="exactly 6 digits"):
        scanline("245", 1, None, layout=layout)


@pytest.mark.parametrize(
    ("account", "cents", "due"),
    [
        ("", 1, None),
        ("A-1", 1, None),
        ("١٢", 1, None),
        ("0245", 1, None),
        ("1" * 13, 1, None),
        ("1", -1, None),
        ("1", 10**10, None),
        ("1", 1, dt.date(1999, 12, 31)),
    ],
)
def test_what_would_not_come_back_is_not_printed(account: str, cents: int, due: dt.date | None) -> None:
    with pytest.raises(ValueError, match=r"needed|lost|means"):
        scanline(account, cents, due)


def test_an_impossible_due_date_is_named() -> None:
    digits = "0000001002452513320000007000"
    with pytest.raises(WrongFormat, match="due date"):
        parse_scanline(digits + check_digit(digits))


@pytest.mark.parametrize("line", ["", "12345", "A" * 29, "1" * 30])
def test_other_text_is_not_a_scanline(line: str) -> None:
    with pytest.raises(WrongFormat, match="29 digits"):
        parse_scanline(line)
