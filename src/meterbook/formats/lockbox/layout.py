"""Where each field stands in a bank's lockbox file. Every bank varies: a layout is configuration, not code.

>>> import dataclasses
>>> first_bank = dataclasses.replace(DEFAULT_LAYOUT, account_record="6", account=Columns(83, 102), payee=None)
>>> first_bank.account.width
20
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

DateOrder = Literal["YYMMDD", "MMDDYY", "YYYYMMDD", "MMDDYYYY"]

_STRPTIME = {"YYMMDD": "%y%m%d", "MMDDYY": "%m%d%y", "YYYYMMDD": "%Y%m%d", "MMDDYYYY": "%m%d%Y"}


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns `first` to `last`, counted from 1 and both included, as bank documents state them."""

    first: int
    last: int

    def __post_init__(self) -> None:
        if not 1 <= self.first <= self.last:
            raise ValueError(f"columns {self.first}-{self.last}: from 1 upwards, first before last")

    @property
    def width(self) -> int:
        return self.last - self.first + 1

    def cut(self, line: str) -> str:
        """What stands there; shorter than `width` where the line ends early."""
        return line[self.first - 1 : self.last]


@dataclass(frozen=True, slots=True)
class Layout:
    """Field positions per record type; None where a bank leaves a field out. See README.md for the table.

    `account_record` says which record carries the customer's account number in the columns `account`: `'4'` the
    overflow record after the check, `'6'` the check's own record.
    """

    width: int = 104
    max_width: int = 160
    # 1 immediate address header
    destination: Columns = Columns(4, 13)
    origin: Columns = Columns(14, 23)
    processed_on: Columns = Columns(24, 29)
    processed_at: Columns | None = Columns(30, 33)
    # 5 lockbox header; 7 and 8 repeat the lockbox number and the deposit date
    lockbox: Columns = Columns(8, 14)
    deposit_on: Columns = Columns(15, 20)
    # 6 check; 4 and 7 repeat the batch, 4 the item
    batch: Columns = Columns(2, 4)
    item: Columns = Columns(5, 7)
    amount: Columns = Columns(8, 17)
    routing: Columns | None = Columns(18, 26)
    bank_account: Columns | None = Columns(27, 36)
    check_number: Columns = Columns(37, 46)
    check_date: Columns | None = Columns(47, 52)
    payer: Columns | None = Columns(53, 82)
    payee: Columns | None = Columns(83, 102)
    # 4 overflow: record type, sequence, last (9) or more to come (0)
    overflow_of: Columns = Columns(8, 8)
    overflow_sequence: Columns = Columns(9, 10)
    overflow_last: Columns = Columns(11, 11)
    account_record: Literal["4", "6"] = "4"
    account: Columns = Columns(12, 41)
    invoice: Columns | None = None  # a second number beside the account, in the same record
    # 7 batch total, 8 lockbox total, 9 trailer
    batch_count: Columns = Columns(21, 23)
    batch_amount: Columns = Columns(24, 33)
    lockbox_count: Columns = Columns(21, 24)
    lockbox_amount: Columns = Columns(25, 34)
    record_count: Columns | None = Columns(2, 7)
    date_order: DateOrder = "YYMMDD"
    check_date_order: DateOrder = "MMDDYY"


DEFAULT_LAYOUT = Layout()


def date_of(text: str, *, order: DateOrder) -> dt.date | None:
    """The date written as `text`, or None. Two-digit years are 2000 to 2099.

    >>> date_of("160523", order="YYMMDD"), date_of("051616", order="MMDDYY"), date_of("163016", order="MMDDYY")
    (datetime.date(2016, 5, 23), datetime.date(2016, 5, 16), None)
    """
    if len(text) != len(order) or not (text.isascii() and text.isdigit()):
        return None
    year_width = order.count("Y")
    year_first = order.startswith("Y")
    year_text, rest = (text[:year_width], text[year_width:]) if year_first else (text[4:], text[:4])
    year = int(year_text) + (2000 if year_width == 2 else 0)
    try:
        return dt.date(year, int(rest[:2]), int(rest[2:]))
    except ValueError:
        return None


def date_text(day: dt.date, *, order: DateOrder) -> str:
    """`day` in the layout's order. Raises `ValueError` when a two-digit year cannot hold it.

    >>> date_text(dt.date(2016, 5, 16), order="MMDDYY")
    '051616'
    """
    if "YYYY" not in order and not 2000 <= day.year <= 2099:
        raise ValueError(f"{day}: a two-digit year means 2000 to 2099")
    return day.strftime(_STRPTIME[order])
