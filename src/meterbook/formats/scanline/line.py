"""Account, due date and amount as digits with a check digit, and back.

>>> scanline("100245", 7_000, dt.date(2025, 3, 28))
'00000010024525032800000070005'
>>> parse_scanline("00000010024525032800000070005")
Scanline(account_number='100245', amount_cents=7000, due_on=datetime.date(2025, 3, 28))
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from meterbook.formats.contract import WrongFormat


@dataclass(frozen=True, slots=True)
class ScanlineLayout:
    """Widths in digits, and how the check digit is weighed.

    `weights` repeat over the digits before the check digit, beginning at the `start` end. With `padded_accounts`
    account numbers are filled with zeros on the left and lose them when read; without, an account number must have
    exactly `account_width` digits and keeps its zeros.
    """

    account_width: int = 12
    amount_width: int = 10
    weights: tuple[int, ...] = (2, 1)
    start: Literal["right", "left"] = "right"
    padded_accounts: bool = True

    def __post_init__(self) -> None:
        if self.account_width < 1 or self.amount_width < 1:
            raise ValueError("a scanline needs an account and an amount")
        if not self.weights or any(not 0 <= weight <= 9 for weight in self.weights):
            raise ValueError(f"weights {self.weights}: one or more digits are needed")

    @property
    def width(self) -> int:
        """All digits: account, due date (YYMMDD), amount in cents, check digit."""
        return self.account_width + _DUE_WIDTH + self.amount_width + 1


@dataclass(frozen=True, slots=True)
class Scanline:
    """What the stub said. `due_on` is None where it was printed as zeros."""

    account_number: str
    amount_cents: int
    due_on: dt.date | None


_DUE_WIDTH = 6
DEFAULT_LAYOUT = ScanlineLayout()


def check_digit(digits: str, *, weights: tuple[int, ...] = (2, 1), start: Literal["right", "left"] = "right") -> str:
    """Mod-10: multiply by the weights, add the digits of the products, subtract the remainder of 10 from 10.

    A remainder of 0 gives 0. With the default weights from the right this is the Luhn digit of payment cards.

    >>> check_digit("7992739871")
    '3'
    """
    ordered = digits[::-1] if start == "right" else digits
    total = 0
    for position, digit in enumerate(ordered):
        product = int(digit) * weights[position % len(weights)]
        total += product // 10 + product % 10
    return str((10 - total % 10) % 10)


def scanline(
    account_number: str, amount_cents: int, due_on: dt.date | None, *, layout: ScanlineLayout = DEFAULT_LAYOUT
) -> str:
    """The line to print: account, due date as YYMMDD (zeros for None), amount in cents, check digit.

    Raises `ValueError` when the account is not digits that fit and come back unchanged, the amount is negative or
    too large (a credit balance prints amount 0: the caller decides), or the year is outside 2000 to 2099.
    """
    if not (account_number.isascii() and account_number.isdigit()) or len(account_number) > layout.account_width:
        raise ValueError(f"account number {account_number!r}: 1 to {layout.account_width} digits are needed")
    if layout.padded_accounts and account_number.startswith("0"):
        raise ValueError(
            f"account number {account_number!r}: its leading zero would be lost, set padded_accounts=False"
        )
    if not layout.padded_accounts and len(account_number) != layout.account_width:
        raise ValueError(f"account number {account_number!r}: exactly {layout.account_width} digits are needed")
    if not 0 <= amount_cents < 10**layout.amount_width:
        raise ValueError(f"amount {amount_cents} cents: 0 to {layout.amount_width} digits are needed")
    if due_on is not None and not 2000 <= due_on.year <= 2099:
        raise ValueError(f"due date {due_on}: a two-digit year means 2000 to 2099")
    due = "0" * _DUE_WIDTH if due_on is None else due_on.strftime("%y%m%d")
    digits = account_number.zfill(layout.account_width) + due + str(amount_cents).zfill(layout.amount_width)
    return digits + check_digit(digits, weights=layout.weights, start=layout.start)


def parse_scanline(line: str, *, layout: ScanlineLayout = DEFAULT_LAYOUT) -> Scanline:
    """What a printed or scanned line says; blanks a scanner puts between groups are ignored.

    Raises `WrongFormat` naming the length, the check digit or the due date.
    """
    digits = "".join(line.split())
    if len(digits) != layout.width or not (digits.isascii() and digits.isdigit()):
        _refuse("not a scanline", field="scanline", found=line.strip(), expected=f"{layout.width} digits")
    expected = check_digit(digits[:-1], weights=layout.weights, start=layout.start)
    if digits[-1] != expected:
        _refuse("misread or mistyped", field="check digit", found=digits[-1], expected=expected)
    account = digits[: layout.account_width]
    due = digits[layout.account_width : layout.account_width + _DUE_WIDTH]
    return Scanline(
        account_number=account.lstrip("0") if layout.padded_accounts else account,
        amount_cents=int(digits[layout.account_width + _DUE_WIDTH : -1]),
        due_on=_due_on(due),
    )


def parse(data: bytes) -> Scanline:
    """One scanline as a stub scanner's bytes, with the default layout. Raises `WrongFormat`.

    >>> parse(b"000000100245 250328 0000007000 5\\r\\n").amount_cents
    7000
    """
    return parse_scanline(data.decode("ascii", errors="replace"))


def write(line: Scanline) -> bytes:
    """The scanline of `line` with the default layout. Raises `ValueError` as `scanline` does.

    >>> write(Scanline("100245", 7_000, None))
    b'00000010024500000000000070003\\n'
    """
    return (scanline(line.account_number, line.amount_cents, line.due_on) + "\n").encode("ascii")


def _due_on(text: str) -> dt.date | None:
    if text == "0" * _DUE_WIDTH:
        return None
    try:
        return dt.date(2000 + int(text[:2]), int(text[2:4]), int(text[4:]))
    except ValueError:
        _refuse("not a date", field="due date", found=text, expected="YYMMDD or zeros")
        raise


def _refuse(reason: str, *, field: str, found: str, expected: str) -> None:
    raise WrongFormat(reason, line=1, field=field, found=found, expected=expected)
