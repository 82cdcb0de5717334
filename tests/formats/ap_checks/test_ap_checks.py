"""Vouchers out, statuses in: what is written is read back, and a file that does not add up is refused whole."""

from __future__ import annotations

import csv
import datetime as dt
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meterbook.formats.ap_checks import STATUSES, CheckStatus, Voucher, parse_statuses, write_statuses, write_vouchers
from meterbook.formats.contract import WrongFormat

NUMBERS = st.integers(1, 10**9).map(str)
ROWS = st.lists(
    st.builds(
        CheckStatus, line=st.just(0), voucher=NUMBERS, check_number=NUMBERS, status=st.sampled_from(STATUSES),
        on=st.dates(dt.date(2000, 1, 1), dt.date(2099, 1, 1)), cents=st.integers(1, 10**9),
        remark=st.text("abc ,\"'é", max_size=12).map(str.strip),
    ),
    max_size=6,
)  # fmt: skip


@given(ROWS)
def test_what_is_written_is_read_back(rows: list[CheckStatus]) -> None:
    assert [CheckStatus(0, *_facts(row)) for row in parse_statuses(write_statuses(rows))] == rows


def _facts(row: CheckStatus) -> tuple[str, str, str, dt.date, int, str]:
    return row.voucher, row.check_number, row.status, row.on, row.cents, row.remark


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        (b"issued", b"mailed", "Status"), (b"43.17,moved", b"43.1,moved", "Amount"),
        (b"2025-01-29", b"1/29/25", "Date"),
        (b"#END,3", b"#END,4", "trailer"), (b"206.34", b"206.35", "trailer"), (b"Voucher,", b"Vouchers,", "headings"),
        (b"17,50021,issued", b"17,,issued", "CheckNumber"), (b",50021,returned", b",,returned", "Voucher"),
    ],
)  # fmt: skip
def test_a_wrong_file_is_refused_where_it_is_wrong(old: bytes, new: bytes, field: str) -> None:
    good = (
        b"Voucher,CheckNumber,Status,Date,Amount,Remark\r\n17,50021,issued,2025-01-08,43.17,\r\n"
        b"18,50022,issued,2025-01-08,120.00,\r\n,50021,returned,2025-01-29,43.17,moved\r\n#END,3,206.34\r\n"
    )
    assert len(parse_statuses(good)) == 3 and old in good
    with pytest.raises(WrongFormat) as refusal:
        parse_statuses(good.replace(old, new, 1))
    assert refusal.value.field == field


@given(st.lists(st.integers(1, 10**8), max_size=5), st.text("=+-@,\"\t;'x ", max_size=8))
def test_vouchers_add_up_and_no_name_is_a_formula(cents: list[int], name: str) -> None:
    rows = [
        Voucher(str(at), name, (name,), each, dt.date(2025, 1, 8), "r", "1", "2140") for at, each in enumerate(cents)
    ]
    data = write_vouchers(rows, columns=[("V", "voucher"), ("To", "payee"), ("At", "line1"), ("None", "line3"),
                                         ("Amt", "amount")], delimiter=";")  # fmt: skip
    read = list(csv.reader(io.StringIO(data.decode(), newline=""), delimiter=";"))
    assert read[-1][:2] == ["#END", str(len(cents))]
    assert sum(int(row[4].replace(".", "")) for row in read[1:-1]) == sum(cents) == int(read[-1][2].replace(".", ""))
    assert all(row[1][:1] not in ("=", "+", "-", "@", "\t") and row[3] == "" for row in read[1:-1])
