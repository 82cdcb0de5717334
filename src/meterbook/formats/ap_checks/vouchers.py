"""The file accounts payable takes: a voucher a row, its columns and words by a profile."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Voucher:
    """A check to write: ``voucher`` our number of it, ``lines`` the address below the payee's name."""

    voucher: str
    payee: str
    lines: tuple[str, ...]
    cents: int
    on: dt.date
    description: str
    account: str
    fund_account: str


def write_vouchers(
    rows: Sequence[Voucher], *, columns: Sequence[tuple[str, str]], delimiter: str = ",",
    date_format: str = "%Y-%m-%d", totals: bool = True,
) -> bytes:  # fmt: skip
    """The file: ``columns`` are (heading, fact) with a text after ``=`` written as it is; a trailer counts and sums.

    >>> one = Voucher("17", "Maria Soto", ("4 Elm St",), 4317, dt.date(2025, 1, 8), "Refund", "2000016", "2140")
    >>> write_vouchers([one], columns=[("V", "voucher"), ("To", "payee"), ("Amt", "amount"), ("T", "=1")]).decode()
    'V,To,Amt,T\\r\\n17,Maria Soto,43.17,1\\r\\n#END,1,43.17\\r\\n'
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow([heading for heading, _ in columns])
    for row in rows:
        writer.writerow([_guarded(_fact(row, fact, date_format)) for _, fact in columns])
    if totals:
        writer.writerow(["#END", len(rows), _dollars(sum(row.cents for row in rows))])
    return out.getvalue().encode()


def _fact(row: Voucher, fact: str, date_format: str) -> str:
    if fact.startswith("="):
        return fact[1:]
    if fact.startswith("line"):
        at = int(fact[4:]) - 1
        return row.lines[at] if at < len(row.lines) else ""
    return {
        "vendor": "", "voucher": row.voucher, "payee": row.payee, "amount": _dollars(row.cents),
        "date": row.on.strftime(date_format), "description": row.description, "account": row.account,
        "fund_account": row.fund_account,
    }[fact]  # fmt: skip


def _guarded(text: str) -> str:
    """A name that begins like a formula stays a name in a spreadsheet."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text


def _dollars(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02}"
